import { ShapeError } from '../tensor/error.js';
import { formatShape, type Shape } from '../tensor/shape.js';
import { aTensor, type Tensor } from '../tensor/tensor.js';
import { Module, type Training } from './module.js';
import { requireKind } from '../tensor/arguments.js';

/** A part of a chain and its path in the model. */
export type Step = readonly [path: string, part: Module];

/** What an instance has become behind a part; shapes are without the batch axis. */
export interface TracedStep {
  readonly path: string;
  readonly part: Module;
  readonly output: Shape;
}

/** A module whose parts an input passes one after the other. */
export abstract class Chain extends Module {
  /** The parts, in the order of the pass. */
  abstract steps(): readonly Step[];

  /** @throws ShapeError that prints the shapes up to the part that the input does not fit. */
  forward(input: Tensor, training?: Training): Tensor {
    requireKind('forward', 'input', input, aTensor);
    try {
      let signal = input;
      for (const step of this.steps()) signal = step[1].forward(signal, training);
      return signal;
    } catch (error) {
      if (error instanceof ShapeError) trace(this.steps(), input.shape.slice(1));
      throw error;
    }
  }

  override outputShape(instance: Shape): Shape {
    return shapeAfter(this.steps(), instance);
  }
}

/**
 * The shape of what one instance has become after some parts, both without the batch axis.
 * @throws ShapeError as `trace` does.
 */
export function shapeAfter(steps: readonly Step[], instance: Shape): Shape {
  return trace(steps, instance).at(-1)?.output ?? instance;
}

/**
 * Follows the shape of one instance through parts, and through the chains among them.
 * @throws ShapeError that prints the shapes up to the part that does not fit.
 */
export function trace(steps: readonly Step[], instance: Shape): readonly TracedStep[] {
  const traced: TracedStep[] = [];
  for (const [path, part] of flattened(steps)) {
    const input = traced.at(-1)?.output ?? instance;
    try {
      traced.push({ path, part, output: part.outputShape(input) });
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      throw new ShapeError(broken(instance, traced, path, part, error.message));
    }
  }
  return traced;
}

/** All parts with what is inside chains among them, in the order of the pass. */
export function flattened(steps: readonly Step[]): Step[] {
  return steps.flatMap(([path, part]): Step[] =>
    part instanceof Chain
      ? flattened(part.steps()).map(([inner, step]) => [`${path}.${inner}`, step])
      : [[path, part]],
  );
}

function broken(
  instance: Shape,
  before: readonly TracedStep[],
  path: string,
  part: Module,
  reason: string,
): string {
  const rows = [
    ['input', '', formatShape(instance)],
    ...before.map((step) => [step.path, step.part.describe(), formatShape(step.output)]),
    [path, part.describe(), `✗ ${reason}`],
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const chain = rows.map(
    ([name, what, shape]) => `\n  ${name!.padEnd(widths[0]!)}  ${what!.padEnd(widths[1]!)}  ${shape}`,
  );
  const input = before.at(-1)?.output ?? instance;
  return (
    `${path} (${part.describe()}) does not fit its input ${formatShape(input)}; one instance, without the batch axis, ` +
    `passes the shapes:${chain.join('')}`
  );
}
