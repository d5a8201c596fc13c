import type { ScalarFunction } from '../../src/formula/arithmetic.js';
import { cubic, type Ingredient } from './samples.js';

/** A forward formula, the derivation of each gradient, and inputs of several shapes. */
export interface Derived {
  readonly op: string;
  readonly forward: string;
  readonly gradients: readonly string[];
  readonly inputs: readonly Readonly<Record<string, Ingredient | number>>[];
  readonly functions?: Readonly<Record<string, ScalarFunction>>;
}

export const raw = String.raw;
export const up = 'S^\\nabla';
export type Shape = readonly number[];

/** Ingredients of the same kind in several shapes. */
export function of(...names: string[]): (...shapes: Shape[]) => Record<string, Ingredient> {
  return (...shapes) => Object.fromEntries(names.map((name, k) => [name, { shape: shapes[k]! }]));
}

export const same = (names: string[], low = -2, high = 2) =>
  [
    [3, 4],
    [2, 2],
    [1, 5],
    [4, 1],
  ].map((shape) => ({
    ...Object.fromEntries(names.map((name) => [name, { shape, low, high }])),
    [up]: { shape },
  }));
export const rowReduced = [
  [3, 4],
  [2, 2],
  [4, 3],
].map(([n, m]) => of('X', up)([n!, m!], [n!]));

export const elementwise = (
  op: string,
  forward: string,
  slope: string,
  gradient: string,
  low = -2,
  high = 2,
): Derived => ({
  op,
  forward: `S_{ij} = ${forward}`,
  gradients: [
    raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} ${slope} \delta_{ki} \delta_{lj} = ${gradient}`,
  ],
  inputs: same(['X'], low, high),
  functions: { f: cubic },
});
