import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { kernelsBelow, installKernelspec } from '../../../src/notebook/kernel/kernelspec.js';

/** What Jupyter's tools made of one notebook. */
export interface JupyterVerdict {
  readonly path: string;
  /** The class of the exception by which the tool says that the notebook failed. */
  readonly raised: string | null;
  /** The names of the errors among the outputs, which is all that nbmake looks at. */
  readonly errors: readonly string[];
}

export interface JupyterRun {
  readonly kernel: 'gradbook' | 'tslab';
  readonly front: 'nbclient' | 'nbconvert';
  readonly jobs: number;
  /** Megabytes that the processes of one kernel may hold together. */
  readonly memory: number;
  readonly notebooks: readonly { path: string; timeout: number; written?: string }[];
}

const python = '/usr/bin/python3';

/** Whether Python with nbclient and nbconvert is here. */
export function hasJupyter(): boolean {
  return spawnSync(python, ['-c', 'import nbclient, nbconvert, ipykernel']).status === 0;
}

/** The versions of what takes part. */
export function jupyterVersions(): Record<string, string> {
  const script =
    'import json, nbclient, nbconvert; print(json.dumps({"nbclient": nbclient.__version__, "nbconvert": nbconvert.__version__}))';
  const versions = JSON.parse(spawnSync(python, ['-c', script], { encoding: 'utf8' }).stdout) as Record<
    string,
    string
  >;
  const { version } = createRequire(import.meta.url)('tslab/package.json') as { version: string };
  return { ...versions, tslab: version, node: process.version.slice(1) };
}

/** Runs notebooks under one of Jupyter's tools and one kernel, both kernels installed into a folder of their own. */
export async function executeByJupyter(run: JupyterRun): Promise<JupyterVerdict[]> {
  const child = spawn(python, [resolve('test/notebook/jupyter/execute.py')], {
    env: {
      ...process.env,
      JUPYTER_PATH: join(bothKernels(), 'share', 'jupyter'),
      JUPYTER_PLATFORM_DIRS: '1',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(JSON.stringify(run));
  let lines = '';
  let said = '';
  child.stderr.on('data', (text) => (said += String(text)));
  child.stdout.on('data', (text) => (lines += String(text)));
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) throw new Error(`execute.py ended with ${String(code)}:\n${said}`);
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JupyterVerdict);
}

let prefix: string | undefined;

function bothKernels(): string {
  if (prefix !== undefined) return prefix;
  prefix = mkdtempSync(join(tmpdir(), 'gradbook-kernels-'));
  installKernelspec(kernelsBelow(prefix), 'gradbook', 'TypeScript (gradbook)');
  const folder = join(kernelsBelow(prefix), 'tslab');
  mkdirSync(folder, { recursive: true });
  const tslab = createRequire(import.meta.url).resolve('tslab/bin/tslab');
  const spec = {
    argv: [process.execPath, tslab, 'kernel', '--config-path', '{connection_file}'],
    display_name: 'TypeScript',
    language: 'typescript',
  };
  writeFileSync(join(folder, 'kernel.json'), JSON.stringify(spec));
  return prefix;
}
