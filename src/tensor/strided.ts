import { kernels, memory } from '../kernels/index.js';
import type { FloatDType } from './dtype.js';
import { ShapeError } from './error.js';
import { takeMemory } from './heap.js';
import { equalShapes, formatShape, type Shape, stridesOf } from './shape.js';
import { Tensor } from './tensor.js';

/** The most axes that a tensor can have. */
const MAX_RANK = 8;

const shapeTable = takeMemory(MAX_RANK * 4);
const strideTable = takeMemory(MAX_RANK * 4);

/** Fills `output` with `source[Σ_a i_a · stride_a]` for every index i: serves transposing, expanding and slicing. */
export function copyStrided(source: Tensor, strides: readonly number[], output: Tensor): void {
  const rank = output.shape.length;
  if (rank > MAX_RANK) {
    throw new ShapeError(
      `${output.label} has ${rank} axes, but at most ${MAX_RANK} are supported; reshape it first`,
    );
  }
  new Int32Array(memory.buffer, shapeTable, rank).set(output.shape);
  new Int32Array(memory.buffer, strideTable, rank).set(strides);
  kernels[source.dtype as FloatDType].copyStrided(
    source.pointer,
    output.pointer,
    rank,
    shapeTable,
    strideTable,
  );
}

/** The values of a tensor repeated to a larger shape, outside the graph; the tensor itself when the shapes are equal. */
export function expandedTo(source: Tensor, shape: Shape): Tensor {
  if (equalShapes(source.shape, shape)) return source;
  const output = Tensor.allocate(shape, source.dtype);
  if (source.size === 1) {
    kernels[source.dtype as FloatDType].fill(output.pointer, output.size, source.item());
    return output;
  }
  const added = shape.length - source.shape.length;
  if (added < 0)
    throw new ShapeError(`${source.label} cannot be expanded to the smaller shape ${formatShape(shape)}`);
  const own = stridesOf(source.shape);
  const strides = shape.map((_, axis) =>
    axis < added || source.shape[axis - added] === 1 ? 0 : own[axis - added]!,
  );
  copyStrided(source, strides, output);
  return output;
}
