import { registerAddition } from '../autodiff/backward.js';
import { defineOp } from '../autodiff/define-op.js';
import type { Op, OpRecord, Refusal } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { constant, type TensorLike, tensor } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { broadcastShapes } from '../tensor/shape.js';
import { expandedTo } from '../tensor/strided.js';
import type { Tensor } from '../tensor/tensor.js';
import { sumTo } from './broadcast.js';
import { rowShapes, sameShapes } from './check-shapes.js';
import { log, negate } from './functions.js';

type Binary = OpRecord<'X' | 'Y', undefined>;

/** An op of two operands that broadcast. */
export type BinaryOp = Op<'X' | 'Y', undefined, (X: TensorLike, Y: TensorLike) => Tensor>;

type BinaryKernel = 'add' | 'subtract' | 'multiply' | 'divide' | 'power';

/** $S = X + Y$, elementwise with broadcasting. */
export const add: BinaryOp = binary({
  name: 'add',
  courseName: 'Add',
  summary: 'elementwise sum',
  math: [
    {
      forward: String.raw`S_{ij} = X_{ij} + Y_{ij}`,
      gradient: {
        X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{ki} \delta_{lj} = S^\nabla_{ij}`,
        Y: String.raw`Y^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial Y_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{ki} \delta_{lj} = S^\nabla_{ij}`,
      },
      shapes: sameShapes,
    },
    {
      forward: String.raw`S_{ij} = X_{ij} + Y_j`,
      gradient: {
        X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \delta_{ki} \delta_{lj} = S^\nabla_{ij}`,
        Y: String.raw`Y^\nabla_j = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial Y_j} = \sum_{kl} S^\nabla_{kl} \delta_{lj} = \sum_k S^\nabla_{kj}`,
      },
      shapes: rowShapes,
    },
  ],
  backward: {
    X: ({ gradient, X }) => sumTo(gradient, X.shape),
    Y: ({ gradient, Y }) => sumTo(gradient, Y.shape),
  },
});

registerAddition(add);

/** $S = X - Y$, elementwise with broadcasting. */
export const subtract: BinaryOp = binary({
  name: 'subtract',
  courseName: 'Sub',
  summary: 'elementwise difference',
  math: [
    {
      forward: String.raw`S_{ij} = X_{ij} - Y_{ij}`,
      gradient: {
        X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{ki} \delta_{lj} = S^\nabla_{ij}`,
        Y: String.raw`Y^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial Y_{ij}} = \sum_{kl} S^\nabla_{kl} (-\delta_{ki} \delta_{lj}) = -S^\nabla_{ij}`,
      },
      shapes: sameShapes,
    },
  ],
  backward: {
    X: ({ gradient, X }) => sumTo(gradient, X.shape),
    Y: ({ gradient, Y }) => sumTo(negate(gradient), Y.shape),
  },
});

/** $S = X \odot Y$, elementwise with broadcasting. */
export const multiply: BinaryOp = binary({
  name: 'multiply',
  courseName: 'Multiply',
  summary: 'elementwise product',
  math: [
    {
      forward: String.raw`S_{ij} = X_{ij} Y_{ij}`,
      gradient: {
        X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} Y_{kl} \delta_{ki} \delta_{lj} = S^\nabla_{ij} Y_{ij}`,
        Y: String.raw`Y^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial Y_{ij}} = \sum_{kl} S^\nabla_{kl} X_{kl} \delta_{ki} \delta_{lj} = S^\nabla_{ij} X_{ij}`,
      },
      shapes: sameShapes,
    },
    {
      forward: String.raw`S_{ij} = X_{ij} Y_j`,
      gradient: {
        X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} Y_l \delta_{ki} \delta_{lj} = S^\nabla_{ij} Y_j`,
        Y: String.raw`Y^\nabla_j = \sum_{kl} S^\nabla_{kl} X_{kl} \delta_{lj} = \sum_k S^\nabla_{kj} X_{kj}`,
      },
      shapes: rowShapes,
    },
  ],
  backward: {
    X: ({ gradient, X, Y }) => sumTo(multiply(gradient, Y), X.shape),
    Y: ({ gradient, X, Y }) => sumTo(multiply(gradient, X), Y.shape),
  },
  equivalentMutants: {
    'multiplication commutes': [
      'X: multiply(gradient, Y) → multiply(Y, gradient)',
      'Y: multiply(gradient, X) → multiply(X, gradient)',
    ],
  },
});

/** $S = X \oslash Y$, elementwise with broadcasting; question 1. */
export const divide: BinaryOp = binary({
  name: 'divide',
  courseName: 'Div',
  summary: 'elementwise quotient',
  math: [
    {
      forward: String.raw`S_{ij} = \frac{X_{ij}}{Y_{ij}}`,
      gradient: {
        X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \frac{\delta_{ki} \delta_{lj}}{Y_{kl}} = \frac{S^\nabla_{ij}}{Y_{ij}}`,
        Y: String.raw`Y^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial Y_{ij}} = \sum_{kl} S^\nabla_{kl} \left(-\frac{X_{kl}}{Y_{kl}^2}\right) \delta_{ki} \delta_{lj} = -\frac{S^\nabla_{ij} X_{ij}}{Y_{ij}^2}`,
      },
      matrix: {
        X: String.raw`X^\nabla = S^\nabla \oslash Y`,
        Y: String.raw`Y^\nabla = -S^\nabla \odot S \oslash Y`,
      },
      shapes: sameShapes,
    },
  ],
  domain: { Y: { low: 0.5, high: 2, signed: true } },
  backward: {
    X: ({ gradient, X, Y }) => sumTo(divide(gradient, Y), X.shape),
    Y: ({ gradient, Y, output }) => sumTo(negate(divide(multiply(gradient, output), Y)), Y.shape),
  },
  equivalentMutants: {
    'multiplication commutes': ['Y: multiply(gradient, output) → multiply(output, gradient)'],
  },
});

