import type { ScalarFunction } from '../../src/formula/arithmetic.js';
import type { Environment, Meaning, NumericArray } from '../../src/formula/interpretation.js';

/** How an input is made: its shape and the range of its values; `labels` counts classes from 0. */
export interface Ingredient {
  readonly shape: readonly number[];
  readonly low?: number;
  readonly high?: number;
  readonly labels?: number;
}

/** Numbers from -2 to 2 unless said otherwise, always the same for the same seed. */
export function array({ shape, low = -2, high = 2, labels }: Ingredient, seed: number): NumericArray {
  let state = (seed * 7919 + 12345) % 2147483647;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  next();
  const size = shape.reduce((a, b) => a * b, 1);
  const draw = () => (labels === undefined ? low + (high - low) * next() : Math.floor(next() * labels));
  return { shape, values: Float64Array.from({ length: size }, draw) };
}

export function environment(
  ingredients: Readonly<Record<string, Ingredient | number>>,
  seed: number,
): Environment {
  const entries = Object.entries(ingredients).map(([name, made], k) => {
    return [name, typeof made === 'number' ? made : array(made, seed * 31 + k)] as const;
  });
  return Object.fromEntries(entries);
}

export interface Functions {
  readonly functions?: Readonly<Record<string, ScalarFunction>>;
}

/** One meaning for each set of ingredients; the forward formula says what `S` is. */
export function meanings(
  where: string,
  sets: readonly Readonly<Record<string, Ingredient | number>>[],
  options: Functions = {},
): Meaning[] {
  return sets.map((set, k) => ({ environment: environment(set, k + 1), where, ...options }));
}

/** A function that is not built in, and whose derivative is neither even nor odd. */
export const cubic: ScalarFunction = {
  value: (x) => x * x * x + x * x,
  derivative: (x) => 3 * x * x + 2 * x,
};
