import { defineOp } from '../autodiff/define-op.js';
import type { Domain, Formula, Op, OpRecord, Refusal } from '../autodiff/op.js';
import { kernels, memory } from '../kernels/index.js';
import { constant, type TensorLike } from '../tensor/creation.js';
import { type FloatDType, viewOf } from '../tensor/dtype.js';
import { GradbookError } from '../tensor/error.js';
import type { Tensor } from '../tensor/tensor.js';
import { divide, multiply } from './arithmetic.js';
import { matrixShapes, unarySamples } from './check-shapes.js';
import { aFunction, requireKinds } from '../tensor/arguments.js';

type Unary = OpRecord<'X', undefined>;
/** An elementwise op of one operand. */
export type UnaryOp = Op<'X', undefined, (X: TensorLike) => Tensor>;

type UnaryKernel = 'negate' | 'exp' | 'log' | 'sqrt' | 'sigmoid' | 'tanh' | 'relu';

/** $S = -X$ */
export const negate: UnaryOp = unary({
  name: 'negate',
  summary: 'elementwise negation',
  math: chain('-X_{ij}', '(-1)', String.raw`-S^\nabla_{ij}`),
  backward: { X: ({ gradient }) => negate(gradient) },
});

/** $S = e^X$, elementwise. */
export const exp: UnaryOp = unary({
  name: 'exp',
  courseName: 'Exp',
  summary: 'elementwise exponential',
  math: chain(String.raw`\exp(X_{ij})`, String.raw`\exp(X_{kl})`, String.raw`S^\nabla_{ij} S_{ij}`),
  backward: { X: ({ gradient, output }) => multiply(gradient, output) },
  equivalentMutants: {
    'multiplication commutes': ['X: multiply(gradient, output) → multiply(output, gradient)'],
  },
});

/** $S = \log X$, elementwise natural logarithm; $-\infty$ at 0, NaN below. */
export const log: UnaryOp = unary({
  name: 'log',
  courseName: 'Log',
  summary: 'elementwise natural logarithm',
  math: chain(
    String.raw`\log(X_{ij})`,
    String.raw`\frac{1}{X_{kl}}`,
    String.raw`\frac{S^\nabla_{ij}}{X_{ij}}`,
  ),
  domain: { X: { low: 0.5, high: 2 } },
  backward: { X: ({ gradient, X }) => divide(gradient, X) },
});

/** $S = \sqrt X$, elementwise; NaN below 0. */
export const sqrt: UnaryOp = unary({
  name: 'sqrt',
  summary: 'elementwise square root',
  math: chain(
    String.raw`\sqrt{X_{ij}}`,
    String.raw`\frac{1}{2 \sqrt{X_{kl}}}`,
    String.raw`\frac{S^\nabla_{ij}}{2 S_{ij}}`,
  ),
  domain: { X: { low: 0.5, high: 2 } },
  backward: { X: ({ gradient, output }) => divide(gradient, multiply(2, output)) },
  equivalentMutants: {
    'multiplication commutes': ['X: multiply(constant, output) → multiply(output, constant)'],
  },
});

/** A function of one number. */
export type Scalar = (x: number) => number;

/**
 * Makes an op of a scalar function $f$ and its derivative: $S_{ij} = f(X_{ij})$, $X^\nabla = S^\nabla \odot f'(X)$; question 2.
 *
 * The function runs in JavaScript, once an element. To differentiate twice, `derivatives` must go on with $f''$.
 * @example const cube = elementwise((x) => x * x * x, (x) => 3 * x * x); cube(X)
 */
export function elementwise(f: Scalar, ...derivatives: readonly [Scalar, ...Scalar[]]): UnaryOp {
  const [first, ...higher] = derivatives;
  requireKinds('elementwise', { f, derivative: first }, { f: aFunction, derivative: aFunction });
  return unary(
    {
      name: f.name === '' ? 'elementwise' : f.name,
      summary: 'any scalar function, elementwise',
      math: chain('f(X_{ij})', String.raw`f'(X_{kl})`, String.raw`S^\nabla_{ij} f'(X_{ij})`, {
        f: { value: f, derivative: first },
      }),
      backward: {
        X: ({ gradient, X }) => {
          if (higher.length > 0)
            return multiply(gradient, elementwise(first, ...(higher as [Scalar, ...Scalar[]]))(X));
          if (X.requiresGrad) {
            throw new GradbookError(
              `${f.name || 'elementwise'}: a second derivative is asked for, but only f and f' are known; pass f'' as the next argument`,
            );
          }
          return multiply(gradient, mapped(X, first));
        },
      },
    },
    ({ X }, output) => mapInto(X, f, output),
  );
}

/**
 * What ops of one input have in common; `forward` is the kernel of the same name unless given.
 */
export function unary(
  own: Pick<Unary, 'name' | 'summary' | 'math' | 'backward'> &
    Partial<Pick<Unary, 'courseName' | 'fused' | 'kinks' | 'equivalentMutants'>> & { domain?: { X: Domain } },
  forward?: (inputs: { readonly X: Tensor }, output: Tensor) => void,
): UnaryOp {
  const kernel = own.name as UnaryKernel;
  const call: UnaryOp = defineOp(
    {
      ...own,
      inputs: ['X'],
      shapeRule: '(…) → (…)',
      shape: ({ X }) => X,
      forward: (inputs, output) => {
        if (forward !== undefined) forward(inputs, output);
        else kernels[output.dtype as FloatDType][kernel](inputs.X.pointer, output.pointer, output.size);
        return undefined;
      },
      samples: unarySamples,
      refuses: refusals(own.name, (X) => call(X)),
    },
    (execute) => (X) => execute([X], undefined),
  );
  return call;
}

/** The derivation that every elementwise function shares: $\partial S_{kl} / \partial X_{ij} = f'(X_{kl}) \delta_{ki} \delta_{lj}$. */
export function chain(
  value: string,
  derivative: string,
  result: string,
  functions?: Formula<'X', undefined>['functions'],
): Formula<'X', undefined>[] {
  const upstream = String.raw`\sum_{kl} S^\nabla_{kl}`;
  return [
    {
      forward: `S_{ij} = ${value}`,
      gradient: {
        X: String.raw`X^\nabla_{ij} = ${upstream} \frac{\partial S_{kl}}{\partial X_{ij}} = ${upstream} ${derivative} \delta_{ki} \delta_{lj} = ${result}`,
      },
      shapes: matrixShapes,
      ...(functions === undefined ? {} : { functions }),
    },
  ];
}

function mapped(X: Tensor, f: Scalar): Tensor {
  return constant(
    Float64Array.from(X.data(), (x) => f(x)),
    { shape: X.shape, dtype: X.dtype },
  );
}

function mapInto(X: Tensor, f: Scalar, output: Tensor): void {
  viewOf(memory.buffer, output.dtype, output.pointer, output.size).set(
    Float64Array.from(X.data(), (x) => f(x)),
  );
}

function refusals(name: string, call: (X: TensorLike) => unknown): Refusal[] {
  return [
    {
      because: 'labels instead of numbers to compute with',
      call: () => call(constant([1], { dtype: 'int32' })),
      message: new RegExp(`^${name}: .* holds labels or indices`),
    },
  ];
}
