import type { Network } from './workload.js';

/** The same inputs for every variant in TypeScript: batches of instances that look like nothing, and labels that follow none. */
export interface Inputs {
  readonly batches: number;
  readonly features: readonly number[];
  readonly classes: number;
  readonly x: Float32Array;
  readonly labels: Int32Array;
}

export function inputs(network: Network, batch: number): Inputs {
  const batches = network === 'small' ? 100 : 8;
  const features = { small: [2], wide: [784], convolutional: [3, 32, 32] }[network];
  const classes = network === 'small' ? 2 : 10;
  const size = batches * batch;
  const labels = Int32Array.from(numbers(size, 7), (x) => Math.floor(((x + 1) / 2) * classes));
  return { batches, features, classes, x: numbers(size * features.reduce((a, b) => a * b), 1), labels };
}

/** Numbers from −1 to 1 of a linear congruential generator. */
export function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
