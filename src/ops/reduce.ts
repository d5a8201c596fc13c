import { defineOp } from '../autodiff/define-op.js';
import type { Formula, Op, OpRecord, Refusal, Sample } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { type TensorLike, constant, tensor } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { normalizeAxes, type Shape, sizeOf, stridesOf } from '../tensor/shape.js';
import { copyStrided } from '../tensor/strided.js';
import { Tensor } from '../tensor/tensor.js';
import { divide, multiply } from './arithmetic.js';
import { expand } from './broadcast.js';
import { reshape } from './layout.js';
import { requireOptions } from '../tensor/options.js';

export interface ReduceOptions {
  /** The axes to reduce over; all of them unless said; −1 is the last. */
  readonly axis?: number | readonly number[];
  /** Whether reduced axes stay, with length 1; they vanish unless said. */
  readonly keepDims?: boolean;
}

export type ReductionOp = Op<'X', ReduceOptions, (X: TensorLike, options?: ReduceOptions) => Tensor>;

type Reduction = OpRecord<'X', ReduceOptions>;

/** $S = \sum_{ij} X_{ij}$, or the sum over the given axes. */
export const sum: ReductionOp = reduction({
  name: 'sum',
  courseName: 'Sum',
  summary: 'sum over axes',
  math: [
    formula(
      String.raw`S = \sum_{ij} X_{ij}`,
      String.raw`X^\nabla_{ij} = S^\nabla \frac{\partial S}{\partial X_{ij}} = S^\nabla \sum_{kl} \delta_{ki} \delta_{lj} = S^\nabla`,
      {},
    ),
    formula(
      String.raw`S_i = \sum_j X_{ij}`,
      String.raw`X^\nabla_{ij} = \sum_k S^\nabla_k \frac{\partial S_k}{\partial X_{ij}} = \sum_k S^\nabla_k \sum_l \delta_{ki} \delta_{lj} = S^\nabla_i`,
      { axis: 1 },
    ),
  ],
  forward: ({ X }, output, { axis }) => {
    const { ordered, kept, reduced } = reducedLast(X, axis, 'sum');
    kernels[X.dtype as FloatDType].sum(ordered.pointer, output.pointer, kept, reduced, 1);
    return undefined;
  },
  backward: { X: ({ gradient, X, attributes }) => restored(gradient, X.shape, attributes, 'sum') },
  equivalentMutants: {
    'both indices are summed over': ['S (1): X_{ij} → X_{ji}'],
    'the derivative of a sum by one of its terms is 1': [
      String.raw`X (1): S^\nabla \frac{\partial S}{\partial X_{ij}} → S^\nabla`,
    ],
    'this sum of deltas is 1': [String.raw`X (1): S^\nabla \sum_{kl} \delta_{ki} \delta_{lj} → S^\nabla`],
  },
});

