import type { Node, Parent, Table } from 'mdast';

const ROWS = 14;
const LETTERS = 900; // of the fullest cells of all rows: about half a page
const LINE = 110; // letters that fit side by side
const SHORT = 16;
const GAP = 4; // between columns, in letters

/** Whether a table may need more than half a page. */
export function isLong({ children }: Table): boolean {
  const fullest = children.map((row) => Math.max(0, ...row.children.map(lettersOf)));
  return children.length > ROWS || fullest.reduce((sum, letters) => sum + letters, 0) > LETTERS;
}

/** Widths of columns in Typst: short ones are as wide as they need, the others share the rest by how much they hold. */
export function columnWidths({ children }: Table): string {
  const columns = children[0]!.children.map((head, j) => [
    longestWord(head), // a heading may stand on several lines
    ...children.slice(1).map((row) => lettersOf(row.children[j]!)),
  ]);
  const widest = columns.map((letters) => Math.max(...letters));
  const fits = widest.reduce((sum, letters) => sum + letters, 0) <= LINE;
  if (fits) return columns.map(() => 'auto').join(', ');
  const fixed = widest.reduce((sum, letters) => sum + (letters <= SHORT ? letters + GAP : 0), 0);
  const shares = columns.map((letters, j) =>
    widest[j]! <= SHORT
      ? 0
      : Math.sqrt(letters.reduce((sum, count) => sum + count, 0)) + 2 * Math.sqrt(widest[j]!),
  );
  const letter = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, LINE - fixed);
  const words = columns.map((_, j) => Math.max(...children.map((row) => longestWord(row.children[j]!))));
  const widths = shares.map((share, j) =>
    share === 0 ? 'auto' : `${Math.ceil(Math.max(share, (words[j]! + GAP) * letter))}fr`,
  );
  return widths.join(', ');
}

/** Letters of the longest word of text in a node, up to where it may be broken at last. */
function longestWord(node: Node): number {
  if (node.type === 'inlineMath') return longestTerm((node as Node & { value: string }).value);
  if ('value' in node && typeof node.value === 'string')
    return Math.min(SHORT, Math.max(...node.value.split(/[\s-]/).map((word) => word.length)));
  const { children = [] } = node as Partial<Parent>;
  return Math.max(0, ...children.map(longestWord));
}

/** The longest part of a formula that stays on one line, in letters of text: what stands between signs outside of braces. */
function longestTerm(latex: string): number {
  let [depth, length, longest] = [0, 0, 0];
  for (const [piece] of latex.matchAll(/\\[a-zA-Z]+|\\.|[^\s&]/g)) {
    if (piece === '{') depth++;
    else if (piece === '}') depth--;
    else if (piece !== '_' && piece !== '^') length += depth > 0 ? 1 : piece === '\\sum' ? 2.5 : 1.5;
    if (depth === 0 && /^[=+<>→-]$/.test(piece)) length = 0;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** Letters of text and of formulas in a node. */
function lettersOf(node: Node): number {
  if ('value' in node && typeof node.value === 'string') return node.value.length;
  const { children = [] } = node as Partial<Parent>;
  return children.reduce((sum, child) => sum + lettersOf(child), 0);
}
