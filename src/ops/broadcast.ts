import { defineOp } from '../autodiff/define-op.js';
import type { Op } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { type TensorLike, tensor } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/error.js';
import { broadcastsTo, equalShapes, formatShape, requireShape, type Shape } from '../tensor/shape.js';
import { expandedTo } from '../tensor/strided.js';
import { Tensor } from '../tensor/tensor.js';
import { lengths, requireKind } from '../tensor/arguments.js';

/** The shape that the result shall have. */
export interface TargetShape {
  readonly shape: Shape;
}

/** An op that brings a tensor to a given shape. */
export type ShapingOp = Op<'X', TargetShape, (X: TensorLike, shape: Shape) => Tensor>;

const expandOp: ShapingOp = defineOp(
  {
    name: 'expand',
    courseName: 'Expand',
    summary: 'repetition along axes of length 1 and along new axes in front (broadcastTo)',
    inputs: ['X'],
    math: [
      {
        forward: 'S_{ij} = X_{i1}',
        gradient: {
          X: String.raw`X^\nabla_{i1} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{i1}} = \sum_{kl} S^\nabla_{kl} \delta_{ki} = \sum_l S^\nabla_{il}`,
        },
        shapes: [{ X: [3, 1] }],
        attributes: { shape: [3, 16] },
      },
      {
        forward: 'S_{ij} = X_j',
        gradient: {
          X: String.raw`X^\nabla_j = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_j} = \sum_{kl} S^\nabla_{kl} \delta_{lj} = \sum_k S^\nabla_{kj}`,
        },
        shapes: [{ X: [3] }],
        attributes: { shape: [4, 3] },
      },
    ],
    shapeRule: 'any shape that broadcasts to the target → target',
    shape: ({ X }, { shape }: TargetShape) => {
      requireShape(shape, 'expand');
      if (broadcastsTo(X, shape)) return shape;
      throw new ShapeError(
        `expand: ${formatShape(X)} does not broadcast to ${formatShape(shape)}: aligned at the last axis, each length must ` +
          'be equal or 1',
      );
    },
    forward: ({ X }, output) => {
      const bytes = output.size * (output.dtype === 'float64' ? 8 : 4);
      kernels.copyBytes(expandedTo(X, output.shape).pointer, output.pointer, bytes);
      return undefined;
    },
    backward: { X: ({ gradient, X }) => sumTo(gradient, X.shape) },
    samples: [
      { shapes: { X: [3, 1] }, attributes: { shape: [3, 4] } },
      { shapes: { X: [3] }, attributes: { shape: [2, 3] } },
      { shapes: { X: [] }, attributes: { shape: [2, 2] } },
      { shapes: { X: [2, 1, 3] }, attributes: { shape: [2, 2, 2, 3] } },
    ],
    refuses: [
      {
        because: 'a length that is neither equal nor 1',
        call: () => expand(tensor([1, 2, 3]), [3, 2]),
        message: /^expand: \(3,\) does not broadcast to \(3, 2\)/,
      },
    ],
  },
  (execute) => (X, shape) => execute([X], { shape }),
);

const sumToOp: ShapingOp = defineOp(
  {
    name: 'sumTo',
    summary: 'sum over the axes that expand repeats: its adjoint',
    inputs: ['X'],
    math: [
      {
        forward: String.raw`S_{ij} = \sum_l X_{il}`,
        gradient: {
          X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{ki} = \sum_l S^\nabla_{il}`,
        },
        shapes: [{ X: [3, 4] }],
        attributes: { shape: [3, 1] },
      },
      {
        forward: String.raw`S_j = \sum_i X_{ij}`,
        gradient: {
          X: String.raw`X^\nabla_{ij} = \sum_l S^\nabla_l \frac{\partial S_l}{\partial X_{ij}} = \sum_l S^\nabla_l \delta_{lj} = S^\nabla_j`,
        },
        shapes: [{ X: [3, 4] }],
        attributes: { shape: [4] },
      },
    ],
    shapeRule: 'target broadcasts to X → target',
    shape: ({ X }, { shape }: TargetShape) => {
      if (broadcastsTo(shape, X)) return shape;
      throw new ShapeError(
        `sumTo: ${formatShape(X)} cannot be summed to ${formatShape(shape)}, which does not broadcast to it`,
      );
    },
    forward: ({ X }, output) => {
      sumInto(X, output);
      return undefined;
    },
    backward: { X: ({ gradient, X }) => expand(gradient, X.shape) },
    samples: [
      { shapes: { X: [3, 4] }, attributes: { shape: [3, 1] } },
      { shapes: { X: [3, 4] }, attributes: { shape: [4] } },
      { shapes: { X: [3, 4] }, attributes: { shape: [] } },
      { shapes: { X: [2, 2, 3] }, attributes: { shape: [2, 1, 3] } },
      { shapes: { X: [2, 3, 2] }, attributes: { shape: [1, 3, 1] } },
    ],
    refuses: [
      {
        because: 'a target that does not broadcast back',
        call: () => sumTo(tensor([[1, 2, 3]]), [2]),
        message: /^sumTo: \(1, 3\) cannot be summed to \(2,\)/,
      },
    ],
  },
  (execute) => (X, shape) => execute([X], { shape }),
);

/**
 * Repeats a tensor to a larger shape, $Y = x \mathbf 1^\top$; question 4. The tensor itself when the shapes are equal.
 * @throws ShapeError unless every length is equal or 1, counted from the last axis.
 */
export const expand: ShapingOp = shortcut(expandOp);

/** Sums a tensor to a smaller shape: the adjoint of `expand`. The tensor itself when the shapes are equal. */
export const sumTo: ShapingOp = shortcut(sumToOp);

/** Equal shapes need no op at all: rules of backward call these on every gradient. */
function shortcut(op: ShapingOp): ShapingOp {
  const call = (X: TensorLike, shape: Shape): Tensor => {
    requireKind(op.name, 'shape', shape, lengths);
    return X instanceof Tensor && equalShapes(X.shape, shape) ? X : op(X, shape);
  };
  return Object.defineProperties(call, Object.getOwnPropertyDescriptors(op)) as ShapingOp;
}

/** Sums one repeated axis after the other, the first first, and runs of axes in one kernel call. */
function sumInto(X: Tensor, output: Tensor): void {
  const axes = X.shape.length;
  const added = axes - output.shape.length;
  const isSummed = (axis: number): boolean =>
    axis < added || (output.shape[axis - added] === 1 && X.shape[axis] !== 1);
  let rest = X;
  let outer = 1;
  let inner = X.size;
  for (let axis = 0; axis < axes;) {
    const sums = isSummed(axis);
    let run = 1;
    while (axis < axes && isSummed(axis) === sums) run *= X.shape[axis++]!;
    inner /= run;
    if (!sums) {
      outer *= run;
      continue;
    }
    const isLast = outer * inner === output.size;
    const partial = isLast ? output : Tensor.allocate([outer, inner], X.dtype);
    kernels[X.dtype as FloatDType].sum(rest.pointer, partial.pointer, outer, run, inner);
    rest = partial;
  }
  if (rest === X) kernels.copyBytes(X.pointer, output.pointer, X.size * (X.dtype === 'float64' ? 8 : 4));
}
