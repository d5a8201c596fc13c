import { expect } from 'chai';
import { dataOf, keepingData, modelOf, runTrial } from '../../src/experiment/trial.js';
import { small } from './small.js';

describe('a trial', () => {
  it('is a pure function of experiment and seed', async () => {
    const first = await runTrial({ experiment: small('relu'), seed: 3 });
    expect(await runTrial({ experiment: small('relu'), seed: 3 })).to.deep.equal(first);
    expect((await runTrial({ experiment: small('relu'), seed: 4 })).fingerprint).not.to.equal(
      first.fingerprint,
    );
  });

  it('has the same bits when another training runs at the same time', async () => {
    const trials = [
      { experiment: small('relu'), seed: 1 },
      { experiment: small('nesterov-2020'), seed: 2 },
      { experiment: small('sigmoid', { dtype: 'float32' }), seed: 3 },
    ];
    const alone = [];
    for (const trial of trials) alone.push(await runTrial(trial));
    expect(await Promise.all(trials.map((trial) => runTrial(trial)))).to.deep.equal(alone);
  });

  it('varies both the data and the initial weights with its seed', async () => {
    expect(await start({}, 1)).to.have.keys('data', 'weights');
    const [one, two] = [await start({}, 1), await start({}, 2)];
    expect(one.data).not.to.equal(two.data);
    expect(one.weights).not.to.equal(two.weights);
  });

  it('keeps the data, or the initial weights, for which the experiment names a seed', async () => {
    const { data, model } = small();
    const [one, two] = [
      await start({ data: { ...data, seed: 9 } }, 1),
      await start({ data: { ...data, seed: 9 } }, 2),
    ];
    expect(one.data).to.equal(two.data);
    expect(one.weights).not.to.equal(two.weights);
    const [three, four] = [
      await start({ model: { ...model, seed: 9 } }, 1),
      await start({ model: { ...model, seed: 9 } }, 2),
    ];
    expect(three.data).not.to.equal(four.data);
    expect(three.weights).to.equal(four.weights);
  });

  it('may be handed data that was made before, and only for the same seed and the same description', async () => {
    const data = keepingData();
    const made = data(small('relu'), 3);
    expect(data(small('sigmoid'), 3)).to.equal(made);
    const { data: described } = small('relu');
    const others = [
      data(small('relu'), 4),
      data(small('relu', { dtype: 'float32' }), 3),
      data(small('relu', { data: { ...described, train: described.train + 1 } }), 3),
      data(small('relu', { data: { ...described, seed: 4 } }), 3),
    ];
    expect(new Set([made, ...others]).size).to.equal(4); // seed 4 of the trial, and of the data, are the same points
    const trial = { experiment: small('sigmoid'), seed: 3 };
    expect(await runTrial(trial, { data })).to.deep.equal(await runTrial(trial));
  });

  it('forgets the oldest data when there is much of it', () => {
    const { train, validation } = small('relu').data;
    const data = keepingData(4 * (train + validation)); // room for two
    const [first, second] = [data(small('relu'), 1), data(small('relu'), 2)];
    expect(data(small('relu'), 1)).to.equal(first);
    data(small('relu'), 3);
    expect(data(small('relu'), 1)).to.equal(first);
    expect(data(small('relu'), 2)).not.to.equal(second);
  });

  it('shows the network after each epoch', async () => {
    const seen: [number, number][] = [];
    const experiment = small();
    await runTrial(
      { experiment, seed: 1 },
      { onEpoch: ({ epoch }, model) => seen.push([epoch, model.weights()['layers.0.weight']![0]!]) },
    );
    expect(seen.map(([epoch]) => epoch)).to.deep.equal([0, 1, 2, 3]);
    expect(new Set(seen.map(([, weight]) => weight)).size).to.equal(4);
  });

  it('that diverges is a result which says where', async () => {
    const wild = small('relu-2020', { optimizer: { kind: 'sgd', rate: 50 } });
    const { stopped, history } = await runTrial({ experiment: wild, seed: 1 });
    expect(stopped).to.include({ epoch: history.length - 1 });
    expect(stopped?.reason).to.match(/loss|norm/);
  });
});

async function start(
  changes: Parameters<typeof small>[1],
  seed: number,
): Promise<{ data: string; weights: string }> {
  const experiment = small('relu', { ...changes, epochs: 0 });
  expect(modelOf(experiment).options.hidden).to.deep.equal([8]);
  const { fingerprint } = await runTrial({ experiment, seed });
  return { data: String(dataOf(experiment, seed).train.x.data()), weights: fingerprint };
}
