import { readFileSync } from 'node:fs';
import { GradbookError } from '../tensor/error.js';
import { aList, objectWith, requireKinds } from '../tensor/arguments.js';

/** Times that `npm run bench -- --record` has measured once, and on what. */
export interface BenchRecord {
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly system: string;
  };
  readonly date: string;
  /** Versions of what took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly workloads: readonly {
    readonly name: string;
    readonly title: string;
    readonly clock: 'cpu' | 'wall';
  }[];
  readonly variants: readonly { readonly name: string; readonly title: string }[];
  /** Who did not take part, by title, and why. */
  readonly absent: readonly { readonly variant: string; readonly why: string }[];
  readonly rows: readonly BenchRow[];
}

/** The time of one step, in microseconds. */
export interface BenchRow {
  readonly workload: string;
  readonly variant: string;
  readonly median_us: number;
  readonly minimum_us: number;
}

/** A row with its titles, and how many times as long it took as this library without options. */
export interface BenchResult {
  readonly workload: string;
  readonly workloadTitle: string;
  readonly variant: string;
  readonly variantTitle: string;
  /** Microseconds. */
  readonly median: number;
  readonly minimum: number;
  /** The quotient of the medians; one for the library itself. */
  readonly timesOurs: number;
}

const aRecord = objectWith(
  { machine: objectWith({}, 'what measured'), workloads: aList, variants: aList, rows: aList },
  'recorded times, as readBenchRecord(…) returns them',
);

/**
 * Reads a file of recorded times.
 * @throws GradbookError when there is no such file, or it is none.
 * @example const bench = readBenchRecord('../bench/recorded.json')
 */
export function readBenchRecord(path: string): BenchRecord {
  let record: BenchRecord;
  try {
    record = JSON.parse(readFileSync(path, 'utf8')) as BenchRecord;
  } catch (error) {
    throw new GradbookError(
      `${path}: ${(error as Error).message}: measure it with "npm run bench -- --record", or restore it from git.`,
    );
  }
  const missing = ['machine', 'date', 'versions', 'workloads', 'variants', 'absent', 'rows'].filter(
    (field) => !(field in record),
  );
  if (missing.length > 0)
    throw new GradbookError(
      `${path}: it lacks ${missing.join(', ')}: measure it with "npm run bench -- --record".`,
    );
  benchResults(record, path);
  return record;
}

/** The recorded times, in the order of the workloads and of the variants, beside those of the library itself. */
export function benchResults(record: BenchRecord, path = 'the record'): BenchResult[] {
  requireKinds(path, { record }, { record: aRecord });
  const known = (list: readonly { readonly name: string }[], name: string, kind: string) => {
    if (!list.some((one) => one.name === name))
      throw new GradbookError(`${path}: a row names the ${kind} "${name}", which the file does not declare.`);
  };
  for (const row of record.rows) {
    known(record.workloads, row.workload, 'workload');
    known(record.variants, row.variant, 'variant');
    if (!(row.median_us > 0 && Number.isFinite(row.median_us)))
      throw new GradbookError(
        `${path}: ${row.variant} on ${row.workload} took ${row.median_us} µs, which is no time.`,
      );
  }
  return record.workloads.flatMap((workload) => {
    const rows = record.rows.filter((row) => row.workload === workload.name);
    const own = rows.find(({ variant }) => variant === 'gradbook');
    if (own === undefined)
      throw new GradbookError(
        `${path}: gradbook itself did not do "${workload.name}", so nothing can be compared.`,
      );
    return record.variants.flatMap((variant): BenchResult[] => {
      const row = rows.find((one) => one.variant === variant.name);
      if (row === undefined) return [];
      return [
        {
          workload: workload.name,
          workloadTitle: workload.title,
          variant: variant.name,
          variantTitle: variant.title,
          median: row.median_us,
          minimum: row.minimum_us,
          timesOurs: row.median_us / own.median_us,
        },
      ];
    });
  });
}

/** The machine in a line, as the report names it. */
export function machineOf(record: BenchRecord): string {
  requireKinds('machineOf', { record }, { record: aRecord });
  const { processor, cores, memoryGiB, system } = record.machine;
  return `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}`;
}
