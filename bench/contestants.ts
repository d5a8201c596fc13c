import { execFileSync } from 'node:child_process';
import type { Workload, WorkloadName } from './workload.js';

/** Somebody who does workloads in a process of their own. */
export interface Contestant {
  readonly name: string;
  readonly workloads: readonly WorkloadName[];
  /** CPU microseconds a step, one number a round. */
  readonly measure: (workload: Workload, rounds: number) => number[];
}

export interface Absent {
  readonly name: string;
  readonly why: string;
}

/** Who can take part on this machine, ourselves first, and who cannot. */
export function contestants(): { present: Contestant[]; absent: Absent[] } {
  const present = [typescript('gradbook'), typescript('plain')];
  const absent: Absent[] = [];
  for (const [module, name] of [
    ['torch', 'PyTorch, plain loop'],
    ['numpy', 'NumPy by hand'],
  ] as const) {
    const found = findPython(module);
    if (found === undefined)
      absent.push({ name, why: `no Python here has ${module}; Debian has it as python3-${module}` });
    else present.push(python(`${name} (${module} ${found.version})`, found.python, module));
  }
  return { present, absent };
}

function typescript(variant: 'gradbook' | 'plain'): Contestant {
  return {
    name: variant === 'plain' ? 'plain TypeScript, eager' : variant,
    workloads: ['mlp-step'],
    measure: ({ name }, rounds) =>
      timesFrom(process.execPath, ['--import', 'tsx', 'bench/measure.ts', variant, name, String(rounds)]),
  };
}

function python(name: string, interpreter: string, module: string): Contestant {
  return {
    name,
    workloads: ['mlp-step'],
    measure: ({ repetitions }, rounds) =>
      timesFrom(interpreter, ['bench/variants/python.py', module, String(rounds), String(repetitions)]),
  };
}

/** The first Python that can import a module: the one on the path, or the system's. */
function findPython(module: string): { python: string; version: string } | undefined {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      const print = `import ${module}; print(${module}.__version__)`;
      const version = execFileSync(python, ['-c', print], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return { python, version: version.trim() };
    } catch {
      // no such Python, or it lacks the module: the next one may have it
    }
  }
  return undefined;
}

function timesFrom(command: string, args: readonly string[]): number[] {
  const environment = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' }; // one core for everybody
  return JSON.parse(execFileSync(command, args, { encoding: 'utf8', env: environment })) as number[];
}
