import { random } from '../random/random.js';
import { ValueError } from '../tensor/error.js';
import { aResult, type ExperimentResult } from './run-experiments.js';
import { finalAccuracy, median, quantile } from './statistics.js';
import { aCount, kind, numbers, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';

export interface ComparisonOptions {
  /** Seed of the bootstrap; 0 unless said. */
  readonly seed?: number;
  /** Resamples of the bootstrap; 10,000 unless said. */
  readonly resamples?: number;
}

/** Final validation accuracies of two experiments over the same seeds, the first minus the second. */
export interface Comparison {
  /** Seeds for which the first is better, worse, or equal; a run that left the numbers is worse than one that did not. */
  readonly better: number;
  readonly worse: number;
  readonly equal: number;
  /** Differences of the pairs in which both stayed in the numbers, in the order of their seeds. */
  readonly differences: readonly number[];
  readonly median: number;
  readonly mean: number;
  /** 95 % percentile bootstrap interval of the mean difference. */
  readonly interval: readonly [low: number, high: number];
  /** Two-sided p of the exact sign test. */
  readonly signTest: number;
}

/**
 * Compares two experiments seed by seed.
 * @throws ValueError unless both have the same seeds, or when no pair stayed in the numbers.
 * @example compare(corrected, published).better // in so many of 10 seeds
 */
export function compare(
  first: ExperimentResult,
  second: ExperimentResult,
  options: ComparisonOptions = {},
): Comparison {
  requireKinds('compare', { first, second }, { first: aResult, second: aResult });
  requireOptions('compare', options, { seed: true, resamples: true });
  const { seed = 0, resamples = 10_000 } = options;
  requireSameSeeds(first, second);
  const pairs = first.runs.map((run, k) => [finalAccuracy(run), finalAccuracy(second.runs[k]!)] as const);
  const signs = pairs.map(([a = -1, b = -1]) => Math.sign(a - b));
  const better = signs.filter((sign) => sign > 0).length;
  const worse = signs.filter((sign) => sign < 0).length;
  const differences = pairs.flatMap(([a, b]) => (a === undefined || b === undefined ? [] : [a - b]));
  if (differences.length === 0) {
    throw new ValueError(
      `compare: there is no seed with which both ${first.name} and ${second.name} stayed in the numbers, so there is no difference to take`,
    );
  }
  return {
    better,
    worse,
    equal: signs.length - better - worse,
    differences,
    median: median(differences),
    mean: mean(differences),
    interval: bootstrapInterval(differences, seed, resamples),
    signTest: signTest(better, worse),
  };
}

/**
 * Two-sided p of the exact sign test: how often a fair coin is as far from balance, $2\,P(X \le \min(k, n - k))$ for n throws,
 * at most 1; pairs that are equal count for neither side.
 */
export function signTest(better: number, worse: number): number {
  requireKinds('signTest', { better, worse }, { better: aCountOfPairs, worse: aCountOfPairs });
  const throws = better + worse;
  let probability = 1; // of k heads, times 2^n / 2^n: halved once a throw, so that nothing overflows
  for (let k = 0; k < throws; k++) probability /= 2;
  let tail = 0;
  for (let k = 0; k <= Math.min(better, worse); k++) {
    tail += probability;
    probability = (probability * (throws - k)) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

/** Percentile interval of the mean over resamples with replacement; the same seed gives the same interval. */
export function bootstrapInterval(
  values: readonly number[],
  seed: number,
  resamples: number,
): readonly [low: number, high: number] {
  requireKinds('bootstrapInterval', { values, resamples }, { values: numbers, resamples: aCount });
  const draws = random(seed)
    .split('bootstrap')
    .uniforms(resamples * values.length);
  const means = Array.from({ length: resamples }, (_, resample) => {
    let total = 0;
    for (let k = 0; k < values.length; k++) {
      total += values[Math.floor(draws[resample * values.length + k]! * values.length)]!;
    }
    return total / values.length;
  });
  return [quantile(means, 0.025), quantile(means, 0.975)];
}

const aCountOfPairs = kind(
  'a number of pairs, an integer that is not negative',
  (given) => Number.isSafeInteger(given) && (given as number) >= 0,
);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function requireSameSeeds(first: ExperimentResult, second: ExperimentResult): void {
  const [a, b] = [first, second].map(({ trials }) => trials.map(({ seed }) => seed).join(', '));
  if (a === b) return;
  throw new ValueError(
    `compare: ${first.name} has the seeds ${a!}, but ${second.name} has ${b!}; pairs need the same seeds in both`,
  );
}
