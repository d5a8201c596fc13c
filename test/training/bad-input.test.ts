import { expect } from 'chai';
import { dataset } from '../../src/data/dataset.js';
import { Linear } from '../../src/nn/linear.js';
import type { LossName } from '../../src/nn/losses.js';
import { Module } from '../../src/nn/module.js';
import { mlp } from '../../src/nn/mlp.js';
import { multiply } from '../../src/ops/arithmetic.js';
import { relu } from '../../src/ops/activation.js';
import { crossEntropy } from '../../src/ops/loss.js';
import { sgd } from '../../src/optim/sgd.js';
import { tensor } from '../../src/tensor/creation.js';
import { GradbookError, ShapeError, ValueError } from '../../src/tensor/error.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { train, type TrainOptions } from '../../src/training/train.js';
import { itRefuses } from '../refuses.js';
import { seeded, small } from './small.js';

/** A third layer that forward does not use. */
class Unused extends Module {
  readonly layers = [new Linear(2, 8), new Linear(8, 2), new Linear(2, 2)];
  forward(input: Tensor): Tensor {
    return this.layers[1]!.forward(relu(this.layers[0]!.forward(input)));
  }
}

/** A second layer where parameters() does not look. */
class Hidden extends Module {
  readonly first = new Linear(2, 8);
  readonly #second = new Linear(8, 2);
  forward(input: Tensor): Tensor {
    return this.#second.forward(relu(this.first.forward(input)));
  }
}

/** Layers in a Map, whose entries are no properties. */
class Mapped extends Module {
  readonly layers = new Map([['only', new Linear(2, 2)]]);
  forward(input: Tensor): Tensor {
    return this.layers.get('only')!.forward(input);
  }
}

const threeClasses = dataset({
  classes: 3,
  train: { x: [[1, 2], [3, 4]], labels: [2, 0] }, // prettier-ignore
  validation: { x: [[1, 2]], labels: [1] },
});
const wide = dataset({
  classes: 2,
  train: { x: [[1, 2, 3]], labels: [1] },
  validation: { x: [[1, 2, 3]], labels: [1] },
});
const oneOutput = mlp({ input: 2, hidden: [], output: 1, activation: 'relu' });
const float32 = mlp({ input: 2, hidden: [], output: 2, activation: 'relu', dtype: 'float32' });

// prettier-ignore
const refused: readonly [what: string, changed: Partial<TrainOptions>, error: new (message: string) => GradbookError, message: RegExp][] = [
  ['an optimizer that was not called', { optimizer: sgd as never }, ValueError, /^train: optimizer is the function sgd, but it must be an optimizer/],
  ['a list for the data', { data: [] as never }, ValueError, /^train: data is \[\] without train, but it must be a dataset/],
  ['an object for the model', { model: {} as never }, ValueError, /^train: model is \{\}, but it must be a model/],
  ['a number for a function', { onStep: 5 as never }, ValueError, /^train: onStep is 5, but it must be a function/],
  ['a text for a list of layers', { frozen: 'layers.0' as never }, ValueError, /^train: frozen is the text "layers\.0", but it must be a list/],
  ['a word for replay', { replay: 'yes' as never }, ValueError, /^train: replay is the text "yes", but it must be true or false/],
  ['a batch of 0', { batchSize: 0 }, ValueError, /^train: the batch size is 0, but synth has 1000 training instances; choose from 1 to 1000$/],
  ['a batch larger than the data', { batchSize: 1001 }, ValueError, /^train: the batch size is 1001, but synth has 1000/],
  ['half an instance', { batchSize: 0.5 }, ValueError, /the batch size is 0\.5/],
  ['a negative number of epochs', { epochs: -1 }, ValueError, /^train: the number of epochs is -1, but it must be an integer that is not negative/],
  ['NaN epochs', { epochs: NaN }, ValueError, /the number of epochs is NaN/],
  ['a schedule that gives NaN', { optimizer: sgd({ rate: (epoch) => (epoch === 1 ? NaN : 0.01) }) }, ValueError, /the learning rate NaN for epoch 1; it must be finite and not negative/],
  ['both a seed and weights', { initial: {} }, GradbookError, /^train: both a seed and initial weights are given, and each says where to start; leave one out/],
  ['a layer to freeze that is not there', { frozen: ['layers.2'] }, GradbookError, /^train: there is no parameter or layer layers\.2 to freeze; there are layers\.0\.weight, layers\.0\.bias, /],
  ['a loss that is not there', { loss: 'hinge' as LossName }, ValueError, /^train: there is no loss hinge; there are cross-entropy, softmax-then-log/],
  ['a label for which there is no logit', { data: threeClasses, batchSize: 1 }, ValueError, /^crossEntropy: label 2 of row 0 is out of range: there are 2 classes, 0 to 1/],
  ['a model with a single class', { model: oneOutput }, ValueError, /^crossEntropy: \(300, 1\) has a single class, whose probability is always 1; give at least two/],
  ['data with other features', { data: wide, batchSize: 1 }, ShapeError, /^layers\.0 \(linear 2 → 8\) does not fit its input \(3,\)[^]*✗ linear: the rows of X \(1, 3\) and of W \(8, 2\) must have the same number of features/],
  ['data of another dtype', { model: float32 }, ValueError, /^linear: x \(300, 2\) is float64, but layers\.0\.weight \(2, 2\) float32 is float32; make both the same dtype/],
  ['a parameter that forward does not use', { model: new Unused() }, GradbookError, /^train: the loss does not depend on the parameter layers\.2\.weight, so it would never change; use it in forward, or remove it/],
  ['a layer in a private field', { model: new Hidden() }, GradbookError, /^train: the loss depends on tensor \(2, 8\), which requires a gradient, but it is no parameter of the model and would never change; keep layers in public properties/],
  ['layers in a Map', { model: new Mapped() }, GradbookError, /^train: the loss depends on tensor \(2, 2\), which requires a gradient, but it is no parameter/],
  ['a number in the loss that wants a gradient', { loss: (logits, labels) => crossEntropy(multiply(logits, tensor(2, { name: 'T' })), labels) }, GradbookError, /the loss depends on T \(\), which requires a gradient, .* make fixed numbers with constant\(…\)/],
  ['a loss of several numbers', { loss: (logits) => logits }, ShapeError, /^item: tensor \(300, 2\) holds 600 numbers/],
];

describe('train', () => {
  for (const [what, changed, error, message] of refused) {
    it(`refuses ${what}`, async () => {
      const outcome = await train(seeded(changed)).catch((caught: unknown) => caught);
      expect(outcome).to.be.instanceOf(error);
      expect((outcome as Error).message).to.match(message);
    });
  }

  it('refuses initial weights of another model, and lists what is wrong', async () => {
    const outcome = await train(small({ initial: { 'layers.0.weight': [1] } })).catch(
      (caught: unknown) => caught,
    );
    expect((outcome as Error).message).to.match(/^load: these weights are of another model: layers\.0\.bias is missing; .*layers\.0\.weight has 1 numbers instead of 16$/); // prettier-ignore
  });

  // prettier-ignore
  itRefuses([0, -1, NaN, Infinity].map((rate) => [
    `a learning rate of ${rate}`, () => sgd({ rate }), ValueError, /^sgd: the learning rate is \S+, but it must be positive and finite/,
  ]));
});
