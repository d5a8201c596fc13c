import { ValueError } from '../tensor/error.js';
import { requireNotNegative, requireRate } from './options.js';
import { type OptionNames, requireOptions } from '../tensor/options.js';
import { objectWith, requireKinds } from '../tensor/arguments.js';

/** A learning rate: one for all epochs, or one for each epoch, counted from 0. */
export type Rate = number | ((epoch: number) => number);

/**
 * How a learning rate $\eta$ changes with the epoch $e = 0, 1, \dots$, as plain data.
 *
 * - `constant`: $\eta$;
 * - `step`: $\eta f^{\lfloor e / n \rfloor}$, every n epochs by a factor f;
 * - `exponential`: $\eta f^e$;
 * - `power`: $\eta (s + e)^k$ with a whole k, starting from s = 0 or 1;
 * - `linear`: $\eta + a e$;
 * - `cosine`: $\eta_0 + (\eta - \eta_0) (1 + \cos(\pi e / n)) / 2$ for n epochs down to the lowest rate $\eta_0$ (0 unless said), which it keeps;
 * - `warm-up`: $\eta (s + (1 - s) e / n)$ for n epochs from the share s (a third unless said), `then` another schedule
 *   (constant unless said) that counts its epochs from there.
 *
 * `step`, `exponential`, `cosine` and `warm-up` are PyTorch's StepLR, ExponentialLR, CosineAnnealingLR and LinearLR.
 */
export type ScheduleRecord =
  | { readonly kind: 'constant' }
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  | { readonly kind: 'exponential'; readonly factor: number }
  | { readonly kind: 'power'; readonly exponent: number; readonly from: 0 | 1 }
  | { readonly kind: 'linear'; readonly slope: number }
  | { readonly kind: 'cosine'; readonly epochs: number; readonly lowest?: number }
  | {
      readonly kind: 'warm-up';
      readonly epochs: number;
      readonly start?: number;
      readonly then?: ScheduleRecord;
    };

const optionsOf: {
  readonly [Kind in ScheduleRecord['kind']]: OptionNames<Extract<ScheduleRecord, { kind: Kind }>>;
} = {
  constant: { kind: true },
  step: { kind: true, every: true, factor: true },
  exponential: { kind: true, factor: true },
  power: { kind: true, exponent: true, from: true },
  linear: { kind: true, slope: true },
  cosine: { kind: true, epochs: true, lowest: true },
  'warm-up': { kind: true, epochs: true, start: true, then: true },
};

/**
 * The rate of each epoch under a schedule.
 * @throws ValueError for a base rate that is not positive and finite, or a schedule that cannot be.
 * @example sgd({ rate: scheduled(0.1, { kind: 'cosine', epochs: 20 }) })
 */
export function scheduled(rate: number, schedule: ScheduleRecord): (epoch: number) => number {
  requireRate('schedule', rate);
  requireKinds(
    'schedule',
    { schedule },
    { schedule: objectWith({}, "a record, such as { kind: 'constant' }") },
  );
  if (!Object.hasOwn(optionsOf, schedule.kind)) {
    const known = Object.keys(optionsOf).join(', ');
    throw new ValueError(`schedule: there is no kind ${JSON.stringify(schedule.kind)}; there are ${known}`);
  }
  requireOptions<object>(`schedule ${schedule.kind}`, schedule, optionsOf[schedule.kind]);
  switch (schedule.kind) {
    case 'constant':
      return () => rate;
    case 'step': {
      requirePeriod('step', 'every', schedule.every);
      requireNotNegative('step', 'factor', schedule.factor);
      return (epoch) => rate * wholePower(schedule.factor, Math.floor(epoch / schedule.every));
    }
    case 'exponential':
      requireNotNegative('exponential', 'factor', schedule.factor);
      return (epoch) => rate * wholePower(schedule.factor, epoch);
    case 'power':
      requireExponent(schedule.exponent, schedule.from);
      return (epoch) => rate * wholePower(schedule.from + epoch, schedule.exponent);
    case 'linear':
      return (epoch) => rate + schedule.slope * epoch;
    case 'cosine': {
      const { epochs, lowest = 0 } = schedule;
      requirePeriod('cosine', 'epochs', epochs);
      requireNotNegative('cosine', 'lowest', lowest);
      return (epoch) => lowest + ((rate - lowest) * (1 + cosineOfHalfTurns(Math.min(1, epoch / epochs)))) / 2;
    }
    case 'warm-up': {
      const { epochs, start = 1 / 3, then = { kind: 'constant' } } = schedule;
      requirePeriod('warm-up', 'epochs', epochs);
      requireNotNegative('warm-up', 'start', start);
      const after = scheduled(rate, then);
      return (epoch) =>
        epoch < epochs ? rate * (start + ((1 - start) * epoch) / epochs) : after(epoch - epochs);
    }
  }
}

/**
 * The rate of an epoch.
 * @throws ValueError unless a scheduled rate is finite and not negative.
 */
export function rateAt(rate: Rate, epoch: number): number {
  if (typeof rate === 'number') return rate;
  const given = rate(epoch);
  if (Number.isFinite(given) && given >= 0) return given;
  throw new ValueError(
    `the schedule gives the learning rate ${given} for epoch ${epoch}; it must be finite and not negative`,
  );
}

/** By repeated products, so that whole numbers stay whole and every engine gives the same bits. */
function wholePower(base: number, exponent: number): number {
  let product = 1;
  for (let k = 0; k < Math.abs(exponent); k++) product *= base;
  return exponent < 0 ? 1 / product : product;
}

/** $\cos \pi t$ for t from 0 to 1, as $\sin \pi(\frac12 - t)$ by its series; the last term left out is below 2e-18. */
function cosineOfHalfTurns(t: number): number {
  const x = Math.PI * (0.5 - t);
  let sum = 1;
  for (let k = 21; k >= 3; k -= 2) sum = 1 - ((x * x) / (k * (k - 1))) * sum;
  return x * sum;
}

function requirePeriod(schedule: string, what: string, epochs: number): void {
  if (Number.isInteger(epochs) && epochs >= 1) return;
  throw new ValueError(
    `schedule ${schedule}: ${what} is ${epochs}, but it must be a whole number of epochs, at least 1`,
  );
}

function requireExponent(exponent: number, from: number): void {
  if (!Number.isInteger(exponent)) {
    throw new ValueError(`schedule power: the exponent is ${exponent}, but it must be a whole number`);
  }
  if (exponent < 0 && from === 0) {
    throw new ValueError(
      `schedule power: the exponent ${exponent} divides by the epoch, which is 0 at first; start from 1`,
    );
  }
}
