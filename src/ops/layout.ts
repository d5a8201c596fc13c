import { defineOp } from '../autodiff/define-op.js';
import type { Op } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { type TensorLike, tensor } from '../tensor/creation.js';
import { bytesPerElement } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/error.js';
import { formatShape, normalizeAxes, type Shape, sizeOf, stridesOf } from '../tensor/shape.js';
import { copyStrided } from '../tensor/strided.js';
import type { Tensor } from '../tensor/tensor.js';
import type { ShapingOp, TargetShape } from './broadcast.js';
import { kind, lengths, requireKind } from '../tensor/arguments.js';

/** The same numbers, row by row, under another shape of equal size; one length may be −1 and is then computed. */
export const reshape: ShapingOp = defineOp(
  {
    name: 'reshape',
    courseName: 'Reshape',
    summary: 'other shape, same order of elements',
    inputs: ['X'],
    math: [
      {
        forward: String.raw`S_k = \sum_{ij} [k = 3(i - 1) + j] X_{ij}`,
        gradient: {
          X: String.raw`X^\nabla_{ij} = \sum_k S^\nabla_k \frac{\partial S_k}{\partial X_{ij}} = \sum_k S^\nabla_k [k = 3(i - 1) + j] = S^\nabla_{3(i - 1) + j}`,
        },
        shapes: [{ X: [2, 3] }],
        attributes: { shape: [6] },
      },
    ],
    shapeRule: 'X → target of the same size',
    shape: ({ X }, { shape }: TargetShape) => {
      const completed = complete(shape, sizeOf(X));
      const isShape = completed.every((length) => Number.isInteger(length) && length > 0);
      if (isShape && sizeOf(completed) === sizeOf(X)) return completed;
      throw new ShapeError(
        `reshape: ${formatShape(X)} holds ${sizeOf(X)} elements and does not fit shape ${formatShape(shape)}; ` +
          'lengths are positive integers, and one may be -1',
      );
    },
    forward: ({ X }, output) => {
      kernels.copyBytes(X.pointer, output.pointer, X.size * bytesPerElement[X.dtype]);
      return undefined;
    },
    backward: { X: ({ gradient, X }) => reshape(gradient, X.shape) },
    samples: [
      { shapes: { X: [2, 3] }, attributes: { shape: [6] } },
      { shapes: { X: [2, 3] }, attributes: { shape: [3, -1] } },
      { shapes: { X: [1, 4] }, attributes: { shape: [2, 1, 2] } },
    ],
    refuses: [
      {
        because: 'another number of elements',
        call: () => reshape(tensor([1, 2, 3]), [2, 2]),
        message: /^reshape: \(3,\) holds 3 elements and does not fit shape \(2, 2\)/,
      },
    ],
  },
  (execute) => (X, shape) => {
    requireKind('reshape', 'shape', shape, lengths);
    return execute([X], { shape });
  },
);

/** The order in which the axes of the input become the axes of the output. */
export interface AxisOrder {
  readonly axes: readonly number[] | undefined;
}

/** $S_{ij} = X_{ji}$: reverses the axes, or puts them in the given order. */
export const transpose: Op<'X', AxisOrder, (X: TensorLike, axes?: readonly number[]) => Tensor> = defineOp(
  {
    name: 'transpose',
    courseName: 'Transpose',
    summary: 'axes in another order',
    inputs: ['X'],
    math: [
      {
        forward: 'S_{ij} = X_{ji}',
        gradient: {
          X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{li} \delta_{kj} = S^\nabla_{ji}`,
        },
        shapes: [{ X: [2, 3] }, { X: [1, 4] }],
        attributes: { axes: undefined },
      },
    ],
    shapeRule: '(n₀, n₁, …) → axes in the given order, reversed unless said',
    shape: ({ X }, { axes }: AxisOrder) => orderOf(axes, X).map((axis) => X[axis]!),
    forward: ({ X }, output, { axes }) => {
      const strides = stridesOf(X.shape);
      copyStrided(
        X,
        orderOf(axes, X.shape).map((axis) => strides[axis]!),
        output,
      );
      return undefined;
    },
    backward: {
      X: ({ gradient, X, attributes }) => transpose(gradient, inverse(orderOf(attributes.axes, X.shape))),
    },
    samples: [
      { shapes: { X: [2, 3] }, attributes: { axes: undefined } },
      { shapes: { X: [2, 3, 4] }, attributes: { axes: [1, 2, 0] } },
      { shapes: { X: [1, 3] }, attributes: { axes: [1, 0] } },
    ],
    refuses: [
      {
        because: 'an order that leaves an axis out',
        call: () => transpose(tensor([[1, 2]]), [0, 0]),
        message: /^transpose: axes \[0, 0\] name one axis twice/,
      },
      {
        because: 'an order for another number of axes',
        call: () => transpose(tensor([[1, 2]]), [0]),
        message: /^transpose: 1 axis is given for shape \(1, 2\), which has 2/,
      },
    ],
  },
  (execute) => (X, axes) => execute([X], { axes }),
);

function complete(shape: Shape, size: number): Shape {
  const open = shape.indexOf(-1);
  if (open < 0) return shape;
  const known = -sizeOf(shape);
  return shape.map((length, axis) => (axis === open ? size / known : length));
}

const axesInOrder = kind(
  'the axes in their new order, such as [1, 0]',
  (given) => Array.isArray(given) && given.every((axis) => typeof axis === 'number'),
);

function orderOf(axes: readonly number[] | undefined, shape: Shape): readonly number[] {
  if (axes === undefined) return shape.map((_, axis) => shape.length - 1 - axis);
  requireKind('transpose', 'axes', axes, axesInOrder);
  if (axes.length !== shape.length) {
    throw new ShapeError(
      `transpose: ${axes.length} ${axes.length === 1 ? 'axis is' : 'axes are'} given for shape ${formatShape(shape)}, which has ${shape.length}; name every axis once`,
    );
  }
  normalizeAxes(axes, shape, 'transpose');
  return axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
}

function inverse(order: readonly number[]): number[] {
  const inverted = new Array<number>(order.length);
  order.forEach((axis, position) => (inverted[axis] = position));
  return inverted;
}
