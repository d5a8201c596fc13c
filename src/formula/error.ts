import { GradbookError } from '../tensor/error.js';

/** A place in the text of a formula: from `start` up to, not including, `end`. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What stands at a place. */
export function textOf({ text, start, end }: Span): string {
  return text.slice(start, end).trim();
}

/** What kind of thing is wrong with a formula. */
export type Fault =
  | 'syntax'
  | 'sum-without-index'
  | 'free-index'
  | 'index-size'
  | 'unknown-name'
  | 'rank'
  | 'not-conformable'
  | 'shape'
  | 'value';

/** An error in a formula: its message quotes the formula with a caret under the place. */
export class FormulaError extends GradbookError {
  override readonly name = 'FormulaError';

  constructor(
    readonly fault: Fault,
    /** The message without the quotation. */
    readonly problem: string,
    readonly span: Span,
    /** The two shapes that collide, when shapes do. */
    readonly shapes?: readonly (readonly (number | undefined)[])[],
  ) {
    super(`${problem}\n${quote(span)}`);
  }
}

/** Refuses a formula, with a caret under the place. */
export function refuse(fault: Fault, problem: string, span: Span): never {
  throw new FormulaError(fault, problem, span);
}

/** What a function returns, or the error of the formula that it stumbles over. */
export function orError<T>(compute: () => T): T | FormulaError {
  try {
    return compute();
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
}

/** A shape as people write it: `(3, 4)`, `(3,)`, `()`; a length that nothing tells is `?`. */
export function printShape(shape: readonly (number | undefined)[]): string {
  const lengths = shape.map((length) => length ?? '?');
  return lengths.length === 1 ? `(${lengths.join('')},)` : `(${lengths.join(', ')})`;
}

/** `1 axis`, `2 axes`, `no indices`. */
export function count(amount: number, one: string, several: string): string {
  return amount === 1 ? `1 ${one}` : `${amount === 0 ? 'no' : amount} ${several}`;
}

const widest = 96;

/** The formula on one line and a caret under the span; a long formula is cut around it. */
function quote({ text, start, end }: Span): string {
  const line = text.replace(/\s/g, ' ');
  const first = Math.max(0, Math.min(Math.floor(start - widest / 3), line.length - widest));
  const to = Math.min(line.length, first + widest);
  const before = first > 0 ? '… ' : '';
  const after = to < line.length ? ' …' : '';
  const carets = '^'.repeat(Math.max(1, Math.min(end, to) - start));
  return `  ${before}${line.slice(first, to)}${after}\n  ${' '.repeat(before.length + start - first)}${carets}`;
}
