import { ValueError } from '../tensor/error.js';
import { suggest } from '../tensor/suggest.js';

/** Reads a value of unknown origin as a T, or says at which path it is something else. */
export type Check<T> = (value: unknown, path: string) => T;

/** The check of a field that may be left out. */
export interface Optional<T> {
  readonly optional: Check<T>;
}

/** One check for each field of a record, no more and no fewer; those that may be left out are marked. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K>
    ? Optional<Exclude<T[K], undefined>>
    : Check<T[K]>;
};

export function optional<T>(check: Check<T>): Optional<T> {
  return { optional: check };
}

export const number: Check<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(path, value, 'a finite number');

export const text: Check<string> = (value, path) =>
  typeof value === 'string' && value !== '' ? value : refuse(path, value, 'a text that is not empty');

export const truth: Check<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : refuse(path, value, 'true or false');

/** A whole number that is not below `lowest`. */
export function whole(lowest: number): Check<number> {
  return (value, path) =>
    Number.isSafeInteger(value) && (value as number) >= lowest
      ? (value as number)
      : refuse(path, value, `a whole number, at least ${lowest}`);
}

export function oneOf<T extends string | number>(...choices: readonly T[]): Check<T> {
  return (value, path) => {
    if (choices.includes(value as T)) return value as T;
    const hint = typeof value === 'string' ? suggest(value, choices.map(String)) : '';
    return refuse(path, value, `one of ${choices.join(', ')}.${hint}`);
  };
}

export function list<T>(check: Check<T>): Check<readonly T[]> {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((entry, k) => check(entry, `${path}[${k}]`))
      : refuse(path, value, 'a list in brackets');
}

/** The first check that accepts the value decides; the last one words the refusal. */
export function either<A, B>(first: Check<A>, second: Check<B>): Check<A | B> {
  return (value, path) => (isRecord(value) ? second(value, path) : first(value, path));
}

/** A record with exactly these fields. */
export function record<T extends object>(fields: Fields<T>): Check<T> {
  const checks = fields as Readonly<Record<string, Check<unknown> | Optional<unknown>>>;
  return (value, path) => {
    if (!isRecord(value)) return refuse(path, value, 'a record in braces');
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(checks, key)) continue;
      const known = Object.keys(checks);
      throw new ValueError(
        `${join(path, key)}: there is no such field; the fields here are ${known.join(', ')}.${suggest(key, known)}`,
      );
    }
    const read = Object.entries(checks).flatMap(([key, check]): [string, unknown][] => {
      if (typeof check === 'function') return [[key, check(value[key], join(path, key))]];
      return value[key] === undefined ? [] : [[key, check.optional(value[key], join(path, key))]];
    });
    return Object.fromEntries(read) as T;
  };
}

/** Records of several kinds, told apart by their field `kind`. */
export function kinds<T extends { readonly kind: string }>(checks: {
  readonly [Kind in T['kind']]: Check<Extract<T, { readonly kind: Kind }>>;
}): Check<T> {
  return (value, path) => {
    if (!isRecord(value)) return refuse(path, value, 'a record in braces');
    const kind = oneOf(...(Object.keys(checks) as T['kind'][]))(value.kind, join(path, 'kind'));
    return checks[kind](value, path);
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function refuse(path: string, value: unknown, expected: string): never {
  const found = value === undefined ? 'missing' : JSON.stringify(value);
  throw new ValueError(`${path === '' ? 'the experiment' : path} is ${found}, but must be ${expected}`);
}
