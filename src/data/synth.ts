import { sqrt } from '../kernels/math.js';
import { random } from '../random/random.js';
import { constant } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ValueError } from '../tensor/error.js';
import { type Dataset, dataset } from './dataset.js';
import { requireOptions } from '../tensor/options.js';
import { kind, requireKinds } from '../tensor/arguments.js';

export interface SynthOptions {
  readonly seed: number;
  /** Training points; 60,000 unless said. */
  readonly train?: number;
  /** Validation points; 10,000 unless said. */
  readonly validation?: number;
  readonly dtype?: FloatDType;
}

/** A point belongs to class 1 when $x_1^2 + 1.5\, x_1 x_2 + 0.2\, x_2^2$ exceeds this. */
export const synthThreshold = 0.6;

/** The quadratic form whose level set is the boundary between the classes: a hyperbola. */
export function synthForm(x1: number, x2: number): number {
  return x1 * x1 + 1.5 * x1 * x2 + 0.2 * x2 * x2;
}

const aLength = kind('a finite number', Number.isFinite);
const someCount = kind(
  'an integer from 2 on',
  (given) => Number.isSafeInteger(given) && (given as number) > 1,
);

/**
 * The two branches of the boundary, $x_1 = -\frac34 x_2 \pm \sqrt{\frac{29}{80} x_2^2 + \frac35}$, at heights $x_2$ from −`extent` to `extent`.
 */
export function synthBoundary(extent = 3, points = 61): { readonly x: number; readonly y: number }[][] {
  requireKinds('synthBoundary', { extent, points }, { extent: aLength, points: someCount });
  const heights = Array.from({ length: points }, (_, k) => (extent * (2 * k - (points - 1))) / (points - 1));
  return [-1, 1].map((sign) =>
    heights.map((y) => ({ x: -0.75 * y + sign * sqrt(0.3625 * y * y + synthThreshold), y })),
  );
}

/**
 * The synthetic data of the course: points of the standard normal distribution in the plane, without noise, labelled 1
 * when $x_1^2 + 1.5\, x_1 x_2 + 0.2\, x_2^2 > 0.6$.
 */
export function synth(options: SynthOptions): Dataset {
  requireOptions('synth', options, { seed: true, train: true, validation: true, dtype: true });
  const { seed, train = 60_000, validation = 10_000, dtype = 'float64' } = options;
  for (const [part, points] of Object.entries({ train, validation })) {
    if (Number.isInteger(points) && points >= 1) continue;
    throw new ValueError(`synth: ${part} is ${points}, but it must be a whole number of points, at least 1`);
  }
  const count = train + validation;
  const points = random(seed)
    .split('synth')
    .normals(2 * count);
  const labels = Int32Array.from({ length: count }, (_, k) =>
    synthForm(points[2 * k]!, points[2 * k + 1]!) > synthThreshold ? 1 : 0,
  );
  const part = (start: number, end: number) => ({
    x: constant(points.subarray(2 * start, 2 * end), { shape: [end - start, 2], dtype, name: 'x' }),
    labels: constant(labels.subarray(start, end), { dtype: 'int32', name: 'labels' }),
  });
  return dataset({ name: 'synth', classes: 2, train: part(0, train), validation: part(train, count), dtype });
}
