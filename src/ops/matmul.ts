import { defineOp } from '../autodiff/define-op.js';
import type { Formula, Op } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { type TensorLike, tensor } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/error.js';
import { broadcastShapes, formatShape, type Shape, sizeOf } from '../tensor/shape.js';
import { expandedTo } from '../tensor/strided.js';
import type { Tensor } from '../tensor/tensor.js';
import { sumTo } from './broadcast.js';
import { requireOptions } from '../tensor/options.js';

export interface MatmulOptions {
  /** Use $X^\top$ instead of $X$ (the last two axes swapped). */
  readonly transposeX?: boolean;
  /** Use $W^\top$ instead of $W$. */
  readonly transposeW?: boolean;
}

/**
 * $S = X W$, with either operand transposed on request; axes before the last two are batches and broadcast; question 3.
 * @throws ShapeError when the inner lengths differ.
 */
export const matmul: Op<
  'X' | 'W',
  MatmulOptions,
  (X: TensorLike, W: TensorLike, options?: MatmulOptions) => Tensor
> = defineOp(
  {
    name: 'matmul',
    courseName: 'MatMul, BatchMM',
    summary: 'matrix product, batched, with either operand transposed on request',
    inputs: ['X', 'W'],
    math: [
      formula(
        'X_{ac} W_{cb}',
        'W_{jb}',
        String.raw`S^\nabla_{ib} W_{jb}`,
        'X_{ai}',
        String.raw`X_{ai} S^\nabla_{aj}`,
        {},
      ),
      formula(
        'X_{ac} W_{bc}',
        'W_{bj}',
        String.raw`S^\nabla_{ib} W_{bj}`,
        'X_{aj}',
        String.raw`S^\nabla_{ai} X_{aj}`,
        { transposeW: true },
      ),
    ],
    shapeRule: '(…, n, f), (…, f, m) → (…, n, m)',
    shape: ({ X, W }, options: MatmulOptions) => {
      const { n, f } = sizesOf(X, options.transposeX, 'left');
      const { n: g, f: m } = sizesOf(W, options.transposeW, 'right');
      if (f !== g) {
        throw new ShapeError(
          `matmul: the ${f} ${options.transposeX === true ? 'rows of the transposed' : 'columns of the'} left operand ` +
            `${formatShape(X)} must equal the ${g} ${options.transposeW === true ? 'columns of the transposed' : 'rows of the'} ` +
            `right operand ${formatShape(W)}; transpose one of them, or check which axis holds the features`,
        );
      }
      if (X.length === 2 && W.length === 2) return [n, m];
      return [...broadcastShapes(X.slice(0, -2), W.slice(0, -2), 'matmul'), n, m];
    },
    forward: ({ X, W }, output, { transposeX, transposeW }) => {
      const single = output.shape.length === 2;
      const batchShape = single ? noBatch : output.shape.slice(0, -2);
      const x = single ? X : expandedTo(X, [...batchShape, ...X.shape.slice(-2)]);
      const w = single ? W : expandedTo(W, [...batchShape, ...W.shape.slice(-2)]);
      const { n, f, rowStride, columnStride } = sizesOf(X.shape, transposeX, 'left');
      const { f: m, rowStride: wRow, columnStride: wColumn } = sizesOf(W.shape, transposeW, 'right');
      const kernel = kernels[X.dtype as FloatDType];
      const batch = sizeOf(batchShape);
      // prettier-ignore
      kernel.matmulBatched(
        x.pointer, w.pointer, output.pointer, n, m, f, rowStride, columnStride, wRow, wColumn, batch, n * f, f * m,
      );
      return undefined;
    },
    backward: {
      X: ({ gradient, X, W, attributes: { transposeX = false, transposeW = false } }) =>
        sumTo(
          transposeX
            ? matmul(W, gradient, { transposeX: transposeW, transposeW: true })
            : matmul(gradient, W, { transposeW: !transposeW }),
          X.shape,
        ),
      W: ({ gradient, X, W, attributes: { transposeX = false, transposeW = false } }) =>
        sumTo(
          transposeW
            ? matmul(gradient, X, { transposeX: true, transposeW: transposeX })
            : matmul(X, gradient, { transposeX: !transposeX }),
          W.shape,
        ),
    },
    samples: [
      { shapes: { X: [2, 3], W: [3, 4] }, attributes: {} },
      { shapes: { X: [2, 3], W: [4, 3] }, attributes: { transposeW: true } },
      { shapes: { X: [3, 2], W: [3, 4] }, attributes: { transposeX: true } },
      { shapes: { X: [3, 2], W: [4, 3] }, attributes: { transposeX: true, transposeW: true } },
      { shapes: { X: [1, 1], W: [1, 1] }, attributes: {} },
      { shapes: { X: [2, 2, 3], W: [2, 3, 2] }, attributes: {} },
      { shapes: { X: [2, 2, 3], W: [3, 2] }, attributes: {} },
      { shapes: { X: [1, 2, 3], W: [2, 4, 3] }, attributes: { transposeW: true } },
      { shapes: { X: [5, 33], W: [33, 9] }, attributes: {} },
    ],
    refuses: [
      {
        because: 'inner lengths that differ',
        call: () => matmul(tensor([[1, 2, 3]]), tensor([[1, 2]])),
        message:
          /^matmul: the 3 columns of the left operand \(1, 3\) must equal the 1 rows of the right operand \(1, 2\)/,
      },
      {
        because: 'a vector in place of a matrix',
        call: () => matmul(tensor([1, 2]), tensor([[1], [2]])),
        message: /^matmul: the left operand \(2,\) has 1 axis, but a matrix has at least 2/,
      },
    ],
  },
  (execute) =>
    (X, W, options = {}) => {
      requireOptions('matmul', options, { transposeX: true, transposeW: true });
      return execute([X, W], options);
    },
);

