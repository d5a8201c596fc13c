import { expect } from 'chai';
import { type Initializer, initialWeights, standardDeviation } from '../../src/nn/initializers.js';
import { type MlpOptions, mlp } from '../../src/nn/mlp.js';
import { random } from '../../src/random/random.js';
import { constant } from '../../src/tensor/creation.js';
import { ShapeError, ValueError } from '../../src/tensor/error.js';
import { itRefuses } from '../refuses.js';

const options: MlpOptions = { input: 2, hidden: [8], output: 2, activation: 'sigmoid' };
const shapesOf = (changed: Partial<MlpOptions>): Record<string, readonly number[]> =>
  Object.fromEntries(
    Object.entries(mlp({ ...options, ...changed }).parameters()).map(([path, { shape }]) => [path, shape]),
  );

describe('mlp', () => {
  it('has a weight (outputs, inputs) and a bias a layer', () => {
    expect(shapesOf({ hidden: [4, 3] })).to.deep.equal({
      'layers.0.weight': [4, 2],
      'layers.0.bias': [4],
      'layers.1.weight': [3, 4],
      'layers.1.bias': [3],
      'layers.2.weight': [2, 3],
      'layers.2.bias': [2],
    });
    expect(Object.keys(shapesOf({ hidden: [] }))).to.deep.equal(['layers.0.weight', 'layers.0.bias']);
  });

  const given = {
    'layers.0.weight': [1, 0, 0, 1],
    'layers.0.bias': [0, -1],
    'layers.1.weight': [1, 1, 1, -1],
    'layers.1.bias': [0.5, 0],
  };
  const activations = {
    relu: (x: number) => Math.max(x, 0),
    sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
    tanh: (x: number) => Math.tanh(x),
  };
  for (const [activation, f] of Object.entries(activations)) {
    it(`puts ${activation} between its layers and nothing after the last`, () => {
      const model = mlp({ ...options, hidden: [2], activation: activation as keyof typeof activations });
      model.load(given);
      const [a, b] = [f(-2), f(3 - 1)];
      const logits = model.forward(constant([[-2, 3]])).data();
      expect(logits[0]).to.be.closeTo(a + b + 0.5, 1e-15);
      expect(logits[1]).to.be.closeTo(a - b, 1e-15);
    });
  }

  it('gives one row of logits an instance', () => {
    expect(mlp({ ...options, output: 3 }).forward(constant([[1, 2], [3, 4]])).shape).to.deep.equal([2, 3]); // prettier-ignore
  });

  const drawn = (seed: number, changed: Partial<MlpOptions> = {}): Record<string, Float64Array> => {
    const model = mlp({ ...options, ...changed });
    model.initialize(random(seed));
    return model.weights();
  };

  it('draws the same weights from the same seed, and others from another', () => {
    expect(drawn(1)).to.deep.equal(drawn(1));
    expect(drawn(1)['layers.0.weight']).not.to.deep.equal(drawn(2)['layers.0.weight']);
    expect(drawn(1, { activation: 'relu' })).to.deep.equal(drawn(1));
  });

  it('keeps the weights of its layers when others are added behind', () => {
    const [two, three] = [drawn(1, { hidden: [8, 8] }), drawn(1, { hidden: [8, 8, 8] })];
    for (const path of ['layers.0.weight', 'layers.1.weight']) expect(three[path]).to.deep.equal(two[path]);
    expect(three['layers.1.weight']).not.to.deep.equal(three['layers.2.weight']);
  });

  // prettier-ignore
  itRefuses([
    ['no inputs', () => mlp({ ...options, input: 0 }), ShapeError, /the number of inputs is 0/],
    ['half a hidden unit', () => mlp({ ...options, hidden: [2.5] }), ShapeError, /the number of outputs is 2\.5/],
    ['data with other features', () => mlp(options).forward(constant([[1, 2, 3]])), ShapeError, /^layers\.0 \(linear 2 → 8\) does not fit its input \(3,\)[^]*✗ linear: the rows of X \(1, 3\) and of W \(8, 2\) must have the same number of features/],
  ]);
});

describe('initial weights', () => {
  // prettier-ignore
  const stds: readonly [Initializer, expected: number][] = [
    ['glorot', Math.sqrt(2 / 700)],
    ['glorot-without-root', 2 / 700],
    ['kaiming-uniform', 1 / Math.sqrt(900)],
    [{ std: 0.3 }, 0.3],
    [{ std: 0 }, 0],
  ];
  for (const [initializer, expected] of stds) {
    it(`have mean 0 and the standard deviation of ${JSON.stringify(initializer)}: ${expected.toFixed(5)} for 300 inputs and 400 outputs`, () => {
      const weights = initialWeights(random(3), initializer, { inputs: 300, outputs: 400 });
      const n = 300 * 400;
      const mean = weights.reduce((total, w) => total + w, 0) / n;
      const std = Math.sqrt(weights.reduce((total, w) => total + w * w, 0) / n);
      expect(standardDeviation(initializer, 300, 400)).to.be.closeTo(expected, 1e-16);
      expect(Math.abs(mean)).to.be.at.most((4.5 * expected) / Math.sqrt(n));
      expect(Math.abs(std - expected)).to.be.at.most((4.5 * expected) / Math.sqrt(2 * n));
    });
  }

  it('are 0.447 and 0.2 for the first layer of the experiments', () => {
    expect(standardDeviation('glorot', 2, 8)).to.be.closeTo(0.447, 0.0005);
    expect(standardDeviation('glorot-without-root', 2, 8)).to.equal(0.2);
  });

  it('reach the model, whose biases start at 0', () => {
    const model = mlp({ ...options, input: 100, hidden: [100], initializer: { std: 2 } });
    model.initialize(random(1));
    const { 'layers.0.weight': weight, 'layers.0.bias': bias } = model.weights();
    expect(Math.sqrt(weight!.reduce((total, w) => total + w * w, 0) / 1e4)).to.be.closeTo(2, 0.07);
    expect(bias!.every((b) => b === 0)).to.equal(true);
  });

  // prettier-ignore
  itRefuses([
    ['a negative spread', () => standardDeviation({ std: -1 }, 2, 2), ValueError, /^initializer: the standard deviation is -1, but it must be finite and not negative/],
    ['an infinite spread', () => standardDeviation({ std: Infinity }, 2, 2), ValueError, /is Infinity/],
  ]);
});
