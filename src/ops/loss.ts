import { defineOp } from '../autodiff/define-op.js';
import type { Op } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { asTensor, constant, type TensorLike, tensor } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ShapeError, ValueError } from '../tensor/error.js';
import { formatShape, type Shape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { multiply, subtract } from './arithmetic.js';
import { fixed, type Labels, labelsOf } from './labels.js';
import { scatter } from './select.js';
import { softmax } from './softmax.js';
import { expand } from './broadcast.js';
import { reshape } from './layout.js';
import { requireOptions } from '../tensor/options.js';

export interface LossOptions {
  /** `sum` over the batch unless said, as in the course; other libraries take the `mean`. */
  readonly reduction?: 'sum' | 'mean';
}

export interface Targets {
  /** The class of each row, int32. */
  readonly targets: Tensor;
  /** 1 for the sum, 1/n for the mean. */
  readonly scale: number;
}

export type LossOp = Op<'X', Targets, (scores: TensorLike, labels: Labels, options?: LossOptions) => Tensor>;

/** One of them equals its row, so that no formula can take a label for anything but itself. */
const threeLabels = (): Targets => ({ targets: fixed([1, 1, 3]), scale: 1 });

/**
 * $S = -\sum_i \log \operatorname{softmax}(X)_{i t_i}$: cross-entropy from logits (batch, classes), stable at any logits.
 * @throws ValueError for a label out of range or for a single class, ShapeError unless there is one label a row.
 */
export const crossEntropy: LossOp = defineOp(
  {
    name: 'crossEntropy',
    courseName: 'CrossEntropy',
    summary: 'cross-entropy of the labels, from logits',
    inputs: ['X'],
    math: [
      {
        forward: String.raw`S = \sum_i \left(\log\left(\sum_k \exp(X_{ik})\right) - X_{i t_i}\right)`,
        gradient: {
          X: String.raw`X^\nabla_{ij} = S^\nabla \frac{\partial S}{\partial X_{ij}} = S^\nabla \left(\frac{\exp(X_{ij})}{\sum_k \exp(X_{ik})} - [j = t_i]\right)`,
        },
        shapes: [{ X: [3, 4] }],
        attributes: threeLabels(),
        constants: { t: [1, 1, 3] },
      },
    ],
    shapeRule: '(n, c), n labels → ()',
    shape: ({ X }) => scalarFrom(X, 'crossEntropy'),
    forward: ({ X }, output, { targets, scale }: Targets) => {
      const [rows, classes] = X.shape as [number, number];
      const probabilities = Tensor.allocate(X.shape, X.dtype);
      // prettier-ignore
      kernels[X.dtype as FloatDType].crossEntropy(
        X.pointer, targets.pointer, probabilities.pointer, output.pointer, rows, classes, scale,
      );
      return probabilities;
    },
    backward: {
      X: ({ gradient, X, attributes: { targets, scale } }) =>
        multiply(multiply(gradient, scale), subtract(softmax(X), oneHot(targets, X))),
    },
    fused: {
      X: ({ gradient, X, saved, attributes: { targets, scale } }) => {
        const result = Tensor.allocate(X.shape, X.dtype);
        const [rows, classes] = X.shape as [number, number];
        // prettier-ignore
        kernels[X.dtype as FloatDType].crossEntropyBackward(
          gradient.pointer, saved!.pointer, targets.pointer, result.pointer, rows, classes, scale,
        );
        return result;
      },
    },
    samples: [
      { shapes: { X: [3, 4] }, attributes: threeLabels() },
      { shapes: { X: [1, 2] }, attributes: { targets: fixed([1]), scale: 1 } },
      { shapes: { X: [2, 3] }, attributes: { targets: fixed([2, 2]), scale: 0.5 } },
    ],
    refuses: [
      {
        because: 'a label that is no class',
        call: () => crossEntropy(tensor([[1, 2]]), [2]),
        message: /^crossEntropy: label 2 of row 0 is out of range: there are 2 classes, 0 to 1/,
      },
      {
        because: 'another number of labels than rows',
        call: () => crossEntropy(tensor([[1, 2]]), [0, 1]),
        message: /^crossEntropy: 2 labels are given for 1 row;/,
      },
      {
        because: 'a single class',
        call: () => crossEntropy(tensor([[1]]), [0]),
        message: /^crossEntropy: \(1, 1\) has a single class/,
      },
    ],
    equivalentMutants: {
      'multiplication commutes': [
        'X: multiply(gradient, constant) → multiply(constant, gradient)',
        'X: multiply(multiply(…), subtract(…)) → multiply(subtract(…), multiply(…))',
      ],
    },
  },
  (execute) =>
    (logits, labels, options = {}) => {
      const X = asTensor(logits);
      return execute([X], targetsOf(X, labels, options, 'crossEntropy'));
    },
);

/**
 * $S = -\sum_i X_{i t_i}$: negative log-likelihood from log-probabilities (batch, classes).
 * @throws ValueError for a label out of range or for a single class, ShapeError unless there is one label a row.
 */
export const nll: LossOp = defineOp(
  {
    name: 'nll',
    courseName: 'NLL',
    summary: 'negative log-likelihood of the labels, from log-probabilities',
    inputs: ['X'],
    math: [
      {
        forward: String.raw`S = -\sum_i X_{i t_i}`,
        gradient: {
          X: String.raw`X^\nabla_{ij} = S^\nabla \frac{\partial S}{\partial X_{ij}} = -S^\nabla [j = t_i]`,
        },
        shapes: [{ X: [3, 4] }],
        attributes: threeLabels(),
        constants: { t: [1, 1, 3] },
      },
    ],
    shapeRule: '(n, c), n labels → ()',
    shape: ({ X }) => scalarFrom(X, 'nll'),
    forward: ({ X }, output, { targets, scale }: Targets) => {
      const [rows, classes] = X.shape as [number, number];
      const picked = Tensor.allocate([rows], X.dtype);
      const kernel = kernels[X.dtype as FloatDType];
      kernel.selectRows(X.pointer, targets.pointer, picked.pointer, rows, classes);
      kernel.scaledSum(picked.pointer, output.pointer, rows, -scale);
      return undefined;
    },
    backward: {
      X: ({ gradient, X, attributes: { targets, scale } }) =>
        scatter(expand(reshape(multiply(gradient, -scale), [1]), [X.shape[0]!]), targets, X.shape[1]!),
    },
    fused: {
      X: ({ gradient, X, attributes: { targets, scale } }) => {
        const [rows, classes] = X.shape as [number, number];
        const result = Tensor.allocate(X.shape, X.dtype);
        const kernel = kernels[X.dtype as FloatDType];
        kernel.nllBackward(gradient.pointer, targets.pointer, result.pointer, rows, classes, -scale);
        return result;
      },
    },
    samples: [
      { shapes: { X: [3, 4] }, attributes: threeLabels() },
      { shapes: { X: [1, 2] }, attributes: { targets: fixed([1]), scale: 1 } },
      { shapes: { X: [2, 3] }, attributes: { targets: fixed([2, 2]), scale: 0.5 } },
    ],
    refuses: [
      {
        because: 'a label that is no class',
        call: () => nll(tensor([[-1, -2]]), [-1]),
        message: /^nll: label -1 of row 0 is out of range/,
      },
    ],
    equivalentMutants: {
      'multiplication commutes': ['X: multiply(gradient, constant) → multiply(constant, gradient)'],
    },
  },
  (execute) =>
    (logProbabilities, labels, options = {}) => {
      const X = asTensor(logProbabilities);
      return execute([X], targetsOf(X, labels, options, 'nll'));
    },
);

function targetsOf(X: Tensor, labels: Labels, options: LossOptions, op: string): Targets {
  requireOptions(op, options, { reduction: true });
  const { reduction = 'sum' } = options;
  scalarFrom(X.shape, op);
  const [rows, classes] = X.shape as [number, number];
  return { targets: labelsOf(labels, rows, classes, op), scale: reduction === 'sum' ? 1 : 1 / rows };
}

function scalarFrom(shape: Shape, op: string): Shape {
  if (shape.length !== 2) {
    throw new ShapeError(
      `${op}: ${formatShape(shape)} is no matrix; one row an instance, one column a class`,
    );
  }
  if (shape[1] === 1) {
    throw new ValueError(
      `${op}: ${formatShape(shape)} has a single class, whose probability is always 1; give at least two`,
    );
  }
  return [];
}

/** $[j = t_i]$ as a constant of the shape and dtype of X. */
function oneHot(targets: Tensor, X: Tensor): Tensor {
  const ones = constant(new Float64Array(X.shape[0]!).fill(1), { dtype: X.dtype });
  return scatter(ones, targets, X.shape[1]!);
}
