import { type CallNode, children, type Expression, type NameNode, withChildren } from './ast.js';
import { freshNames, named, number, product, quotient, sum, withoutSign } from './build.js';
import { FormulaError, printShape, refuse, type Span } from './error.js';
import { gradientOfLoss } from './extents.js';
import type { Interpretation } from './interpretation.js';

/** The lengths of the axes, none for a number; ones have lengths that only their surroundings tell. */
type Sizes = readonly (number | undefined)[];

const howMany = 'nothing here says how many ones: expected \\mathbf 1_{n}';

/** A matrix expression: the lengths of its axes, and any of its entries in index notation. */
export interface Matrix {
  readonly sizes: Sizes;
  readonly entry: (indices: readonly Expression[]) => Expression;
}

/** A matrix expression in index notation, with indices that no formula can contain. */
export function inIndexNotation(node: Expression, meaning: Interpretation) {
  const { sizes, entry } = readMatrix(node, meaning);
  const indices = freshNames(sizes.length);
  return { indices, sizes, body: entry(indices.map((index) => named(index, [], node.span))) };
}

/**
 * Reads matrix notation as index notation: $A B$ becomes $\sum_k A_{ik} B_{kj}$, and so on.
 *
 * A vector is a column. Throws when operands do not fit together, with both shapes.
 */
export function readMatrix(node: Expression, meaning: Interpretation): Matrix {
  const { span } = node;
  switch (node.kind) {
    case 'number':
      return { sizes: [], entry: () => node };
    case 'name':
      return nameMatrix(node, meaning);
    case 'ones': {
      const rows = node.size && meaning.length(node.size);
      if (node.size && rows === undefined) fail('expected a number or the name of a size', node.size.span);
      return { sizes: [rows, 1], entry: () => number(1, span) };
    }
    case 'product':
      return node.factors
        .map((factor) => readMatrix(factor, meaning))
        .reduce((left, right) => matrixProduct(left, right, span));
    case 'transpose': {
      const { sizes, entry } = readMatrix(node.operand, meaning);
      if (sizes.length > 2) fail(`only a matrix can be transposed; this has ${sizes.length} axes`, span);
      return { sizes: sizes.toReversed(), entry: (indices) => entry(indices.toReversed()) };
    }
    case 'partial': {
      const problem =
        'a derivative of a matrix needs indices: expected \\frac{\\partial S_{kl}}{\\partial X_{ij}}';
      return readMatrix(gradientOfLoss(node, meaning) ?? fail(problem, span), meaning);
    }
    case 'reduce':
    case 'delta':
    case 'entry':
      return fail(
        'this belongs to index notation: expected subscripts on every name beside it, or (…)_{ij}',
        span,
      );
    default:
      if (node.kind === 'call' && (node.name === 'diag' || node.name === 'onehot'))
        return diagonalMatrix(node, meaning);
      return entryByEntry(node, meaning);
  }
}

/** What is computed entry by entry; beside something else, a bare `\mathbf 1` fits every shape, as a number does. */
function entryByEntry(node: Expression, meaning: Interpretation): Matrix {
  const { span } = node;
  const matrices = children(node).map((part) => ({ ...readMatrix(part, meaning), bare: isBareOnes(part) }));
  const shaped = matrices.some(({ sizes, bare }) => sizes.length > 0 && !bare);
  const parts = matrices.map(({ sizes, entry, bare }): Matrix => ({
    sizes: shaped && bare ? [] : sizes,
    entry,
  }));
  if (node.kind === 'quotient') {
    const [top, bottom] = parts as [Matrix, Matrix];
    parts[1] = asNumber(bottom, span);
    if (parts[1].sizes.length > 0)
      mismatch('a fraction divides by a number: expected \\oslash for', top.sizes, bottom.sizes, span);
  }
  if (node.kind === 'power' && !node.elementwise && parts.some(({ sizes }) => sizes.length > 0))
    fail('a power of a matrix: expected X^{\\odot 2} for the powers of its entries, or \\exp(X)', span);
  if (node.kind !== 'elementwise') return entrywise(parts, (entries) => withChildren(node, entries), span);
  const combine = node.operator === '\\odot' ? product : quotient;
  return entrywise(parts, ([a, b]) => combine(a!, b!, span), span);
}

function nameMatrix(node: NameNode, meaning: Interpretation): Matrix {
  if (node.indices.length > 0)
    fail('a name with subscripts among matrices: expected all names with subscripts or none', node.span);
  if (!meaning.has(node.name) && node.name === 'e') return { sizes: [], entry: () => node };
  const shape = meaning.shape(node);
  if (shape.length !== 1) return { sizes: shape, entry: (indices) => ({ ...node, indices }) };
  return { sizes: [...shape, 1], entry: (indices) => ({ ...node, indices: indices.slice(0, 1) }) };
}

