import { expect } from 'chai';
import { dataset } from '../../src/data/dataset.js';
import type { Loss } from '../../src/nn/losses.js';
import { Module, type Training } from '../../src/nn/module.js';
import { type Mlp, mlp } from '../../src/nn/mlp.js';
import { type ConvNet, convNet } from '../../src/nn/conv-net.js';
import { Dropout } from '../../src/nn/dropout.js';
import { Linear } from '../../src/nn/linear.js';
import { sequential } from '../../src/nn/sequential.js';
import { imageClasses } from '../../src/data/image-classes.js';
import { synth } from '../../src/data/synth.js';
import { multiply } from '../../src/ops/arithmetic.js';
import { relu, tanh } from '../../src/ops/activation.js';
import { elementwise } from '../../src/ops/functions.js';
import { crossEntropy } from '../../src/ops/loss.js';
import { adam } from '../../src/optim/adam.js';
import { sgd } from '../../src/optim/sgd.js';
import { constant, tensor } from '../../src/tensor/creation.js';
import { scoped } from '../../src/tensor/memory.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { random } from '../../src/random/random.js';
import type { Run } from '../../src/training/run.js';
import { train, type TrainOptions } from '../../src/training/train.js';
import { seeded } from './small.js';

describe('train with replay', () => {
  const cases: Record<string, () => Partial<TrainOptions>> = {
    'a sigmoid network': () => ({}),
    'three layers of ReLUs, the last one frozen': () => ({
      model: mlp({ input: 2, hidden: [4, 4], output: 2, activation: 'relu' }),
      frozen: ['layers.2'],
    }),
    'softmax, then log': () => ({ loss: 'softmax-then-log' }),
    'Nesterov momentum': () => ({ optimizer: sgd({ rate: 0.001, momentum: 0.9, nesterov: true }) }),
    'Adam in float32': () => ({
      data: synth({ seed: 0, train: 1000, validation: 300, dtype: 'float32' }),
      model: mlp({ input: 2, hidden: [8], output: 2, activation: 'tanh', dtype: 'float32' }),
      optimizer: adam({ rate: 0.01 }),
    }),
    'a convolutional network': () => ({
      data: imageClasses({ seed: 0, train: 40, validation: 8, dtype: 'float32' }),
      model: convNet({ channels: 3, size: 32, classes: 10, dtype: 'float32' }),
      batchSize: 4,
      epochs: 1,
    }),
    'a rate so large that the run diverges': () => ({
      optimizer: sgd({ rate: 1e6 }),
      loss: 'softmax-then-log',
    }),
  };
  for (const [name, options] of Object.entries(cases)) {
    it(`gives the same bits as without, for ${name}`, async () => {
      const eager = await train(seeded(options()));
      expect(await train(seeded({ ...options(), replay: true }))).to.deep.equal(eager);
    });
  }

  it('runs forward in the first two steps, once in later epochs, and in the last step when it is smaller', async () => {
    const model = new Counting();
    await train(seeded({ model, replay: true, epochs: 3 })); // 8 steps an epoch
    expect(model.steps).to.equal(2 + 1 + 2 * (1 + 1));
    model.steps = 0;
    await train(seeded({ model, epochs: 3 }));
    expect(model.steps).to.equal(3 * 8);
  });

  it('repeats the steps of a convolutional network', async () => {
    const model = new Counting((x) => x, convNet({ channels: 3, size: 32, classes: 10, dtype: 'float32' }));
    const data = imageClasses({ seed: 0, train: 40, validation: 8, dtype: 'float32' });
    await train(seeded({ model, data, batchSize: 4, epochs: 2, replay: true }));
    expect(model.steps).to.equal(2 + 1);
  });

  it('never repeats what draws random numbers', async () => {
    const model = () => sequential([new Linear(2, 8), new Dropout(0.5), new Linear(8, 2)]);
    const eager = await train(seeded({ model: model() }));
    expect(await train(seeded({ model: model(), replay: true }))).to.deep.equal(eager);
  });

  it('repeats nothing once a step has drawn random numbers, be it only every other one', async () => {
    for (const odd of [0, 1]) {
      const make = () => {
        const dropout = new Dropout(0.5);
        const model: Counting = new Counting((x) =>
          model.steps % 2 === odd ? dropout.forward(x, { random: random(model.steps) }) : x,
        );
        return model;
      };
      const eager = await train(seeded({ model: make() }));
      const model = make();
      expect(await train(seeded({ model, replay: true }))).to.deep.equal(eager);
      expect(model.steps).to.equal(3 * 8);
    }
  });

  it('goes on when it was begun in a scope that has ended since', async () => {
    const eager = await train(seeded({}));
    const options = seeded({ replay: true });
    let begun: Promise<Run> | undefined;
    scoped('a scope', () => void (begun = train(options)));
    expect(await begun).to.deep.equal(eager);
  });

  it('never repeats what JavaScript computes', async () => {
    const cube = elementwise(
      (x) => x * x * x,
      (x) => 3 * x * x,
    );
    for (const own of [(x: Tensor) => cube(x), scaledByFirst]) {
      const eager = await train(seeded({ model: new Counting(own) }));
      const model = new Counting(own);
      expect(await train(seeded({ model, replay: true }))).to.deep.equal(eager);
      expect(model.steps).to.equal(3 * 8);
    }
  });

  it('never repeats steps that take turns', async () => {
    const turns = {
      activations: () => {
        const model: Counting = new Counting((x) => (model.steps % 2 === 0 ? relu(x) : tanh(x)));
        return { model };
      },
      losses: () => {
        const model = new Counting();
        const reductions = ['sum', 'mean'] as const;
        const loss: Loss = (logits, labels) =>
          crossEntropy(logits, labels, { reduction: reductions[model.steps % 2]! });
        return { model, loss };
      },
    };
    for (const make of Object.values(turns)) {
      const eager = await train(seeded(make()));
      const options = make();
      expect(await train(seeded({ ...options, replay: true }))).to.deep.equal(eager);
      expect(options.model.steps).to.equal(3 * 8);
    }
  });

  it('tells of every step, outside of any scope, and sees what is done to the parameters there', async () => {
    const runs = [false, true].map(async (replay) => {
      const model = mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid' });
      const made: Tensor[] = [];
      const onStep = (step: number) => {
        made.push(tensor([step]));
        if (step === 5) scoped('change', () => model.layers[1]!.bias.assign([1, -1]));
      };
      const run = await train(seeded({ model, replay, onStep }));
      expect(made.map((one) => one.item())).to.deep.equal(Array.from({ length: 24 }, (_, k) => k + 1));
      return run;
    });
    const [eager, replayed] = await Promise.all(runs);
    expect(replayed).to.deep.equal(eager);
  });

  it('refuses a label out of range wherever it stands', async () => {
    const x = constant(new Float64Array(1000 * 2).fill(1), { shape: [1000, 2] });
    const labels = constant(new Int32Array(1000), { dtype: 'int32' });
    const data = dataset({ name: 'spoiled', classes: 2, train: { x, labels }, validation: { x, labels } });
    const spoil = () => labels.assign(Int32Array.from({ length: 1000 }, (_, k) => (k === 700 ? 2 : 0)));
    const options = seeded({ data, replay: true, onStep: (step) => step === 3 && spoil() });
    const failure = await train(options).catch((error: unknown) => error);
    expect(String(failure)).to.match(/label 2 of row 60 is out of range/);
  });
});

/** A network that counts how often its forward runs in training. */
class Counting extends Module {
  steps = 0;

  constructor(
    private readonly own: (x: Tensor) => Tensor = (x) => x,
    readonly inner: Mlp | ConvNet = mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid' }),
  ) {
    super();
  }

  forward(x: Tensor, training?: Training): Tensor {
    if (training !== undefined) this.steps += 1;
    return this.inner.forward(this.own(x));
  }
}

/** Looks at values on the way, on which it might make something depend. */
function scaledByFirst(x: Tensor): Tensor {
  return multiply(x, x.data().length);
}
