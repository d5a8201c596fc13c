import { expect } from 'chai';
import { along, pointsWithin } from '../../src/experiment/along.js';
import { classGrid } from '../../src/experiment/boundary.js';
import { deadUnits } from '../../src/experiment/dead-units.js';
import { symmetricEigenvalues } from '../../src/experiment/eigenvalues.js';
import { curvature, hessian } from '../../src/experiment/hessian.js';
import { modelWith, trialWithSnapshots } from '../../src/experiment/snapshots.js';
import { dataOf, runTrial } from '../../src/experiment/trial.js';
import { dataset } from '../../src/data/dataset.js';
import { losses } from '../../src/nn/losses.js';
import { mlp } from '../../src/nn/mlp.js';
import { random } from '../../src/random/random.js';
import { ValueError } from '../../src/tensor/error.js';
import { evaluate } from '../../src/training/evaluate.js';
import { small } from './small.js';

const loss = losses['cross-entropy'];

describe('eigenvalues of a symmetric matrix', () => {
  const cases: readonly [string, number[][], number[]][] = [
    ['one number', [[-3]], [-3]],
    [
      'a diagonal',
      [
        [2, 0, 0],
        [0, -1, 0],
        [0, 0, 0],
      ],
      [-1, 0, 2],
    ],
    [
      'a hyperbola',
      [
        [1, 0.75],
        [0.75, 0.2],
      ],
      [0.6 - Math.sqrt(0.16 + 0.5625), 0.6 + Math.sqrt(0.16 + 0.5625)],
    ],
    [
      'all ones',
      [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
      ],
      [0, 0, 3],
    ],
    [
      'nothing',
      [
        [0, 0],
        [0, 0],
      ],
      [0, 0],
    ],
  ];
  for (const [what, matrix, expected] of cases) {
    it(`are right for ${what}`, () => {
      symmetricEigenvalues(matrix).forEach((value, k) => expect(value).to.be.closeTo(expected[k]!, 1e-15));
    });
  }

  it('of a large one have its trace and its sum of squares', () => {
    const n = 42;
    const draws = random(1).normals(n * n);
    const matrix = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => draws[Math.min(i, j) * n + Math.max(i, j)]!),
    );
    const values = symmetricEigenvalues(matrix);
    const total = (numbers: number[]) => numbers.reduce((sum, x) => sum + x, 0);
    expect(total(values)).to.be.closeTo(total(matrix.map((row, i) => row[i]!)), 1e-12);
    expect(total(values.map((x) => x * x))).to.be.closeTo(total(matrix.flat().map((x) => x * x)), 1e-10);
    expect(values).to.deep.equal([...values].sort((a, b) => a - b));
  });
});

describe('the Hessian of the mean loss', () => {
  const { train } = dataOf(small('sigmoid', { data: { kind: 'synth', train: 2500, validation: 1 } }), 1);
  const model = mlp({ input: 2, hidden: [3], output: 2, activation: 'sigmoid', initializer: { std: 0.8 } });

  it('is what differences of the gradient say, over more data than are taken at a time', () => {
    const matrix = hessian(model, train, loss);
    const weights = Object.values(model.parameters());
    expect(matrix).to.have.length(weights.reduce((size, { size: own }) => size + own, 0));
    const step = 1e-4;
    const bias = model.layers[0]!.bias; // parameters 6 to 8, after the six weights
    const at = (k: number, shift: number) => {
      const before = [...bias.data()];
      bias.assign(before.map((value, i) => (i === k ? value + shift : value)));
      const { loss: value } = evaluate(model, train, loss);
      bias.assign(before);
      return value;
    };
    for (const k of [0, 1, 2]) {
      const second = (at(k, step) - 2 * at(k, 0) + at(k, -step)) / (step * step);
      expect(matrix[6 + k]![6 + k]).to.be.closeTo(second, 1e-6);
    }
  });

  it('is symmetric, and flat where both logits rise alike', () => {
    const matrix = hessian(model, train, loss);
    matrix.forEach((row, i) => row.forEach((entry, j) => expect(entry).to.be.closeTo(matrix[j]![i]!, 1e-14)));
    const [first, second] = [matrix.at(-2)!, matrix.at(-1)!]; // the output biases
    first.forEach((entry, j) => expect(entry).to.be.closeTo(-second[j]!, 1e-14));
  });

  it('shows a saddle on the plateau of the sigmoid network, and its height is the entropy of the classes', async () => {
    const experiment = small('sigmoid-2020', {
      data: { kind: 'synth', train: 20_000, validation: 4000 },
      batchSize: 128,
    });
    const { snapshots } = await trialWithSnapshots({ experiment, seed: 1 }, [3]);
    const { train, validation } = dataOf(experiment, 1);
    const ones = [...validation.labels.data()].filter((label) => label === 1).length / validation.size;
    const entropy = -ones * Math.log(ones) - (1 - ones) * Math.log(1 - ones);
    expect(snapshots[0]!.record.validationLoss).to.be.closeTo(entropy, 0.002);
    const { eigenvalues, lowest, highest, negative } = curvature(
      modelWith(experiment, snapshots[0]!.weights),
      train,
      loss,
    );
    expect(lowest).to.be.within(-3e-2, -4e-3).and.to.equal(eigenvalues[0]);
    expect(highest).to.be.within(1.4, 1.6);
    expect(negative)
      .to.be.within(9, 14)
      .and.to.equal(eigenvalues.filter((value) => value < -1e-4).length);
  });
});

