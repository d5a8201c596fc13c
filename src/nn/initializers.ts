import { sqrt } from '../kernels/math.js';
import type { Random } from '../random/random.js';
import { ValueError } from '../tensor/error.js';

/**
 * How the weights of a layer with `inputs` and `outputs` units are drawn; biases start at 0.
 *
 * - `glorot`: $N(0, 2 / (\mathrm{inputs} + \mathrm{outputs}))$, Glorot and Bengio (2010);
 * - `glorot-without-root`: the same with the variance taken for the standard deviation, as vugrad did in 2020;
 * - `{ std }`: a standard deviation of one's own.
 */
export type Initializer = 'glorot' | 'glorot-without-root' | { readonly std: number };

/** The standard deviation of a weight. */
export function standardDeviation(initializer: Initializer, inputs: number, outputs: number): number {
  const variance = 2 / (inputs + outputs);
  if (initializer === 'glorot') return sqrt(variance);
  if (initializer === 'glorot-without-root') return variance;
  if (Number.isFinite(initializer.std) && initializer.std >= 0) return initializer.std;
  throw new ValueError(
    `initializer: the standard deviation is ${initializer.std}, but it must be finite and not negative`,
  );
}

/** Initial weights, row by row. */
export function initialWeights(
  random: Random,
  initializer: Initializer,
  inputs: number,
  outputs: number,
): Float64Array {
  const std = standardDeviation(initializer, inputs, outputs);
  return random.normals(inputs * outputs).map((draw) => std * draw);
}
