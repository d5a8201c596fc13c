import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** A module beside the one at `url`; its source when that one runs from its source, else what it is compiled to. */
export function moduleBeside(url: string, name: string): URL {
  return new URL(`./${name}${url.endsWith('.ts') ? '.ts' : '.js'}`, url);
}

/**
 * Runs a module in a thread of this process. A thread does not inherit the compiler of `node --import tsx`, so a source gets
 * one of its own.
 */
export function startThread(module: URL, workerData?: unknown): Worker {
  if (!module.pathname.endsWith('.ts')) return new Worker(module, { workerData });
  const commonJs = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api'));
  const compiler = new URL('index.mjs', commonJs).href; // mocha compiles to CommonJS, which has no `import.meta.resolve`
  const script = `import('${compiler}').then(({ register }) => { register(); return import('${module.href}'); });`;
  return new Worker(script, { eval: true, workerData });
}