/**
 * $S = X W^\top + \mathbf 1 b^\top$: the affine map of a layer in one kernel; X is (n, f), W is (m, f), b is (m).
 * @throws ShapeError when the features or the biases do not fit the weights.
 */
export const linear: Op<'X' | 'W' | 'b', undefined, (X: TensorLike, W: TensorLike, b: TensorLike) => Tensor> =
  defineOp(
    {
      name: 'linear',
      courseName: 'Linear',
      summary: 'affine map of each row: weights and biases of a layer',
      inputs: ['X', 'W', 'b'],
      math: [
        {
          forward: String.raw`S_{ac} = \sum_f X_{af} W_{cf} + b_c`,
          gradient: {
            X: String.raw`X^\nabla_{ij} = \sum_{ac} S^\nabla_{ac} \frac{\partial S_{ac}}{\partial X_{ij}} = \sum_{ac} S^\nabla_{ac} \delta_{ai} W_{cj} = \sum_c S^\nabla_{ic} W_{cj}`,
            W: String.raw`W^\nabla_{ij} = \sum_{ac} S^\nabla_{ac} \frac{\partial S_{ac}}{\partial W_{ij}} = \sum_{ac} S^\nabla_{ac} \delta_{ci} X_{aj} = \sum_a S^\nabla_{ai} X_{aj}`,
            b: String.raw`b^\nabla_i = \sum_{ac} S^\nabla_{ac} \frac{\partial S_{ac}}{\partial b_i} = \sum_{ac} S^\nabla_{ac} \delta_{ci} = \sum_a S^\nabla_{ai}`,
          },
          shapes: [
            { X: [2, 3], W: [4, 3], b: [4] },
            { X: [1, 2], W: [2, 2], b: [2] },
          ],
        },
      ],
      shapeRule: '(n, f), (m, f), (m) → (n, m)',
      shape: ({ X, W, b }) => {
        if (X.length !== 2 || W.length !== 2 || X[1] !== W[1]) {
          throw new ShapeError(
            `linear: the rows of X ${formatShape(X)} and of W ${formatShape(W)} must have the same number of features; ` +
              'X is (batch, features) and W is (outputs, features)',
          );
        }
        if (b.length !== 1 || b[0] !== W[0]) {
          throw new ShapeError(
            `linear: b ${formatShape(b)} must have one bias for each of the ${W[0]} rows of W ${formatShape(W)}`,
          );
        }
        return [X[0]!, W[0]!];
      },
      forward: ({ X, W, b }, output) => {
        const [rows, features] = X.shape as [number, number];
        const kernel = kernels[X.dtype as FloatDType];
        kernel.linear(X.pointer, W.pointer, b.pointer, output.pointer, rows, features, W.shape[0]!);
        return undefined;
      },
      backward: {
        X: ({ gradient, W }) => matmul(gradient, W),
        W: ({ gradient, X }) => matmul(gradient, X, { transposeX: true }),
        b: ({ gradient, b }) => sumTo(gradient, b.shape),
      },
      samples: [
        { shapes: { X: [2, 3], W: [4, 3], b: [4] } },
        { shapes: { X: [1, 2], W: [1, 2], b: [1] } },
        { shapes: { X: [5, 1], W: [3, 1], b: [3] } },
      ],
      refuses: [
        {
          because: 'features that differ',
          call: () => linear(tensor([[1, 2, 3]]), tensor([[1, 2]]), tensor([0])),
          message: /^linear: the rows of X \(1, 3\) and of W \(1, 2\) must have the same number of features/,
        },
        {
          because: 'another number of biases',
          call: () => linear(tensor([[1, 2]]), tensor([[1, 2]]), tensor([0, 0])),
          message: /^linear: b \(2,\) must have one bias for each of the 1 rows of W \(1, 2\)/,
        },
      ],
    },
    (execute) => (X, W, b) => execute([X, W, b], undefined),
  );

