import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import type { JsonObject } from './json.js';
import { readNotebook, writeNotebook, type CodeCell, type Notebook } from './nbformat.js';
import { makeFolder } from '../data/make-folder.js';

/** What was asked for cannot be done at all: a missing file, no notebook, another language. Ends with exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export interface NotebookFile {
  /** As it was given, for messages. */
  readonly path: string;
  readonly notebook: Notebook;
  /** The text that was read, to see whether the file changes meanwhile. */
  readonly text: string;
}

/** The notebooks that files and folders stand for, in order; `.failed.ipynb`, hidden and installed ones are left out. */
export function findNotebooks(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) throw new UsageError(`${path}: there is no such file or folder${didYouMean(path)}`);
    if (!stats.isDirectory()) return [path];
    const inside = notebooksIn(path);
    if (inside.length === 0)
      throw new UsageError(`${path}: 0 notebooks found: the folder holds no .ipynb file`);
    return inside;
  });
  const unique = new Map(found.map((path) => [resolve(path), path]));
  return Array.from(unique.values());
}

/** Reads a notebook that our session can run. Throws UsageError with the path, what is wrong and what to do. */
export function loadNotebook(path: string): NotebookFile {
  const text = readText(path);
  let notebook: Notebook;
  try {
    notebook = readNotebook(text);
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`);
  }
  refuseOtherLanguages(path, notebook);
  if (runnableCells(notebook).length === 0) {
    throw new UsageError(
      `${path}: no code cell: there is nothing to run. Add a code cell or leave the file out.`,
    );
  }
  return { path, notebook, text };
}

/** The code cells that are not blank, in order: the ones that a run counts. */
export function runnableCells(notebook: Notebook): CodeCell[] {
  return notebook.cells.filter(
    (cell): cell is CodeCell => cell.cell_type === 'code' && cell.source.trim() !== '',
  );
}

/** Replaces a file as a whole or not at all, and leaves it alone when nothing changes. Returns whether it changed. */
export function saveNotebook(path: string, notebook: Notebook): boolean {
  const text = writeNotebook(notebook);
  const target = existsSync(path) ? realpathSync(path) : resolve(path);
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return false;
  makeFolder(dirname(target));
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text);
    if (existsSync(target)) chmodSync(temporary, statSync(target).mode);
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
  return true;
}

/** `q1.failed.ipynb` for `q1.ipynb`. */
export function failedPath(path: string): string {
  return path.replace(/(\.ipynb)?$/, '.failed.ipynb');
}

function notebooksIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return notebooksIn(path);
      return entry.name.endsWith('.ipynb') && !entry.name.endsWith('.failed.ipynb') ? [path] : [];
    });
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path}: it cannot be read: ${(error as Error).message}`);
  }
  if (bytes.length === 0)
    throw new UsageError(`${path}: the file is empty. Restore it, or make a new notebook in Jupyter.`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(
      `${path}: not UTF-8: a notebook is a UTF-8 text. Restore the file, or export it again.`,
    );
  }
}

function refuseOtherLanguages(path: string, notebook: Notebook): void {
  const kernel = notebook.metadata.kernelspec as JsonObject | undefined;
  const info = notebook.metadata.language_info as JsonObject | undefined;
  const declared = [kernel?.language, info?.name].find((language) => typeof language === 'string');
  const language =
    declared ??
    (kernel && !/^(tslab|gradbook|deno)$/.test(kernel.name as string) ? kernel.name : 'typescript');
  if (/^typescript$/i.test(language as string)) return;
  throw new UsageError(
    `${path}: it is a notebook for ${language as string}, and only TypeScript can be run. ` +
      'Choose a TypeScript kernel for it in Jupyter, or leave the file out.',
  );
}

function didYouMean(path: string): string {
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return '.';
  const names = readdirSync(folder).filter(
    (name) => name.endsWith('.ipynb') && !name.endsWith('.failed.ipynb'),
  );
  const near = names.filter((name) => name.startsWith(basename(path).slice(0, 1)));
  return near.length > 0 ? `; ${folder} has ${near.slice(0, 5).join(', ')}` : '.';
}
