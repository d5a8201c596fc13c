import { cpus } from 'node:os';
import { type Contestant, contestants } from './contestants.js';
import { type Workload, workloads } from './workload.js';

/** `npm run bench`: every contestant in processes of its own, alternating, compared side by side as ratios. */
const quick = process.argv.includes('--quick');
const [processes, rounds] = quick ? [2, 5] : [5, 15];

const { present, absent } = contestants();
for (const { name, why } of absent) console.log(`Left out: ${name} (${why})`);
for (const workload of workloads) print(workload, measure(workload));

interface Measured {
  readonly name: string;
  readonly median: number;
  readonly minimum: number;
}

function measure(workload: Workload): Measured[] {
  const able = present.filter(({ workloads }) => workloads.includes(workload.name));
  const times = new Map<Contestant, number[]>(able.map((contestant) => [contestant, []]));
  for (let round = 0; round < processes; round++) {
    for (const contestant of able) times.get(contestant)!.push(...contestant.measure(workload, rounds));
  }
  return [...times].map(([{ name }, all]) => {
    all.sort((a, b) => a - b);
    return { name, median: all[Math.floor(all.length / 2)]!, minimum: all[0]! };
  });
}

function print({ unit }: Workload, measured: readonly Measured[]): void {
  const ours = measured[0]!;
  console.log(`\n${unit} (CPU time; ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version})\n`);
  console.log('| | median µs | minimum µs | times ours |\n|---|---:|---:|---:|');
  for (const { name, median, minimum } of measured) {
    const ratio = (median / ours.median).toFixed(2);
    console.log(`| ${name} | ${median.toFixed(1)} | ${minimum.toFixed(1)} | ${ratio} |`);
  }
}
