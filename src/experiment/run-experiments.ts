import { replacedBy } from '../kernels/index.js';
import { GradbookError, ValueError } from '../tensor/error.js';
import { aRun, type Run } from '../training/run.js';
import { anExperiment, type Experiment } from './experiment.js';
import { requireRunnable } from './read-experiment.js';
import { defaultStore, Store } from './store.js';
import type { Trial } from './trial.js';
import { TrialResults } from './trial-results.js';
import type { Failure, Plan, ProgressEvent } from './run-events.js';
import { runOnWorkers, type WorkerOptions } from './workers.js';
import { requireOptions } from '../tensor/options.js';
import { aNumber, aText, listOf, objectWith, requireKinds } from '../tensor/arguments.js';

export interface RunOptions extends Pick<WorkerOptions, 'workers' | 'signal' | 'entry'> {
  /** How many seeds, counted from 1, or which; as many as the experiment says unless said. */
  readonly seeds?: number | readonly number[];
  /** The folder that keeps results, or `false` for none; `.gradbook/runs` in the project unless said. */
  readonly store?: string | false;
  readonly onProgress?: (event: ProgressEvent) => void;
}

/** The trials of an experiment in the order of their seeds. */
export interface ExperimentResult {
  readonly name: string;
  readonly experiment: Experiment;
  readonly trials: readonly { readonly seed: number; readonly run: Run }[];
  /** The runs of the trials, for figures. */
  readonly runs: readonly Run[];
}

const itsTrials = listOf(
  objectWith({ seed: aNumber, run: aRun }, 'a trial, { seed, run }'),
  'the trials of an experiment',
);

export const namedTrials = objectWith(
  { name: aText, trials: itsTrials },
  "an experiment's result, or { name, trials }",
);

export const aResult = objectWith(
  {
    name: aText,
    trials: itsTrials,
    runs: listOf(aRun, 'the runs of the trials'),
  },
  'the result of an experiment, as runExperiment(…) returns it',
);

/** Some trials failed or were called off; the others are in `results`, and in the store. */
export class Unfinished extends GradbookError {
  override readonly name = 'Unfinished';

  constructor(
    readonly results: readonly ExperimentResult[],
    readonly failures: readonly Failure[],
    readonly stopped: number,
  ) {
    const lines = failures.map(
      ({ experiment, seed, reason }) => `\n  ${experiment}, seed ${seed}: ${reason}`,
    );
    const count = failures.length + stopped;
    const off = stopped > 0 ? `\n  ${stopped} called off; run again to go on from here` : '';
    super(`${count} ${count === 1 ? 'trial is' : 'trials are'} not complete:${lines.join('')}${off}`);
  }
}

/**
 * The trials of an experiment, computed on all cores as far as the store does not have them.
 * @throws ValueError for an experiment that cannot be, Unfinished when trials failed or were called off.
 * @example const { runs } = await runExperiment(experiments.relu, { seeds: 10 })
 */
export async function runExperiment(
  experiment: Experiment,
  options: RunOptions = {},
): Promise<ExperimentResult> {
  const [result] = await runAll([experiment], options);
  return result!;
}

/**
 * The trials of several experiments, in one queue for all workers.
 * @throws as `runExperiment` does, after all other trials are done.
 */
export async function runAll(
  experiments: readonly Experiment[],
  options: RunOptions = {},
): Promise<ExperimentResult[]> {
  requireOptions('runAll', options, {
    seeds: true,
    store: true,
    onProgress: true,
    workers: true,
    signal: true,
    entry: true,
  });
  requireKinds('runAll', { experiments }, { experiments: listOf(anExperiment, 'a list of experiments') });
  requireDistinctNames(experiments);
  for (const experiment of experiments) await requireRunnable(experiment);
  const unstored = options.store === false || replacedBy() !== undefined; // nobody could compute such runs again
  const store = unstored ? undefined : new Store(options.store ?? defaultStore());
  const tell = (event: ProgressEvent) => options.onProgress?.(event);
  const results = new TrialResults(store, tell);
  const trials = experiments.flatMap((experiment) =>
    seedsOf(experiment, options.seeds).map((seed): Trial => ({ experiment, seed })),
  );
  const missing = trials.filter((trial) => !results.recall(trial));
  const plans = experiments.map((experiment) => planOf(experiment, trials, missing, results));
  tell({ kind: 'planned', experiments: plans });
  const outcomes = await runOnWorkers(missing, {
    ...options,
    onEpoch: ({ experiment }) => tell({ kind: 'epoch', experiment: experiment.name }),
    onOutcome: (trial, outcome) => results.add(trial, outcome),
  });
  const gathered = experiments.map((experiment) => resultOf(experiment, trials, results));
  const stopped = outcomes.filter(({ status }) => status === 'stopped').length;
  const failures = trials.flatMap((trial) => results.failureOf(trial) ?? []);
  if (failures.length > 0 || stopped > 0) throw new Unfinished(gathered, failures, stopped);
  return gathered;
}

function resultOf(experiment: Experiment, trials: readonly Trial[], results: TrialResults): ExperimentResult {
  const done = trials.flatMap((trial) => {
    const run = trial.experiment === experiment ? results.runOf(trial) : undefined;
    return run === undefined ? [] : [{ seed: trial.seed, run }];
  });
  return { name: experiment.name, experiment, trials: done, runs: done.map(({ run }) => run) };
}

function planOf(
  experiment: Experiment,
  trials: readonly Trial[],
  missing: readonly Trial[],
  results: TrialResults,
): Plan {
  const own = (trial: Trial): boolean => trial.experiment === experiment;
  const all = trials.filter(own);
  const left = missing.filter(own).length;
  return {
    experiment: experiment.name,
    trials: all.length,
    stored: all.filter((trial) => results.runOf(trial) !== undefined).length,
    missing: left,
    epochs: left * (experiment.epochs + 1), // each tells of the epoch before training, too
  };
}

function seedsOf(experiment: Experiment, seeds: RunOptions['seeds'] = experiment.seeds): readonly number[] {
  if (typeof seeds === 'number' && !(Number.isInteger(seeds) && seeds >= 1)) {
    throw new ValueError(`there are to be ${seeds} seeds, but it must be a whole number of them, at least 1`);
  }
  const chosen = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, k) => k + 1) : [...seeds];
  const bad = chosen.find((seed) => !Number.isSafeInteger(seed) || seed < 0);
  if (bad !== undefined) throw new ValueError(`the seed ${bad} is no whole number from 0 to 2^53 - 1`);
  if (new Set(chosen).size < chosen.length || chosen.length === 0) {
    throw new ValueError(
      `the seeds are ${chosen.join(', ') || 'none'}; there must be one at least, and each only once`,
    );
  }
  return chosen.sort((a, b) => a - b);
}

function requireDistinctNames(experiments: readonly Experiment[]): void {
  const names = experiments.map(({ name }) => name);
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice === undefined) return;
  throw new ValueError(
    `two experiments are called ${twice}; give each a name of its own: { ...experiment, name }`,
  );
}
