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
  requireKinds(
    'numericGradient',
    { evaluate, weights, input },
    { evaluate: aFunction, weights: numbers, input: aTensor },
  );
  if (!Object.hasOwn(defaultStep, scheme)) {
    throw new ValueError(
      `numericGradient: there is no scheme ${written(scheme)}; there are ${Object.keys(defaultStep).join(', ')}`,
    );
  }
  const original = Float64Array.from(input.data());
  const moved = original.slice();
  const valuesAt = (k: number, x: number): ArrayLike<number> => {
    moved[k] = x;
    input.assign(moved);
    return Float64Array.from(evaluate());
  };
  const central = (k: number, h: number): number => {
    const x = original[k]!;
    const [above, below] = [x + h, x - h];
    const [upper, lower] = [valuesAt(k, above), valuesAt(k, below)];
    moved[k] = x;
    if (upper.length !== weights.length) {
      throw new ShapeError(
        `numericGradient: ${weights.length} weights are given for an output of ${upper.length} numbers; give one a number`,
      );
    }
    let total = 0;
    for (let j = 0; j < weights.length; j++) total += weights[j]! * (upper[j]! - lower[j]!);
    return total / (above - below);
  };
  try {
    return original.map((x, k) => {
      const h = step * Math.max(1, Math.abs(x));
      return scheme === 'central' ? central(k, h) : (4 * central(k, h) - central(k, 2 * h)) / 3;
    });
  } finally {
    input.assign(original);
  }
}

/**
 * Left and right derivatives of $\langle V, S(x)\rangle$ with respect to one element: they differ where the derivative jumps.
 */
export function oneSidedDerivatives(
  evaluate: () => ArrayLike<number>,
  weights: ArrayLike<number>,
  input: Tensor,
  position: number,
  step = defaultStep.central,
): readonly [left: number, right: number] {
  const original = Float64Array.from(input.data());
  const valueAt = (x: number): number => {
    const moved = original.slice();
    moved[position] = x;
    input.assign(moved);
    const values = evaluate();
    let total = 0;
    for (let j = 0; j < weights.length; j++) total += weights[j]! * values[j]!;
    return total;
  };
  try {
    const x = original[position]!;
    const h = step * Math.max(1, Math.abs(x));
    const [below, here, above] = [valueAt(x - h), valueAt(x), valueAt(x + h)];
    return [(here - below) / h, (above - here) / h];
  } finally {
    input.assign(original);
  }
}
