import { mlp, random, sgd, synth } from '../../dist/index.js';
import { losses } from '../../dist/nn/losses.js';
import { step } from '../../dist/training/step.js';
import type { Variant } from '../workload.js';

/** Our own library, as `train` uses it: eager, op by op, gradient norms included. */
export const variant: Variant = {
  'mlp-step': () => {
    const data = synth({ seed: 0, train: 12_800, validation: 1 });
    const model = mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid' });
    const parameters = Object.entries(model.parameters());
    const update = sgd({ rate: 0.001 }).start(parameters.map(([, parameter]) => parameter));
    const stepper = { model, loss: losses['cross-entropy'], parameters, trained: [0, 1, 2, 3], update };
    const state = { rate: 0.001, training: { random: random(0) }, squares: new Float64Array(4) };
    let batch = 0;
    return () => {
      batch = (batch + 1) % 100;
      step(stepper, data.train, 128 * batch, 128 * (batch + 1), state);
    };
  },
};