/** $S = \frac{1}{n} \sum_{ij} X_{ij}$ over $n$ elements, or the mean over the given axes. */
export const mean: ReductionOp = reduction({
  name: 'mean',
  summary: 'mean over axes',
  math: [
    formula(
      String.raw`S = \frac{1}{nm} \sum_{ij} X_{ij}, \quad X \in \mathbb R^{n \times m}`,
      String.raw`X^\nabla_{ij} = S^\nabla \frac{\partial S}{\partial X_{ij}} = S^\nabla \frac{1}{nm} \sum_{kl} \delta_{ki} \delta_{lj} = \frac{S^\nabla}{nm}`,
      {},
    ),
    formula(
      String.raw`S_i = \frac{1}{m} \sum_j X_{ij}, \quad X \in \mathbb R^{n \times m}`,
      String.raw`X^\nabla_{ij} = \sum_k S^\nabla_k \frac{\partial S_k}{\partial X_{ij}} = \sum_k S^\nabla_k \frac{1}{m} \sum_l \delta_{ki} \delta_{lj} = \frac{S^\nabla_i}{m}`,
      { axis: 1 },
    ),
  ],
  forward: ({ X }, output, { axis }) => {
    const { ordered, kept, reduced } = reducedLast(X, axis, 'mean');
    const kernel = kernels[X.dtype as FloatDType];
    const total = Tensor.allocate([kept], X.dtype);
    const count = Tensor.allocate([kept], X.dtype);
    kernel.sum(ordered.pointer, total.pointer, kept, reduced, 1);
    kernel.fill(count.pointer, kept, reduced);
    kernel.divide(total.pointer, count.pointer, output.pointer, kept);
    return undefined;
  },
  backward: {
    X: ({ gradient, X, output, attributes }) =>
      divide(restored(gradient, X.shape, attributes, 'mean'), X.size / output.size),
  },
  equivalentMutants: {
    'a mean of one number': ['X: divide(reshape(…), constant) → reshape(gradient)'],
    'both indices are summed over': ['S (1): X_{ij} → X_{ji}'],
    'this sum of deltas is 1': [
      String.raw`X (1): S^\nabla \frac{1}{n m} \sum_{kl} \delta_{ki} \delta_{lj} → S^\nabla \frac{1}{n m}`,
    ],
  },
});

/** $S = \max_{ij} X_{ij}$, or the maximum over the given axes; among equal elements the first takes the gradient. */
export const max: ReductionOp = reduction({
  name: 'max',
  summary: 'maximum over axes',
  math: [
    formula(
      String.raw`S_i = \max_j X_{ij}`,
      String.raw`X^\nabla_{ij} = \sum_k S^\nabla_k \frac{\partial S_k}{\partial X_{ij}} = \sum_k S^\nabla_k \delta_{ki} \left[j = \operatorname{argmax}_l X_{kl}\right] = S^\nabla_i \left[j = \operatorname{argmax}_l X_{il}\right]`,
      { axis: 1 },
    ),
  ],
  forward: ({ X }, output, { axis }) => {
    const { ordered, kept, reduced } = reducedLast(X, axis, 'max');
    const indices = Tensor.allocate([kept], 'int32');
    kernels[X.dtype as FloatDType].max(ordered.pointer, output.pointer, indices.pointer, kept, reduced, 1);
    return indices;
  },
  backward: {
    X: ({ gradient, X, saved, attributes }) =>
      multiply(restored(gradient, X.shape, attributes, 'max'), firstMaximum(X, saved!, attributes)),
  },
  kinks: [
    {
      convention: 'among equal elements the first takes the whole gradient',
      at: { X: [[1, 2, 2]] },
      gradient: { X: [[0, 1, 0]] },
    },
  ],
  equivalentMutants: {
    'multiplication commutes': [
      'X: multiply(expand(…), constant) → multiply(constant, expand(…))',
      'X: multiply(reshape(…), constant) → multiply(constant, reshape(…))',
    ],
    'multiplication by the mask expands it too': ['X: expand(reshape(…)) → reshape(gradient)'],
    'a maximum of one number': ['X: multiply(reshape(…), constant) → reshape(gradient)'],
  },
});

function reduction(
  own: Pick<Reduction, 'name' | 'summary' | 'math' | 'forward' | 'backward'> &
    Partial<Pick<Reduction, 'courseName' | 'kinks' | 'equivalentMutants'>>,
): ReductionOp {
  const call: ReductionOp = defineOp(
    {
      ...own,
      inputs: ['X'],
      shapeRule: 'reduced axes vanish, or become 1 with keepDims',
      shape: ({ X }, attributes) => reducedShape(X, attributes, own.name),
      samples: samples(),
      refuses: refusals(own.name, (X, options) => call(X, options)),
    },
    (execute) =>
      (X, options = {}) => {
        requireOptions(own.name, options, { axis: true, keepDims: true });
        return execute([X], options);
      },
  );
  return call;
}

