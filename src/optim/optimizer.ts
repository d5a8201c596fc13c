import type { Tensor } from '../tensor/tensor.js';
import type { Rate } from './schedule.js';

/** Changes the parameters in place, given their gradients in the same order and the rate of the epoch. */
export interface Update {
  (gradients: readonly Tensor[], rate: number): void;
  readonly state: OptimizerState;
}

/** What an optimizer remembers between steps; it goes on from what is assigned here. */
export interface OptimizerState {
  /** Steps done so far. */
  steps: number;
  /** For each parameter, in order, the buffers beside it by name. */
  readonly buffers: readonly Readonly<Record<string, Tensor>>[];
}

/** A rule for changing parameters; it holds no state, `start` does, so that one can serve several trainings. */
export interface Optimizer {
  readonly name: string;
  readonly rate: Rate;
  readonly start: (parameters: readonly Tensor[]) => Update;
}
