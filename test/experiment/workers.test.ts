import { expect } from 'chai';
import { trialCode } from '../../src/experiment/code-hash.js';
import type { Trial } from '../../src/experiment/trial.js';
import { runTrial } from '../../src/experiment/trial.js';
import { type Outcome, runOnWorkers } from '../../src/experiment/workers.js';
import { small } from './small.js';

const trials = (count: number, experiment = small()): Trial[] =>
  Array.from({ length: count }, (_, k) => ({ experiment, seed: k + 1 }));

describe('worker threads', () => {
  it('give the results of this thread, in the order of the trials, however many they are', async () => {
    const expected: Outcome[] = [];
    for (const trial of trials(5))
      expected.push({ status: 'done', run: await runTrial(trial), code: trialCode() });
    expect(await runOnWorkers(trials(5), { workers: 1 })).to.deep.equal(expected);
    expect(await runOnWorkers(trials(5), { workers: 2 })).to.deep.equal(expected);
    const backwards = await runOnWorkers(trials(5).reverse(), { workers: 2 });
    expect(backwards.reverse()).to.deep.equal(expected);
  });

  it('tell of every epoch and every outcome', async () => {
    const epochs: number[] = [];
    const outcomes: number[] = [];
    await runOnWorkers(trials(3), {
      workers: 2,
      onEpoch: ({ seed }) => epochs.push(seed),
      onOutcome: ({ seed }) => outcomes.push(seed),
    });
    expect(epochs.sort()).to.deep.equal([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
    expect(outcomes.sort()).to.deep.equal([1, 2, 3]);
  });

  it('that die fail their own trial, and the others go on', async () => {
    const entry = new URL('./dying-worker.ts', import.meta.url);
    const outcomes = await runOnWorkers(trials(5), { workers: 1, entry });
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['done', 'failed', 'failed', 'done', 'done']);
    expect(outcomes[1]).to.include({ reason: 'its worker thread died (exit code 7)' });
    expect(outcomes[2]).to.include({ reason: 'its worker thread died (out of nowhere)' });
  });

  it('report a trial that cannot be', async () => {
    const [outcome] = await runOnWorkers(trials(1, small('relu', { batchSize: 0 })), { workers: 1 });
    expect(outcome).to.have.property('status', 'failed');
    expect(outcome).to.have.property('reason').that.contains('the batch size is 0');
  });

  it('stop at a signal; what was done before stays done', async () => {
    const stop = new AbortController();
    const outcomes = await runOnWorkers(trials(4, small('relu', { epochs: 50 })), {
      workers: 1,
      signal: stop.signal,
      onOutcome: () => stop.abort(),
    });
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['done', 'stopped', 'stopped', 'stopped']);
    const none = await runOnWorkers(trials(1), { signal: AbortSignal.abort() });
    expect(none).to.deep.equal([{ status: 'stopped' }]);
  });

  it('stop in the middle of a trial', async () => {
    const stop = new AbortController();
    const outcomes = await runOnWorkers(trials(1, small('relu', { epochs: 100_000 })), {
      signal: stop.signal,
      onEpoch: () => stop.abort(),
    });
    expect(outcomes).to.deep.equal([{ status: 'stopped' }]);
  });
});
