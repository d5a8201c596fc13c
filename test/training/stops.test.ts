import { expect } from 'chai';
import { mlp } from '../../src/nn/mlp.js';
import { add, multiply } from '../../src/ops/arithmetic.js';
import { sqrt } from '../../src/ops/functions.js';
import { crossEntropy } from '../../src/ops/loss.js';
import { sum } from '../../src/ops/reduce.js';
import { sgd } from '../../src/optim/sgd.js';
import { train } from '../../src/training/train.js';
import { seeded, small } from './small.js';

const isFinite = (weights: Record<string, Float64Array>): boolean =>
  Object.values(weights).every((values) => values.every(Number.isFinite));

describe('a training that leaves the finite numbers', () => {
  it('stops with epoch, step and parameter, and keeps the history so far and weights that are finite', async () => {
    const { model } = seeded();
    const optimizer = sgd({ rate: (epoch) => (epoch < 2 ? 0.01 : 1e4) });
    const run = await train(seeded({ model, optimizer, epochs: 10, loss: 'softmax-then-log' }));
    const { epoch, step, parameter, reason } = run.stopped!;
    expect([epoch, parameter]).to.deep.equal([2, 'layers.0.weight']);
    expect(step).to.be.within(1, 7);
    expect(reason).to.match(/^its gradient has norm NaN, and the loss is (Infinity|NaN)$/);
    expect(run.history.map((record) => record.epoch)).to.deep.equal([0, 1, 2]);
    expect(run.history.every(({ validationLoss }) => Number.isFinite(validationLoss))).to.equal(true);
    expect(isFinite(model.weights())).to.equal(true);
    expect(run.fingerprint).to.match(/^[0-9a-f]{64}$/);
  });

  it('goes on where the stable loss stays finite', async () => {
    const optimizer = sgd({ rate: 1e4 });
    const { stopped, history } = await train(seeded({ optimizer }));
    expect([stopped, history.length]).to.deep.equal([undefined, 4]);
  });

  it('stops at a gradient that is not finite although the loss is', async () => {
    const run = await train(
      seeded({
        loss: (logits, labels) => add(crossEntropy(logits, labels), sum(sqrt(multiply(logits, 0)))),
      }),
    );
    expect(run.stopped).to.deep.include({ epoch: 0, step: 0, parameter: 'layers.0.weight' });
    expect(run.stopped!.reason).to.match(/^its gradient has norm NaN, and the loss is \d/);
    expect(run.history).to.have.length(1);
  });

  it('says that it is the loss when only the loss is infinite', async () => {
    const { stopped } = await train(
      seeded({ loss: (logits, labels) => add(crossEntropy(logits, labels), Infinity) }),
    );
    expect(stopped).to.deep.equal({ epoch: 0, step: 0, parameter: 'loss', reason: 'the loss is Infinity' });
  });

  it('stops at the end of an epoch whose last update has overflowed, and does not record it', async () => {
    const run = await train(seeded({ optimizer: sgd({ rate: 1e308 }), batchSize: 1000 }));
    expect(run.stopped).to.deep.equal({
      epoch: 0,
      step: 0,
      parameter: 'layers.0.weight',
      reason: 'the update has made it NaN or infinite',
    });
    expect(run.history).to.have.length(1);
  });

  it('is stopped at the start by given weights that are NaN', async () => {
    const model = mlp({ input: 2, hidden: [], output: 2, activation: 'relu' });
    const initial = { 'layers.0.weight': [1, NaN, 1, 1], 'layers.0.bias': [0, 0] };
    const { stopped } = await train(small({ model, initial }));
    expect(stopped).to.deep.include({ epoch: 0, step: 0, parameter: 'layers.0.weight' });
  });
});
