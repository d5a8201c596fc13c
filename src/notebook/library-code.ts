import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { UsageError } from './notebook-file.js';

/** The folder of this package, which is the same for the sources and for what is compiled from them. */
export const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/**
 * SHA-256 of what notebooks execute when they import the library: the compiled modules, but for commands and the report,
 * which take no part in what a cell computes, and the packages that are asked for. Comments on lines of their own are left
 * out, so that a better wording makes no notebook old. Throws a UsageError when the library is not compiled.
 */
export function libraryCode(folder = packageFolder): string {
  const compiled = join(folder, 'dist');
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: object;
  };
  const hash = createHash('sha256').update(JSON.stringify(dependencies));
  for (const path of modulesIn(compiled)) {
    const name = relative(compiled, path).replaceAll('\\', '/');
    if (!computes(name)) continue;
    const text = withoutComments(readFileSync(path, 'utf8'));
    hash.update(`${name} ${text.length}\n${text}`);
  }
  return hash.digest('hex');
}

/**
 * Code without the comments that have their lines to themselves. Where a text in backquotes may go over several lines, what
 * looks like a comment may be none, and everything stays.
 */
export function withoutComments(code: string): string {
  const lines = code.split('\n');
  const mayGoOn = lines.some((line) => (line.match(/`/g) ?? []).length % 2 === 1 || line.includes('${`'));
  if (mayGoOn) return code;
  return code
    .replace(/^[ \t]*\/\*(?:[^*]|\*(?!\/))*\*\/[ \t]*\n/gm, '')
    .replace(/^[ \t]*\/\/.*\n/gm, '')
    .replace(/^\s*\n/gm, '');
}

function computes(name: string): boolean {
  return !/^(?:report\/|cli\.js$)|-command\.js$/.test(name);
}

function modulesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return modulesIn(path);
        return /\.[cm]?js$|\.wasm$/.test(entry.name) ? [path] : [];
      });
  } catch {
    throw new UsageError(`${folder}: the library is not compiled: run "npm run build" first.`);
  }
}
