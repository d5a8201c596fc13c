import { parseArgs } from 'node:util';

import { UsageError } from '../notebook-file.js';

const kernelUsage = `Usage: gradbook kernel install|uninstall --user | --prefix DIR | --sys-prefix  [--name NAME]
       gradbook kernel start FILE [--allow-remote]

Makes TypeScript notebooks run in JupyterLab, Jupyter Notebook, VS Code, nbclient and whatever else speaks to kernels.

  install            tell Jupyter of this kernel; needs no Python
  uninstall          take that back
  start              serve the front that wrote the connection file FILE; Jupyter calls this itself

  --user             for this user
  --prefix DIR       for the Jupyter that lives below DIR
  --sys-prefix       for the Jupyter of the active environment (VIRTUAL_ENV or CONDA_PREFIX)
  --name NAME        the name of the kernel (default gradbook)
  --display-name T   what a menu calls it (default "TypeScript (gradbook)")
  --allow-remote     listen on an address that other machines can reach

Exit codes: 0 done, 2 the command cannot be carried out.
`;

/** `gradbook kernel`: installs, removes or starts the Jupyter kernel and returns the exit code. */
export async function kernelCommand(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [action, ...rest] = positionals;
    if (values.help) {
      process.stdout.write(kernelUsage);
      return 0;
    }
    if (action === 'start') {
      if (rest.length !== 1) throw new UsageError(`start needs one connection file.\n${kernelUsage}`);
      return await (await import('./start.js')).startKernel(rest[0]!, values['allow-remote'] ?? false);
    }
    if ((action !== 'install' && action !== 'uninstall') || rest.length > 0)
      throw new UsageError(
        `install, uninstall or start is needed, not ${JSON.stringify(positionals.join(' '))}.\n${kernelUsage}`,
      );
    await changeKernelspec(action, values);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`gradbook kernel: ${error.message}\n`);
    return 2;
  }
}

type Flags = ReturnType<typeof parse>['values'];

async function changeKernelspec(action: 'install' | 'uninstall', flags: Flags): Promise<void> {
  const specs = await import('./kernelspec.js');
  const { user, prefix, 'sys-prefix': environment, name = 'gradbook' } = flags;
  if ([user, prefix !== undefined, environment].filter(Boolean).length !== 1)
    throw new UsageError(
      `${action} writes outside of this project, so say where: --user (${specs.userKernels()}), --prefix DIR or --sys-prefix.`,
    );
  const kernels =
    prefix !== undefined
      ? specs.kernelsBelow(prefix)
      : environment
        ? specs.environmentKernels()
        : specs.userKernels();
  if (action === 'uninstall') {
    process.stdout.write(`Removed ${specs.removeKernelspec(kernels, name)}\n`);
    return;
  }
  const displayName = flags['display-name'] ?? 'TypeScript (gradbook)';
  const folder = specs.installKernelspec(kernels, name, displayName);
  process.stdout.write(`Installed ${folder}\nIn Jupyter, choose the kernel "${displayName}".\n`);
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        user: { type: 'boolean' },
        prefix: { type: 'string' },
        'sys-prefix': { type: 'boolean' },
        name: { type: 'string' },
        'display-name': { type: 'string' },
        'allow-remote': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${kernelUsage}`);
  }
}
