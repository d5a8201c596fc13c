import { expect } from 'chai';
import { Conv2d } from '../../src/nn/conv2d.js';
import { Dropout } from '../../src/nn/dropout.js';
import { Flatten, Relu } from '../../src/nn/elementwise.js';
import { Linear } from '../../src/nn/linear.js';
import { mlp } from '../../src/nn/mlp.js';
import { BatchNorm2d } from '../../src/nn/normalization.js';
import { sequential, type Sequential } from '../../src/nn/sequential.js';
import { adam } from '../../src/optim/adam.js';
import type { Optimizer } from '../../src/optim/optimizer.js';
import { rmsprop } from '../../src/optim/rmsprop.js';
import { sgd } from '../../src/optim/sgd.js';
import type { FloatDType } from '../../src/tensor/dtype.js';
import { GradbookError, ValueError } from '../../src/tensor/error.js';
import { readCheckpoint, writeCheckpoint } from '../../src/training/checkpoint.js';
import { readSafetensors, writeSafetensors } from '../../src/training/safetensors.js';
import { train, type TrainOptions } from '../../src/training/train.js';
import { loadWeights, saveWeights } from '../../src/training/weights-file.js';
import { imagesOfTwoClasses, seeded } from './small.js';

/** The bytes of a checkpoint after an epoch, and the whole run. */
async function checkpointed(options: TrainOptions, after: number) {
  let bytes: Uint8Array | undefined;
  const run = await train({
    ...options,
    onEpoch: ({ epoch }, checkpoint) => {
      if (epoch === after) bytes = checkpoint();
    },
  });
  return { run, bytes: bytes! };
}

