import { scoped } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';
import { topologicalOrder } from './backward.js';
import { defaultStep, differenceQuotient } from './finite-differences.js';

/** Whether an op that a function executes declares points where its derivative jumps. */
export function hasKinks(call: () => Tensor): boolean {
  return scoped('checkGradient', () => topologicalOrder(call()).some(({ op }) => op.kinks !== undefined));
}

const JUMP = 1e-4; // left and right derivatives further apart than this, relative to their size, are a jump

/**
 * A witness that agrees with the code where the derivative jumps and both lie between the one-sided derivatives: there every
 * gradient between them is right.
 */
export function settled(
  code: Float64Array,
  witness: Float64Array,
  tolerance: number,
  values: () => ArrayLike<number>,
  weights: ArrayLike<number>,
  input: Tensor,
): Float64Array {
  return witness.map((other, k) => {
    const own = code[k]!;
    if (Math.abs(own - other) <= tolerance * Math.abs(other)) return other;
    const reach = defaultStep.central * Math.max(1, Math.abs(input.data()[k]!));
    const left = differenceQuotient(values, weights, input, k, -reach, 0);
    const right = differenceQuotient(values, weights, input, k, 0, reach);
    const gap = Math.abs(left - right);
    if (!(gap > JUMP * Math.max(Math.abs(left), Math.abs(right)))) return other;
    const slack = JUMP * gap; // one-sided differences are less exact than central ones
    const [low, high] = [Math.min(left, right) - slack, Math.max(left, right) + slack];
    return [own, other].every((value) => value >= low && value <= high) ? own : other;
  });
}
