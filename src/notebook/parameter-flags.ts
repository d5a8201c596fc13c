import { readFileSync } from 'node:fs';

import { UsageError } from './notebook-file.js';
import type { ParameterValue } from './parameters.js';

/** Takes `-p NAME VALUE`, `-f FILE` and `--full` out of the arguments; a later value replaces an earlier one. */
export async function takeParameters(
  args: readonly string[],
): Promise<{ parameters: ParameterValue[]; rest: string[] }> {
  const found = new Map<string, ParameterValue>();
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const flag = args[index]!;
    if (flag === '-p' || flag === '--parameters') {
      const [name, value] = [args[++index], args[++index]];
      if (name === undefined || value === undefined)
        throw new UsageError(`${flag} needs a name and a value: ${flag} epochs 5`);
      found.set(name, { name, value, fromText: true });
    } else if (flag === '-f' || flag === '--file') {
      const file = args[++index];
      if (file === undefined)
        throw new UsageError(`${flag} needs a JSON or YAML file with one entry a parameter`);
      for (const [name, value] of Object.entries(await readParameters(file)))
        found.set(name, { name, value, fromText: false });
    } else if (flag === '--full') found.set('full', { name: 'full', value: true, fromText: false });
    else rest.push(flag);
  }
  return { parameters: Array.from(found.values()), rest };
}

async function readParameters(file: string): Promise<Record<string, unknown>> {
  let values: unknown;
  try {
    const text = readFileSync(file, 'utf8');
    values = /\.ya?ml$/.test(file) ? (await import('yaml')).parse(text) : JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: the parameters cannot be read: ${(error as Error).message}`);
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new UsageError(`${file}: it must hold an object with one entry a parameter`);
  }
  return values as Record<string, unknown>;
}
