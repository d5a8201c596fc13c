import type { Meaning } from '../../src/formula/interpretation.js';
import { cubic, meanings } from '../formula/samples.js';

export const raw = String.raw;
export const up = 'S^\\nabla';

/** Several shapes for the same formula; the inputs' values are positive, the upstream gradient's of both signs. */
export function given(forward: string, ...sets: Record<string, readonly number[]>[]): Meaning[] {
  const ingredients = sets.map((set) =>
    Object.fromEntries(
      Object.entries(set).map(([name, shape]) => [name, { shape, low: name.includes('^') ? -2 : 0.5 }]),
    ),
  );
  return meanings(forward, ingredients, { functions: { f: cubic } });
}

export const square = [
  [3, 4],
  [2, 2],
  [4, 3],
] as const;
export const division = given(
  raw`S_{ij} = \frac{X_{ij}}{Y_{ij}}`,
  ...square.map((shape) => ({ X: shape, Y: shape, [up]: shape })),
);
export const upright = given(
  raw`S = X W^\top`,
  { X: [3, 4], W: [2, 4], [up]: [3, 2] },
  { X: [2, 5], W: [4, 5], [up]: [2, 4] },
);
export const flipped = given(
  raw`S = W X^\top`,
  { X: [3, 4], W: [2, 4], [up]: [2, 3] },
  { X: [2, 5], W: [4, 5], [up]: [4, 2] },
);
export const expansion = given(raw`S_{kl} = x_k`, { x: [3], [up]: [3, 16] }, { x: [5], [up]: [5, 16] });
export const rowAdded = given(
  raw`S_{ij} = X_{ij} + y_j`,
  { X: [3, 4], y: [4], [up]: [3, 4] },
  { X: [2, 2], y: [2], [up]: [2, 2] },
);
export const normalization = given(
  raw`S_{ij} = \frac{X_{ij}}{s_i}, s_i = \sum_k X_{ik}`,
  ...square.map((shape) => ({ X: shape, [up]: shape })),
);
export const applied = given(raw`S_{ij} = f(X_{ij})`, ...square.map((shape) => ({ X: shape, [up]: shape })));
export const mean = given(
  raw`S = \frac{1}{nm} \sum_{ij} X_{ij}, X \in \mathbb R^{n \times m}`,
  { X: [3, 4], [up]: [] },
  { X: [2, 2], [up]: [] },
);
export const transposition = given(
  raw`S_{ij} = X_{ji}`,
  { X: [3, 4], [up]: [4, 3] },
  { X: [2, 2], [up]: [2, 2] },
);
