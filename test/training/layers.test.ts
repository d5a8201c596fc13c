import { expect } from 'chai';
import { imagesOfTwoClasses } from './small.js';
import { Conv2d } from '../../src/nn/conv2d.js';
import { Dropout } from '../../src/nn/dropout.js';
import { Flatten, Relu } from '../../src/nn/elementwise.js';
import { Linear } from '../../src/nn/linear.js';
import { BatchNorm2d } from '../../src/nn/normalization.js';
import { MaxPool2d } from '../../src/nn/pool2d.js';
import { sequential, type Sequential } from '../../src/nn/sequential.js';
import { adam } from '../../src/optim/adam.js';
import { train } from '../../src/training/train.js';

const model = (p = 0.2): Sequential =>
  sequential(
    [new Conv2d(1, 3, 3), new BatchNorm2d(3), new Relu(), new MaxPool2d(2), new Flatten(), new Dropout(p), new Linear(12, 2)], // prettier-ignore
    { input: [1, 6, 6] },
  );
const options = (seed: number, trained = model()) => ({
  data: imagesOfTwoClasses(),
  model: trained,
  optimizer: adam({ rate: 0.01 }),
  epochs: 6,
  batchSize: 16,
  seed,
});

describe('training a network with convolution, batch norm and dropout', () => {
  it('learns, and gives the same bits for the same seed', async () => {
    const [first, again, other] = [await train(options(1)), await train(options(1)), await train(options(2))];
    expect(first.history.at(-1)!.validationAccuracy).to.be.at.least(0.9);
    expect(again).to.deep.equal(first);
    expect(other.fingerprint).not.to.equal(first.fingerprint);
  });

  it('drops in training only', async () => {
    const frozen = ['layers.0', 'layers.1', 'layers.6'];
    const run = (p: number) => train({ ...options(1, model(p)), frozen, epochs: 1 });
    const [dropping, keeping] = [(await run(0.5)).history[1]!, (await run(0)).history[1]!];
    expect(dropping.trainingLoss).not.to.equal(keeping.trainingLoss);
    expect(dropping.validationLoss).to.equal(keeping.validationLoss);
  });

  it('gathers running statistics', async () => {
    const trained = model();
    await train(options(1, trained));
    const { 'layers.1.runningMean': means } = trained.state();
    expect([...means!.data()].every((mean) => mean !== 0)).to.equal(true);
  });
});
