import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { type WorkloadName, workloads } from './workload.js';

/** `npm run bench`: every variant in processes of their own, alternating, compared side by side as ratios. */
const variants = ['gradbook', 'plain'];
const quick = process.argv.includes('--quick');
const [processes, rounds] = quick ? [2, 5] : [5, 15];

interface Measured {
  readonly variant: string;
  readonly median: number;
  readonly minimum: number;
}

for (const workload of workloads) {
  const measured = measure(workload.name);
  const ours = measured.find(({ variant }) => variant === 'gradbook')!;
  console.log(
    `\n${workload.unit} (CPU time; ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version})\n`,
  );
  console.log('| variant | median µs | minimum µs | times ours |\n|---|---|---|---|');
  for (const { variant, median, minimum } of measured) {
    console.log(
      `| ${variant} | ${median.toFixed(1)} | ${minimum.toFixed(1)} | ${(median / ours.median).toFixed(2)} |`,
    );
  }
}

function measure(workload: WorkloadName): Measured[] {
  const times = new Map<string, number[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < processes; round++) {
    for (const variant of variants) times.get(variant)!.push(...timesOf(variant, workload));
  }
  return [...times].map(([variant, all]) => {
    all.sort((a, b) => a - b);
    return { variant, median: all[Math.floor(all.length / 2)]!, minimum: all[0]! };
  });
}

function timesOf(variant: string, workload: WorkloadName): number[] {
  const args = ['--import', 'tsx', 'bench/measure.ts', variant, workload, String(rounds)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as number[];
}
