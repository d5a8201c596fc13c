import { ValueError } from '../tensor/error.js';

/** A learning rate: one for all epochs, or one for each epoch, counted from 0. */
export type Rate = number | ((epoch: number) => number);

/**
 * The rate of an epoch.
 * @throws ValueError unless a constant rate is positive and finite, and a scheduled one finite and not negative.
 */
export function rateAt(rate: Rate, epoch: number): number {
  if (typeof rate === 'number') return rate;
  const scheduled = rate(epoch);
  if (Number.isFinite(scheduled) && scheduled >= 0) return scheduled;
  throw new ValueError(
    `the schedule gives the learning rate ${scheduled} for epoch ${epoch}; it must be finite and not negative`,
  );
}

/** Refuses a constant rate that cannot train anything. */
export function requireRate(optimizer: string, rate: Rate): void {
  if (typeof rate === 'function' || (Number.isFinite(rate) && rate > 0)) return;
  throw new ValueError(`${optimizer}: the learning rate is ${rate}, but it must be positive and finite`);
}
