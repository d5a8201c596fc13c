import { ValueError } from '../tensor/error.js';
import { aRun, type EpochRecord, type Run } from '../training/run.js';
import { aFunction, aNumber, kind, listOf, numbers, requireKinds } from '../tensor/arguments.js';

/** The middle half of some numbers and their median. */
export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

const someRuns = listOf(aRun, 'the runs in a list');
const aShare = kind('from 0 to 1', (given) => typeof given === 'number' && given >= 0 && given <= 1);

/** Quartiles over runs after one epoch. */
export interface BandPoint extends Quartiles {
  readonly epoch: number;
  /** Runs that got that far with a finite value; those that stopped earlier are left out. */
  readonly count: number;
}

/** When runs first exceed a level. */
export interface Reach {
  /** Runs that ever exceed it. */
  readonly reached: number;
  readonly count: number;
  readonly share: number;
  /** Quartiles of the first epoch above the level, over all runs; infinite for a run that never gets there. */
  readonly epoch: Quartiles;
}

/** How many runs of how many. */
export interface Share {
  readonly failed: number;
  readonly count: number;
  readonly share: number;
}

/**
 * The quantile of numbers at a probability, interpolated between neighbours in order: with $n$ sorted values the one at
 * position $(n - 1)p$ (Hyndman and Fan's type 7, the default of NumPy and R).
 * @throws ValueError for no numbers, or a NaN among them.
 */
export function quantile(values: readonly number[], probability: number): number {
  requireKinds('quantile', { values, probability }, { values: numbers, probability: aShare });
  if (values.length === 0) throw new ValueError('quantile: there are no numbers to take it of');
  if (values.some(Number.isNaN))
    throw new ValueError('quantile: NaN has no place in an order; leave it out first');
  const sorted = Float64Array.from(values).sort();
  const position = (sorted.length - 1) * probability;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below === above ? below : below + (above - below) * (position - Math.floor(position)); // ∞ − ∞ is no number
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quartiles(values: readonly number[]): Quartiles {
  return { low: quantile(values, 0.25), median: median(values), high: quantile(values, 0.75) };
}

/** Median and quartiles of a value over runs, epoch by epoch. */
export function epochBands(
  runs: readonly Run[],
  value: (record: EpochRecord) => number | undefined,
): BandPoint[] {
  requireKinds('epochBands', { runs, value }, { runs: someRuns, value: aFunction });
  const last = Math.max(-1, ...runs.map(({ history }) => history.length - 1));
  return Array.from({ length: last + 1 }, (_, epoch) => epoch).flatMap((epoch) => {
    const values = runs.flatMap(({ history }) => {
      const found = history[epoch] === undefined ? undefined : value(history[epoch]);
      return found === undefined || !Number.isFinite(found) ? [] : [found];
    });
    return values.length === 0 ? [] : [{ epoch, count: values.length, ...quartiles(values) }];
  });
}

/** The validation accuracy after the last epoch; `undefined` for a run that left the numbers before. */
export function finalAccuracy(run: Run): number | undefined {
  requireKinds('finalAccuracy', { run }, { run: aRun });
  const { history, stopped } = run;
  return stopped === undefined ? history.at(-1)?.validationAccuracy : undefined;
}

/** The first number of epochs after which the validation accuracy exceeds a level, or `undefined`. */
export function firstEpochAbove(run: Run, level: number): number | undefined {
  requireKinds('firstEpochAbove', { run, level }, { run: aRun, level: aNumber });
  return run.history.find(({ validationAccuracy }) => validationAccuracy > level)?.epoch;
}

/** How many runs ever exceed a level of accuracy, and when. */
export function reach(runs: readonly Run[], level: number): Reach {
  requireKinds('reach', { runs, level }, { runs: someRuns, level: aNumber });
  const epochs = runs.map((run) => firstEpochAbove(run, level) ?? Infinity);
  const reached = epochs.filter(Number.isFinite).length;
  return { reached, count: runs.length, share: reached / runs.length, epoch: quartiles(epochs) };
}

/** How many runs end below a level of accuracy; those that left the numbers are among them. */
export function failures(runs: readonly Run[], level: number): Share {
  requireKinds('failures', { runs, level }, { runs: someRuns, level: aNumber });
  const failed = runs.filter((run) => (finalAccuracy(run) ?? 0) < level).length;
  return { failed, count: runs.length, share: failed / runs.length };
}

/**
 * The number of epochs after which a run has collapsed: its accuracy is then lower than its best before by more than
 * `drop` (0.2 unless said), or it left the numbers in the last of them; `undefined` for a run that does neither.
 */
export function collapseEpoch(run: Run, drop = 0.2): number | undefined {
  requireKinds('collapseEpoch', { run, drop }, { run: aRun, drop: aNumber });
  const { history, stopped } = run;
  let best = 0;
  for (const { epoch, validationAccuracy } of history) {
    if (validationAccuracy < best - drop) return epoch;
    best = Math.max(best, validationAccuracy);
  }
  return stopped === undefined ? undefined : stopped.epoch + 1;
}
