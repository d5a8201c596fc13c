import { spawn, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

import { UsageError } from '../notebook-file.js';
import { defaultFolder } from '../run-command.js';
import { installKernelspec } from './kernelspec.js';

const labUsage = `Usage: gradbook lab [options of JupyterLab]

Opens JupyterLab, or else Jupyter Notebook, on the folder notebooks with the kernel of gradbook, which need not be
installed. All options go to Jupyter: --no-browser, --port 9999 and so on.

Exit codes: that of Jupyter; 2 when there is no Jupyter.
`;

/** `gradbook lab`: opens the notebooks in a browser and returns the exit code. */
export async function labCommand(args: string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(labUsage);
    return 0;
  }
  try {
    const folder = defaultFolder();
    return await open(installedFront(), folder, args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`gradbook lab: ${error.message}\n`);
    return 2;
  }
}

const fronts = ['jupyter-lab', 'jupyter-notebook'] as const;

function installedFront(): string {
  const found = fronts.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
  if (found !== undefined) return found;
  throw new UsageError(
    'neither jupyter-lab nor jupyter-notebook is installed. Install one, for instance with "pipx install jupyterlab" ' +
      'or "python3 -m pip install jupyterlab", or open the notebooks in VS Code after "npx gradbook kernel install --user".',
  );
}

/** Jupyter finds the kernel in a folder of this project only, so that nothing of the user's changes. */
async function open(front: string, folder: string, args: string[]): Promise<number> {
  const data = resolve('.gradbook', 'jupyter');
  installKernelspec(join(data, 'kernels'), 'gradbook', 'TypeScript (gradbook)');
  // The name that the notebooks ask for is that of plain tslab, whose kernel passes over errors.
  installKernelspec(join(data, 'kernels'), 'tslab', 'TypeScript');
  const { JUPYTER_PATH } = process.env;
  const paths = JUPYTER_PATH ? [data, JUPYTER_PATH] : [data];
  const jupyter = spawn(front, [folder, ...args], {
    stdio: 'inherit',
    env: { ...process.env, JUPYTER_PATH: paths.join(process.platform === 'win32' ? ';' : ':') },
  });
  process.on('SIGINT', () => undefined); // Ctrl-C reaches Jupyter too, which asks before it ends.
  process.on('SIGTERM', () => jupyter.kill('SIGTERM'));
  return new Promise((done, fail) => {
    jupyter.on('error', fail);
    jupyter.on('exit', (code) => done(code ?? 1));
  });
}
