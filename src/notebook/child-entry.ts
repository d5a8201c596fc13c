import { fileURLToPath } from 'node:url';

/** Whether this code runs uncompiled, as in the tests: the loader then keeps a process of its own. */
export const runsFromSource = import.meta.url.endsWith('.ts');

/** The arguments by which Node starts a module of this folder, whether it is compiled or runs from its source. */
export function nodeArguments(
  entry: 'compiler-process' | 'session-process',
  flags: readonly string[] = [],
): string[] {
  const loader = runsFromSource ? ['--import', import.meta.resolve('tsx')] : [];
  const path = fileURLToPath(new URL(`./${entry}.${runsFromSource ? 'ts' : 'js'}`, import.meta.url));
  return [...loader, ...flags, path];
}

/** The environment of a child: colours and debugging of the parent would change what a cell prints. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env, NO_COLOR: '1' };
  for (const name of ['FORCE_COLOR', 'NODE_OPTIONS', 'NODE_INSPECT_RESUME_ON_START', 'NODE_V8_COVERAGE']) {
    Reflect.deleteProperty(environment, name);
  }
  return environment;
}
