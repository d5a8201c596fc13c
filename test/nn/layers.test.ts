import { expect } from 'chai';
import { AveragePool2d, MaxPool2d } from '../../src/nn/pool2d.js';
import { Conv2d } from '../../src/nn/conv2d.js';
import { Dropout } from '../../src/nn/dropout.js';
import { Flatten, Relu, Sigmoid, Tanh } from '../../src/nn/elementwise.js';
import type { Module } from '../../src/nn/module.js';
import { BatchNorm2d, LayerNorm } from '../../src/nn/normalization.js';
import { sum } from '../../src/ops/reduce.js';
import { random } from '../../src/random/random.js';
import { constant, ones, tensor } from '../../src/tensor/creation.js';
import { ShapeError, ValueError } from '../../src/tensor/error.js';
import { scoped } from '../../src/tensor/memory.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { itRefuses } from '../refuses.js';

const image = (values: readonly number[], height: number, width: number): Tensor =>
  constant(Float64Array.from(values), { shape: [1, 1, height, width] });
const training = (seed = 0) => ({ random: random(seed) });

describe('conv2d', () => {
  it('is the correlation of images with its kernels, plus a bias', () => {
    const layer = new Conv2d(1, 2, 2);
    layer.load({ weight: [1, 0, 0, 0, 0, 0, 0, 1], bias: [10, 20] });
    const output = layer.forward(image([1, 2, 3, 4, 5, 6], 2, 3));
    expect(output.value).to.deep.equal([[[[11, 12]], [[25, 26]]]]);
  });

  it('takes a stride and a padding', () => {
    expect(new Conv2d(3, 4, 3, { stride: 2, padding: 1 }).outputShape([3, 32, 32])).to.deep.equal([
      4, 16, 16,
    ]);
  });

  it('draws weights and biases as PyTorch does by default: uniform, within one over the root of the inputs', () => {
    const { weight, bias } = new Conv2d(8, 40, 5, { initializer: 'kaiming-uniform' });
    const bound = 1 / Math.sqrt(8 * 25);
    for (const { draws, margin } of [
      { draws: weight.data(), margin: 0.99 },
      { draws: bias.data(), margin: 0.8 },
    ]) {
      // prettier-ignore
      const largest = Math.max(...draws.map(Math.abs));
      expect(largest).to.be.at.most(bound);
      expect(largest).to.be.at.least(margin * bound);
      expect(Math.min(...draws)).to.be.lessThan(0);
    }
  });

  it('counts the pixels under its window for glorot, and starts biases at 0', () => {
    const { weight, bias } = new Conv2d(8, 40, 5);
    const draws = Float64Array.from(weight.data());
    const std = Math.sqrt(draws.reduce((total, w) => total + w * w, 0) / draws.length);
    expect(std).to.be.closeTo(Math.sqrt(2 / (8 * 25 + 40 * 25)), 0.0015);
    expect(bias.data().every((b) => b === 0)).to.equal(true);
  });
});

describe('layers without parameters', () => {
  const x = constant([[-1, 0.5]]);
  const cases: readonly [Module, Tensor, expected: unknown][] = [
    [new Relu(), x, [[0, 0.5]]],
    [new Sigmoid(), constant([[0, 800]]), [[0.5, 1]]],
    [new Tanh(), constant([[0, 40]]), [[0, 1]]],
    [new Flatten(), ones([2, 1, 2, 1]), [[1, 1], [1, 1]]], // prettier-ignore
    [new MaxPool2d(2), image([1, 2, 3, 4, 8, 7, 6, 5], 2, 4), [[[[8, 6]]]]],
    [new MaxPool2d(2, { stride: 1 }), image([1, 2, 3, 4, 8, 7, 6, 5], 2, 4), [[[[8, 7, 6]]]]],
    [new AveragePool2d(2), image([1, 2, 3, 4, 8, 7, 6, 5], 2, 4), [[[[4.5, 4.5]]]]],
  ];
  for (const [layer, input, expected] of cases) {
    it(`include ${layer.describe()}`, () => {
      expect(layer.forward(input).value).to.deep.equal(expected);
      expect(layer.parameters()).to.deep.equal({});
    });
  }
});

describe('dropout', () => {
  const layer = new Dropout(0.25);
  const x = ones([4000], { requiresGrad: false });

  it('changes nothing unless a training is given', () => {
    expect(layer.forward(x)).to.equal(x);
  });

  it('drops the share p in training and keeps the mean by scaling up the others', () => {
    const values = [...layer.forward(x, training()).data()];
    const dropped = values.filter((value) => value === 0).length;
    expect(dropped / 4000).to.be.closeTo(0.25, 4.5 * Math.sqrt((0.25 * 0.75) / 4000));
    expect(new Set(values)).to.deep.equal(new Set([0, 1 / 0.75]));
  });

  it('takes a new mask from the generator each time, and the same from the same seed', () => {
    const given = training();
    const [first, second] = [layer.forward(x, given).data(), layer.forward(x, given).data()];
    expect(first).not.to.deep.equal(second);
    expect(layer.forward(x, training()).data()).to.deep.equal(first);
  });
});

