import { writeFileSync } from 'node:fs';
import { benchChart } from '../dist/figures/bench-chart.js';
import type { BenchRow } from '../dist/figures/bench-record.js';
import { type Contestant, contestants } from './contestants.js';
import { recorded } from './recorded.js';
import { markdown } from './table.js';
import { type Workload, workloads } from './workload.js';

/**
 * `npm run bench`: every contestant in processes of its own, alternating; a table and a chart, bench/results.md and .svg.
 *
 * `-- --quick` measures less; `-- --record` also writes bench/recorded.json, which the report shows; names of workloads
 * choose among them.
 */
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const quick = flags.includes('--quick');
const record = flags.includes('--record');
refuseUnknown();

const [processes, rounds, milliseconds] = quick ? [1, 5, 40] : [2, 7, 100];
const chosen = workloads.filter(({ name, quick: isQuick }) =>
  names.length > 0 ? names.includes(name) : isQuick || !quick,
);
const { present, absent } = contestants();
for (const { variant, why } of absent) console.error(`Left out: ${variant} (${why})`);
const rows = chosen.flatMap((workload, k) => measure(workload, k));
const results = recorded(chosen, present, absent, rows);
const text = markdown(results);
console.log(text);
writeFileSync('bench/results.md', text);
writeFileSync('bench/results.svg', await benchChart(results).toSvg());
if (record) writeFileSync('bench/recorded.json', `${JSON.stringify(results, null, 2)}\n`);

function measure(workload: Workload, position: number): BenchRow[] {
  const times = new Map<Contestant, number[] | null>();
  for (let process = 0; process < processes; process++) {
    for (const contestant of present) {
      if (times.get(contestant) === null) continue;
      progress(`${position + 1}/${chosen.length} ${workload.name}: ${contestant.title}`);
      const measured = contestant.measure(workload, rounds, milliseconds);
      times.set(contestant, measured && [...(times.get(contestant) ?? []), ...measured]);
    }
  }
  progress('');
  return [...times].flatMap(([{ name }, all]) => {
    if (all === null) return [];
    all.sort((a, b) => a - b);
    const median_us = rounded(all[Math.floor(all.length / 2)]!);
    return [{ workload: workload.name, variant: name, median_us, minimum_us: rounded(all[0]!) }];
  });
}

/** Four digits: more would be noise. */
function rounded(microseconds: number): number {
  return Number(microseconds.toPrecision(4));
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '') console.error(text);
}

function refuseUnknown(): void {
  const known = ['--quick', '--record'];
  const unknownFlag = flags.find((flag) => !known.includes(flag));
  const unknownName = names.find((name) => !workloads.some((workload) => workload.name === name));
  const problem =
    unknownFlag !== undefined
      ? `there is no option ${unknownFlag}; there are ${known.join(' and ')}`
      : unknownName !== undefined
        ? `there is no workload ${unknownName}; there are ${workloads.map(({ name }) => name).join(', ')}`
        : record && (quick || names.length > 0)
          ? '--record is for a whole measurement: without --quick and without names'
          : undefined;
  if (problem === undefined) return;
  console.error(`bench: ${problem}`);
  process.exit(2);
}
