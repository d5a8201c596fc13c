import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { NumberToken, type Json } from './json.js';
import { packageFolder } from './library-code.js';
import { runnableCells } from './notebook-file.js';
import type { Notebook } from './nbformat.js';

/** What a notebook says about its last run by `gradbook run`, in its metadata: hashes of all that went in and came out. */
interface ExecutionRecord {
  /** The library. */
  readonly library: string;
  /** The modules that its cells name: those that stand beside it, and sources that it lists. */
  readonly files?: string;
  /** Its code cells and their outputs. */
  readonly cells: string;
}

/** Notes in the metadata of a notebook that it was executed with this library; `path` is where it stands. */
export function recordExecution(notebook: Notebook, path: string, library: string): void {
  notebook.metadata.gradbook = { library: short(library), ...contentsOf(notebook, path) };
}

/** Forgets what a notebook says about its last run. */
export function forgetExecution(notebook: Notebook): void {
  delete notebook.metadata.gradbook;
}

/**
 * Why the outputs of a notebook are not what its cells give now: it was never executed by `gradbook run`, or something has
 * changed since. `undefined` when they are.
 */
export function staleness(notebook: Notebook, path: string, library: string): string | undefined {
  const changed = changeByHand(notebook, path);
  if (changed !== undefined) return changed;
  const record = notebook.metadata.gradbook as unknown as ExecutionRecord;
  return record.library === short(library) ? undefined : 'the library was changed after it was executed';
}

/** Why a notebook is not what `gradbook run` has left, whatever has become of the library since. `undefined` when it is. */
export function changeByHand(notebook: Notebook, path: string): string | undefined {
  const record = notebook.metadata.gradbook as Partial<ExecutionRecord> | undefined;
  if (typeof record?.cells !== 'string') return 'it does not say with which code it was executed';
  const now = contentsOf(notebook, path);
  if (record.cells !== now.cells) return 'its cells or their outputs were changed after it was executed';
  if (record.files !== now.files) return 'a file that it names was changed after it was executed';
  return undefined;
}

function contentsOf(notebook: Notebook, path: string): Omit<ExecutionRecord, 'library'> {
  const cells = runnableCells(notebook);
  const sources = cells.map(({ source }) => source).join('\n');
  const files = filesNamedIn(sources, dirname(resolve(path)));
  return {
    ...(files.size > 0 && { files: short([...files].map(([, hash]) => hash).join()) }),
    cells: short(JSON.stringify(cells.map(({ source, outputs }) => [source, ordered(outputs as never)]))),
  };
}

/** Modules that texts in code name, and those that the imported ones name in turn: their places and the hashes of their contents. */
function filesNamedIn(code: string, folder: string, found = new Map<string, string>()): Map<string, string> {
  for (const [, name] of code.matchAll(/['"`]([\w.-]+(?:\/[\w.-]+)+\.[cm]?[jt]s)['"`]/g)) {
    const path = [folder, packageFolder]
      .flatMap((base) => [join(base, name!), join(base, name!.replace(/\.js$/, '.ts'))])
      .find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
    if (path === undefined || found.has(path)) continue;
    const content = readFileSync(path);
    found.set(path, short(content));
    if (name!.startsWith('.')) filesNamedIn(content.toString(), dirname(path), found);
  }
  return found;
}

/** Enough digits of SHA-256 to tell versions apart. */
function short(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** JSON with fields in the order of their names and plain numbers: the same whoever has written the file last. */
function ordered(value: Json): unknown {
  if (value instanceof NumberToken) return value.valueOf();
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, entry]) => [name, ordered(entry)]));
}
