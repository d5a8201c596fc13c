import { children, type Expression, gradientName, isPlainName } from './ast.js';
import type { NameNode, PartialNode } from './ast.js';
import { refuse, type Span } from './error.js';
import type { Interpretation } from './interpretation.js';
import { readMatrix } from './matrix-notation.js';

const constants = new Set(['e', '\\pi', '\\ell', '\\mathcal{L}']);

const lossNames = ['\\ell', '\\mathcal{L}', 'L', 'l'];

/** The gradient $X^\\nabla$ that a derivative of the loss, $\\partial \\ell / \\partial X$, stands for. */
export function gradientOfLoss({ of, by }: PartialNode, meaning?: Interpretation): NameNode | undefined {
  const isLoss = isPlainName(of) && lossNames.includes(of.name) && meaning?.has(of.name) !== true;
  return isLoss ? { ...by, name: gradientName(by.name) } : undefined;
}

/** How far an index runs, from the axes on which it stands alone; throws when two of them differ. */
export function extent(
  index: string,
  nodes: readonly Expression[],
  meaning: Interpretation,
): number | undefined {
  let found: Use | undefined;
  for (const use of nodes.flatMap((node) => usesOf(index, node, meaning))) {
    if (found && found.size !== use.size) {
      const both = `${found.size} on ${found.where} and ${use.size} on ${use.where}`;
      refuse('index-size', `the index ${index} is used with two sizes, ${both}`, use.span);
    }
    found = use;
  }
  return found?.size;
}

interface Use {
  readonly size: number;
  readonly where: string;
  readonly span: Span;
}

function usesOf(index: string, node: Expression, meaning: Interpretation): Use[] {
  const inner = children(node).flatMap((child) => usesOf(index, child, meaning));
  if ((node.kind !== 'name' && node.kind !== 'entry') || node.indices.length === 0) return inner;
  const sizes =
    node.kind === 'name'
      ? meaning.shape(node)
      : readMatrix(node.matrix, meaning).sizes.map((size) => size.value);
  const name = node.kind === 'name' ? node.name : 'the matrix';
  node.indices.forEach((subscript, axis) => {
    const size = sizes[axis];
    if (isPlainName(subscript) && subscript.name === index && size !== undefined)
      inner.push({ size, where: `axis ${axis + 1} of ${name}`, span: subscript.span });
  });
  return inner;
}

/** The indices with which an index shares a Kronecker delta. */
export function partnersOf(index: string, node: Expression): string[] {
  const inner = children(node).flatMap((child) => partnersOf(index, child));
  if (node.kind !== 'delta') return inner;
  const names = [node.left, node.right].map((side) => (isPlainName(side) ? side.name : ''));
  return names.includes(index) ? [...inner, ...names.filter((name) => name !== index)] : inner;
}

/** The indices that nothing inside binds, in the order in which they appear. */
export function freeIndices(
  node: Expression,
  meaning: Interpretation,
  bound: readonly string[] = [],
): string[] {
  const inside = node.kind === 'reduce' ? [...bound, ...node.indices] : bound;
  const found = new Set<string>();
  if (isPlainName(node)) {
    const known = bound.includes(node.name) || constants.has(node.name) || meaning.has(node.name);
    if (!known) found.add(node.name);
  }
  if (node.kind === 'partial' && isPlainName(node.of)) return freeIndices(node.by, meaning, bound);
  for (const child of children(node))
    for (const index of freeIndices(child, meaning, inside)) found.add(index);
  return [...found];
}

/** Whether an expression is an index or computed from one. */
export function isIndex(node: Expression, scope: ReadonlyMap<string, unknown>): boolean {
  if (node.kind === 'name') return isPlainName(node) && scope.has(node.name);
  if (node.kind === 'reduce') return node.operation.startsWith('arg');
  const arithmetic = node.kind === 'add' || node.kind === 'negate' || node.kind === 'product';
  return arithmetic && children(node).some((child) => isIndex(child, scope));
}

/** Index notation where a name has subscripts; matrix notation where a name that has axes stands without them. */
export function notationOf(node: Expression, meaning: Interpretation): 'index' | 'matrix' | 'number' {
  if (node.kind === 'name' || node.kind === 'entry') {
    if (node.indices.length > 0) return 'index';
    return node.kind === 'name' && meaning.has(node.name) && !meaning.isScalar(node.name)
      ? 'matrix'
      : 'number';
  }
  if (node.kind === 'reduce' || node.kind === 'delta') return 'index';
  if (node.kind === 'partial') return node.by.indices.length > 0 ? 'index' : notationOf(node.by, meaning);
  const parts = children(node).map((child) => notationOf(child, meaning));
  if (parts.includes('index')) return 'index';
  const matrix = parts.includes('matrix') || ['ones', 'transpose', 'elementwise'].includes(node.kind);
  return matrix ? 'matrix' : 'number';
}
