import { defineOp } from '../autodiff/define-op.js';
import type { Op, OpRecord } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { type TensorLike, constant, tensor } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/error.js';
import { Tensor } from '../tensor/tensor.js';
import { divide, multiply, subtract } from './arithmetic.js';
import { exp } from './functions.js';
import { sum } from './reduce.js';

/** An op on each row: the last axis. */
export type RowwiseOp = Op<'X', undefined, (X: TensorLike) => Tensor>;

type Rowwise = OpRecord<'X', undefined>;

/** $S_{ij} = e^{X_{ij}} / \sum_k e^{X_{ik}}$ over the last axis, with the row's maximum subtracted first. */
export const softmax: RowwiseOp = rowwise({
  name: 'softmax',
  courseName: 'Softmax',
  summary: 'normalised exponentials of each row',
  math: [
    {
      forward: String.raw`S_{ij} = \frac{\exp(X_{ij})}{\sum_k \exp(X_{ik})}`,
      gradient: {
        X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{ki} S_{kl} (\delta_{lj} - S_{kj}) = S_{ij} \left(S^\nabla_{ij} - \sum_l S^\nabla_{il} S_{il}\right)`,
      },
      shapes: rowwiseShapes(),
    },
  ],
  forward: ({ X }, output) => {
    const [rows, columns] = rowsAndColumns(X);
    kernels[X.dtype as FloatDType].softmax(X.pointer, output.pointer, rows, columns);
    return undefined;
  },
  backward: {
    X: ({ gradient, output }) => multiply(output, subtract(gradient, rowSum(multiply(gradient, output)))),
  },
  fused: {
    X: ({ gradient, output }) => {
      const result = Tensor.allocate(output.shape, output.dtype);
      const [rows, columns] = rowsAndColumns(output);
      const kernel = kernels[output.dtype as FloatDType];
      kernel.softmaxBackward(gradient.pointer, output.pointer, result.pointer, rows, columns);
      return result;
    },
  },
  equivalentMutants: {
    'multiplication commutes': [
      'X: multiply(gradient, output) → multiply(output, gradient)',
      'X: multiply(output, subtract(…)) → multiply(subtract(…), output)',
    ],
  },
});

/** $S_{ij} = X_{ij} - \log \sum_k e^{X_{ik}}$ over the last axis, finite for any finite input. */
export const logSoftmax: RowwiseOp = rowwise({
  name: 'logSoftmax',
  courseName: 'LogSoftmax',
  summary: 'logarithm of the softmax of each row',
  math: [
    {
      forward: String.raw`S_{ij} = X_{ij} - \log\left(\sum_k \exp(X_{ik})\right)`,
      gradient: {
        X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{ki} (\delta_{lj} - \exp(S_{kj})) = S^\nabla_{ij} - \exp(S_{ij}) \sum_l S^\nabla_{il}`,
      },
      shapes: rowwiseShapes(),
    },
  ],
  forward: ({ X }, output) => {
    const [rows, columns] = rowsAndColumns(X);
    kernels[X.dtype as FloatDType].logSoftmax(X.pointer, output.pointer, rows, columns);
    return undefined;
  },
  backward: {
    X: ({ gradient, output }) => subtract(gradient, multiply(exp(output), rowSum(gradient))),
  },
  fused: {
    X: ({ gradient, output }) => {
      const result = Tensor.allocate(output.shape, output.dtype);
      const [rows, columns] = rowsAndColumns(output);
      const kernel = kernels[output.dtype as FloatDType];
      kernel.logSoftmaxBackward(gradient.pointer, output.pointer, result.pointer, rows, columns);
      return result;
    },
  },
  equivalentMutants: {
    'multiplication commutes': ['X: multiply(exp(…), sum(…)) → multiply(sum(…), exp(…))'],
  },
});

/** $S_{ij} = X_{ij} / \sum_k X_{ik}$ over the last axis; question 8. */
export const normalize: RowwiseOp = rowwise({
  name: 'normalize',
  courseName: 'Normalize',
  summary: 'each row divided by its sum',
  math: [
    {
      forward: String.raw`S_{ij} = \frac{X_{ij}}{\sum_k X_{ik}}`,
      gradient: {
        X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{ki} \left(\frac{\delta_{lj}}{\sum_m X_{im}} - \frac{X_{il}}{\left(\sum_m X_{im}\right)^2}\right) = \frac{S^\nabla_{ij}}{\sum_m X_{im}} - \frac{\sum_l S^\nabla_{il} X_{il}}{\left(\sum_m X_{im}\right)^2}`,
      },
      shapes: rowwiseShapes(),
    },
  ],
  domain: { X: { low: 0.5, high: 2 } },
  forward: ({ X }, output) => {
    const [rows, columns] = rowsAndColumns(X);
    const sums = Tensor.allocate([rows], X.dtype);
    kernels[X.dtype as FloatDType].normalizeRows(X.pointer, output.pointer, sums.pointer, rows, columns);
    return undefined;
  },
  backward: {
    X: ({ gradient, X, output }) => divide(subtract(gradient, rowSum(multiply(gradient, output))), rowSum(X)),
  },
  equivalentMutants: {
    'multiplication commutes': ['X: multiply(gradient, output) → multiply(output, gradient)'],
  },
});

function rowwise(
  own: Pick<Rowwise, 'name' | 'summary' | 'math' | 'forward' | 'backward'> &
    Partial<Pick<Rowwise, 'courseName' | 'domain' | 'fused' | 'equivalentMutants'>>,
): RowwiseOp {
  const call: RowwiseOp = defineOp(
    {
      ...own,
      inputs: ['X'],
      shapeRule: '(…, c) → (…, c)',
      shape: ({ X }) => {
        if (X.length > 0) return X;
        throw new ShapeError(`${own.name}: a scalar () has no rows; give at least one axis`);
      },
      samples: [
        { shapes: { X: [3, 4] } },
        { shapes: { X: [1, 2] } },
        { shapes: { X: [5] } },
        { shapes: { X: [2, 1, 3] } },
      ],
      refuses: [
        {
          because: 'a scalar, which has no rows',
          call: () => call(tensor(1)),
          message: new RegExp(`^${own.name}: a scalar \\(\\) has no rows`),
        },
        {
          because: 'labels instead of numbers to compute with',
          call: () => call(constant([1], { dtype: 'int32' })),
          message: new RegExp(`^${own.name}: .* holds labels or indices`),
        },
      ],
    },
    (execute) => (X) => execute([X], undefined),
  );
  return call;
}

function rowwiseShapes() {
  return [{ X: [2, 3] }, { X: [3, 2] }, { X: [1, 4] }] as const;
}

function rowSum(X: Tensor): Tensor {
  return sum(X, { axis: -1, keepDims: true });
}

function rowsAndColumns(X: Tensor): [number, number] {
  const columns = X.shape[X.shape.length - 1]!;
  return [X.size / columns, columns];
}
