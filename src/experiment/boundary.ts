import { aModel, type Module } from '../nn/module.js';
import { constant } from '../tensor/creation.js';
import { ValueError } from '../tensor/error.js';
import { scoped } from '../tensor/memory.js';
import { predictions } from '../training/predictions.js';
import { aNumber, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';

export interface GridOptions {
  /** The square of the plane that is asked, from −`extent` to `extent`; 3 unless said. */
  readonly extent?: number;
  /** Points along each side; 61 unless said. */
  readonly points?: number;
}

/** What a classifier answers on a grid of points of the plane. */
export interface ClassGrid {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** The class with the largest logit (the first of equals) at each point, one row per y. */
  readonly classes: readonly (readonly number[])[];
}

/** The classes that a network of two inputs gives to a grid of points, for a picture of its decision boundary. */
export function classGrid(model: Module, options: GridOptions = {}): ClassGrid {
  requireKinds('classGrid', { model }, { model: aModel });
  requireOptions('classGrid', options, { extent: true, points: true });
  const { extent = 3, points = 61 } = options;
  requireKinds('classGrid', { extent }, { extent: aNumber });
  if (!Number.isInteger(points) || points < 2) {
    throw new ValueError(
      `class grid: there are ${points} points a side, but it must be a whole number, at least 2`,
    );
  }
  const side = Array.from({ length: points }, (_, k) => (extent * (2 * k - (points - 1))) / (points - 1));
  const plane = Float64Array.from(side.flatMap((y) => side.flatMap((x) => [x, y])));
  const answers = scoped('classGrid', () => {
    const [parameter] = Object.values(model.parameters());
    const dtype = parameter?.dtype ?? 'float64';
    const x = constant(plane, { shape: [points * points, 2], dtype });
    return predictions(model, { x, size: points * points });
  });
  return { x: side, y: side, classes: side.map((_, row) => answers.slice(row * points, (row + 1) * points)) };
}
