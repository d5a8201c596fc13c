import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { synth } from '../../src/data/synth.js';
import { mlp } from '../../src/nn/mlp.js';
import { sgd } from '../../src/optim/sgd.js';
import { tensor } from '../../src/tensor/creation.js';
import { fingerprint, type Run } from '../../src/training/run.js';
import { train, type TrainOptions } from '../../src/training/train.js';
import { seeded, small } from './small.js';

describe('the same training gives the same bits', () => {
  it('when it runs again, and others from another seed', async () => {
    const [first, again] = [await train(seeded()), await train(seeded())];
    expect(again).to.deep.equal(first);
    expect((await train(small({ seed: 2 }))).fingerprint).not.to.equal(first.fingerprint);
  });

  it('in a second process', async () => {
    const { fingerprint, history } = await train(seeded());
    const output = execFileSync('node', ['--import', 'tsx', 'test/processes/training-hash.ts'], {
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).to.deep.equal(JSON.parse(JSON.stringify({ fingerprint, history })));
  });

  it('when two trainings take turns', async () => {
    const [a, b] = [
      () => seeded({ name: 'a' }),
      () => small({ seed: 5, optimizer: sgd({ rate: 0.02, momentum: 0.9 }), batchSize: 50, name: 'b' }),
    ] as const;
    const turns: string[] = [];
    const noting = (options: TrainOptions): TrainOptions => ({
      ...options,
      onEpoch: ({ epoch }) => turns.push(`${options.name}${epoch}`),
    });
    const alone = [await train(a()), await train(b())];
    const together = await Promise.all([train(noting(a())), train(noting(b()))]);
    expect(together).to.deep.equal(alone);
    expect(turns.join(' ')).to.equal('a0 b0 a1 b1 a2 b2 a3 b3');
  });

  it('from the given weights that a seed would have drawn', async () => {
    const { model } = seeded();
    const drawn = await train(seeded({ model, epochs: 0 }));
    const initial = model.weights();
    const fresh = mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid' });
    const replayed = await train(small({ model: fresh, initial }));
    expect(replayed).to.deep.equal(await train(seeded()));
    expect(replayed.history[0]).to.deep.equal(drawn.history[0]);
  });

  it('when it is stopped after an epoch and goes on from the weights that the model has', async () => {
    const { model } = seeded();
    await train(seeded({ model, epochs: 1 }));
    const rest: Run = await train(small({ model, epochs: 2 }));
    const whole = await train(seeded());
    expect(rest.fingerprint).to.equal(whole.fingerprint);
    expect(rest.history.at(-1)!.validationLoss).to.equal(whole.history.at(-1)!.validationLoss);
  });

  it('whatever the optimizer object was used for before', async () => {
    const optimizer = sgd({ rate: 0.01, momentum: 0.9 });
    const [first, again] = [await train(seeded({ optimizer })), await train(seeded({ optimizer }))];
    expect(again.fingerprint).to.equal(first.fingerprint);
  });

  it('in the data of a seed, in float32 too', async () => {
    const float32 = (): TrainOptions =>
      seeded({
        data: synth({ seed: 0, train: 500, validation: 100, dtype: 'float32' }),
        model: mlp({ input: 2, hidden: [8], output: 2, activation: 'relu', dtype: 'float32' }),
      });
    const run = await train(float32());
    expect(await train(float32())).to.deep.equal(run);
    expect(run.history.at(-1)!.validationLoss).to.be.lessThan(run.history[0]!.validationLoss);
  });
});

describe('a fingerprint', () => {
  const of = (values: number[], name = 'w', shape = [values.length]): string =>
    fingerprint({ [name]: tensor(new Float64Array(values), { shape }) });

  it('is the SHA-256 of names, dtypes, shapes and bytes, so that any change changes it', () => {
    const all = [of([1, 2]), of([2, 1]), of([1, 2 + 2 ** -51]), of([1, 2], 'v'), of([1, 2], 'w', [2, 1])];
    expect(new Set(all).size).to.equal(all.length);
    expect(of([1, 2])).to.equal(of([1, 2]));
    expect(of([0])).not.to.equal(of([-0]));
  });

  it('is the one that another program would compute', () => {
    const hash = createHash('sha256')
      .update('w float64 2x1\n')
      .update(new Float64Array([1, -0.5]));
    expect(of([1, -0.5], 'w', [2, 1])).to.equal(hash.digest('hex'));
  });
});
