import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

import { UsageError } from './notebook-file.js';

/**
 * Throws when the file, or a folder on the way to it, is a link that leads out of the project in which the link lies:
 * commands write inside the project only. `otherwise` says what to do instead.
 */
export function refuseOutsideProject(path: string, otherwise: string): void {
  for (let at = resolve(path); at !== dirname(at); at = dirname(at)) {
    if (!isLink(at) || !existsSync(at)) continue;
    const project = projectOf(at) ?? (at === resolve(path) ? dirname(at) : undefined);
    const target = realpathSync(at);
    if (project === undefined || isWithin(realpathSync(project), target)) continue;
    const what = at === resolve(path) ? 'it' : relative(process.cwd(), at);
    throw new UsageError(
      `${path}: ${what} is a link to ${target}, outside of the project ${project}. ${otherwise}`,
    );
  }
}

/** The nearest folder above that is the root of a project. */
function projectOf(path: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) || existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function isWithin(folder: string, path: string): boolean {
  return relative(folder, path).split(sep)[0] !== '..';
}
