import { expect } from 'chai';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment } from '../../src/experiment/experiment.js';
import type { ProgressEvent } from '../../src/experiment/run-events.js';
import { runAll, runExperiment, Unfinished } from '../../src/experiment/run-experiments.js';
import { runTrial } from '../../src/experiment/trial.js';
import { ValueError } from '../../src/tensor/error.js';
import { inFolder, small } from './small.js';

describe('running experiments', () => {
  const both: Experiment[] = [small('relu', { seeds: 3 }), small('sigmoid', { seeds: 2 })];

  it('gives the runs in the order of their seeds, as many as the experiment says', async () => {
    const [relu, sigmoid] = await runAll(both, { store: false, workers: 2 });
    expect(relu!.trials.map(({ seed }) => seed)).to.deep.equal([1, 2, 3]);
    expect(sigmoid!.trials.map(({ seed }) => seed)).to.deep.equal([1, 2]);
    expect(relu!.runs).to.deep.equal(relu!.trials.map(({ run }) => run));
    expect(relu!.runs[2]).to.deep.equal(await runTrial({ experiment: both[0]!, seed: 3 }));
  });

  it('writes the same bytes with one worker and with two, in any order', () =>
    inFolder(async (folder) => {
      await runAll(both, { store: join(folder, 'one'), workers: 1 });
      await runAll([...both].reverse(), { store: join(folder, 'two'), workers: 2 });
      expect(contents(join(folder, 'one'))).to.have.property('size', 5);
      expect(contents(join(folder, 'two'))).to.deep.equal(contents(join(folder, 'one')));
    }));

  it('computes nothing that the store has', () =>
    inFolder(async (store) => {
      const first = await runExperiment(both[0]!, { store });
      const events: ProgressEvent[] = [];
      const second = await runExperiment(both[0]!, { store, onProgress: (event) => events.push(event) });
      expect(second).to.deep.equal(first);
      expect(events).to.deep.equal([
        {
          kind: 'planned',
          experiments: [{ experiment: 'relu', trials: 3, stored: 3, missing: 0, epochs: 0 }],
        },
      ]);
      const more = await runExperiment(both[0]!, {
        store,
        seeds: [2, 7],
        onProgress: (event) => events.push(event),
      });
      expect(more.trials.map(({ seed }) => seed)).to.deep.equal([2, 7]);
      expect(events.slice(1)).to.deep.equal([
        {
          kind: 'planned',
          experiments: [{ experiment: 'relu', trials: 2, stored: 1, missing: 1, epochs: 4 }],
        },
        ...Array.from({ length: 4 }, () => ({ kind: 'epoch', experiment: 'relu' })),
        { kind: 'finished', experiment: 'relu', seed: 7 },
      ]);
    }));

  it('makes torn files again, says so, and comes to the same bytes', () =>
    inFolder(async (store) => {
      await runExperiment(both[0]!, { store });
      const before = contents(store);
      const [torn] = [...before.keys()];
      writeFileSync(join(store, torn!), before.get(torn!)!.slice(0, 700));
      const events: ProgressEvent[] = [];
      await runExperiment(both[0]!, { store, onProgress: (event) => events.push(event) });
      expect(events.find(({ kind }) => kind === 'redone')).to.have.property(
        'reason',
        `the file ${torn!} of the store: it is no complete JSON`,
      );
      expect(contents(store)).to.deep.equal(before);
    }));

  it('leaves the file of a newer version alone, goes on with the rest, and fails at the end with a list', () =>
    inFolder(async (store) => {
      await runExperiment(both[0]!, { store });
      const [name, ...others] = [...contents(store).keys()];
      const newer = JSON.stringify({
        ...(JSON.parse(readFileSync(join(store, name!), 'utf8')) as object),
        version: 2,
      });
      writeFileSync(join(store, name!), newer);
      for (const other of others) rmSync(join(store, other));
      const error = await failing(runExperiment(both[0]!, { store }));
      expect(error.message).to.match(
        /^1 trial is not complete:\n {2}relu, seed \d: .*written by a newer gradbook \(format 2/,
      );
      expect(error.results[0]!.runs).to.have.length(2);
      expect(contents(store)).to.have.property('size', 3);
      expect(readFileSync(join(store, name!), 'utf8')).to.equal(newer);
    }));

  it('keeps the other results when a worker dies, and fails at the end with a list', () =>
    inFolder(async (store) => {
      const entry = new URL('./dying-worker.ts', import.meta.url);
      const error = await failing(runAll(both, { store, entry, workers: 2 }));
      expect(error.failures).to.deep.equal([
        { experiment: 'relu', seed: 2, reason: 'its worker thread died (exit code 7)' },
        { experiment: 'relu', seed: 3, reason: 'its worker thread died (out of nowhere)' },
        { experiment: 'sigmoid', seed: 2, reason: 'its worker thread died (exit code 7)' },
      ]);
      expect(error.message)
        .to.contain('3 trials are not complete')
        .and.to.contain('\n  sigmoid, seed 2: its worker');
      expect(contents(store)).to.have.property('size', 2);
      const results = await runAll(both, { store });
      expect(results.map(({ runs }) => runs.length)).to.deep.equal([3, 2]);
    }));

  it('does not store what other code has computed', () =>
    inFolder(async (store) => {
      const entry = new URL('./other-code-worker.ts', import.meta.url);
      const error = await failing(runExperiment(both[1]!, { store, entry }));
      expect(error.failures.map(({ reason }) => reason)).to.deep.equal([
        'the code was changed while it ran; run again',
        'the code was changed while it ran; run again',
      ]);
      expect(contents(store)).to.have.property('size', 0);
    }));

  it('keeps the results of a disk that is full, and fails at the end with a list', () =>
    inFolder(async (folder) => {
      const store = join(folder, 'gone');
      const vanish = ({ kind }: ProgressEvent) => kind === 'planned' && rmSync(store, { recursive: true });
      const error = await failing(runExperiment(both[1]!, { store, onProgress: vanish }));
      expect(error.failures.map(({ reason }) => reason)).to.satisfy((reasons: string[]) =>
        reasons.every((reason) =>
          /^it was computed but not stored: the store .* cannot take it: ENOENT/.test(reason),
        ),
      );
      expect(error.results[0]!.runs).to.have.length(2);
    }));

  it('stops at a signal, and says how to go on', () =>
    inFolder(async (store) => {
      const stop = new AbortController();
      const onProgress = ({ kind }: ProgressEvent) => kind === 'finished' && stop.abort();
      const long = small('relu', { epochs: 40 });
      const error = await failing(
        runExperiment(long, { store, workers: 1, signal: stop.signal, onProgress }),
      );
      expect(error).to.have.property('stopped', 3);
      expect(error.message).to.equal(
        '3 trials are not complete:\n  3 called off; run again to go on from here',
      );
      expect(contents(store)).to.have.property('size', 1);
    }));

  const refusals: readonly [string, () => Promise<unknown>, string][] = [
    ['two experiments of one name', () => runAll([small(), small()]), 'two experiments are called relu'],
    [
      'no seeds',
      () => runExperiment(small(), { seeds: [] }),
      'the seeds are none; there must be one at least',
    ],
    ['a seed twice', () => runExperiment(small(), { seeds: [1, 1] }), 'the seeds are 1, 1;'],
    [
      'a seed that is none',
      () => runExperiment(small(), { seeds: [0.5] }),
      'the seed 0.5 is no whole number',
    ],
    ['half a seed', () => runExperiment(small(), { seeds: 0.5 }), 'there are to be 0.5 seeds'],
    [
      'an experiment that cannot be',
      () => runExperiment(small('relu', { batchSize: 0 })),
      'experiment relu: batchSize is 0',
    ],
  ];
  for (const [what, call, message] of refusals) {
    it(`refuses ${what} before anything is computed`, async () => {
      const error: unknown = await call().catch((error: unknown) => error);
      expect(error).to.be.instanceOf(ValueError).with.property('message').that.contains(message);
    });
  }
});

/** The bytes of every file of a store. */
function contents(store: string): Map<string, string> {
  return new Map(
    readdirSync(store)
      .sort()
      .map((name) => [name, readFileSync(join(store, name), 'utf8')]),
  );
}

async function failing(running: Promise<unknown>): Promise<Unfinished> {
  const outcome: unknown = await running.catch((error: unknown) => error);
  if (outcome instanceof Unfinished) return outcome;
  throw new Error(`expected Unfinished, but it was ${String(outcome)}`);
}
