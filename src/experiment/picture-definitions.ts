import type { PictureExperiment } from './experiment.js';

/**
 * What all share unless they say otherwise. The tutorial takes the mean of the loss over its batch of four, here it is the
 * sum, so the rate of plain SGD is a quarter of the tutorial's; Adam's steps do not depend on the scale of the loss.
 */
const common = {
  data: { kind: 'image-classes', train: 3200, validation: 1000, seed: 0 },
  model: { kind: 'conv-net' },
  initializer: 'kaiming-uniform',
  loss: 'cross-entropy',
  optimizer: { kind: 'adam', rate: 0.001 },
  schedule: { kind: 'constant' },
  epochs: 2,
  batchSize: 4,
  dtype: 'float32',
  seeds: 3,
} as const satisfies Omit<PictureExperiment, 'name'>;

/** The four settings of question ten, and what a linear model makes of the same pictures. */
const variations = {
  'classifier-sgd': { optimizer: { kind: 'sgd', rate: 0.001 / 4, momentum: 0.9 } },
  'classifier-adam': {},
  'classifier-adam-0.1': { optimizer: { kind: 'adam', rate: 0.1 } },
  'classifier-adam-5-epochs': { epochs: 5 },
  'classifier-linear': { model: { kind: 'linear' }, optimizer: { kind: 'adam', rate: 0.0001 } },
} as const satisfies Record<string, Partial<PictureExperiment>>;

export type PictureExperimentName = keyof typeof variations;

/** The experiments with pictures by their names. */
export const pictureExperiments = Object.fromEntries(
  Object.entries<Partial<PictureExperiment>>(variations).map(([name, variation]) => [
    name,
    { name, ...common, ...variation },
  ]),
) as Readonly<Record<PictureExperimentName, PictureExperiment>>;
