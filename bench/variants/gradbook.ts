import { dataset, type Dataset } from '../../dist/data/dataset.js';
import { synth } from '../../dist/data/synth.js';
import { experiments } from '../../dist/experiment/definitions.js';
import { convNet } from '../../dist/nn/conv-net.js';
import { losses } from '../../dist/nn/losses.js';
import { mlp } from '../../dist/nn/mlp.js';
import type { Module } from '../../dist/nn/module.js';
import { matmul } from '../../dist/ops/index.js';
import { sgd } from '../../dist/optim/sgd.js';
import { random } from '../../dist/random/random.js';
import { constant } from '../../dist/tensor/creation.js';
import { scoped } from '../../dist/tensor/memory.js';
import { step, type Stepper, sumsFor } from '../../dist/training/step.js';
import { inputs, numbers } from '../inputs.js';
import type { Repeat, Variant } from '../variant.js';
import type { Network } from '../workload.js';

/** Our own library, as `train` uses it: eager, op by op, gradient norms included. */
export const variant: Variant = {
  step: ({ network, batch }) => training(network, batch),
  epochs: async () => {
    const { runTrial } = await import('../../dist/experiment/trial.js');
    return () => runTrial({ experiment: experiments.sigmoid, seed: 1 });
  },
  product: ({ size, dtype, layout }) => {
    const [x, w] = [1, 2].map((seed) => constant(numbers(size * size, seed), { shape: [size, size], dtype }));
    const options = { transposeX: layout === 'TN', transposeW: layout === 'NT' };
    return () => scoped('product', () => void matmul(x!, w!, options));
  },
  trials: async ({ count }) => {
    const { runExperiment } = await import('../../dist/experiment/run-experiments.js');
    return () => runExperiment(experiments.sigmoid, { seeds: count, workers: 1, store: false });
  },
};

function training(network: Network, batch: number): Repeat {
  const data = dataOf(network, batch);
  const model = models[network]();
  const momentum = network === 'convolutional' ? { momentum: 0.9 } : {};
  const parameters = Object.entries(model.parameters());
  const stepper: Stepper = {
    model,
    loss: losses['cross-entropy'],
    parameters,
    trained: [...parameters.keys()],
    sums: sumsFor(parameters),
    update: sgd({ rate: 0.001, ...momentum }).start(parameters.map(([, parameter]) => parameter)),
  };
  const state = {
    rate: 0.001,
    training: { random: random(0) },
  };
  const batches = data.train.size / batch;
  let k = 0;
  return () => {
    k = (k + 1) % batches;
    return step(stepper, { split: data.train, start: batch * k, end: batch * (k + 1) }, state);
  };
}

function dataOf(network: Network, batch: number): Dataset {
  if (network === 'small') return synth({ seed: 0, train: 100 * batch, validation: 1 });
  const { x, labels, features, classes } = inputs(network, batch);
  const split = {
    x: constant(x, { shape: [labels.length, ...features], dtype: 'float32' }),
    labels: constant(labels, { dtype: 'int32' }),
  };
  return dataset({ classes, train: split, validation: split });
}

const models: Readonly<Record<Network, () => Module>> = {
  small: () => mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid' }),
  wide: () => mlp({ input: 784, hidden: [3136], output: 10, activation: 'relu', dtype: 'float32' }),
  convolutional: () => convNet({ channels: 3, size: 32, classes: 10, dtype: 'float32' }),
};
