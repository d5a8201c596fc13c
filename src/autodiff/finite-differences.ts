import { aTensor, type Tensor } from '../tensor/tensor.js';
import { aFunction, numbers, requireKinds, written } from '../tensor/arguments.js';
import { ShapeError, ValueError } from '../tensor/error.js';

/** How a derivative is approximated. */
export type DifferenceScheme = 'central' | 'richardson';

/**
 * Steps that balance truncation and rounding in float64, relative to max(1, |x|): the error of central differences grows
 * as h² and as ε/h, that of Richardson's extrapolation as h⁴ and as ε/h.
 */
export const defaultStep: Readonly<Record<DifferenceScheme, number>> = {
  central: 1 / 131072,
  richardson: 1 / 1024,
};

/**
 * The gradient of $\langle V, S(x)\rangle$ by finite differences, one element of the input at a time.
 *
 * central: $(f(x + h) - f(x - h)) / 2h$; richardson: $(4 D(h) - D(2h)) / 3$ from two of them. Differences are taken element by
 * element before they are summed, so that outputs which do not move add no rounding error. The input is changed in place
 * and set back.
 */
export function numericGradient(
  evaluate: () => ArrayLike<number>,
  weights: ArrayLike<number>,
  input: Tensor,
  scheme: DifferenceScheme = 'central',
  step = defaultStep[scheme],
): Float64Array {
  const kinds = { evaluate: aFunction, weights: numbers, input: aTensor };
  requireKinds('numericGradient', { evaluate, weights, input }, kinds);
  if (!Object.hasOwn(defaultStep, scheme)) {
    throw new ValueError(
      `numericGradient: there is no scheme ${written(scheme)}; there are ${Object.keys(defaultStep).join(', ')}`,
    );
  }
  return Float64Array.from(input.data()).map((x, k) => {
    const h = step * Math.max(1, Math.abs(x));
    const central = (reach: number): number => differenceQuotient(evaluate, weights, input, k, -reach, reach);
    return scheme === 'central' ? central(h) : (4 * central(h) - central(2 * h)) / 3;
  });
}

/** How much $\langle V, S(x)\rangle$ changes, over the way, while one element of the input moves from x + `from` to x + `to`. */
export function differenceQuotient(
  evaluate: () => ArrayLike<number>,
  weights: ArrayLike<number>,
  input: Tensor,
  position: number,
  from: number,
  to: number,
): number {
  const x = input.data()[position]!;
  const [below, above] = [x + from, x + to];
  const [upper, lower] = [above, below].map((place) =>
    withElement(input, position, place, () => Float64Array.from(evaluate())),
  ) as [Float64Array, Float64Array];
  if (upper.length !== weights.length) {
    throw new ShapeError(
      `numericGradient: ${weights.length} weights are given for an output of ${upper.length} numbers; give one a number`,
    );
  }
  let total = 0;
  for (let j = 0; j < weights.length; j++) total += weights[j]! * (upper[j]! - lower[j]!);
  return total / (above - below);
}

/** What a function returns while one element of an input is another number. */
export function withElement<T>(input: Tensor, position: number, value: number, compute: () => T): T {
  const original = Float64Array.from(input.data());
  try {
    input.assign(original.with(position, value));
    return compute();
  } finally {
    input.assign(original);
  }
}
