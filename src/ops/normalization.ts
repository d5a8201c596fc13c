import { defineOp } from '../autodiff/define-op.js';
import type { Op } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { ones, type TensorLike } from '../tensor/creation.js';
import { bytesPerElement } from '../tensor/dtype.js';
import { ShapeError, ValueError } from '../tensor/error.js';
import { formatShape, type Shape, sizeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { add, divide, multiply, subtract } from './arithmetic.js';
import { sqrt } from './functions.js';
import { mean } from './reduce.js';
import { requireOptions } from '../tensor/options.js';
import { kind, requireKinds } from '../tensor/arguments.js';

export interface StandardizeOptions {
  /** The axes over which mean and variance are taken; −1 is the last. */
  readonly axis: number | readonly number[];
  /** Added to the variance; 1e-5 unless said. */
  readonly epsilon?: number;
}

/**
 * $S = (X - \mu) / \sqrt{v + \varepsilon}$ with the mean $\mu$ and the variance $v$ over the given axes: what batch normalisation
 * (axes 0, 2 and 3 of images) and layer normalisation (the last axis) have in common.
 * @throws ShapeError when a mean would be of a single number, whose variance is always 0.
 */
export const standardize: Op<
  'X',
  StandardizeOptions,
  (X: TensorLike, options: StandardizeOptions) => Tensor
> = defineOp(
  {
    name: 'standardize',
    courseName: 'LayerNorm, BatchNorm',
    summary: 'mean subtracted and divided by the standard deviation, over axes',
    inputs: ['X'],
    math: [
      {
        forward: String.raw`S_{ij} = \frac{X_{ij} - \mu_i}{\sqrt{v_i + \varepsilon}}, \quad \mu_i = \frac{1}{m} \sum_k X_{ik}, \quad v_i = \frac{1}{m} \sum_k (X_{ik} - \mu_i)^2, \quad X \in \mathbb R^{n \times m}`,
        gradient: {
          X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \frac{1}{\sqrt{v_i + \varepsilon}} \left(S^\nabla_{ij} - \frac{1}{m} \sum_k S^\nabla_{ik} - S_{ij} \frac{1}{m} \sum_k S^\nabla_{ik} S_{ik}\right)`,
        },
        shapes: [{ X: [3, 4] }, { X: [2, 5] }],
        attributes: { axis: -1, epsilon: 0.1 },
        constants: { '\\varepsilon': 0.1 },
      },
    ],
    shapeRule: '(…) → (…)',
    shape: ({ X }, { axis, epsilon = 1e-5 }: StandardizeOptions) => {
      requireSeveral(X, axis);
      if (Number.isFinite(epsilon) && epsilon >= 0) return X;
      throw new ValueError(`standardize: epsilon is ${epsilon}, but it must be finite and not negative`);
    },
    forward: ({ X }, output, options) => {
      const deviations = subtract(X.detach(), mean(X.detach(), { axis: options.axis, keepDims: true }));
      const result = divide(deviations, deviation(X.detach(), options));
      kernels.copyBytes(result.pointer, output.pointer, X.size * bytesPerElement[X.dtype]);
      return undefined;
    },
    backward: {
      X: ({ gradient, X, output, attributes }) => {
        const over = { axis: attributes.axis, keepDims: true };
        const shifted = subtract(gradient, mean(gradient, over));
        const projected = multiply(output, mean(multiply(gradient, output), over));
        return divide(subtract(shifted, projected), deviation(X, attributes));
      },
    },
    samples: [
      { shapes: { X: [3, 4] }, attributes: { axis: -1, epsilon: 0.1 } },
      { shapes: { X: [2, 3, 2, 2] }, attributes: { axis: [0, 2, 3], epsilon: 0.1 } },
      { shapes: { X: [1, 5] }, attributes: { axis: 1, epsilon: 0.5 } },
    ],
    refuses: [
      {
        because: 'a mean of a single number',
        call: () => standardize(ones([3, 1]), { axis: 1 }),
        message: /^standardize: the axes 1 of \(3, 1\) hold a single number, whose variance is always 0/,
      },
      {
        because: 'an epsilon below 0',
        call: () => standardize(ones([3, 2]), { axis: 1, epsilon: -1 }),
        message: /^standardize: epsilon is -1, but it must be finite and not negative/,
      },
    ],
    equivalentMutants: {
      'multiplication commutes': [
        'X: multiply(gradient, output) → multiply(output, gradient)',
        'X: multiply(output, mean(…)) → multiply(mean(…), output)',
      ],
      'addition commutes': ['X: add(mean(…), constant) → add(constant, mean(…))'],
      'only its square is used': [
        'X: subtract(X, mean(…)) → negate(subtract(X, mean(…)))',
        'X: subtract(X, mean(…)) → subtract(mean(…), X)',
      ],
    },
  },
  (execute) => (X, options) => {
    requireOptions('standardize', options, { axis: true, epsilon: true });
    requireKinds('standardize', { axis: options.axis }, { axis: oneAxisOrMore });
    return execute([X], options);
  },
);

const oneAxisOrMore = kind(
  'a number or an array of numbers, such as -1 for the last',
  (given) => typeof given === 'number' || Array.isArray(given),
);

/** $\sqrt{v + \varepsilon}$, with reduced axes of length 1. */
function deviation(X: Tensor, { axis, epsilon = 1e-5 }: StandardizeOptions): Tensor {
  const over = { axis, keepDims: true };
  const centred = subtract(X, mean(X, over));
  return sqrt(add(mean(multiply(centred, centred), over), epsilon));
}

function requireSeveral(shape: Shape, axis: StandardizeOptions['axis']): void {
  const axes = typeof axis === 'number' ? [axis] : axis;
  if (sizeOf(axes.map((each) => shape.at(each) ?? 1)) > 1) return;
  throw new ShapeError(
    `standardize: the axes ${axes.join(', ')} of ${formatShape(shape)} hold a single number, whose variance is always 0; ` +
      'take axes that hold several',
  );
}
