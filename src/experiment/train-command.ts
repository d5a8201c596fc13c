import { ValueError } from '../tensor/error.js';
import { aligned, command, experimentCalled, parse, seedsFrom, wholeNumber } from './command-line.js';
import { experiments } from './definitions.js';
import type { Experiment } from './experiment.js';
import { enableBlas } from './openblas.js';
import { experimentProgress } from './progress.js';
import { type ExperimentResult, runAll, type RunOptions, Unfinished } from './run-experiments.js';
import { withSettings } from './settings.js';
import { failures, finalAccuracy, quartiles, reach } from './statistics.js';

const usage = `Usage: gradbook train <names, or files with an experiment as JSON> [options]

Trains experiments on all cores and keeps every trial in a store; what the store has is not computed again.

  --seeds SEEDS     how many (10), which (3,7), or from which to which (11-20); default: as the experiment says
  --quick           three seeds
  --set PATH=VALUE  change a field, such as optimizer.rate=0.01; may be repeated
  --all             all experiments
  --workers N       threads (default: one a core)
  --blas            large matrix products go to the system's OpenBLAS; not the same bits everywhere, so nothing is kept
  --store DIR       where results are kept (default: .gradbook/runs, or GRADBOOK_STORE)

Exit codes: 0 all trials are there, 1 a trial failed or was called off, 2 the command cannot be carried out.
`;

/** `gradbook train`: makes the trials that the store does not have and says what came of them; returns the exit code. */
export function trainCommand(args: string[]): Promise<number> {
  return command('train', async () => {
    const { values, positionals } = parse(args, {
      seeds: { type: 'string' },
      quick: { type: 'boolean' },
      set: { type: 'string', multiple: true },
      all: { type: 'boolean' },
      workers: { type: 'string' },
      store: { type: 'string' },
      blas: { type: 'boolean' },
    });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    const names = values.all ? Object.keys(experiments) : positionals;
    if (names.length === 0) throw new ValueError('name an experiment; gradbook list shows which there are');
    if (values.quick && values.seeds !== undefined)
      throw new ValueError('--quick and --seeds exclude each other');
    if (values.blas && values.store !== undefined)
      throw new ValueError('--blas and --store exclude each other: what OpenBLAS computes is not kept');
    if (values.blas) process.stderr.write(`${await enableBlas()}\n`);
    const seeds = values.quick ? 3 : values.seeds === undefined ? undefined : seedsFrom(values.seeds);
    return train(
      names.map((name) => withSettings(experimentCalled(name), values.set ?? [])),
      {
        ...(seeds !== undefined && { seeds }),
        ...(values.workers !== undefined && { workers: wholeNumber('--workers', values.workers, 1) }),
        ...(values.store !== undefined && { store: values.store }),
      },
    );
  });
}

async function train(experiments: readonly Experiment[], options: RunOptions): Promise<number> {
  const progress = experimentProgress(process.stderr);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const running = runAll(experiments, { ...options, signal: stop.signal, onProgress: progress.tell });
    const results = await running.finally(progress.end);
    process.stdout.write(summary(results));
    return 0;
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    process.stdout.write(summary(error.results));
    process.stderr.write(`gradbook train: ${error.message}\n`);
    return 1;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** One line an experiment: trials, final accuracy, when it exceeds 0.9, how often it ends below 0.8 or leaves the numbers. */
function summary(results: readonly ExperimentResult[]): string {
  const rows = results.filter(({ runs }) => runs.length > 0).map(summaryRow);
  const head = [
    'experiment',
    'trials',
    'final accuracy',
    'quartiles',
    'above 0.9 after',
    'below 0.8',
    'left the numbers',
  ];
  return rows.length > 0 ? aligned([head, ...rows]) : '';
}

function summaryRow({ name, runs }: ExperimentResult): string[] {
  const finals = runs.flatMap((run) => finalAccuracy(run) ?? []);
  const { low, median, high } = finals.length > 0 ? quartiles(finals) : { low: NaN, median: NaN, high: NaN };
  const shown = (accuracy: number) => (Number.isNaN(accuracy) ? '–' : accuracy.toFixed(4));
  const above = reach(runs, 0.9);
  const when = Number.isFinite(above.epoch.median) ? `${above.epoch.median} epochs` : '–';
  return [
    name,
    String(runs.length),
    shown(median),
    `${shown(low)} to ${shown(high)}`,
    `${when} (${above.reached} of ${runs.length})`,
    String(failures(runs, 0.8).failed),
    String(runs.length - finals.length),
  ];
}
