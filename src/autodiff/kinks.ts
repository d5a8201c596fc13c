import { scoped } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';
import { topologicalOrder } from './backward.js';
import { oneSidedDerivatives } from './finite-differences.js';

/** What is differentiated: the values, and the weights with which they are summed. */
interface Differentiated {
  readonly values: () => ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/** Whether an op that a function executes declares points where its derivative jumps. */
export function hasKinks(call: () => Tensor): boolean {
  return scoped('checkGradient', () =>
    topologicalOrder(call()).some(({ op }) => (op.kinks ?? []).length > 0),
  );
}

/** An element at which the derivative jumps: every gradient between the one-sided ones is right. */
export interface Jump {
  readonly position: number;
  readonly low: number;
  readonly high: number;
}

const JUMP = 1e-4; // left and right derivatives further apart than this, relative to their size, are a jump

/** The elements in which code and differences disagree because the derivative jumps there. */
export function jumpsOf(
  code: Float64Array,
  differences: Float64Array,
  tolerance: number,
  { values, weights }: Differentiated,
  input: Tensor,
): Jump[] {
  return [...code.keys()].flatMap((position): Jump[] => {
    const gap = Math.abs(code[position]! - differences[position]!);
    if (gap <= tolerance * Math.abs(differences[position]!)) return [];
    const [left, right] = oneSidedDerivatives(values, weights, input, position);
    if (!(Math.abs(left - right) > JUMP * Math.max(Math.abs(left), Math.abs(right)))) return [];
    const slack = JUMP * Math.abs(left - right); // one-sided differences are less exact than central ones
    return [{ position, low: Math.min(left, right) - slack, high: Math.max(left, right) + slack }];
  });
}

/** A witness that agrees with the code wherever both lie between the one-sided derivatives of a jump. */
export function settled(jumps: readonly Jump[], code: Float64Array, witness: Float64Array): Float64Array {
  const result = witness.slice();
  for (const { position, low, high } of jumps) {
    const within = (value: number): boolean => value >= low && value <= high;
    if (within(code[position]!) && within(witness[position]!)) result[position] = code[position]!;
  }
  return result;
}
