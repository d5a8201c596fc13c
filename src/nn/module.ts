import { aRandom, type Random } from '../random/random.js';
import { zeros } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { GradbookError, ShapeError } from '../tensor/error.js';
import { scoped } from '../tensor/memory.js';
import { requireShape, type Shape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { kind, numbers, objectWith, requireKinds, written } from '../tensor/arguments.js';

/** Numbers of each parameter, by path. */
export type Weights = Readonly<Record<string, ArrayLike<number>>>;

/**
 * What a forward pass in training is given. A pass without it evaluates: dropout drops nothing, and batch normalisation
 * uses the statistics that it has gathered.
 */
export interface Training {
  /** Where layers that need chance take it from, one after the other. */
  readonly random: Random;
}

/**
 * A part of a network that owns parameters.
 *
 * Parameters are found, not listed: every tensor that requires a gradient and can be reached through properties, arrays
 * and other modules is one, and its path is its name. A layer that is used cannot be forgotten.
 */
export abstract class Module {
  /** The output of a batch; `training` is given when the parameters are being trained. */
  abstract forward(input: Tensor, training?: Training): Tensor;

  /** What it is, in a few words, for summaries and errors. */
  describe(): string {
    return this.constructor.name;
  }

  /**
   * The shape of what one instance becomes, both without the batch axis; it passes zeros through the module.
   * @throws ShapeError when such an instance does not fit.
   */
  outputShape(instance: Shape): Shape {
    requireShape(instance, 'outputShape');
    return scoped('outputShape', () => {
      const dtype = (Object.values(this.state())[0]?.dtype ?? 'float64') as FloatDType;
      return this.forward(zeros([1, ...instance], { dtype, requiresGrad: false })).shape.slice(1);
    });
  }

  /** Every parameter by its path, such as `layers.0.weight`; one that is shared appears once, under its first path. */
  parameters(): Record<string, Tensor> {
    const found = tensorsIn(this).filter(([, { requiresGrad }]) => requiresGrad);
    for (const [path, parameter] of found) parameter.name ??= path;
    return Object.fromEntries(found);
  }

  /** All numbers that belong to it, by path: the parameters and what has no gradient, such as running statistics. */
  state(): Record<string, Tensor> {
    return Object.fromEntries(tensorsIn(this));
  }

  /** Draws all parameters anew; each part draws from a generator split off by its name. */
  initialize(random: Random): void {
    requireKinds('initialize', { random }, { random: aRandom });
    for (const [name, part] of modulesOf(this, '')) part.initialize(random.split(name));
  }

  /**
   * Overwrites all parameters, for instance with those of another program.
   * @throws GradbookError listing what is missing, unknown or of another size.
   */
  load(weights: Weights): void {
    requireKinds('load', { weights }, { weights: weightsByPath });
    const parameters = this.parameters();
    const problems = [
      ...Object.keys(parameters).flatMap((path) =>
        !Object.hasOwn(weights, path) ? [`${path} is missing`] : [],
      ),
      ...Object.keys(weights).flatMap((path) =>
        Object.hasOwn(parameters, path) ? [] : [`${path} is no parameter`],
      ),
      ...Object.entries(weights).flatMap(([path, values]) => {
        const refusal = numbers.refusal(values, path);
        if (refusal !== undefined) return [refusal];
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

const weightsByPath = objectWith({}, 'the numbers of each parameter by its path, as weights() returns them');

export const aModel = kind(
  'a model or a layer, such as mlp(…) or new Linear(2, 8)',
  (given) => given instanceof Module,
);

/** A positive whole number of units, or a clear error. */
export function requireUnits(what: string, count: number): void {
  if (Number.isInteger(count) && count > 0) return;
  throw new ShapeError(`${what} is ${written(count)}, but it must be a positive integer`);
}

/** Every tensor that no op has made and that can be reached, once, under its first path. */
function tensorsIn(module: Module): [path: string, tensor: Tensor][] {
  const seen = new Set<unknown>();
  const found: [string, Tensor][] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (value instanceof Tensor) {
      if (value.source === undefined) found.push([path, value]);
    } else if (isContainer(value)) {
      for (const [key, entry] of Object.entries(value)) visit(entry, path === '' ? key : `${path}.${key}`);
    }
  };
  visit(module, '');
  return found;
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
