import type { EpochRecord } from '../training/run.js';
import { arquero } from './arquero.js';
import type { DataFrame } from './data-frame.js';
import { aResult, type ExperimentResult, namedTrials } from './run-experiments.js';
import {
  collapseEpoch,
  epochBands,
  failures,
  finalAccuracy,
  firstEpochAbove,
  quartiles,
  reach,
} from './statistics.js';
import { listOf, requireKinds } from '../tensor/arguments.js';

const someResults = listOf(aResult, 'the results of experiments in a list');
const someTrials = listOf(namedTrials, 'the results of experiments in a list');

type NamedTrials = Pick<ExperimentResult, 'name' | 'trials'>;

/** One row a trial: experiment, seed, epochs, final loss and accuracy, first epochs above levels, where it stopped, hash. */
export function trialTable(results: readonly NamedTrials[]): DataFrame {
  requireKinds('trialTable', { results }, { results: someTrials });
  return arquero().from(
    results.flatMap(({ name, trials }) =>
      trials.map(({ seed, run }) => ({
        experiment: name,
        seed,
        epochs: run.history.length - 1,
        finalLoss: run.history.at(-1)?.validationLoss ?? null,
        finalAccuracy: finalAccuracy(run) ?? null,
        above90: firstEpochAbove(run, 0.9) ?? null,
        above95: firstEpochAbove(run, 0.95) ?? null,
        above98: firstEpochAbove(run, 0.98) ?? null,
        collapse: collapseEpoch(run) ?? null,
        stoppedEpoch: run.stopped?.epoch ?? null,
        stoppedStep: run.stopped?.step ?? null,
        fingerprint: run.fingerprint,
      })),
    ),
  );
}

/** One row a trial and epoch, in long format; gradient norms have a column a layer, such as `gradient layers.0`. */
export function epochTable(results: readonly NamedTrials[]): DataFrame {
  requireKinds('epochTable', { results }, { results: someTrials });
  const rows: Row[] = results.flatMap(({ name, trials }) =>
    trials.flatMap(({ seed, run }) =>
      run.history.map((record) => ({ experiment: name, seed, ...epochRow(record) })),
    ),
  );
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return arquero().from(
    rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null]))),
  );
}

/** One row an experiment and epoch: median and quartiles of the validation accuracy, and over how many runs. */
export function bandTable(results: readonly ExperimentResult[]): DataFrame {
  requireKinds('bandTable', { results }, { results: someResults });
  return arquero().from(
    results.flatMap(({ name, runs }) =>
      epochBands(runs, ({ validationAccuracy }) => validationAccuracy).map((point) => ({
        experiment: name,
        ...point,
      })),
    ),
  );
}

/**
 * One row an experiment: quartiles of the final accuracy over the runs that stayed in the numbers, median first epoch
 * above 0.9 with the share that gets there, share that ends below 0.8, runs that left the numbers.
 */
export function summaryTable(results: readonly ExperimentResult[]): DataFrame {
  requireKinds('summaryTable', { results }, { results: someResults });
  return arquero().from(
    results.map(({ name, runs }) => {
      const finals = runs.flatMap((run) => finalAccuracy(run) ?? []);
      const { low, median, high } =
        finals.length > 0 ? quartiles(finals) : { low: null, median: null, high: null };
      const above = reach(runs, 0.9);
      return {
        experiment: name,
        trials: runs.length,
        low,
        median,
        high,
        above90: Number.isFinite(above.epoch.median) ? above.epoch.median : null,
        shareAbove90: above.share,
        shareBelow80: failures(runs, 0.8).share,
        stopped: runs.length - finals.length,
      };
    }),
  );
}

type Row = Readonly<Record<string, string | number | null>>;

function epochRow({ gradientNorms, ...record }: EpochRecord): Row {
  const norms = Object.entries(gradientNorms).map(([layer, norm]) => [`gradient ${layer}`, norm] as const);
  const { epoch, trainingLoss, validationLoss, validationAccuracy, rate } = record;
  return {
    epoch,
    rate: rate ?? null,
    trainingLoss: trainingLoss ?? null,
    validationLoss,
    validationAccuracy,
    ...Object.fromEntries(norms),
  };
}
