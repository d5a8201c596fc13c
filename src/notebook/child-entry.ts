import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { moduleBeside } from '../experiment/thread.js';

/** The arguments by which Node starts a module of this folder, whether it is compiled or runs from its source. */
export function nodeArguments(
  entry: 'compiler-process' | 'session-process',
  flags: readonly string[] = [],
): string[] {
  const loader = runsFromSource
    ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
    : [];
  return [...loader, ...flags, fileURLToPath(moduleBeside(import.meta.url, entry))];
}

/** The environment of a child: colours and debugging of the parent would change what a cell prints. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env, NO_COLOR: '1' };
  for (const name of ['FORCE_COLOR', 'NODE_OPTIONS', 'NODE_INSPECT_RESUME_ON_START', 'NODE_V8_COVERAGE']) {
    Reflect.deleteProperty(environment, name);
  }
  return environment;
}

/**
 * Node 20 makes optimized machine code of a function so early (after 67,584 bytes of its code) that in a process of a few
 * seconds this costs more than it gains. Later versions have a faster compiler for that time, and not this flag.
 */
export function optimizeAfter(bytes: number): string[] {
  return process.version.startsWith('v20.') ? [`--interrupt-budget=${bytes}`] : [];
}

const runsFromSource = import.meta.url.endsWith('.ts');
