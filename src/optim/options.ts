import { written } from '../tensor/arguments.js';
import { ValueError } from '../tensor/error.js';
import type { Rate } from './schedule.js';

/** Refuses a constant rate that cannot train anything; what a function gives is checked when an epoch asks for it. */
export function requireRate(optimizer: string, rate: Rate): void {
  if (typeof rate === 'function' || (Number.isFinite(rate) && rate > 0)) return;
  throw new ValueError(
    `${optimizer}: the learning rate is ${written(rate)}, but it must be positive and finite`,
  );
}

/** Refuses a share that does not lie in [0, 1), such as a momentum or the memory of a running mean. */
export function requireShare(optimizer: string, what: string, share: number): void {
  if (share >= 0 && share < 1) return;
  throw new ValueError(`${optimizer}: the ${what} is ${share}, but it must lie in [0, 1)`);
}

/** Refuses what is negative, infinite or NaN. */
export function requireNotNegative(optimizer: string, what: string, value: number): void {
  if (value >= 0 && Number.isFinite(value)) return;
  throw new ValueError(`${optimizer}: the ${what} is ${value}, but it must be finite and not negative`);
}
