import type { Tensor } from '../tensor/tensor.js';
import type { Rate } from './schedule.js';

/** Changes the parameters in place, given their gradients in the same order and the rate of the epoch. */
export type Update = (gradients: readonly Tensor[], rate: number) => void;

/** A rule for changing parameters; it holds no state, `start` does, so that one can serve several trainings. */
export interface Optimizer {
  readonly name: string;
  readonly rate: Rate;
  readonly start: (parameters: readonly Tensor[]) => Update;
}
