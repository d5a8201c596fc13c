import { defineOp } from '../autodiff/define-op.js';
import type { Op } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { aRandom, random, type Random } from '../random/random.js';
import { asTensor, constant, ones, type TensorLike } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ValueError } from '../tensor/error.js';
import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { multiply } from './arithmetic.js';
import { requireKinds } from '../tensor/arguments.js';

interface Mask {
  /** $M / (1 - p)$: 0 where an element is dropped, and what keeps the mean elsewhere. */
  readonly scaled: Tensor;
}

const kept = [1, 0, 1, 1, 1, 0] as const;
const example: Mask = {
  scaled: constant(
    kept.map((keep) => keep / 0.75),
    { shape: [2, 3] },
  ),
};

/**
 * $S_{ij} = M_{ij} X_{ij} / (1 - p)$: sets each element to 0 with probability p, by a mask M drawn from the given generator,
 * and scales the others so that the mean stays; for training only.
 * @throws ValueError unless p lies in [0, 1).
 */
export const dropout: Op<'X', Mask, (X: TensorLike, p: number, random: Random) => Tensor> = defineOp(
  {
    name: 'dropout',
    courseName: 'Dropout',
    summary: 'elements set to zero at random, the others scaled up',
    inputs: ['X'],
    math: [
      {
        forward: String.raw`S_{ij} = \frac{M_{3(i - 1) + j} X_{ij}}{1 - p}`,
        gradient: {
          X: String.raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \frac{M_{3(k - 1) + l}}{1 - p} \delta_{ki} \delta_{lj} = \frac{S^\nabla_{ij} M_{3(i - 1) + j}}{1 - p}`,
        },
        shapes: [{ X: [2, 3] }],
        attributes: example,
        constants: { M: kept, p: 0.25 },
      },
    ],
    shapeRule: '(…) → (…)',
    shape: ({ X }) => X,
    forward: ({ X }, output, { scaled }) => {
      kernels[X.dtype as FloatDType].multiply(
        X.pointer,
        scaledFor(X, scaled).pointer,
        output.pointer,
        X.size,
      );
      return undefined;
    },
    backward: { X: ({ gradient, X, attributes }) => multiply(gradient, scaledFor(X, attributes.scaled)) },
    samples: [{ shapes: { X: [2, 3] }, attributes: example }],
    refuses: [
      {
        because: 'a probability of 1, which leaves nothing',
        call: () => dropout(ones([2]), 1, random(0)),
        message: /^dropout: the probability is 1, but it must lie in \[0, 1\)/,
      },
    ],
    equivalentMutants: {
      'multiplication commutes': ['X: multiply(gradient, constant) → multiply(constant, gradient)'],
    },
  },
  (execute) => (X, p, random) => {
    const input = asTensor(X);
    return execute([input], { scaled: maskOf(input.shape, p, random, input.dtype as FloatDType) });
  },
);

function maskOf(shape: Shape, p: number, random: Random, dtype: FloatDType): Tensor {
  if (!(p >= 0 && p < 1)) {
    throw new ValueError(
      `dropout: the probability is ${p}, but it must lie in [0, 1); 1 would leave nothing`,
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  requireKinds('dropout', { random }, { random: aRandom });
  const scaled = random.uniforms(size).map((draw) => (draw < p ? 0 : 1 / (1 - p)));
  return constant(scaled, { shape, dtype });
}

/** The mask in the dtype of the input. */
function scaledFor(X: Tensor, scaled: Tensor): Tensor {
  return scaled.dtype === X.dtype
    ? scaled
    : constant(Float64Array.from(scaled.data()), { shape: X.shape, dtype: X.dtype });
}
