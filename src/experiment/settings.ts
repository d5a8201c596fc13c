import { ValueError } from '../tensor/error.js';
import { anExperiment, type Experiment } from './experiment.js';
import { readExperiment } from './read-experiment.js';
import { aText, listOf, requireKinds } from '../tensor/arguments.js';

/**
 * An experiment with some fields changed, each written as `path=value`; its name says which.
 * @throws ValueError for what is no such pair, no such field, or no value for it.
 * @example withSettings(experiments.relu, ['optimizer.rate=0.01']).name // 'relu[optimizer.rate=0.01]'
 */
export function withSettings(experiment: Experiment, settings: readonly string[]): Experiment {
  requireKinds(
    'withSettings',
    { experiment, settings },
    {
      experiment: anExperiment,
      settings: listOf(aText, "a list of settings, such as ['optimizer.rate=0.01']"),
    },
  );
  let changed: unknown = experiment;
  const said: string[] = [];
  for (const setting of settings) {
    const [, path, written] = /^([^=]+)=(.+)$/s.exec(setting) ?? [];
    if (path === undefined || written === undefined) {
      throw new ValueError(`--set ${setting}: this is no path=value, such as optimizer.rate=0.01`);
    }
    changed = set(changed, path.split('.'), valueOf(written), path);
    if (path !== 'seeds') said.push(setting);
  }
  const read = readExperiment(changed);
  return said.length === 0 ? read : { ...read, name: `${read.name}[${said.join(',')}]` };
}

function set(target: unknown, [key, ...rest]: readonly string[], value: unknown, path: string): unknown {
  if (key === undefined) return value;
  if (target !== undefined && (typeof target !== 'object' || target === null)) {
    throw new ValueError(`--set ${path}: ${JSON.stringify(target)} has no field ${key}`);
  }
  const fields = (target ?? {}) as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: set(Object.hasOwn(fields, key) ? fields[key] : undefined, rest, value, path) };
}

/** JSON, or else the text itself, so that words need no quotes. */
function valueOf(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}