const noBatch: Shape = [];

interface MatrixSizes {
  /** Rows and columns after a transposition. */
  readonly n: number;
  readonly f: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

function sizesOf(shape: Shape, transposed: boolean | undefined, side: 'left' | 'right'): MatrixSizes {
  const rows = shape[shape.length - 2];
  const columns = shape[shape.length - 1];
  if (rows === undefined || columns === undefined) {
    throw new ShapeError(
      `matmul: the ${side} operand ${formatShape(shape)} has ${shape.length} ${shape.length === 1 ? 'axis' : 'axes'}, ` +
        'but a matrix has at least 2; reshape a vector to (1, n) or (n, 1)',
    );
  }
  return transposed === true
    ? { n: columns, f: rows, rowStride: 1, columnStride: columns }
    : { n: rows, f: columns, rowStride: columns, columnStride: 1 };
}

function formula(
  product: string,
  ofX: string,
  forX: string,
  ofW: string,
  forW: string,
  attributes: MatmulOptions,
): Formula<'X' | 'W', MatmulOptions> {
  const upstream = String.raw`\sum_{ab} S^\nabla_{ab}`;
  const [deltaX, deltaW] = [
    String.raw`\delta_{ai}`,
    attributes.transposeW === true ? String.raw`\delta_{bi}` : String.raw`\delta_{bj}`,
  ];
  return {
    forward: String.raw`S_{ab} = \sum_c ${product}`,
    gradient: {
      X: String.raw`X^\nabla_{ij} = ${upstream} \frac{\partial S_{ab}}{\partial X_{ij}} = ${upstream} ${deltaX} ${ofX} = \sum_b ${forX}`,
      W: String.raw`W^\nabla_{ij} = ${upstream} \frac{\partial S_{ab}}{\partial W_{ij}} = ${upstream} ${deltaW} ${ofW} = \sum_a ${forW}`,
    },
    matrix:
      attributes.transposeW === true
        ? {
            X: String.raw`X^\nabla = S^\nabla W`,
            W: String.raw`W^\nabla = (S^\nabla)^\top X`,
          }
        : {
            X: String.raw`X^\nabla = S^\nabla W^\top`,
            W: String.raw`W^\nabla = X^\top S^\nabla`,
          },
    shapes: attributes.transposeW === true ? [{ X: [2, 3], W: [4, 3] }] : [{ X: [2, 3], W: [3, 4] }],
    attributes,
  };
}
