import { synth } from '../../src/data/synth.js';
import { mlp } from '../../src/nn/mlp.js';
import { sgd } from '../../src/optim/sgd.js';
import type { TrainOptions } from '../../src/training/train.js';

/** A training of a few milliseconds: 8 steps an epoch, the last one smaller. */
export function small(changed: Partial<TrainOptions> = {}): TrainOptions {
  return {
    data: synth({ seed: 0, train: 1000, validation: 300 }),
    model: mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid' }),
    optimizer: sgd({ rate: 0.01 }),
    epochs: 3,
    batchSize: 128,
    ...changed,
  };
}

/** The same with the seed 1. */
export function seeded(changed: Partial<TrainOptions> = {}): TrainOptions {
  return small({ seed: 1, ...changed });
}
