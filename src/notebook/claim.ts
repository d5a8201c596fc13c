import { emitDisplay } from './display.js';

export type ClaimKind = 'exact' | 'deterministic' | 'statistical' | 'recorded';

export interface ClaimOptions {
  /** How far a later run may lie from `value`: an absolute difference, for numbers only. */
  readonly tolerance?: number;
  readonly unit?: string;
  /** How the value comes about; by default `statistical` with a tolerance, else `exact` unless it is a fraction. */
  readonly kind?: ClaimKind;
}

/** What a notebook states, as its output carries it. */
export interface Claim extends ClaimOptions {
  readonly name: string;
  readonly value: number | boolean | string;
  readonly kind: ClaimKind;
}

/** The MIME type under which an executed notebook carries its claims. */
export const claimType = 'application/vnd.gradbook.claim+json';

/**
 * States a result by name, so that the report can quote it and `verify` can compare it.
 * Throws when the value is NaN or infinite, the name is malformed, or the name was claimed before with another value.
 */
export function claim(name: string, value: number | boolean | string, options: ClaimOptions = {}): void {
  checkName(name);
  checkValue(name, value);
  const { tolerance, unit } = options;
  if (tolerance !== undefined) checkTolerance(name, value, tolerance);
  const before = claimed.get(name);
  if (before !== undefined && !Object.is(before, value)) {
    throw new Error(
      `claim ${name}: it is ${JSON.stringify(before)} and ${JSON.stringify(value)}: a name can be claimed with one value only`,
    );
  }
  claimed.set(name, value);
  const kind = options.kind ?? defaultKind(value, tolerance);
  const result: Claim = {
    name,
    value,
    kind,
    ...(tolerance !== undefined && { tolerance }),
    ...(unit !== undefined && { unit }),
  };
  const text = `claim ${name} = ${value}${unit === undefined ? '' : ` ${unit}`}`;
  emitDisplay({ 'text/plain': text, [claimType]: result });
}

const claimed = new Map<string, number | boolean | string>();

function checkName(name: string): void {
  if (!/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(name)) {
    throw new TypeError(
      `claim: the name ${JSON.stringify(name)} must be words of a-z and 0-9, joined by "." or "-"`,
    );
  }
}

function checkValue(name: string, value: unknown): void {
  if (typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value !== 'number') {
    throw new TypeError(
      `claim ${name}: the value must be a number, a boolean or a string, but is ${value === null ? 'null' : typeof value}`,
    );
  }
  if (!Number.isFinite(value))
    throw new RangeError(`claim ${name}: the value is ${value}, which no later run can be compared with`);
}

function checkTolerance(name: string, value: unknown, tolerance: number): void {
  if (typeof value !== 'number')
    throw new TypeError(
      `claim ${name}: a tolerance needs a number, but the value is ${JSON.stringify(value)}`,
    );
  if (!Number.isFinite(tolerance) || tolerance < 0) {
    throw new RangeError(`claim ${name}: the tolerance must be finite and not negative, but is ${tolerance}`);
  }
}

function defaultKind(value: number | boolean | string, tolerance: number | undefined): ClaimKind {
  if (tolerance !== undefined) return 'statistical';
  return typeof value === 'number' && !Number.isInteger(value) ? 'deterministic' : 'exact';
}