function samples(): readonly Sample<'X', ReduceOptions>[] {
  return [
    { shapes: { X: [3, 4] }, attributes: {} },
    { shapes: { X: [3, 4] }, attributes: { axis: 0 } },
    { shapes: { X: [3, 4] }, attributes: { axis: 1 } },
    { shapes: { X: [3, 4] }, attributes: { axis: -1, keepDims: true } },
    { shapes: { X: [2, 3, 2] }, attributes: { axis: [0, 2] } },
    { shapes: { X: [2, 3, 2] }, attributes: { axis: 1, keepDims: true } },
    { shapes: { X: [1, 5] }, attributes: { axis: 0 } },
    { shapes: { X: [] }, attributes: {} },
  ];
}

function formula(forward: string, gradient: string, attributes: ReduceOptions): Formula<'X', ReduceOptions> {
  return { forward, gradient: { X: gradient }, shapes: [{ X: [3, 4] }, { X: [2, 1] }], attributes };
}

function refusals(name: string, call: (X: TensorLike, options: ReduceOptions) => unknown): Refusal[] {
  return [
    {
      because: 'an axis that does not exist',
      call: () => call(tensor([1, 2]), { axis: 1 }),
      message: new RegExp(`^${name}: axis 1 does not exist in shape \\(2,\\)`),
    },
    {
      because: 'one axis named twice',
      call: () => call(tensor([[1, 2]]), { axis: [0, -2] }),
      message: new RegExp(`^${name}: axes \\[0, -2\\] name one axis twice`),
    },
  ];
}

function reducedShape(shape: Shape, { axis, keepDims }: ReduceOptions, op: string): Shape {
  const axes = normalizeAxes(axis, shape, op);
  return keepDims === true ? withOnes(shape, axes) : shape.filter((_, k) => !axes.includes(k));
}

function withOnes(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((length, k) => (axes.includes(k) ? 1 : length));
}

/** The upstream gradient repeated along the axes that were reduced. */
function restored(gradient: Tensor, shape: Shape, { axis }: ReduceOptions, op: string): Tensor {
  return expand(reshape(gradient, withOnes(shape, normalizeAxes(axis, shape, op))), shape);
}

interface ReducedLast {
  /** The input with its reduced axes last: (kept, reduced). */
  readonly ordered: Tensor;
  readonly kept: number;
  readonly reduced: number;
  readonly order: readonly number[];
}

function reducedLast(X: Tensor, axis: ReduceOptions['axis'], op: string): ReducedLast {
  const axes = normalizeAxes(axis, X.shape, op);
  const order = [...X.shape.keys()].filter((k) => !axes.includes(k)).concat(axes);
  const reduced = sizeOf(axes.map((k) => X.shape[k]!));
  const kept = X.size / reduced;
  if (order.every((k, position) => k === position)) return { ordered: X, kept, reduced, order };
  const strides = stridesOf(X.shape);
  const ordered = Tensor.allocate(
    order.map((k) => X.shape[k]!),
    X.dtype,
  );
  copyStrided(
    X,
    order.map((k) => strides[k]!),
    ordered,
  );
  return { ordered, kept, reduced, order };
}

/** 1 at the first maximum of each group and 0 elsewhere; a constant. */
function firstMaximum(X: Tensor, indices: Tensor, { axis }: ReduceOptions): Tensor {
  const { kept, reduced, order } = reducedLast(X, axis, 'max');
  const picked = indices.data();
  const grouped = new Float64Array(X.size);
  for (let k = 0; k < kept; k++) grouped[k * reduced + picked[k]!] = 1;
  const mask = constant(grouped, { shape: order.map((k) => X.shape[k]!), dtype: X.dtype });
  const strides = stridesOf(mask.shape);
  const output = Tensor.allocate(X.shape, X.dtype);
  copyStrided(
    mask,
    X.shape.map((_, k) => strides[order.indexOf(k)]!),
    output,
  );
  return output;
}
