import { expect } from 'chai';
import { convNet } from '../../src/nn/conv-net.js';
import { Conv2d } from '../../src/nn/conv2d.js';
import { Dropout } from '../../src/nn/dropout.js';
import { Flatten, Relu } from '../../src/nn/elementwise.js';
import { Linear } from '../../src/nn/linear.js';
import { mlp } from '../../src/nn/mlp.js';
import { MaxPool2d } from '../../src/nn/pool2d.js';
import { sequential } from '../../src/nn/sequential.js';
import { summary } from '../../src/nn/summary.js';
import { random } from '../../src/random/random.js';
import { constant, ones } from '../../src/tensor/creation.js';
import { ShapeError } from '../../src/tensor/error.js';

const fitting = () => [new Conv2d(1, 2, 3), new Relu(), new MaxPool2d(2), new Flatten(), new Linear(8, 3)];

describe('sequential', () => {
  it('passes an input through its layers in order', () => {
    const model = sequential([new Linear(1, 1), new Relu(), new Linear(1, 1)]);
    model.load({ 'layers.0.weight': [2], 'layers.0.bias': [-1], 'layers.2.weight': [10], 'layers.2.bias': [5] }); // prettier-ignore
    expect(model.forward(constant([[3], [0]])).value).to.deep.equal([[55], [5]]); // prettier-ignore
  });

  it('accepts layers that fit the shape of the input', () => {
    expect(sequential(fitting(), { input: [1, 6, 6] }).outputShape([1, 6, 6])).to.deep.equal([3]);
  });

  const chain =
    'layers.4 (linear 8 → 3) does not fit its input (18,); one instance, without the batch axis, passes the shapes:\n' +
    '  input                        (1, 8, 8)\n' +
    '  layers.0  conv 1 → 2 of 3x3  (2, 6, 6)\n' +
    '  layers.1  relu               (2, 6, 6)\n' +
    '  layers.2  max pool 2x2       (2, 3, 3)\n' +
    '  layers.3  flatten            (18,)\n' +
    '  layers.4  linear 8 → 3       ✗ linear: the rows of X (1, 18) and of W (3, 8) must have the same number of features';

  it('prints the chain of shapes up to the layer that does not fit, when it is built', () => {
    expect(() => sequential(fitting(), { input: [1, 8, 8] })).to.throw(ShapeError, chain);
  });

  it('prints it when a batch comes that does not fit, too', () => {
    expect(() => sequential(fitting()).forward(ones([5, 1, 8, 8]))).to.throw(ShapeError, chain);
  });

  it('names the layers of a chain within a chain by their path', () => {
    const inner = sequential([new Linear(2, 3), new Linear(4, 1)]);
    expect(() => sequential([new Relu(), inner], { input: [2] })).to.throw(ShapeError, 'layers.1.layers.1 (linear 4 → 1) does not fit its input (3,)'); // prettier-ignore
  });

  it('gives the training to the layers that need it', () => {
    const model = sequential([new Dropout(0.5), sequential([new Dropout(0.5)])]);
    const x = ones([1000], { requiresGrad: false });
    const dropped = (output: ArrayLike<number>) => Array.from(output).filter((value) => value === 0).length;
    expect(dropped(model.forward(x).data())).to.equal(0);
    expect(dropped(model.forward(x, { random: random(1) }).data())).to.be.within(680, 820);
  });

  it('names its parameters by their path in the whole model', () => {
    const model = sequential(fitting(), { input: [1, 6, 6] });
    expect(Object.keys(model.parameters())).to.deep.equal(['layers.0.weight', 'layers.0.bias', 'layers.4.weight', 'layers.4.bias']); // prettier-ignore
    expect(model.parameters()['layers.4.bias']!.name).to.equal('layers.4.bias');
  });
});

