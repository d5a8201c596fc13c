import { defineOp } from '../autodiff/define-op.js';
import type { Op } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { asTensor, type TensorLike, tensor } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/error.js';
import { formatShape, requireShape, type Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { fixed, type Labels, labelsOf } from './labels.js';

export interface Picked {
  /** One column a row, int32. */
  readonly index: Tensor;
}

export interface Placed extends Picked {
  readonly columns: number;
}

/**
 * $S_i = X_{i t_i}$: picks one column of each row; labels count from 0.
 * @throws ValueError for a label out of range, ShapeError unless there is one label a row.
 */
export const select: Op<'X', Picked, (X: TensorLike, labels: Labels) => Tensor> = defineOp(
  {
    name: 'select',
    courseName: 'Select',
    summary: 'one element of each row',
    inputs: ['X'],
    math: [
      {
        forward: 'S_i = X_{i t_i}',
        gradient: {
          X: String.raw`X^\nabla_{ij} = \sum_k S^\nabla_k \frac{\partial S_k}{\partial X_{ij}} = \sum_k S^\nabla_k \delta_{ki} [j = t_k] = S^\nabla_i [j = t_i]`,
        },
        shapes: [{ X: [3, 4] }],
        attributes: { index: fixed([1, 1, 3]) },
        constants: { t: [1, 1, 3] },
      },
    ],
    shapeRule: '(n, c), n labels → (n)',
    shape: ({ X }) => [rowsOf(X, 'select')],
    forward: ({ X }, output, { index }: Picked) => {
      const [rows, columns] = X.shape as [number, number];
      kernels[X.dtype as FloatDType].selectRows(X.pointer, index.pointer, output.pointer, rows, columns);
      return undefined;
    },
    backward: { X: ({ gradient, X, attributes }) => scatter(gradient, attributes.index, X.shape[1]!) },
    samples: [
      { shapes: { X: [3, 4] }, attributes: { index: fixed([1, 1, 3]) } },
      { shapes: { X: [1, 2] }, attributes: { index: fixed([1]) } },
    ],
    refuses: [
      {
        because: 'a label that is no column',
        call: () => select(tensor([[1, 2]]), [2]),
        message: /^select: label 2 of row 0 is out of range: there are 2 classes, 0 to 1/,
      },
      {
        because: 'another number of labels than rows',
        call: () => select(tensor([[1, 2]]), [0, 1]),
        message: /^select: 2 labels are given for 1 row;/,
      },
      {
        because: 'a vector in place of a matrix',
        call: () => select(tensor([1, 2]), [0]),
        message: /^select: \(2,\) is no matrix/,
      },
    ],
  },
  (execute) => (X, labels) => {
    const scores = asTensor(X);
    const rows = rowsOf(scores.shape, 'select');
    return execute([scores], { index: labelsOf(labels, rows, scores.shape[1]!, 'select') });
  },
);

/** $S_{ij} = X_i [j = t_i]$: the adjoint of `select`. */
export const scatter: Op<'X', Placed, (X: TensorLike, labels: Labels, columns: number) => Tensor> = defineOp(
  {
    name: 'scatter',
    summary: 'one element into each row of zeros: the adjoint of select',
    inputs: ['X'],
    math: [
      {
        forward: 'S_{ij} = X_i [j = t_i]',
        gradient: {
          X: String.raw`X^\nabla_i = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_i} = \sum_{kl} S^\nabla_{kl} \delta_{ki} [l = t_k] = S^\nabla_{i t_i}`,
        },
        shapes: [{ X: [3] }],
        attributes: { index: fixed([1, 1, 3]), columns: 4 },
        constants: { t: [1, 1, 3] },
      },
    ],
    shapeRule: '(n), n labels → (n, c)',
    shape: ({ X }, { columns }: Placed) => {
      if (X.length !== 1)
        throw new ShapeError(`scatter: ${formatShape(X)} is no vector; give one value a row`);
      requireShape([X[0]!, columns], 'scatter');
      return [X[0]!, columns];
    },
    forward: ({ X }, output, { index, columns }: Placed) => {
      kernels[X.dtype as FloatDType].scatterRows(X.pointer, index.pointer, output.pointer, X.size, columns);
      return undefined;
    },
    backward: { X: ({ gradient, attributes }) => select(gradient, attributes.index) },
    samples: [{ shapes: { X: [3] }, attributes: { index: fixed([1, 1, 3]), columns: 4 } }],
    refuses: [
      {
        because: 'a label that is no column',
        call: () => scatter(tensor([1]), [3], 2),
        message: /^scatter: label 3 of row 0 is out of range/,
      },
      {
        because: 'a matrix in place of a vector',
        call: () => scatter(tensor([[1, 2]]), [0, 0], 2),
        message: /^scatter: \(1, 2\) is no vector/,
      },
    ],
  },
  (execute) => (X, labels, columns) => {
    const values = asTensor(X);
    return execute([values], { index: labelsOf(labels, values.size, columns, 'scatter'), columns });
  },
);

function rowsOf(shape: Shape, op: string): number {
  if (shape.length === 2) return shape[0]!;
  throw new ShapeError(`${op}: ${formatShape(shape)} is no matrix; one row an instance, one column a class`);
}
