import { children, type Expression, gradientName, hasNode, isPlainName, nodesIn } from './ast.js';
import type { NameNode, Node } from './ast.js';
import { refuse, type Span } from './error.js';
import type { Interpretation } from './interpretation.js';
import { readMatrix } from './matrix-notation.js';

/** Names that mean a number when nothing else is said of them. */
export const constants: Readonly<Record<string, number>> = { e: Math.E, '\\pi': Math.PI };

const lossNames = ['\\ell', '\\mathcal{L}', 'L', 'l'];

/** The gradient $X^\\nabla$ that a derivative of the loss, $\\partial \\ell / \\partial X$, stands for. */
export function gradientOfLoss({ of, by }: Node<'partial'>, meaning?: Interpretation): NameNode | undefined {
  const isLoss = isPlainName(of) && lossNames.includes(of.name) && meaning?.has(of.name) !== true;
  return isLoss ? { ...by, name: gradientName(by.name) } : undefined;
}

/** How far an index runs, from the axes on which it stands alone; throws when two of them differ. */
export function extent(
  index: string,
  nodes: readonly Expression[],
  meaning: Interpretation,
): number | undefined {
  const uses = nodes.flatMap((node) => usesIn(node, index, meaning));
  const [first] = uses;
  const other = uses.find(({ size }) => size !== first!.size);
  if (first && other) {
    const [one, another] = [first, other].map(
      ({ size, axis, name }) => `${size} on axis ${axis + 1} of ${name}`,
    );
    refuse('index-size', `the index ${index} is used with two sizes, ${one} and ${another}`, other.span);
  }
  return first?.size;
}

/** An axis on which an index stands: of a name, or of an entry of a matrix. */
interface Use {
  readonly size: number;
  readonly axis: number;
  readonly name: string;
  readonly span: Span;
}

function usesIn(node: Expression, index: string, meaning: Interpretation, found: Use[] = []): Use[] {
  if ((node.kind === 'name' || node.kind === 'entry') && node.indices.length > 0) {
    const isName = node.kind === 'name';
    const sizes = isName ? meaning.shape(node) : readMatrix(node.matrix, meaning).sizes;
    for (const [axis, subscript] of node.indices.entries()) {
      const size = sizes[axis];
      if (!isPlainName(subscript) || subscript.name !== index || size === undefined) continue;
      found.push({ size, axis, name: isName ? node.name : 'the matrix', span: subscript.span });
    }
  }
  for (const child of children(node)) usesIn(child, index, meaning, found);
  return found;
}

/** The indices with which an index shares a Kronecker delta. */
export function partnersOf(index: string, node: Expression): string[] {
  return nodesIn(node).flatMap((one) => {
    if (one.kind !== 'delta') return [];
    const names = [one.left, one.right].map((side) => (isPlainName(side) ? side.name : ''));
    return names.includes(index) ? names.filter((name) => name !== index) : [];
  });
}

/** The indices that nothing inside binds, in the order in which they appear. */
export function freeIndices(
  node: Expression,
  meaning: Interpretation,
  bound: readonly string[] = [],
): string[] {
  if (isPlainName(node)) {
    const { name } = node;
    const known = bound.includes(name) || name in constants || lossNames.slice(0, 2).includes(name);
    return known || meaning.has(name) ? [] : [name];
  }
  if (node.kind === 'partial' && isPlainName(node.of)) return freeIndices(node.by, meaning, bound);
  const inside = node.kind === 'reduce' ? [...bound, ...node.indices] : bound;
  return [...new Set(children(node).flatMap((child) => freeIndices(child, meaning, inside)))];
}

/** Whether an expression is an index or computed from one. */
export function isIndex(node: Expression, scope: ReadonlyMap<string, unknown>): boolean {
  if (isPlainName(node)) return scope.has(node.name);
  if (node.kind === 'reduce') return node.operation.startsWith('arg');
  const arithmetic = node.kind === 'add' || node.kind === 'negate' || node.kind === 'product';
  return arithmetic && children(node).some((child) => isIndex(child, scope));
}

/** Index notation where something has subscripts; else matrix notation where a name that has axes stands. */
export function notationOf(node: Expression, meaning: Interpretation): 'index' | 'matrix' {
  const isMatrix = (one: Expression) =>
    ['ones', 'transpose', 'elementwise'].includes(one.kind) ||
    (one.kind === 'name' && meaning.has(one.name) && !meaning.isScalar(one.name));
  const isSubscripted = (one: Expression) =>
    ['entry', 'reduce', 'delta'].includes(one.kind) || (one.kind === 'name' && one.indices.length > 0);
  return hasNode(node, isMatrix) && !hasNode(node, isSubscripted) ? 'matrix' : 'index';
}
