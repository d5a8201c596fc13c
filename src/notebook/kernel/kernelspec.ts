import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { UsageError } from '../notebook-file.js';
import { kernelLogo } from './logo.js';
import { makeFolder } from '../../data/make-folder.js';

/** Where Jupyter looks for kernels of its user. */
export function userKernels(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR) return join(JUPYTER_DATA_DIR, 'kernels');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter', 'kernels');
  if (process.platform === 'win32' && APPDATA) return join(APPDATA, 'jupyter', 'kernels');
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter', 'kernels');
}

/** Where the Jupyter that lives below a prefix looks for kernels. */
export function kernelsBelow(prefix: string): string {
  return join(resolve(prefix), 'share', 'jupyter', 'kernels');
}

/** Where the Jupyter of the active environment of Python looks for kernels; throws UsageError when none is active. */
export function environmentKernels(): string {
  const prefix = process.env.VIRTUAL_ENV || process.env.CONDA_PREFIX;
  if (prefix) return kernelsBelow(prefix);
  throw new UsageError(
    '--sys-prefix: no environment of Python is active (neither VIRTUAL_ENV nor CONDA_PREFIX is set). Activate one, or use --user or --prefix DIR.',
  );
}

/** Writes the kernelspec `name` below `kernels` and returns its folder. Throws UsageError when another kernel has that name. */
export function installKernelspec(kernels: string, name: string, displayName: string): string {
  const folder = specFolder(kernels, name);
  refuseForeign(folder, 'Choose another --name, or remove that kernel.');
  makeFolder(folder);
  const spec = {
    argv: [process.execPath, commandLine, 'kernel', 'start', '{connection_file}'],
    display_name: displayName,
    language: 'typescript',
    interrupt_mode: 'message',
    metadata: { debugger: false },
  };
  replaceFile(join(folder, 'kernel.json'), JSON.stringify(spec, null, 2) + '\n');
  replaceFile(join(folder, 'logo-svg.svg'), kernelLogo);
  return folder;
}

/** Removes the kernelspec and returns its folder. Throws UsageError when there is none, or when it is not ours. */
export function removeKernelspec(kernels: string, name: string): string {
  const folder = specFolder(kernels, name);
  if (!existsSync(folder)) throw new UsageError(`${folder}: no kernel is installed there.`);
  refuseForeign(folder, 'Remove it with the tool that installed it.');
  rmSync(folder, { recursive: true });
  return folder;
}

const commandLine = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

function specFolder(kernels: string, name: string): string {
  if (!/^[A-Za-z0-9._-]+$/.test(name) || /^\.+$/.test(name))
    throw new UsageError(
      `--name: ${JSON.stringify(name)} is no name of a kernel: use letters, digits, ".", "_" and "-".`,
    );
  return join(kernels, name);
}

function refuseForeign(folder: string, remedy: string): void {
  const path = join(folder, 'kernel.json');
  if (!existsSync(folder) || (existsSync(path) && isOurs(path))) return;
  throw new UsageError(`${folder}: it belongs to another kernel. ${remedy}`);
}

function isOurs(path: string): boolean {
  try {
    const { argv } = JSON.parse(readFileSync(path, 'utf8')) as { argv?: unknown };
    const words: unknown[] = Array.isArray(argv) ? argv : [];
    return words.slice(2).join(' ') === 'kernel start {connection_file}';
  } catch {
    return false;
  }
}

function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
