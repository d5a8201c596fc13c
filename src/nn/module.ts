import type { Random } from '../random/random.js';
import { GradbookError, ShapeError } from '../tensor/error.js';
import { Tensor } from '../tensor/tensor.js';

/** Numbers of each parameter, by path. */
export type Weights = Readonly<Record<string, ArrayLike<number>>>;

/**
 * A part of a network that owns parameters.
 *
 * Parameters are found, not listed: every tensor that requires a gradient and can be reached through properties, arrays
 * and other modules is one, and its path is its name. A layer that is used cannot be forgotten.
 */
export abstract class Module {
  abstract forward(input: Tensor): Tensor;

  /** Every parameter by its path, such as `layers.0.weight`; one that is shared appears once, under its first path. */
  parameters(): Record<string, Tensor> {
    const found: Record<string, Tensor> = {};
    collect(this, '', new Set(), found);
    return found;
  }

  /** Draws all parameters anew; each part draws from a generator split off by its name. */
  initialize(random: Random): void {
    for (const [name, part] of modulesOf(this, '')) part.initialize(random.split(name));
  }

  /**
   * Overwrites all parameters, for instance with those of another program.
   * @throws GradbookError listing what is missing, unknown or of another size.
   */
  load(weights: Weights): void {
    const parameters = this.parameters();
    const problems = [
      ...Object.keys(parameters).flatMap((path) =>
        weights[path] === undefined ? [`${path} is missing`] : [],
      ),
      ...Object.keys(weights).flatMap((path) =>
        parameters[path] === undefined ? [`${path} is no parameter`] : [],
      ),
      ...Object.entries(weights).flatMap(([path, values]) => {
        const size = parameters[path]?.size ?? values.length;
        return size === values.length ? [] : [`${path} has ${values.length} numbers instead of ${size}`];
      }),
    ];
    if (problems.length > 0) {
      throw new GradbookError(`load: these weights are of another model: ${problems.join('; ')}`);
    }
    for (const [path, values] of Object.entries(weights)) parameters[path]!.assign(values);
  }

  /** A copy of all parameters. */
  weights(): Record<string, Float64Array> {
    return Object.fromEntries(
      Object.entries(this.parameters()).map(([path, parameter]) => [
        path,
        Float64Array.from(parameter.data()),
      ]),
    );
  }
}

/** A positive whole number of units, or a clear error. */
export function requireUnits(what: string, count: number): void {
  if (Number.isInteger(count) && count > 0) return;
  throw new ShapeError(`${what} is ${count}, but it must be a positive integer`);
}

function collect(value: unknown, path: string, seen: Set<unknown>, found: Record<string, Tensor>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Tensor) {
    if (!value.requiresGrad || value.source !== undefined) return;
    found[path] = value;
    value.name ??= path;
    return;
  }
  if (!isContainer(value)) return;
  for (const [key, entry] of Object.entries(value))
    collect(entry, path === '' ? key : `${path}.${key}`, seen, found);
}

/** The modules directly inside a value: those that no other module stands between. */
function modulesOf(value: object, path: string): [string, Module][] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]): [string, Module][] => {
    const name = path === '' ? key : `${path}.${key}`;
    if (entry instanceof Module) return [[name, entry]];
    return typeof entry === 'object' && entry !== null && isContainer(entry) ? modulesOf(entry, name) : [];
  });
}

function isContainer(value: object): boolean {
  return value instanceof Module || Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
