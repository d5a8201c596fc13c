import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** The arguments by which Node starts a module of this folder, whether it is compiled or runs from its source. */
export function nodeArguments(
  entry: 'compiler-process' | 'session-process',
  flags: readonly string[] = [],
): string[] {
  const loader = runsFromSource
    ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
    : [];
  const path = fileURLToPath(new URL(moduleFile(entry), import.meta.url));
  return [...loader, ...flags, path];
}

/** Starts a module of this folder in a thread of this process. */
export function startThread(entry: 'watch-thread', workerData: unknown): Worker {
  const url = new URL(moduleFile(entry), import.meta.url);
  if (!runsFromSource) return new Worker(url, { workerData });
  const loader = import.meta.resolve('tsx/esm/api');
  const script = `import('${loader}').then(({ register }) => { register(); return import('${url.href}'); });`;
  return new Worker(script, { eval: true, workerData });
}

/** The environment of a child: colours and debugging of the parent would change what a cell prints. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env, NO_COLOR: '1' };
  for (const name of ['FORCE_COLOR', 'NODE_OPTIONS', 'NODE_INSPECT_RESUME_ON_START', 'NODE_V8_COVERAGE']) {
    Reflect.deleteProperty(environment, name);
  }
  return environment;
}

function moduleFile(name: string): string {
  return `./${name}.${runsFromSource ? 'ts' : 'js'}`;
}

const runsFromSource = import.meta.url.endsWith('.ts');
