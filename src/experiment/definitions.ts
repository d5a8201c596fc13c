import type { PictureExperiment, PointExperiment } from './experiment.js';
import { pictureExperiments, type PictureExperimentName } from './picture-definitions.js';

const frozenLast = ['layers.2'];

/** What all experiments share unless they say otherwise: the 2-8-2 ReLU network of the seed report, corrected. */
const common = {
  data: { kind: 'synth', train: 60_000, validation: 10_000 },
  model: { kind: 'mlp', hidden: [8], activation: 'relu' },
  initializer: 'glorot',
  loss: 'cross-entropy',
  optimizer: { kind: 'sgd', rate: 0.001 },
  schedule: { kind: 'constant' },
  epochs: 20,
  batchSize: 128,
  dtype: 'float64',
  seeds: 10,
} as const satisfies Variation;

/** As the seed report published it: the square root forgotten, and the logarithm taken of a softmax. */
const published = { initializer: 'glorot-without-root', loss: 'softmax-then-log' } as const;

/** At least 30 seeds, because with a narrow or frozen layer 10 mislead. */
const threeLayer = (width: number, frozen?: readonly string[]): Variation => ({
  model: { kind: 'mlp', hidden: [width, width], activation: 'relu', ...(frozen && { frozen }) },
  seeds: 30,
});

const fromTenfoldRate = { kind: 'sgd', rate: 0.01 } as const;

/** Each exists twice: corrected under its name, as published under its name with `-2020`. */
const compared = {
  // The networks.
  sigmoid: { model: { kind: 'mlp', hidden: [8], activation: 'sigmoid' } },
  relu: {},
  'three-layer-4-frozen': threeLayer(4, frozenLast), // the seed report's width, its last layer never trained
  'three-layer-4': threeLayer(4),
  'three-layer-8-frozen': threeLayer(8, frozenLast),
  'three-layer-8': threeLayer(8),

  // Learning rates η that change with the epoch e; the seed report calls one of them momentum and does not say which.
  'rate-e': { schedule: { kind: 'power', exponent: 1, from: 0 } }, // ηe
  'rate-1-plus-e': { schedule: { kind: 'power', exponent: 1, from: 1 } }, // η(1 + e)
  'rate-1-plus-e-squared': { schedule: { kind: 'power', exponent: 2, from: 1 } }, // η(1 + e)²
  'rate-over-1-plus-e': { schedule: { kind: 'power', exponent: -1, from: 1 } }, // η / (1 + e)
  'rate-1.1-to-e': { schedule: { kind: 'exponential', factor: 1.1 } }, // η 1.1^e
  'rate-1.5-to-e': { schedule: { kind: 'exponential', factor: 1.5 } },
  'rate-2-to-e': { schedule: { kind: 'exponential', factor: 2 } },
  'rate-plus-0.01-e': { schedule: { kind: 'linear', slope: 0.01 } }, // η + 0.01e
  'rate-e-from-0.01': { optimizer: fromTenfoldRate, schedule: { kind: 'power', exponent: 1, from: 0 } },
  'rate-1-plus-e-from-0.01': {
    optimizer: fromTenfoldRate,
    schedule: { kind: 'power', exponent: 1, from: 1 },
  },

  // Momentum proper.
  'heavy-ball': { optimizer: { kind: 'sgd', rate: 0.001, momentum: 0.9 } },
  nesterov: { optimizer: { kind: 'sgd', rate: 0.001, momentum: 0.9, nesterov: true } },

  // The sigmoid network at a rate of its own.
  'sigmoid-rate-0.01': {
    model: { kind: 'mlp', hidden: [8], activation: 'sigmoid' },
    optimizer: fromTenfoldRate,
  },
} as const satisfies Record<string, Variation>;

/** When the sigmoid network takes off, against the standard deviation of its initial weights; 0.447 is that of `sigmoid`. */
const scale = (std: number, epochs: number): Variation => ({
  model: { kind: 'mlp', hidden: [8], activation: 'sigmoid' },
  initializer: { std },
  epochs,
});

const doubled: Variation = { schedule: { kind: 'exponential', factor: 2 } };

const single = {
  'sigmoid-scale-0.1': scale(0.1, 40),
  'sigmoid-scale-0.2': scale(0.2, 20), // the published initial weights with the corrected loss
  'sigmoid-scale-0.9': scale(0.9, 10),
  'sigmoid-scale-2.0': scale(2, 10),

  // The two published mistakes one at a time, where the loss matters.
  'rate-2-to-e-without-root': { ...doubled, initializer: published.initializer },
  'rate-2-to-e-softmax-then-log': { ...doubled, loss: published.loss },
} as const satisfies Record<string, Variation>;

type Compared = keyof typeof compared;

export type PointExperimentName = Compared | `${Compared}-2020` | keyof typeof single;

export type ExperimentName = PointExperimentName | PictureExperimentName;

const pointExperiments = Object.fromEntries(
  [
    ...Object.entries<Variation>(compared).flatMap(([name, variation]) => [
      { name, ...common, ...variation },
      { name: `${name}-2020`, ...common, ...published, ...variation },
    ]),
    ...Object.entries<Variation>(single).map(([name, variation]) => ({ name, ...common, ...variation })),
  ].map((experiment) => [experiment.name, experiment]),
) as Readonly<Record<PointExperimentName, PointExperiment>>;

/** Every experiment by its name. */
export const experiments: Readonly<
  Record<PointExperimentName, PointExperiment> & Record<PictureExperimentName, PictureExperiment>
> = { ...pointExperiments, ...pictureExperiments };

type Variation = Partial<Omit<PointExperiment, 'name'>>;
