import type { Node, Parent, Table } from 'mdast';

const ROWS = 14;
const LETTERS = 900; // of the fullest cells of all rows: about half a page
const LINE = 110; // letters that fit side by side
const SHORT = 16;

/** Whether a table may need more than half a page. */
export function isLong({ children }: Table): boolean {
  const fullest = children.map((row) => Math.max(0, ...row.children.map(lettersOf)));
  return children.length > ROWS || fullest.reduce((sum, letters) => sum + letters, 0) > LETTERS;
}

/** Widths of columns in Typst: short ones are as wide as they need, the others share the rest by how much they hold. */
export function columnWidths({ children }: Table): string {
  const columns = children[0]!.children.map((_, j) => children.map((row) => lettersOf(row.children[j]!)));
  const widest = columns.map((letters) => Math.max(...letters));
  const fits = widest.reduce((sum, letters) => sum + letters, 0) <= LINE;
  const widths = columns.map((letters, j) => {
    const share = Math.round(Math.sqrt(letters.reduce((sum, count) => sum + count, 0)));
    return fits || widest[j]! <= SHORT ? 'auto' : `${Math.max(1, share)}fr`;
  });
  return widths.join(', ');
}

/** Letters of text and of formulas in a node. */
function lettersOf(node: Node): number {
  if ('value' in node && typeof node.value === 'string') return node.value.length;
  const { children = [] } = node as Partial<Parent>;
  return children.reduce((sum, child) => sum + lettersOf(child), 0);
}
