import { type CallNode, children, type Expression, type NameNode } from './ast.js';
import { type OnesNode, withChildren } from './ast.js';
import { named, number, product, quotient, sum } from './build.js';
import { FormulaError, printShape, refuse, type Span } from './error.js';
import { gradientOfLoss } from './extents.js';
import type { Interpretation } from './interpretation.js';

/** The length of an axis; ones have lengths that only their surroundings tell. */
export class Size {
  #value: number | undefined;
  #same: Size | undefined;

  constructor(value?: number) {
    this.#value = value;
  }

  get value(): number | undefined {
    return this.#root.#value;
  }

  /** Makes two lengths one; false when they differ. */
  equals(other: Size): boolean {
    const [known, open] = this.value === undefined ? [other.#root, this.#root] : [this.#root, other.#root];
    if (open.#value !== undefined) return open.#value === known.#value;
    if (open !== known) open.#same = known;
    return true;
  }

  get #root(): Size {
    return this.#same ? this.#same.#root : this;
  }
}

/** A matrix expression: the lengths of its axes, none for a number, and any of its entries in index notation. */
export interface Matrix {
  readonly sizes: readonly Size[];
  readonly entry: (indices: readonly Expression[]) => Expression;
}

/**
 * Reads matrix notation as index notation: $A B$ becomes $\sum_k A_{ik} B_{kj}$, and so on.
 *
 * A vector is a column. Throws when operands do not fit together, with both shapes.
 */
export function readMatrix(node: Expression, meaning: Interpretation): Matrix {
  const read = (part: Expression) => readMatrix(part, meaning);
  const { span } = node;
  const entryByEntry = (parts: readonly Matrix[]) =>
    entrywise(parts, (entries) => withChildren(node, entries), span);
  switch (node.kind) {
    case 'number':
      return { sizes: [], entry: () => node };
    case 'name':
      return nameMatrix(node, meaning);
    case 'ones':
      return onesMatrix(node, meaning);
    case 'negate':
    case 'indicator':
      return entryByEntry(children(node).map(read));
    case 'add':
      return entryByEntry(node.terms.map((term) => readFlexible(term, meaning)));
    case 'product':
      return node.factors.map(read).reduce((left, right) => matrixProduct(left, right, span));
    case 'elementwise': {
      const operands = [node.left, node.right].map((part) => readFlexible(part, meaning));
      const combine = node.operator === '\\odot' ? product : quotient;
      return entrywise(operands, ([a, b]) => combine(a!, b!, span), span);
    }
    case 'quotient': {
      const [top, bottom] = [read(node.numerator), read(node.denominator)];
      if (!isNumber(bottom))
        mismatch('a fraction divides by a number: expected \\oslash for', top, bottom, span);
      return scaled(top, bottom, ([above, below]) => quotient(above!, below!, span));
    }
    case 'power': {
      const [base, exponent] = [read(node.base), read(node.exponent)];
      const plain = base.sizes.length === 0 && exponent.sizes.length === 0;
      if (!plain && !node.elementwise) {
        fail('a power of a matrix: expected X^{\\odot 2} for the powers of its entries, or \\exp(X)', span);
      }
      return entryByEntry([base, exponent]);
    }
    case 'call':
      if (node.name === 'diag' || node.name === 'onehot') return diagonalMatrix(node, meaning);
      return entryByEntry(node.operands.map(read));
    case 'transpose': {
      const { sizes, entry } = read(node.operand);
      if (sizes.length > 2) fail(`only a matrix can be transposed; this has ${sizes.length} axes`, span);
      return { sizes: [...sizes].reverse(), entry: (indices) => entry([...indices].reverse()) };
    }
    case 'partial': {
      const problem =
        'a derivative of a matrix needs indices: expected \\frac{\\partial S_{kl}}{\\partial X_{ij}}';
      return read(gradientOfLoss(node, meaning) ?? fail(problem, span));
    }
    default:
      return fail(
        'this belongs to index notation: expected subscripts on every name beside it, or (…)_{ij}',
        span,
      );
  }
}

function nameMatrix(node: NameNode, meaning: Interpretation): Matrix {
  if (node.indices.length > 0)
    fail('a name with subscripts among matrices: expected all names with subscripts or none', node.span);
  if (!meaning.has(node.name) && node.name === 'e') return { sizes: [], entry: () => node };
  const shape = meaning.shape(node);
  const sizes = shape.map((size) => new Size(size));
  if (shape.length !== 1) return { sizes, entry: (indices) => ({ ...node, indices }) };
  return { sizes: [...sizes, new Size(1)], entry: (indices) => ({ ...node, indices: indices.slice(0, 1) }) };
}

function onesMatrix(node: OnesNode, meaning: Interpretation): Matrix {
  const { size, span } = node;
  const entry = () => number(1, span);
  if (!size) return { sizes: [new Size(), new Size(1)], entry };
  const rows = meaning.length(size) ?? refuse('syntax', 'expected a number or the name of a size', size.span);
  return { sizes: [new Size(rows), new Size(1)], entry };
}

/** As `readMatrix`, but a bare `\mathbf 1` takes the shape of what it is added to or multiplied with by `\odot`. */
function readFlexible(node: Expression, meaning: Interpretation): Matrix {
  const bare = node.kind === 'negate' ? node.operand : node;
  const matrix = readMatrix(node, meaning);
  return bare.kind === 'ones' && !bare.size
    ? { sizes: [new Size(), new Size()], entry: matrix.entry }
    : matrix;
}

/** Entry by entry; a number fits every shape. */
function entrywise(
  operands: readonly Matrix[],
  combine: (entries: Expression[]) => Expression,
  span: Span,
): Matrix {
  let sizes: readonly Size[] = [];
  for (const operand of operands) {
    if (operand.sizes.length === 0) continue;
    if (sizes.length === 0) sizes = operand.sizes;
    else if (!unify(sizes, operand.sizes))
      mismatch('not conformable: entry by entry these shapes must be the same,', { sizes }, operand, span);
  }
  const entry = (indices: readonly Expression[]) =>
    combine(operands.map((operand) => operand.entry(operand.sizes.length === 0 ? [] : indices)));
  return { sizes, entry };
}

let counter = 0;

function matrixProduct(left: Matrix, right: Matrix, span: Span): Matrix {
  if (left.sizes.length === 0 || right.sizes.length === 0) {
    return entrywise([left, right], ([a, b]) => product(a!, b!, span), span);
  }
  if (left.sizes.length > 2 || right.sizes.length > 2)
    fail('a matrix product takes matrices and vectors only', span);
  const [rows, inner] = left.sizes;
  const [same, columns] = right.sizes;
  if (!inner!.equals(same!)) {
    if (isNumber(left)) return scaled(right, left, ([matrix, number]) => product(number!, matrix!, span));
    if (isNumber(right)) return scaled(left, right, ([matrix, number]) => product(matrix!, number!, span));
    mismatch(
      'not conformable: in a product the columns of the left must equal the rows of the right, but the shapes are',
      left,
      right,
      span,
    );
  }
  const entry = ([i, j]: readonly Expression[]): Expression => {
    const length = inner!.value ?? fail('nothing here says how many ones: expected \\mathbf 1_{n}', span);
    const index = `#${counter++}`;
    const k = named(index, [], span);
    const body = product(left.entry([i!, k]), right.entry([k, j!]), span);
    return sum([index], body, { from: number(1, span), to: number(length, span) });
  };
  return { sizes: [rows!, columns!], entry };
}

/** `diag` of a column or of a matrix, `onehot` of labels. */
function diagonalMatrix(node: CallNode, meaning: Interpretation): Matrix {
  const { span } = node;
  const operand = readMatrix(node.operands[0]!, meaning);
  const [rows, columns] = operand.sizes;
  if (!rows || !columns || operand.sizes.length !== 2)
    return fail(`\\operatorname{${node.name}} takes a vector or a matrix`, span);
  const delta = (left: Expression, right: Expression): Expression => ({ kind: 'delta', left, right, span });
  if (columns.value === 1) {
    const column = number(1, span);
    if (node.name === 'onehot') {
      return { sizes: [rows, new Size()], entry: ([i, j]) => delta(j!, operand.entry([i!, column])) };
    }
    return {
      sizes: [rows, rows],
      entry: ([i, j]) => product(delta(i!, j!), operand.entry([i!, column]), span),
    };
  }
  if (!rows.equals(columns)) {
    const shape = printShape([rows.value, columns.value]);
    const problem = `not conformable: only a square matrix has a diagonal, but this is ${shape}`;
    refuse('not-conformable', problem, span);
  }
  return { sizes: [rows, new Size(1)], entry: ([i]) => operand.entry([i!, i!]) };
}

function isNumber(matrix: Matrix): boolean {
  return matrix.sizes.every((size) => size.value === 1);
}

/** A matrix, each of whose entries is combined with a number or the only entry of a 1 x 1 matrix. */
function scaled(
  { sizes, entry }: Matrix,
  by: Matrix,
  combine: (entries: Expression[]) => Expression,
): Matrix {
  const nowhere: Span = { text: '', start: 0, end: 0 };
  const only = by.entry(by.sizes.map(() => number(1, nowhere)));
  return { sizes, entry: (indices) => combine([entry(indices), only]) };
}

function unify(left: readonly Size[], right: readonly Size[]): boolean {
  return left.length === right.length && left.every((size, axis) => size.equals(right[axis]!));
}

function mismatch(why: string, left: Pick<Matrix, 'sizes'>, right: Pick<Matrix, 'sizes'>, span: Span): never {
  const shapes = [left, right].map(({ sizes }) => sizes.map((size) => size.value));
  throw new FormulaError('not-conformable', `${why} ${shapes.map(printShape).join(' and ')}`, span, shapes);
}

function fail(problem: string, span: Span): never {
  return refuse('syntax', problem, span);
}