describe('snapshots of a trial', () => {
  it('hold the weights after the epochs that were asked for, and leave the run as it is', async () => {
    const trial = { experiment: small(), seed: 2 };
    const { run, snapshots } = await trialWithSnapshots(trial, [3, 0]);
    expect(run).to.deep.equal(await runTrial(trial));
    expect(snapshots.map(({ epoch }) => epoch)).to.deep.equal([0, 3]);
    const { validation } = dataOf(trial.experiment, 2);
    for (const { weights, record } of snapshots) {
      const { accuracy } = evaluate(modelWith(trial.experiment, weights), validation, loss);
      expect(accuracy).to.equal(record.validationAccuracy);
    }
  });

  it('refuse an epoch that there is not', async () => {
    const error: unknown = await trialWithSnapshots({ experiment: small(), seed: 1 }, [4]).catch(
      (error: unknown) => error,
    );
    expect(error)
      .to.be.instanceOf(ValueError)
      .with.property('message', 'snapshots: relu has no epoch 4; it has 0 to 3');
  });
});

describe('dead units', () => {
  const points = dataset({
    classes: 2,
    train: {
      x: [
        [1, 2],
        [3, -1],
      ],
      labels: [0, 1],
    },
    validation: { x: [[0, 0]], labels: [0] },
  });

  it('are those whose ReLU gives 0 for every instance, layer by layer', () => {
    const model = mlp({ input: 2, hidden: [3, 2], output: 2, activation: 'relu' });
    model.load({
      'layers.0.weight': [-1, 0, 0, 1, 0, 0],
      'layers.0.bias': [0, 0, 0], // −x dead, y alive once, 0 dead
      'layers.1.weight': [0, -1, 0, 0, 1, 0],
      'layers.1.bias': [1, -1.5], // 1 − y alive once, y − 1.5 alive once
      'layers.2.weight': [0, 0, 0, 0],
      'layers.2.bias': [0, 0],
    });
    expect(deadUnits(model, points.train)).to.deep.equal([2, 0]);
    model.layers[1]!.bias.assign([-9, -9]);
    expect(deadUnits(model, points.train)).to.deep.equal([2, 2]);
  });

  it('do not exist among sigmoids', () => {
    const model = mlp({ input: 2, hidden: [3], output: 2, activation: 'sigmoid' });
    expect(() => deadUnits(model, points.train)).to.throw(
      ValueError,
      'this multilayer perceptron has no ReLU, and only units with a ReLU can die',
    );
  });
});

describe('a grid of classes', () => {
  it('shows which side of a line is which', () => {
    const model = mlp({ input: 2, hidden: [], output: 2, activation: 'relu' });
    model.load({ 'layers.0.weight': [0, 0, 1, 2], 'layers.0.bias': [0, 0] }); // class 1 where x + 2y > 0
    expect(classGrid(model, { extent: 1, points: 3 })).to.deep.equal({
      x: [-1, 0, 1],
      y: [-1, 0, 1],
      classes: [
        [0, 0, 0],
        [0, 0, 1],
        [1, 1, 1],
      ],
    });
    expect(classGrid(model).classes).to.have.length(61);
  });

  it('needs two points a side', () => {
    const model = mlp({ input: 2, hidden: [], output: 2, activation: 'relu' });
    expect(() => classGrid(model, { points: 1 })).to.throw(ValueError, 'there are 1 points a side');
  });
});

describe('what is seen along a trial', () => {
  const trial = { experiment: small('relu-2020'), seed: 1 };
  const { train, validation } = dataOf(trial.experiment, 1);

  it('is what the snapshots say', async () => {
    const { snapshots } = await trialWithSnapshots(trial, [0, 2]);
    const models = snapshots.map(({ weights }) => modelWith(trial.experiment, weights));
    const records = snapshots.map(({ epoch, record }) => ({ epoch, record }));
    const seen = await along(trial, [0, 2], (model, data) => ({
      weights: model.weights(),
      dead: deadUnits(model, data.train),
      grid: classGrid(model, { points: 5 }),
      ...curvature(model, data.validation, losses['softmax-then-log']),
    }));
    expect(seen).to.deep.equal(
      models.map((model, k) => ({
        weights: snapshots[k]!.weights,
        dead: deadUnits(model, train),
        grid: classGrid(model, { points: 5 }),
        ...curvature(model, validation, losses['softmax-then-log']),
        ...records[k],
      })),
    );
  });

  it('refuses an epoch that there is not', async () => {
    const error: unknown = await along(trial, [4], () => ({})).catch((error: unknown) => error);
    expect(error).to.be.instanceOf(ValueError).with.property('message').that.contains('has no epoch 4');
  });

  it('stands beside points with their labels, as many as were asked for', () => {
    const points = pointsWithin(validation, 50, 1);
    expect(points).to.have.length(50);
    for (const { x, y, label } of points) {
      expect(Math.max(Math.abs(x), Math.abs(y))).to.be.at.most(1);
      expect(label).to.equal(x * x + 1.5 * x * y + 0.2 * y * y > 0.6 ? 1 : 0);
    }
  });
});
