import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { GradbookError } from '../tensor/error.js';

/** A project in a temporary folder. */
export interface ProjectCopy {
  readonly root: string;
  remove(): void;
}

/**
 * Copies a project without its results: no store of runs, no compiled library, no git. Installed packages are linked file
 * by file, so that the copy is a place of its own for TypeScript and Node. A library that the project compiles is compiled
 * anew from the sources that were copied.
 */
export function copyProject(root: string): ProjectCopy {
  const copy = emptyFolder();
  try {
    cpSync(root, copy.root, { recursive: true, filter: (path) => !leftOut(resolve(root), resolve(path)) });
    if (existsSync(join(root, 'node_modules')))
      linkFiles(join(root, 'node_modules'), join(copy.root, 'node_modules'));
    if (existsSync(join(root, 'data')))
      symlinkSync(realpathSync(join(root, 'data')), join(copy.root, 'data'), 'dir');
    if (hasBuild(copy.root)) build(copy.root);
  } catch (error) {
    copy.remove();
    throw error;
  }
  return copy;
}

/**
 * Clones the last commit of a project into a temporary folder and installs its packages there.
 * @throws GradbookError when the project is no git repository, or the installation fails.
 */
export function cloneProject(root: string): ProjectCopy {
  const copy = emptyFolder();
  try {
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', resolve(root), copy.root], { stdio: 'pipe' });
  } catch (error) {
    copy.remove();
    throw new GradbookError(
      `verify --clean: ${resolve(root)} cannot be cloned: ${String((error as { stderr?: Buffer }).stderr ?? error)}`,
    );
  }
  try {
    runNpm(copy.root, ['ci', '--no-audit', '--no-fund']);
  } catch (error) {
    copy.remove();
    throw error;
  }
  return copy;
}

const results = new Set(['.git', '.gradbook', 'node_modules', 'dist', 'data']);

/** Generated sources are results, too: the build makes them anew. */
function leftOut(root: string, path: string): boolean {
  const name = basename(path);
  return (
    name === '.ipynb_checkpoints' ||
    name.endsWith('.generated.ts') ||
    (dirname(path) === root && results.has(name))
  );
}

function emptyFolder(): ProjectCopy {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gradbook-verify-')));
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** A second name for every file of a folder, or a copy where the disk allows no second name; links stay as they are. */
function linkFiles(from: string, to: string): void {
  if (lstatSync(from).isSymbolicLink()) {
    symlinkSync(realpathSync(from), to, 'dir');
    return;
  }
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.name === '.cache') continue;
    if (entry.isDirectory()) linkFiles(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function hasBuild(root: string): boolean {
  const path = join(root, 'package.json');
  if (!existsSync(path)) return false;
  const { scripts } = JSON.parse(readFileSync(path, 'utf8')) as { scripts?: { build?: string } };
  return scripts?.build !== undefined;
}

function build(root: string): void {
  runNpm(root, ['run', '--silent', 'build']);
}

function runNpm(root: string, args: readonly string[]): void {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, stdout, stderr, error } = spawnSync(npm, args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  const said = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-20).join('\n');
  throw new GradbookError(`verify: "npm ${args.join(' ')}" failed in a copy of the project:\n${said}`);
}
