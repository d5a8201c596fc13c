import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Workload } from './workload.js';

/** Somebody who does workloads, each in a process of its own. */
export interface Contestant {
  /** By which rows of results refer to it. */
  readonly name: string;
  readonly title: string;
  /** What it is made of, by name: the version. */
  readonly versions: Readonly<Record<string, string>>;
  /** Microseconds a repetition, one number a round; `null` when it does not do the workload. */
  readonly measure: (workload: Workload, rounds: number, milliseconds: number) => number[] | null;
}

export interface Absent {
  readonly variant: string;
  readonly why: string;
}

/** Who can take part on this machine, ourselves first, and who cannot. */
export function contestants(): { present: Contestant[]; absent: Absent[] } {
  const found = [
    node('gradbook', 'gradbook', 'gradbook.ts', {
      gradbook: versionIn('package.json'),
      Node: process.version,
    }),
    withBlas(),
    node('gradbook-two-workers', 'gradbook, two workers', 'gradbook-two-workers.ts', {}),
    node('plain', 'plain TypeScript', 'plain.ts', {}),
    installed('tfjs-cpu', 'TensorFlow.js, cpu (float32)', 'tfjs-cpu.mjs', '@tensorflow/tfjs'),
    installed('tfjs-wasm', 'TensorFlow.js, wasm (float32)', 'tfjs-wasm.mjs', '@tensorflow/tfjs'),
    installed('jax-js', 'jax-js, wasm, jit', 'jax-js.mjs', '@jax-js/jax'),
    python('torch', 'PyTorch', 'torch_plain', 'torch'),
    python('numpy', 'NumPy by hand', 'numpy_by_hand', 'numpy'),
  ];
  return {
    present: found.filter((one): one is Contestant => 'measure' in one),
    absent: found.filter((one): one is Absent => 'why' in one),
  };
}

function node(name: string, title: string, file: string, versions: Contestant['versions']): Contestant {
  return {
    name,
    title,
    versions,
    measure: (workload, rounds, milliseconds) =>
      timesFrom(process.execPath, [
        ...['--import', 'tsx', 'bench/measure.ts', file, workload.name],
        ...[String(rounds), String(milliseconds)],
      ]),
  };
}

function withBlas(): Contestant | Absent {
  const title = 'gradbook with OpenBLAS';
  const script = "import('./dist/experiment/openblas.js').then((m) => m.enableBlas()).then(console.log)";
  try {
    const said = execFileSync(process.execPath, ['--eval', script], { encoding: 'utf8', stdio: 'pipe' });
    const version = /OpenBLAS (\S+)/.exec(said)?.[1] ?? 'unknown';
    return node('gradbook-blas', title, 'gradbook-blas.ts', { OpenBLAS: version });
  } catch (error) {
    const reason = /GradbookError: (.*)/.exec((error as { stderr: string }).stderr)?.[1];
    return { variant: title, why: reason ?? (error as Error).message };
  }
}

/** A library from npm, which is installed separately. */
function installed(name: string, title: string, file: string, library: string): Contestant | Absent {
  const manifest = `bench/node_modules/${library}/package.json`;
  return existsSync(manifest)
    ? node(name, title, file, { [library]: versionIn(manifest) })
    : { variant: title, why: 'npm ci --prefix bench installs it' };
}

/** The first Python that can import a module: the one on the path, or the system's. */
function python(name: string, title: string, variant: string, module: string): Contestant | Absent {
  for (const interpreter of ['python3', '/usr/bin/python3']) {
    try {
      const print = `import ${module}; print(${module}.__version__)`;
      const version = execFileSync(interpreter, ['-c', print], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return {
        name,
        title,
        versions: { [title.split(' ')[0]!]: version.trim() },
        measure: ({ task }, rounds, milliseconds) =>
          timesFrom(interpreter, [
            ...['bench/measure.py', variant, JSON.stringify(task)],
            ...[String(rounds), String(milliseconds)],
          ]),
      };
    } catch {
      // no such Python, or it lacks the module: the next one may have it
    }
  }
  return { variant: title, why: `no Python here has ${module}; Debian has it as python3-${module}` };
}

/** One core for everybody, and OpenBLAS free to choose what suits the processor. */
function timesFrom(command: string, args: readonly string[]): number[] | null {
  const environment: NodeJS.ProcessEnv = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  for (const name of ['OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE']) Reflect.deleteProperty(environment, name);
  const said = execFileSync(command, args, {
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(said.trimEnd().split('\n').at(-1)!) as number[] | null; // some greet before
}

function versionIn(manifest: string): string {
  const path = fileURLToPath(new URL(`../${manifest}`, import.meta.url));
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
