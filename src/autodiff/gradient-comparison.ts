import { formatNumber } from '../tensor/print.js';
import { type Shape, placeOf } from '../tensor/shape.js';

/** The element in which two ways of computing a gradient are furthest apart. */
export interface Comparison {
  readonly index: readonly number[];
  readonly code: number;
  readonly other: number;
  /** The difference relative to the size of the numbers. */
  readonly relative: number;
}

/** An element's difference counts relative to its size, or to a hundredth of the largest entry where that is more. */
export function compare(shape: Shape, code: Float64Array, other: Float64Array): Comparison {
  const largest = other.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let position = 0;
  let relative = -1;
  for (let k = 0; k < code.length; k++) {
    const gap = Math.abs(code[k]! - other[k]!);
    const scale = Math.max(Math.abs(code[k]!), Math.abs(other[k]!), largest / 100);
    const own = gap === 0 ? 0 : Number.isFinite(gap) ? gap / scale : Infinity;
    if (own > relative) [position, relative] = [k, own];
  }
  return { index: placeOf(position, shape), code: code[position]!, other: other[position]!, relative };
}

/** What a constant ratio between the two gradients suggests. */
export function likelyCause(code: Float64Array, differences: Float64Array): string {
  if (code.every((value) => value === 0)) return '; the rule gives no gradient at all';
  const ratios = [...code].map((value, k) => value / differences[k]!).filter(Number.isFinite);
  const [ratio] = ratios;
  if (ratio === undefined || !ratios.every((other) => Math.abs(other - ratio) <= 1e-6 * Math.abs(ratio)))
    return '';
  if (Math.abs(ratio + 1) < 1e-6)
    return '; every entry has the wrong sign: likely a sign is lost in the rule';
  return `; every entry is ${formatNumber(ratio)} times too large: likely a factor is missing or too many in the rule`;
}