describe('batch norm', () => {
  const batch = tensor(Float64Array.from([1, 3, 10, 10, 5, 7, 10, 14]), { shape: [2, 2, 1, 2] });

  it('gives every channel mean 0 and variance 1 over the batch in training', () => {
    const output = new BatchNorm2d(2, { epsilon: 0 }).forward(batch, training()).data();
    const [a, b] = [[0, 1, 4, 5], [2, 3, 6, 7]].map((places) => places.map((k) => output[k]!)); // prettier-ignore
    for (const channel of [a!, b!]) {
      expect(channel.reduce((total, value) => total + value, 0)).to.be.closeTo(0, 1e-14);
      expect(channel.reduce((total, value) => total + value * value, 0) / 4).to.be.closeTo(1, 1e-14);
    }
  });

  it('scales and shifts by a weight and a bias a channel, through which gradients flow', () => {
    const layer = new BatchNorm2d(2, { epsilon: 0 });
    const plain = layer.forward(batch, training()).data();
    layer.load({ weight: [2, 3], bias: [10, 20] });
    const output = layer.forward(batch, training());
    expect([...output.data()]).to.deep.equal([...plain].map((value, k) => (k % 4 < 2 ? 10 + 2 * value : 20 + 3 * value))); // prettier-ignore
    sum(output).backward();
    expect(layer.bias.grad!.value).to.deep.equal([4, 4]);
    expect(layer.weight.grad).not.to.equal(undefined);
  });

  it('moves its running statistics in training only, the variance with n − 1', () => {
    const layer = new BatchNorm2d(2, { momentum: 0.5 });
    layer.forward(batch);
    expect(layer.runningMean.value).to.deep.equal([0, 0]);
    scoped('a step', () => layer.forward(batch, training()));
    expect(layer.runningMean.value).to.deep.equal([2, 5.5]); // means 4 and 11
    const variances = [20 / 3, 4]; // sums of squares 20 and 12, over 3
    variances.forEach((variance, k) => expect(layer.runningVariance.data()[k]).to.be.closeTo((1 + variance) / 2, 1e-14)); // prettier-ignore
  });

  it('uses them outside of training, one instance at a time if need be', () => {
    const layer = new BatchNorm2d(1, { epsilon: 0 });
    layer.runningMean.assign([3]);
    layer.runningVariance.assign([4]);
    layer.load({ weight: [10], bias: [1] });
    expect(layer.forward(image([3, 5], 1, 2)).value).to.deep.equal([[[[1, 11]]]]);
  });

  it('starts anew when it is initialised, and shows its statistics as state, not as parameters', () => {
    const layer = new BatchNorm2d(2, { dtype: 'float32' });
    layer.runningMean.assign([3, 4]);
    layer.weight.assign([3, 4]);
    layer.initialize();
    expect([layer.runningMean.value, layer.weight.value]).to.deep.equal([[0, 0], [1, 1]]); // prettier-ignore
    expect(Object.keys(layer.parameters())).to.deep.equal(['weight', 'bias']);
    expect(Object.keys(layer.state())).to.deep.equal(['weight', 'bias', 'runningMean', 'runningVariance']);
  });
});

describe('layer norm', () => {
  it('gives the last axes of every instance mean 0 and variance 1, then scales and shifts', () => {
    const layer = new LayerNorm(2, { epsilon: 0 });
    layer.load({ weight: [1, 2], bias: [0, 5] });
    expect(layer.forward(constant([[1, 3], [10, 6]])).value).to.deep.equal([[-1, 7], [1, 3]]); // prettier-ignore
  });

  it('takes several axes', () => {
    const layer = new LayerNorm([1, 2, 2], { epsilon: 0 });
    expect(layer.forward(image([1, 1, 3, 3], 2, 2)).value).to.deep.equal([[[[-1, -1], [1, 1]]]]); // prettier-ignore
    expect(layer.weight.shape).to.deep.equal([1, 2, 2]);
  });
});

describe('a layer', () => {
  // prettier-ignore
  itRefuses([
    ['no channels', () => new Conv2d(0, 1, 3), ShapeError, /^conv2d: the number of channels is 0/],
    ['a kernel of half a pixel', () => new Conv2d(1, 1, 2.5), ShapeError, /^conv2d: the window is 2\.5 by 2\.5/],
    ['a stride of 0', () => new Conv2d(1, 1, 3, { stride: 0 }), ShapeError, /^conv2d: the stride is 0/],
    ['a kernel larger than the padded image', () => new Conv2d(1, 1, 7, { padding: 1 }).outputShape([1, 4, 4]), ShapeError, /window of height 7 is larger than the image of height 6 with its padding of 1/],
    ['images with other channels', () => new Conv2d(3, 1, 1).forward(ones([1, 1, 2, 2])), ShapeError, /have 1 channels, but the kernels \(1, 3, 1, 1\) are for 3/],
    ['windows that do not tile', () => new MaxPool2d(2).forward(ones([1, 1, 3, 4])), ShapeError, /do not tile the image \(1, 1, 3, 4\)/],
    ['a pool of 0 pixels', () => new MaxPool2d(0), ShapeError, /^max pool: the size is 0/],
    ['to drop everything', () => new Dropout(1), ValueError, /^dropout: the probability is 1, but it must lie in \[0, 1\)/],
    ['to drop NaN', () => new Dropout(NaN), ValueError, /^dropout: the probability is NaN/],
    ['batch norm of other channels', () => new BatchNorm2d(3).forward(ones([2, 2, 1, 1])), ShapeError, /^batchNorm2d: the images \(2, 2, 1, 1\) have 2 channels, but the layer is for 3/],
    ['batch norm with a momentum of 0', () => new BatchNorm2d(3, { momentum: 0 }), ValueError, /^batchNorm2d: the momentum is 0, but it must lie in \(0, 1\]/],
    ['to train batch norm on a single number', () => new BatchNorm2d(1).forward(ones([1, 1, 1, 1]), training()), ShapeError, /hold a single number, whose variance is always 0/],
    ['layer norm of other features', () => new LayerNorm(3).forward(ones([2, 4])), ShapeError, /^layerNorm: the last axes of \(2, 4\) must be \(3,\)/],
  ]);
});
