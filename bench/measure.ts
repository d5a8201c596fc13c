import { type Variant, type WorkloadName, workloads } from './workload.js';

/** Measures one workload of one variant in a process of its own; prints CPU microseconds a step, best round first. */
const [name, workload, rounds] = process.argv.slice(2) as [string, WorkloadName, string];
const { variant } = (await import(`./variants/${name}.ts`)) as { variant: Variant };
const { repetitions } = workloads.find((known) => known.name === workload)!;
const step = variant[workload]!();
for (let k = 0; k < 2 * repetitions; k++) step();
const times = Array.from({ length: Number(rounds) }, () => {
  const start = process.cpuUsage();
  for (let k = 0; k < repetitions; k++) step();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / repetitions;
});
process.stdout.write(JSON.stringify(times.sort((a, b) => a - b)));
