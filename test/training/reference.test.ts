import { expect } from 'chai';
import { dataset } from '../../src/data/dataset.js';
import { synth } from '../../src/data/synth.js';
import type { Weights } from '../../src/nn/module.js';
import { type Activation, mlp } from '../../src/nn/mlp.js';
import { sgd } from '../../src/optim/sgd.js';
import { random } from '../../src/random/random.js';
import { train } from '../../src/training/train.js';
import { type Layer, type Points, trainReference } from './reference-mlp.js';

const CLOSE = 4e-14; // how close two independent float64 programs come in any parameter

describe('train, against the same training in plain loops', () => {
  const synthetic = synth({ seed: 3, train: 1000, validation: 500 });
  const points = ({ x, labels }: typeof synthetic.train): Points => ({
    x: x.value as number[][],
    labels: [...labels.data()],
  });
  const [training, validation] = [points(synthetic.train), points(synthetic.validation)];
  const data = dataset({ name: 'given arrays', classes: 2, train: training, validation });

  const networks: readonly [Activation, units: number[], frozen?: number][] = [
    ['sigmoid', [2, 8, 2]],
    ['relu', [2, 8, 2]],
    ['tanh', [2, 5, 2]],
    ['relu', [2, 4, 4, 2]],
    ['relu', [2, 4, 4, 2], 2],
  ];
  for (const [activation, units, frozen] of networks) {
    const what = `${units.join('-')} ${activation}${frozen === undefined ? '' : `, layer ${frozen} frozen`}`;
    it(`gives the same parameters, losses, accuracy and gradient norms after 2 epochs of ${what}`, async () => {
      const layers = given(units);
      const model = mlp({ input: 2, hidden: units.slice(1, -1), output: 2, activation });
      const rate = 0.01;
      const run = await train({
        data,
        model,
        optimizer: sgd({ rate }),
        epochs: 2,
        batchSize: 128,
        initial: weightsOf(layers),
        ...(frozen === undefined ? {} : { frozen: [`layers.${frozen}`] }),
      });
      const epochs = trainReference(layers, activation, training, validation, {
        epochs: 2,
        batchSize: 128,
        rate,
        ...(frozen === undefined ? {} : { frozen }),
      });

      const expected = weightsOf(layers);
      for (const [path, parameter] of Object.entries(model.weights())) {
        parameter.forEach((value, k) => expectClose(value, expected[path]![k]!, CLOSE, `${path}[${k}]`));
      }
      epochs.forEach((epoch, k) => {
        const record = run.history[k + 1]!;
        expectClose(record.trainingLoss!, epoch.trainingLoss, CLOSE, 'training loss');
        expectClose(record.validationLoss, epoch.validationLoss, CLOSE, 'validation loss');
        expect(record.validationAccuracy).to.equal(epoch.validationAccuracy);
        epoch.gradientNorms.forEach((norm, layer) =>
          expectClose(record.gradientNorms[`layers.${layer}`]!, norm, 1e-12 * norm, 'gradient norm'),
        );
      });
    });
  }
});

function given(units: readonly number[]): Layer[] {
  return units.slice(1).map((outputs, l) => {
    const draws = random(7).split(l);
    const weight = Array.from({ length: outputs }, () => [...draws.normals(units[l]!)]);
    return { weight, bias: [...draws.normals(outputs)] };
  });
}

function weightsOf(layers: readonly Layer[]): Weights {
  return Object.fromEntries(
    layers.flatMap(({ weight, bias }, l) => [
      [`layers.${l}.weight`, weight.flat()],
      [`layers.${l}.bias`, [...bias]],
    ]),
  );
}

function expectClose(actual: number, expected: number, tolerance: number, what: string): void {
  expect(Math.abs(actual - expected), `${what}: ${actual} instead of ${expected}`).to.be.at.most(tolerance);
}
