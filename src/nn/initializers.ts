import { sqrt } from '../kernels/math.js';
import type { Random } from '../random/random.js';
import { ValueError } from '../tensor/error.js';
import { aCount, objectWith, requireKinds } from '../tensor/arguments.js';

/**
 * How the weights of a layer with `inputs` and `outputs` units are drawn. For a convolution these are the pixels under its
 * window times the channels on either side.
 *
 * - `glorot`: $N(0, 2 / (\mathrm{inputs} + \mathrm{outputs}))$, Glorot and Bengio (2010);
 * - `glorot-without-root`: the same with the variance taken for the standard deviation, as vugrad did in 2020;
 * - `kaiming-uniform`: $U(\pm 1 / \sqrt{\mathrm{inputs}})$ for weights and biases, PyTorch's default for layers;
 * - `{ std }`: a standard deviation of one's own.
 *
 * Biases start at 0, except for `kaiming-uniform`.
 */
export type Initializer = 'glorot' | 'glorot-without-root' | 'kaiming-uniform' | { readonly std: number };

const anInitializer = objectWith(
  {},
  "'glorot', 'glorot-without-root', 'kaiming-uniform', or a standard deviation of one's own, { std: 0.1 }",
);

/** The standard deviation of a weight. */
export function standardDeviation(initializer: Initializer, inputs: number, outputs: number): number {
  requireKinds('initializer', { inputs, outputs }, { inputs: aCount, outputs: aCount });
  const variance = 2 / (inputs + outputs);
  if (initializer === 'glorot') return sqrt(variance);
  if (initializer === 'glorot-without-root') return variance;
  if (initializer === 'kaiming-uniform') return 1 / sqrt(3 * inputs);
  requireKinds('initializer', { initializer }, { initializer: anInitializer });
  if (Number.isFinite(initializer.std) && initializer.std >= 0) return initializer.std;
  throw new ValueError(
    `initializer: the standard deviation is ${initializer.std}, but it must be finite and not negative`,
  );
}

/** The units on either side of a weight matrix, and how many weights there are. */
export interface Fan {
  readonly inputs: number;
  readonly outputs: number;
  /** inputs · outputs unless said. */
  readonly count?: number;
}

/** Initial weights, row by row. */
export function initialWeights(random: Random, initializer: Initializer, fan: Fan): Float64Array {
  const { inputs, outputs, count = inputs * outputs } = fan;
  if (initializer === 'kaiming-uniform') return uniform(random, inputs, count);
  const std = standardDeviation(initializer, inputs, outputs);
  return random.normals(count).map((draw) => std * draw);
}

/** Initial biases of a layer whose outputs have so many inputs each. */
export function initialBiases(
  random: Random,
  initializer: Initializer,
  inputs: number,
  count: number,
): Float64Array {
  return initializer === 'kaiming-uniform' ? uniform(random, inputs, count) : new Float64Array(count);
}

function uniform(random: Random, inputs: number, count: number): Float64Array {
  const bound = 1 / sqrt(inputs);
  return random.uniforms(count).map((draw) => (2 * draw - 1) * bound);
}
