import { replacedBy } from '../kernels/index.js';
import { emitDisplay } from './display.js';
import { requireOptions } from '../tensor/options.js';
import { ValueError } from '../tensor/error.js';
import { written } from '../tensor/arguments.js';

/** How claims are checked again: `recorded` ones, such as timings, never are. */
export const claimKinds = ['exact', 'deterministic', 'statistical', 'recorded'] as const;

export type ClaimKind = (typeof claimKinds)[number];

/** Where and when something was measured that is not measured again. */
export interface Recording {
  readonly machine: string;
  readonly date: string;
}

export interface ClaimOptions {
  /** How far a later run may lie from `value`: an absolute difference, for numbers only. */
  readonly tolerance?: number;
  readonly unit?: string;
  /**
   * How the value comes about; by default `recorded` with a recording, `statistical` with a tolerance, else `exact` unless it
   * is a fraction.
   */
  readonly kind?: ClaimKind;
  /** For what was measured once, such as a time: the report says where and when, and `verify` does not count it. */
  readonly recorded?: Recording;
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
 * States a result by name, so that the report can quote it and `verify` can compare it; with OpenBLAS it only prints it.
 * Throws when the value is NaN or infinite, the name is malformed, or the name was claimed before with another value.
 */
export function claim(name: string, value: number | boolean | string, options: ClaimOptions = {}): void {
  requireOptions('claim', options, { tolerance: true, unit: true, kind: true, recorded: true });
  checkName(name);
  checkValue(name, value);
  const { tolerance, unit, recorded } = options;
  if (tolerance !== undefined) checkTolerance(name, value, tolerance);
  const kind = options.kind ?? (recorded === undefined ? defaultKind(value, tolerance) : 'recorded');
  checkOptions(name, kind, options);
  const before = claimed.get(name);
  if (before !== undefined && !Object.is(before, value)) {
    throw new ValueError(
      `claim ${name}: it is ${JSON.stringify(before)} and ${JSON.stringify(value)}: a name can be claimed with one value only`,
    );
  }
  claimed.set(name, value);
  const result: Claim = {
    name,
    value,
    kind,
    ...(tolerance !== undefined && { tolerance }),
    ...(unit !== undefined && { unit }),
    ...(recorded !== undefined && { recorded }),
  };
  const text = `claim ${name} = ${value}${unit === undefined ? '' : ` ${unit}`}`;
  if (replacedBy() === undefined) emitDisplay({ 'text/plain': text, [claimType]: result });
  else emitDisplay({ 'text/plain': `${text} (computed with ${replacedBy()}, so it is not claimed)` });
}

const claimed = new Map<string, number | boolean | string>();

function checkName(name: string): void {
  if (typeof name !== 'string' || !/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(name)) {
    throw new ValueError(
      `claim: the name ${typeof name === 'string' ? JSON.stringify(name) : written(name)} must be words of a-z and 0-9, joined by "." or "-"`,
    );
  }
}

function checkValue(name: string, value: unknown): void {
  if (typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value !== 'number') {
    throw new ValueError(
      `claim ${name}: the value must be a number, a boolean or a string, but is ${written(value)}`,
    );
  }
  if (!Number.isFinite(value))
    throw new ValueError(`claim ${name}: the value is ${value}, which no later run can be compared with`);
}

function checkTolerance(name: string, value: unknown, tolerance: number): void {
  if (typeof value !== 'number')
    throw new ValueError(
      `claim ${name}: a tolerance needs a number, but the value is ${JSON.stringify(value)}`,
    );
  if (!Number.isFinite(tolerance) || tolerance < 0) {
    throw new ValueError(`claim ${name}: the tolerance must be finite and not negative, but is ${tolerance}`);
  }
}

function checkOptions(name: string, kind: ClaimKind, options: ClaimOptions): void {
  if (!claimKinds.includes(kind))
    throw new ValueError(`claim ${name}: the kind "${kind}" is none of ${claimKinds.join(', ')}`);
  const { tolerance, recorded } = options;
  if ((kind === 'recorded') !== (recorded !== undefined)) {
    throw new ValueError(
      recorded === undefined
        ? `claim ${name}: it is recorded, but not where and when: give recorded: { machine, date }`
        : `claim ${name}: it is ${kind}, but a recording is given, which is for claims that are not made again`,
    );
  }
  if (tolerance !== undefined && (kind === 'recorded' || kind === 'exact')) {
    const reason = kind === 'exact' ? 'exact values have none' : 'recorded values are not compared';
    throw new ValueError(
      `claim ${name}: it is ${kind} and has a tolerance, but ${reason}: leave one of the two out`,
    );
  }
  if (recorded !== undefined && !(isText(recorded.machine) && isText(recorded.date)))
    throw new ValueError(`claim ${name}: a recording needs a machine and a date, both texts`);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function defaultKind(value: number | boolean | string, tolerance: number | undefined): ClaimKind {
  if (tolerance !== undefined) return 'statistical';
  return typeof value === 'number' && !Number.isInteger(value) ? 'deterministic' : 'exact';
}
