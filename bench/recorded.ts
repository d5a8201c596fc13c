import { cpus, release, totalmem, type } from 'node:os';
import type { BenchRecord, BenchRow } from '../dist/figures/bench-record.js';
import type { Absent, Contestant } from './contestants.js';
import type { Workload } from './workload.js';

/** What `--record` writes and the report shows: a measurement of one machine at one date, verified by nobody. */
export function recorded(
  workloads: readonly Workload[],
  present: readonly Contestant[],
  absent: readonly Absent[],
  rows: readonly BenchRow[],
): BenchRecord {
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
