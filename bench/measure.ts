import { preparation, type Repeat, type Variant } from './variant.js';
import { workloads } from './workload.js';

/**
 * Measures one workload of one variant in a process of its own and prints the microseconds of a repetition, one number a
 * round, as JSON, or null when the variant does not do it: measure.ts FILE WORKLOAD ROUNDS MILLISECONDS-A-ROUND
 */
const [file, workloadName, rounds, milliseconds] = process.argv.slice(2) as [string, string, string, string];
const { variant } = (await import(`./variants/${file}`)) as { variant: Variant };
const { task, clock } = workloads.find(({ name }) => name === workloadName)!;
const prepare = preparation(variant, task);
const repeat = await prepare?.();
const times = repeat === undefined ? null : await measure(repeat);
process.stdout.write(JSON.stringify(times), () => process.exit()); // backends of others leave handles open

async function measure(repeat: Repeat): Promise<number[]> {
  const round = 1000 * Number(milliseconds);
  const repetitions = await repetitionsFor(repeat, round);
  const times: number[] = [];
  const enough = 2 * Number(rounds) * round; // who takes longer than that for a repetition is measured less often
  for (let k = 0, spent = 0; k < Number(rounds) && spent < enough; k++) {
    const time = await run(repeat, repetitions);
    times.push(time / repetitions);
    spent += time;
  }
  return times;
}

/** As many as fill a round, found by ten rounds, after which the engine has compiled what it will compile. */
async function repetitionsFor(repeat: Repeat, round: number): Promise<number> {
  let last = await run(repeat, 1);
  let repetitions = 1;
  for (let spent = last; spent < 10 * round; spent += last) {
    last = await run(repeat, repetitions);
    repetitions = Math.max(1, Math.round((repetitions * round) / last));
  }
  return repetitions;
}

async function run(repeat: Repeat, repetitions: number): Promise<number> {
  const since = now();
  for (let k = 0; k < repetitions; k++) {
    const pending = repeat();
    if (pending instanceof Promise) await pending;
  }
  return now() - since;
}

function now(): number {
  if (clock === 'wall') return 1000 * performance.now();
  const { user, system } = process.cpuUsage();
  return user + system;
}
