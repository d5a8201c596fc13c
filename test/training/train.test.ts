import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataset } from '../../src/data/dataset.js';
import { losses } from '../../src/nn/losses.js';
import { Module } from '../../src/nn/module.js';
import { mlp } from '../../src/nn/mlp.js';
import { multiply } from '../../src/ops/arithmetic.js';
import { crossEntropy } from '../../src/ops/loss.js';
import { sgd } from '../../src/optim/sgd.js';
import { tensor } from '../../src/tensor/creation.js';
import { memoryUse } from '../../src/tensor/heap.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { evaluate } from '../../src/training/evaluate.js';
import type { EpochRecord } from '../../src/training/run.js';
import { train } from '../../src/training/train.js';
import { seeded } from './small.js';

describe('train', () => {
  it('records the start as epoch 0 and then every epoch, as plain data', async () => {
    const { history, name, stopped } = await train(seeded({ epochs: 4, optimizer: sgd({ rate: 0.03 }) }));
    expect([name, stopped]).to.deep.equal(['sgd', undefined]);
    expect(history.map(({ epoch }) => epoch)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(history[0]).to.deep.include({ trainingLoss: undefined, rate: undefined, gradientNorms: {} });
    expect(Object.keys(history[1]!.gradientNorms)).to.deep.equal(['layers.0', 'layers.1']);
    expect(history[4]!.validationLoss).to.be.lessThan(history[0]!.validationLoss);
    for (const { validationAccuracy } of history) {
      expect(validationAccuracy).to.equal(Math.round(validationAccuracy * 300) / 300);
    }
    expect(JSON.parse(JSON.stringify(history.slice(1)))).to.deep.equal(history.slice(1));
  });

  it('only evaluates when there are 0 epochs', async () => {
    const { model, data } = seeded();
    const { history } = await train(seeded({ model, data, epochs: 0, name: 'before' }));
    const { loss, accuracy } = evaluate(model, data.validation, losses['cross-entropy']);
    expect(history).to.have.length(1);
    expect([history[0]!.validationLoss, history[0]!.validationAccuracy]).to.deep.equal([loss, accuracy]);
  });

  it('takes the rate of each epoch from a schedule', async () => {
    const optimizer = sgd({ rate: (epoch) => 0.01 * epoch });
    const { history } = await train(seeded({ optimizer }));
    expect(history.map(({ rate }) => rate)).to.deep.equal([undefined, 0, 0.01, 0.02]);
    expect(history[1]!.validationLoss).to.equal(history[0]!.validationLoss);
    expect(history[2]!.validationLoss).not.to.equal(history[1]!.validationLoss);
  });

  it('takes the loss by name or as a function', async () => {
    const byName = await train(seeded({ loss: 'softmax-then-log' }));
    const own = await train(seeded({ loss: (logits, labels) => crossEntropy(logits, labels) }));
    const usual = await train(seeded());
    expect(own.fingerprint).to.equal(usual.fingerprint);
    expect(byName.fingerprint).not.to.equal(usual.fingerprint); // other roundings
    expect(byName.history.at(-1)!.validationLoss).to.be.closeTo(usual.history.at(-1)!.validationLoss, 1e-12);
  });

  describe('keeps the bits of what is frozen', () => {
    for (const [frozen, kept] of [
      [['layers.1'], ['layers.1.weight', 'layers.1.bias']],
      [['layers.0.bias'], ['layers.0.bias']],
      [['layers'], ['layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias']],
    ] as const) {
      it(`in ${frozen[0]}, and nothing else`, async () => {
        const { model } = seeded();
        await train(seeded({ model, epochs: 0 }));
        const before = model.weights();
        const { history } = await train(seeded({ model, frozen }));
        const unchanged = Object.entries(model.weights()).filter(([path, values]) => String(values) === String(before[path])); // prettier-ignore
        expect(unchanged.map(([path]) => path)).to.deep.equal(kept);
        expect(history[1]!.gradientNorms['layers.1']).to.be.greaterThan(0);
      });
    }
  });

  it('files the gradient norm of a parameter of the model itself under its own name', async () => {
    class Scaled extends Module {
      readonly gain = tensor(1);
      readonly inner = mlp({ input: 2, hidden: [], output: 2, activation: 'relu' });
      forward(input: Tensor): Tensor {
        return multiply(this.inner.forward(input), this.gain);
      }
    }
    const { history } = await train(seeded({ model: new Scaled() }));
    expect(Object.keys(history[1]!.gradientNorms)).to.deep.equal(['gain', 'inner.layers.0']);
  });

  it('waits for what onEpoch returns', async () => {
    const seen: (number | string)[] = [];
    const onEpoch = async ({ epoch }: EpochRecord): Promise<void> => {
      seen.push(epoch);
      await sleep(1);
      seen.push('waited');
    };
    await train(seeded({ epochs: 1, onEpoch }));
    expect(seen).to.deep.equal([0, 'waited', 1, 'waited']);
  });

  it('passes on what onEpoch throws', async () => {
    const failing = (): never => {
      throw new Error('own');
    };
    expect(await failure(train(seeded({ onEpoch: failing })))).to.equal('own');
  });

  describe('stops with the reason of a signal that is aborted', () => {
    it('before the start', async () => {
      expect(await failure(train(seeded({ signal: AbortSignal.abort(new Error('never')) })))).to.equal(
        'never',
      );
    });

    it('by onEpoch, after the epoch that is running', async () => {
      const controller = new AbortController();
      const seen: number[] = [];
      const onEpoch = ({ epoch }: EpochRecord): void => {
        seen.push(epoch);
        if (epoch === 1) controller.abort(new Error('enough'));
      };
      expect(await failure(train(seeded({ onEpoch, signal: controller.signal })))).to.equal('enough');
      expect(seen).to.deep.equal([0, 1]);
    });

    it('by a timer', async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('late')), 5);
      expect(await failure(train(seeded({ epochs: 100_000, signal: controller.signal })))).to.equal('late');
    });
  });

  it('needs no more memory in the hundredth epoch than in the first', async () => {
    const used: number[] = [];
    await train(seeded({ epochs: 100, onEpoch: () => used.push(memoryUse().inUse) }));
    expect(new Set(used.slice(1)).size).to.equal(1);
  });
});

describe('evaluate', () => {
  it('gives mean loss and share of correct answers over all instances, in pieces that do not matter', () => {
    const model = mlp({ input: 1, hidden: [], output: 2, activation: 'relu' });
    model.load({ 'layers.0.weight': [0, 1], 'layers.0.bias': [0, 0] });
    const x = Array.from({ length: 2500 }, (_, k) => [k < 2000 ? 1 : -1]);
    const labels = x.map((_, k) => k % 2);
    const { validation } = dataset({ classes: 2, train: { x, labels }, validation: { x, labels } });
    const { loss, accuracy } = evaluate(model, validation, losses['cross-entropy']);
    expect(accuracy).to.equal(0.5);
    expect(loss).to.be.closeTo((Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.exp(1))) / 2, 1e-14);
  });
});

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error as Error).message,
  );
}