describe('the convolutional network of the tutorial', () => {
  const model = convNet({ channels: 3, size: 32, classes: 10, dtype: 'float32' });

  it('has the layers, shapes and 62,006 parameters of the tutorial', () => {
    const { rows, parameters } = summary(model, [3, 32, 32]);
    expect(rows).to.deep.equal([
      ['conv1', 'conv 3 → 6 of 5x5', '(6, 28, 28)', 456],
      ['relu1', 'relu', '(6, 28, 28)', 0],
      ['pool1', 'max pool 2x2', '(6, 14, 14)', 0],
      ['conv2', 'conv 6 → 16 of 5x5', '(16, 10, 10)', 2416],
      ['relu2', 'relu', '(16, 10, 10)', 0],
      ['pool2', 'max pool 2x2', '(16, 5, 5)', 0],
      ['flatten', 'flatten', '(400,)', 0],
      ['fc1', 'linear 400 → 120', '(120,)', 48120],
      ['relu3', 'relu', '(120,)', 0],
      ['fc2', 'linear 120 → 84', '(84,)', 10164],
      ['relu4', 'relu', '(84,)', 0],
      ['fc3', 'linear 84 → 10', '(10,)', 850],
    ]);
    expect(parameters).to.equal(62_006);
  });

  it('has the names of its parameters, too', () => {
    const layers = ['conv1', 'conv2', 'fc1', 'fc2', 'fc3'];
    const expected = layers.flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]);
    expect(Object.keys(model.parameters())).to.deep.equal(expected);
    expect(model.parameters()['fc1.weight']!.name).to.equal('fc1.weight');
  });

  it('gives a row of logits an image', () => {
    expect(model.forward(ones([4, 3, 32, 32], { dtype: 'float32' })).shape).to.deep.equal([4, 10]);
  });

  it('starts with the uniform weights and biases of PyTorch', () => {
    model.initialize(random(7));
    const { 'fc1.weight': weight, 'fc1.bias': bias } = model.weights();
    expect(Math.max(...weight!)).to.be.within(0.0499, Math.fround(0.05));
    expect(Math.max(...bias!)).to.be.within(0.045, Math.fround(0.05));
  });

  it('fits gray images of 28 pixels', () => {
    expect(summary(convNet({ channels: 1, size: 28, classes: 10 }), [1, 28, 28]).rows[7]![1]).to.equal('linear 256 → 120'); // prettier-ignore
  });

  it('refuses a size that its pools do not tile, with the chain of shapes', () => {
    expect(() => convNet({ channels: 3, size: 30, classes: 10 })).to.throw(
      ShapeError,
      /^pool2 \(max pool 2x2\) does not fit its input \(16, 9, 9\)[^]*\n {2}conv1 .* \(6, 26, 26\)\n[^]*✗ maxPool: windows of side 2/,
    );
  });
});

describe('a summary', () => {
  it('is written as a table with the total', () => {
    expect(String(summary(mlp({ input: 2, hidden: [100], output: 10, activation: 'tanh' }), [2]))).to.equal(
      [
        'layer     kind             output  parameters',
        'layers.0  linear 2 → 100   (100,)         300',
        'tanh1     tanh             (100,)           0',
        'layers.1  linear 100 → 10  (10,)        1,010',
        'in all                                  1,310',
      ].join('\n'),
    );
  });

  it('counts a shared layer once', () => {
    const shared = new Linear(2, 2);
    const { rows, parameters } = summary(sequential([shared, shared]), [2]);
    expect([rows.map((row) => row[3]), parameters]).to.deep.equal([[6, 0], 6]);
  });

  it('takes a model that is no chain as one layer', () => {
    expect(summary(new Linear(2, 3), [2]).rows).to.deep.equal([['model', 'linear 2 → 3', '(3,)', 9]]);
  });

  it('is shown in notebooks as text', () => {
    expect(summary(new Linear(2, 3), [2]).display()['text/plain']).to.contain('linear 2 → 3');
  });
});
