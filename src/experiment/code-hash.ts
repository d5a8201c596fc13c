import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { internal } from '../tensor/error.js';

const IMPORT =
  /^\s*(?:import|export)\s(?!type\s)[^'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]/gm;

/** The hash of the code that trials execute: it is part of their ids, so that results of other code are other results. */
export function trialCode(): string {
  const name = import.meta.url.endsWith('.ts') ? './load-data.ts' : './load-data.js'; // imports what trials execute, too
  return codeHash(new URL(name, import.meta.url));
}

/**
 * SHA-256 over a module and all that it imports, directly or not: the contents of files, the versions of packages.
 * Equal code gives the same hash wherever it is installed; what is compiled and what is not have hashes of their own.
 */
export function codeHash(entry: URL): string {
  const root = dirname(fileURLToPath(new URL('.', entry)));
  const files = new Map<string, string>();
  const packages = new Map<string, string>();
  const waiting = [entry];
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    const path = fileURLToPath(url);
    const name = relative(root, path).replaceAll('\\', '/');
    if (files.has(name)) continue;
    const text = readFileSync(path, 'utf8');
    files.set(name, text);
    for (const [, from, bare] of text.matchAll(IMPORT)) {
      const imported = (from ?? bare)!;
      if (imported.startsWith('.')) waiting.push(resolved(imported, url));
      else if (!imported.startsWith('node:')) packages.set(imported, versionOf(imported, path));
    }
  }
  return digest(files, packages);
}

/** Beside a TypeScript source, `./x.js` is written for `./x.ts`. */
function resolved(imported: string, from: URL): URL {
  const written = from.pathname.endsWith('.ts') ? imported.replace(/\.js$/, '.ts') : imported;
  return new URL(written, from);
}

function versionOf(imported: string, path: string): string {
  const name = imported.split('/', imported.startsWith('@') ? 2 : 1).join('/');
  for (const folder of createRequire(path).resolve.paths(name) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as {
        version: string;
      };
      return version;
    } catch {
      // not installed there; the next folder up is tried
    }
  }
  return internal(`the package ${name} that ${path} imports is nowhere to be found`);
}

function digest(files: ReadonlyMap<string, string>, packages: ReadonlyMap<string, string>): string {
  const hash = sha256.create();
  for (const part of [files, packages]) {
    for (const name of [...part.keys()].sort()) {
      hash.update(new TextEncoder().encode(`${name} ${part.get(name)!.length}\n${part.get(name)!}`));
    }
  }
  return bytesToHex(hash.digest());
}