/**
 * $S_{ij} = X_{ij}^{Y_{ij}}$, elementwise with broadcasting.
 *
 * A negative base needs integer exponents; the gradient with respect to the exponent needs a positive base.
 */
export const power: BinaryOp = binary({
  name: 'power',
  summary: 'elementwise power',
  math: [
    {
      forward: String.raw`S_{ij} = X_{ij}^{Y_{ij}}`,
      gradient: {
        X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} Y_{kl} X_{kl}^{Y_{kl} - 1} \delta_{ki} \delta_{lj} = S^\nabla_{ij} Y_{ij} X_{ij}^{Y_{ij} - 1}`,
        Y: String.raw`Y^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial Y_{ij}} = \sum_{kl} S^\nabla_{kl} S_{kl} \log(X_{kl}) \delta_{ki} \delta_{lj} = S^\nabla_{ij} S_{ij} \log(X_{ij})`,
      },
      shapes: sameShapes,
    },
  ],
  domain: { X: { low: 0.5, high: 2 } },
  backward: {
    X: ({ gradient, X, Y }) => sumTo(multiply(gradient, multiply(Y, power(X, lowered(X, Y)))), X.shape),
    Y: ({ gradient, X, Y, output }) => sumTo(multiply(gradient, multiply(output, log(X))), Y.shape),
  },
  equivalentMutants: {
    'multiplication commutes': [
      'X: multiply(Y, power(…)) → multiply(power(…), Y)',
      'X: multiply(gradient, multiply(…)) → multiply(multiply(…), gradient)',
      'Y: multiply(output, log(…)) → multiply(log(…), output)',
      'Y: multiply(gradient, multiply(…)) → multiply(multiply(…), gradient)',
    ],
  },
});

/** Y − 1, but 0 where X and Y are 0: there X^(Y−1) is infinite, and the gradient of X⁰ would be NaN instead of 0. */
function lowered(X: Tensor, Y: Tensor): Tensor {
  const shape = broadcastShapes(X.shape, Y.shape, 'power');
  const exponents = expandedTo(Y, shape).data();
  const steps = expandedTo(X, shape)
    .data()
    .map((base, k) => (base === 0 && exponents[k] === 0 ? 0 : 1));
  return subtract(Y, constant(steps, { shape, dtype: X.dtype }));
}

/** What the five have in common: two inputs, broadcasting, and the shapes that are checked. */
function binary(
  own: Pick<Binary, 'name' | 'summary' | 'math' | 'backward'> &
    Partial<Pick<Binary, 'courseName' | 'domain' | 'equivalentMutants'>>,
): BinaryOp {
  const kernel = own.name as BinaryKernel;
  const call: BinaryOp = defineOp(
    {
      ...own,
      inputs: ['X', 'Y'],
      shapeRule: '(…), (…) → broadcast',
      shape: ({ X, Y }) => broadcastShapes(X, Y, own.name),
      broadcasts: true,
      forward: ({ X, Y }, output) => {
        kernels[X.dtype as FloatDType][kernel](X.pointer, Y.pointer, output.pointer, output.size);
        return undefined;
      },
      samples: [
        ...sameShapes.map((shapes) => ({ shapes })),
        ...rowShapes.map((shapes) => ({ shapes })),
        { shapes: { X: [3, 1], Y: [1, 4] } },
        { shapes: { X: [], Y: [2, 2] } },
        { shapes: { X: [1], Y: [1] } },
        { shapes: { X: [2, 1, 3], Y: [2, 3] } },
      ],
      refuses: refusals(own.name, (X, Y) => call(X, Y)),
    },
    (execute) => (X, Y) => execute([X, Y], undefined),
  );
  return call;
}

function refusals(name: string, call: (X: TensorLike, Y: TensorLike) => unknown): Refusal[] {
  return [
    {
      because: 'shapes that do not broadcast',
      call: () => call(tensor([[1, 2, 3]]), tensor([1, 2])),
      message: new RegExp(`^${name}: shapes \\(1, 3\\) and \\(2,\\) do not broadcast`),
    },
    {
      because: 'different dtypes',
      call: () => call(tensor([1]), tensor([1], { dtype: 'float32' })),
      message: new RegExp(`^${name}: .* is float64, but .* is float32`),
    },
    {
      because: 'labels instead of numbers to compute with',
      call: () => call(constant([1], { dtype: 'int32' }), 1),
      message: new RegExp(`^${name}: .* holds labels or indices`),
    },
  ];
}