describe('a training that is resumed', () => {
  const model = (dtype: FloatDType = 'float64'): Sequential =>
    sequential([new Conv2d(1, 2, 3, { dtype }), new BatchNorm2d(2, { dtype }), new Relu(), new Flatten(), new Dropout(0.3), new Linear(32, 2, { dtype })]); // prettier-ignore
  const optimizers: readonly Optimizer[] = [
    sgd({ rate: 0.001 }),
    sgd({ rate: (epoch) => 0.001 / (1 + epoch), momentum: 0.9 }),
    adam({ rate: 0.01 }),
    rmsprop({ rate: 0.001 }),
  ];
  for (const optimizer of optimizers) {
    it(`ends in the same bits and with the same history as one that was not stopped, with ${optimizer.name}`, async () => {
      const options = () => ({ data: imagesOfTwoClasses(), model: model(), optimizer, epochs: 4, batchSize: 32, seed: 3 }); // prettier-ignore
      const { run, bytes } = await checkpointed(options(), 2);
      const epochs: number[] = [];
      const resumed = await train({
        ...options(),
        resume: bytes,
        onEpoch: ({ epoch }) => epochs.push(epoch),
      });
      expect(resumed).to.deep.equal(run);
      expect(epochs).to.deep.equal([3, 4]);
    });
  }

  it('has the running statistics of one that was not stopped, too, in float32', async () => {
    const { train: split, validation } = imagesOfTwoClasses('float32');
    const data = { name: 'bars', classes: 2, train: split, validation };
    const [whole, second] = [model('float32'), model('float32')];
    const options = { data, optimizer: adam({ rate: 0.01 }), epochs: 2, batchSize: 32, seed: 3 };
    const { bytes } = await checkpointed({ ...options, model: whole }, 1);
    await train({ ...options, model: second, resume: bytes });
    expect(saveWeights(second)).to.deep.equal(saveWeights(whole));
  });

  it('can go on for longer than was planned, and only evaluates when nothing is left', async () => {
    const whole = await train(seeded({ epochs: 5 }));
    const { run, bytes } = await checkpointed(seeded({ epochs: 3 }), 3);
    expect(await train(seeded({ epochs: 5, resume: bytes }))).to.deep.equal(whole);
    expect(await train(seeded({ epochs: 3, resume: bytes }))).to.deep.equal(run);
  });

  it('keeps numbers that JSON cannot hold', () => {
    const net = mlp({ input: 1, hidden: [], output: 2, activation: 'relu' });
    const settings = { optimizer: 'sgd', loss: 'own', data: 'none', instances: 1, batchSize: 1, seed: null, trained: [] }; // prettier-ignore
    const training = { model: net, optimizer: { steps: 7, buffers: [] }, settings };
    const record = { epoch: 0, trainingLoss: undefined, validationLoss: Infinity, validationAccuracy: -0, rate: undefined, gradientNorms: { a: NaN } }; // prettier-ignore
    const bytes = writeCheckpoint(training, [record]);
    training.optimizer.steps = 0;
    expect(readCheckpoint(training, bytes)).to.deep.equal([record]);
    expect(training.optimizer.steps).to.equal(7);
  });

  const refused: readonly [string, (bytes: Uint8Array) => TrainOptions, RegExp][] = [
    ['another batch size and seed', (resume) => seeded({ ...momentum, batchSize: 64, seed: 2, resume }), /^checkpoint: it is of another training: batchSize was 128 and is 64; seed was 1 and is 2; resume with/], // prettier-ignore
    ['another optimizer', (resume) => seeded({ optimizer: adam({ rate: 1 }), resume }), /optimizer was "momentum" and is "adam"/], // prettier-ignore
    ['other frozen layers', (resume) => seeded({ ...momentum, frozen: ['layers.0'], resume }), /trained was \[.*\] and is \["layers\.1\.weight","layers\.1\.bias"\]/], // prettier-ignore
    ['fewer epochs than are done', (resume) => seeded({ ...momentum, epochs: 1, resume }), /^train: the checkpoint is from after epoch 2, but only 1 epochs are asked for/], // prettier-ignore
    ['another model', (resume) => seeded({ ...momentum, model: mlp({ input: 2, hidden: [9], output: 2, activation: 'sigmoid' }), resume }), /^checkpoint: these numbers do not fit the model: layers\.0\.weight is \(8, 2\) instead of \(9, 2\); .*optimizer\.layers\.0\.weight\.velocity is \(8, 2\) instead/], // prettier-ignore
    ['another dtype', (resume) => seeded({ ...momentum, model: mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid', dtype: 'float32' }), resume }), /layers\.0\.weight is F64 instead of F32/], // prettier-ignore
    ['a file of weights only', () => seeded({ ...momentum, resume: saveWeights(mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid' })) }), /this file has weights, but no training to resume/], // prettier-ignore
    ['a file that is cut off', (bytes) => seeded({ ...momentum, resume: bytes.subarray(0, bytes.length - 1) }), /^checkpoint: .*cut off, damaged or not in the safetensors format/], // prettier-ignore
  ];
  const momentum = { optimizer: sgd({ rate: 0.01, momentum: 0.9 }) };
  for (const [what, options, message] of refused) {
    it(`refuses ${what}`, async () => {
      const { bytes } = await checkpointed(seeded(momentum), 2);
      const error = await train(options(bytes)).then(() => undefined, (caught: unknown) => caught); // prettier-ignore
      expect(error).to.be.instanceOf(GradbookError);
      expect((error as Error).message).to.match(message);
    });
  }
});

describe('a file of weights', () => {
  const small = () => sequential([new Linear(2, 3), new Relu(), new Linear(3, 1)]);

  it('gives a model the state of another', () => {
    const [source, target] = [sequential([new BatchNorm2d(2)]), sequential([new BatchNorm2d(2)])];
    source.state()['layers.0.runningMean']!.assign([3, 4]);
    loadWeights(target, saveWeights(source));
    expect(target.state()['layers.0.runningMean']!.value).to.deep.equal([3, 4]);
  });

  it('is taken from a checkpoint, too, and in another dtype', async () => {
    const { bytes } = await checkpointed(seeded({ optimizer: sgd({ rate: 0.01, momentum: 0.9 }) }), 1);
    const target = mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid', dtype: 'float32' });
    loadWeights(target, bytes);
    const { 'layers.0.weight': stored } = readSafetensors(bytes).tensors;
    const values = new Float64Array(new Uint8Array(stored!.bytes).buffer);
    expect(target.weights()['layers.0.weight']).to.deep.equal(values.map(Math.fround));
  });

  it('of another model is refused with a list of what is missing, unknown, of another shape or not finite; nothing changes', () => {
    const target = small();
    const before = target.weights();
    const given = sequential([new Linear(2, 3), new Relu(), new Linear(4, 1), new Linear(1, 1)]);
    given.state()['layers.0.bias']!.assign([0, NaN, 0]);
    const rest = Object.fromEntries(
      Object.entries(given.state()).filter(([path]) => path !== 'layers.2.bias'),
    );
    expect(() => loadWeights(target, writeSafetensors(rest), 'other.safetensors')).to.throw(
      GradbookError,
      'other.safetensors: these numbers do not fit the model: layers.0.bias is NaN at element 1; ' +
        'layers.2.weight is (1, 4) instead of (1, 3); layers.2.bias is missing; layers.3.bias is unknown here; layers.3.weight is unknown here',
    );
    expect(target.weights()).to.deep.equal(before);
  });

  it('with other kinds of numbers is refused', () => {
    const bytes = saveWeights(small());
    const text = new TextDecoder('latin1').decode(bytes).replaceAll('F64', 'I64');
    expect(() =>
      loadWeights(
        small(),
        Uint8Array.from(text, (c) => c.charCodeAt(0)),
        'a',
      ),
    ).to.throw(ValueError, 'a: layers.0.weight is stored as I64, but only F64, F32 and I32 can be read');
  });
});
