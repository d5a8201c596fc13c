import type { BackwardContext } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import type { FloatDType } from '../tensor/dtype.js';
import { Tensor } from '../tensor/tensor.js';
import { multiply, subtract } from './arithmetic.js';
import { chain, unary, type UnaryOp } from './functions.js';

type Context = BackwardContext<'X', undefined>;

/** $S = \sigma(X) = 1 / (1 + e^{-X})$, elementwise. */
export const sigmoid: UnaryOp = unary({
  name: 'sigmoid',
  courseName: 'Sigmoid',
  summary: 'logistic function',
  math: chain(
    String.raw`\sigma(X_{ij})`,
    String.raw`\sigma(X_{kl}) (1 - \sigma(X_{kl}))`,
    String.raw`S^\nabla_{ij} S_{ij} (1 - S_{ij})`,
  ),
  backward: { X: ({ gradient, output }) => multiply(gradient, multiply(output, subtract(1, output))) },
  fused: {
    X: ({ gradient, output }) =>
      filled(output, (out) => {
        kernelsOf(output).sigmoidBackward(gradient.pointer, output.pointer, out.pointer, out.size);
      }),
  },
  equivalentMutants: {
    'multiplication commutes': [
      'X: multiply(output, subtract(…)) → multiply(subtract(…), output)',
      'X: multiply(gradient, multiply(…)) → multiply(multiply(…), gradient)',
    ],
  },
});

/** $S = \tanh X$, elementwise. */
export const tanh: UnaryOp = unary({
  name: 'tanh',
  summary: 'hyperbolic tangent',
  math: chain(
    String.raw`\tanh(X_{ij})`,
    String.raw`\left(1 - \tanh(X_{kl})^2\right)`,
    String.raw`S^\nabla_{ij} (1 - S_{ij}^2)`,
  ),
  backward: { X: ({ gradient, output }) => multiply(gradient, subtract(1, multiply(output, output))) },
  fused: {
    X: ({ gradient, output }) =>
      filled(output, (out) => {
        kernelsOf(output).tanhBackward(gradient.pointer, output.pointer, out.pointer, out.size);
      }),
  },
  equivalentMutants: {
    'multiplication commutes': ['X: multiply(gradient, subtract(…)) → multiply(subtract(…), gradient)'],
  },
});

/** $S = \max(X, 0)$, elementwise; its derivative at 0 is taken to be 0. */
export const relu: UnaryOp = unary({
  name: 'relu',
  courseName: 'Relu',
  summary: 'rectified linear unit',
  math: chain(String.raw`\max(X_{ij}, 0)`, String.raw`[X_{kl} > 0]`, String.raw`S^\nabla_{ij} [X_{ij} > 0]`),
  backward: { X: ({ gradient, X }) => multiply(gradient, positive(X)) },
  fused: {
    X: ({ gradient, X }: Context) =>
      filled(X, (out) => {
        kernelsOf(X).reluBackward(gradient.pointer, X.pointer, out.pointer, out.size);
      }),
  },
  kinks: [{ convention: "relu'(0) = 0", at: { X: [-1, 0, 1] }, gradient: { X: [0, 0, 1] } }],
  equivalentMutants: {
    'multiplication commutes': ['X: multiply(gradient, constant) → multiply(constant, gradient)'],
  },
});

/** 1 where X > 0 and 0 elsewhere; a constant, since its derivative is 0 wherever it has one. */
function positive(X: Tensor): Tensor {
  return filled(X, (out) => {
    kernelsOf(X).step(X.pointer, out.pointer, out.size);
  });
}

function filled(like: Tensor, fill: (out: Tensor) => void): Tensor {
  const out = Tensor.allocate(like.shape, like.dtype);
  fill(out);
  return out;
}

function kernelsOf(tensor: Tensor) {
  return kernels[tensor.dtype as FloatDType];
}