function isBareOnes(node: Expression): boolean {
  const ones = withoutSign(node);
  return ones.kind === 'ones' && !ones.size;
}

/** Entry by entry; a number fits every shape. */
function entrywise(
  operands: readonly Matrix[],
  combine: (entries: Expression[]) => Expression,
  span: Span,
): Matrix {
  const sizes = operands.reduce<Sizes>((before, operand) => {
    if (before.length === 0 || operand.sizes.length === 0) return [...before, ...operand.sizes];
    if (fit(before, operand.sizes)) return before.map((size, axis) => size ?? operand.sizes[axis]);
    const problem = 'not conformable: entry by entry these shapes must be the same,';
    return mismatch(problem, before, operand.sizes, span);
  }, []);
  const entry = (indices: readonly Expression[]) =>
    combine(operands.map((operand) => operand.entry(operand.sizes.length === 0 ? [] : indices)));
  return { sizes, entry };
}

function matrixProduct(left: Matrix, right: Matrix, span: Span): Matrix {
  const scaled = (a: Matrix, b: Matrix) => entrywise([a, b], ([x, y]) => product(x!, y!, span), span);
  if (left.sizes.length === 0 || right.sizes.length === 0) return scaled(left, right);
  if (left.sizes.length > 2 || right.sizes.length > 2)
    fail('a matrix product takes matrices and vectors only', span);
  const [rows, inner] = left.sizes;
  const [same, columns] = right.sizes;
  if (!fit([inner], [same])) {
    const [a, b] = [asNumber(left, span), asNumber(right, span)];
    if (a.sizes.length === 0 || b.sizes.length === 0) return scaled(a, b);
    mismatch(
      'not conformable: in a product the columns of the left must equal the rows of the right, but the shapes are',
      left.sizes,
      right.sizes,
      span,
    );
  }
  const entry = ([i, j]: readonly Expression[]): Expression => {
    const length = inner ?? same ?? fail(howMany, span);
    const [index] = freshNames(1);
    const k = named(index!, [], span);
    const body = product(left.entry([i!, k]), right.entry([k, j!]), span);
    return sum([index!], body, { from: number(1, span), to: number(length, span) });
  };
  return { sizes: [rows, columns], entry };
}

/** `diag` of a column or of a matrix, `onehot` of labels. */
function diagonalMatrix(node: CallNode, meaning: Interpretation): Matrix {
  const { span } = node;
  const { sizes, entry } = readMatrix(node.operands[0]!, meaning);
  const [rows, columns] = sizes;
  if (sizes.length !== 2) fail(`\\operatorname{${node.name}} takes a vector or a matrix`, span);
  const delta = (left: Expression, right: Expression): Expression => ({ kind: 'delta', left, right, span });
  if (columns === 1) {
    const at = (i: Expression) => entry([i, number(1, span)]);
    return node.name === 'onehot'
      ? { sizes: [rows, undefined], entry: ([i, j]) => delta(j!, at(i!)) }
      : { sizes: [rows, rows], entry: ([i, j]) => product(delta(i!, j!), at(i!), span) };
  }
  if (!fit([rows], [columns])) {
    const problem = `not conformable: only a square matrix has a diagonal, but this is ${printShape(sizes)}`;
    refuse('not-conformable', problem, span);
  }
  return { sizes: [rows, 1], entry: ([i]) => entry([i!, i!]) };
}

/** The only entry of a 1 x 1 matrix as a number; anything else as it is. */
function asNumber({ sizes, entry }: Matrix, span: Span): Matrix {
  if (!sizes.every((size) => size === 1)) return { sizes, entry };
  return { sizes: [], entry: () => entry(sizes.map(() => number(1, span))) };
}

/** The lengths of the axes, all of which must be known. */
export function knownSizes(sizes: Sizes, span: Span): number[] {
  return sizes.map((size) => size ?? refuse('index-size', howMany, span));
}

/** Whether two shapes are the same, as far as they are known. */
export function fit(left: Sizes, right: Sizes): boolean {
  const agree = (size: number | undefined, other: number | undefined) =>
    size === undefined || other === undefined || size === other;
  return left.length === right.length && left.every((size, axis) => agree(size, right[axis]));
}

function mismatch(why: string, left: Sizes, right: Sizes, span: Span): never {
  const shapes = [left, right];
  throw new FormulaError('not-conformable', `${why} ${shapes.map(printShape).join(' and ')}`, span, shapes);
}

function fail(problem: string, span: Span): never {
  return refuse('syntax', problem, span);
}
