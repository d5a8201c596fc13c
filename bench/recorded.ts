import { cpus, release, totalmem, type } from 'node:os';
import type { Absent, Contestant } from './contestants.js';
import type { Workload } from './workload.js';

/** What `--record` writes and the report shows: a measurement of one machine at one date, verified by nobody. */
export interface Recorded {
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly system: string;
  };
  /** `2026-11-25` */
  readonly date: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly workloads: readonly Pick<Workload, 'name' | 'title' | 'clock'>[];
  readonly variants: readonly { readonly name: string; readonly title: string }[];
  readonly absent: readonly Absent[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly workload: string;
  readonly variant: string;
  readonly median_us: number;
  readonly minimum_us: number;
}

export function recorded(
  workloads: readonly Workload[],
  present: readonly Contestant[],
  absent: readonly Absent[],
  rows: readonly Row[],
): Recorded {
  const processors = cpus();
  return {
    machine: {
      processor: processors[0]?.model.trim() ?? 'unknown',
      cores: processors.length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      system: `${type()} ${release()} ${process.arch}`,
    },
    date: new Date().toISOString().slice(0, 10),
    versions: Object.assign({}, ...present.map(({ versions }) => versions)) as Record<string, string>,
    workloads: workloads.map(({ name, title, clock }) => ({ name, title, clock })),
    variants: present.map(({ name, title }) => ({ name, title })),
    absent,
    rows,
  };
}
