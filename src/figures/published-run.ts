import type { PointRecipe } from '../experiment/experiment.js';
import type { EpochRecord, Run } from '../training/run.js';

/** One training with points that a figure shows, with all that is needed to train it again and to compare. */
export interface PublishedRun {
  /** How the figure names the series that it belongs to. */
  readonly series: string;
  readonly experiment: PointRecipe;
  readonly seed: number;
  readonly run: Run;
}

/** The MIME type under which a figure carries its published runs. */
export const runsType = 'application/vnd.gradbook.runs+json';

/** Runs as JSON holds them: what is not finite as a text, and nothing that is `undefined`. */
export function encodeRuns(runs: readonly PublishedRun[]): object {
  return { format: 1, runs: mapNumbers(runs, writeNumber) };
}

/** Runs out of a figure's output. Throws a TypeError when they are none of format 1. */
export function decodeRuns(value: unknown): PublishedRun[] {
  const { format, runs } = (value ?? {}) as { format?: unknown; runs?: unknown };
  if (format !== 1 || !Array.isArray(runs)) {
    throw new TypeError(`the value of ${runsType} is no list of runs of format 1`);
  }
  return (mapNumbers(runs, readNumber) as PublishedRun[]).map((published) => ({
    ...published,
    run: { ...published.run, history: published.run.history.map(complete) },
  }));
}

/** JSON leaves out what is undefined, which the first epoch has. */
function complete(record: EpochRecord): EpochRecord {
  return { ...record, trainingLoss: record.trainingLoss, rate: record.rate };
}

function mapNumbers(value: unknown, change: (entry: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => mapNumbers(entry, change));
  if (typeof value !== 'object' || value === null) return change(value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => [key, mapNumbers(entry, change)]),
  );
}

function writeNumber(entry: unknown): unknown {
  if (Object.is(entry, -0)) return '-0';
  return typeof entry === 'number' && !Number.isFinite(entry) ? String(entry) : entry;
}

function readNumber(entry: unknown): unknown {
  return typeof entry === 'string' && ['NaN', 'Infinity', '-Infinity', '-0'].includes(entry)
    ? Number(entry)
    : entry;
}
