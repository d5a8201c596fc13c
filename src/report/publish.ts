import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { refuseOutsideProject } from '../notebook/project-boundary.js';
import { makeFolder } from '../data/make-folder.js';

/** What a build wants to stand in a folder: paths below it, and their content. */
export type Output = ReadonlyMap<string, string | Uint8Array>;

/** What writing has changed, as sorted paths. */
export interface Published {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Writes a finished build into `folder`: every file first beside its place, and only when all are on disk are they moved
 * there, so that a failure leaves what was there before. Files in `owned` folders that the build no longer has are removed.
 * Throws when a link would lead a file out of the project.
 */
export function publish(folder: string, output: Output, owned: readonly string[]): Published {
  const paths = [...output.keys()].sort();
  for (const path of paths) refuseOutsideProject(join(folder, path), 'Remove the link.');
  const unchanged = paths.filter((path) => same(join(folder, path), output.get(path)!));
  const written = paths.filter((path) => !unchanged.includes(path));
  const waiting: { temporary: string; final: string }[] = [];
  try {
    for (const path of written) {
      const final = join(folder, path);
      const temporary = join(dirname(final), `.${basename(final)}.${process.pid}.new`);
      makeFolder(dirname(final));
      waiting.push({ temporary, final });
      writeFileSync(temporary, output.get(path)!);
    }
    for (const { temporary, final } of waiting) renameSync(temporary, final);
  } finally {
    for (const { temporary } of waiting) rmSync(temporary, { force: true });
  }
  const removed = owned.flatMap((name) => stale(folder, name, output)).sort();
  for (const path of removed) rmSync(join(folder, path));
  return { written, unchanged, removed };
}

function same(path: string, content: string | Uint8Array): boolean {
  try {
    return readFileSync(path).equals(Buffer.from(content as Uint8Array));
  } catch {
    return false;
  }
}

function stale(folder: string, owned: string, output: Output): string[] {
  let names: string[];
  try {
    names = readdirSync(join(folder, owned));
  } catch {
    return [];
  }
  return names
    .filter((name) => /\.(?:svg|csv|json)$/.test(name))
    .map((name) => `${owned}/${name}`)
    .filter((path) => !output.has(path));
}
