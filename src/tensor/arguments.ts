import { ValueError } from './error.js';

/** What an argument must be. */
export interface Kind {
  /** As the end of the sentence "it must be …". */
  readonly words: string;
  /** What is wrong with a value that is called so, or nothing. */
  readonly refusal: (given: unknown, name: string) => string | undefined;
}

/** A kind of values that a test recognises. */
export function kind(words: string, fits: (given: unknown) => boolean): Kind {
  return {
    words,
    refusal: (given, name) =>
      fits(given) ? undefined : `${name} is ${written(given)}, but it must be ${words}`,
  };
}

export const aNumber = kind('a number', (given) => typeof given === 'number' && !Number.isNaN(given));
/** A number that the function itself judges, NaN among them. */
export const anyNumber = kind('a number', (given) => typeof given === 'number');
export const aCount = kind(
  'a positive integer',
  (given) => Number.isSafeInteger(given) && (given as number) > 0,
);
export const aText = kind('a text', (given) => typeof given === 'string');
export const aList = kind('a list', Array.isArray);
export const aFunction = kind('a function', (given) => typeof given === 'function');
export const bytes = kind('the bytes of a file, a Uint8Array', (given) => given instanceof Uint8Array);
export const numbers = kind(
  'an array of numbers',
  (given) =>
    isNumericView(given) || (Array.isArray(given) && given.every((entry) => typeof entry === 'number')),
);
export const lengths = kind(
  'the lengths of the axes, such as [2, 3]',
  (given) => Array.isArray(given) && given.every((entry) => typeof entry === 'number'),
);

/** An array whose entries are all of a kind. */
export function listOf(entry: Kind, words: string): Kind {
  const list = kind(words, Array.isArray);
  return {
    words,
    refusal: (given, name) => {
      if (!Array.isArray(given)) return list.refusal(given, name);
      for (const [k, one] of given.entries()) {
        const refusal = entry.refusal(one, `${name}[${k}]`);
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    },
  };
}

/** An object that has at least these fields, except for those that may be nothing. */
export function objectWith(fields: Readonly<Record<string, Kind>>, words: string): Kind {
  const object = kind(words, (given) => typeof given === 'object' && given !== null);
  return {
    words,
    refusal: (given, name) => {
      const refusal = object.refusal(given, name);
      if (refusal !== undefined) return refusal;
      const found = given as Readonly<Record<string, unknown>>;
      const lost = Object.keys(fields).find(
        (field) => found[field] === undefined && fields[field]!.refusal(undefined, field) !== undefined,
      );
      if (lost !== undefined) return `${name} is ${written(given)} without ${lost}, but it must be ${words}`;
      return firstRefusal(fields, (field) => [found[field], `${name}.${field}`]);
    },
  };
}

/** An object whose fields are all of a kind. */
export function recordOf(entry: Kind, words: string): Kind {
  const object = kind(words, (given) => typeof given === 'object' && given !== null && !Array.isArray(given));
  return {
    words,
    refusal: (given, name) =>
      object.refusal(given, name) ??
      Object.entries(given as object)
        .map(([field, value]) => entry.refusal(value, `${name}.${field}`))
        .find((refusal) => refusal !== undefined),
  };
}

/** A kind, or nothing. */
export function orNothing(of: Kind): Kind {
  return {
    words: of.words,
    refusal: (given, name) => (given === undefined ? undefined : of.refusal(given, name)),
  };
}

/**
 * Refuses arguments that are missing or of another kind, which the compiler cannot do in untyped code.
 * @throws ValueError naming the function, the first such argument, what it is and what it must be.
 */
export function requireKinds<Name extends string>(
  what: string,
  given: Readonly<Record<Name, unknown>>,
  kinds: Readonly<Record<Name, Kind>>,
): void {
  const refusal = firstRefusal(kinds, (name) => [given[name as Name], name]);
  if (refusal !== undefined) throw new ValueError(`${what}: ${refusal}`);
}

/** `requireKinds` for one argument, at little cost: for what every step of a training calls. */
export function requireKind(what: string, name: string, given: unknown, { refusal }: Kind): void {
  const found = refusal(given, name);
  if (found !== undefined) throw new ValueError(`${what}: ${found}`);
}

function firstRefusal(
  kinds: Readonly<Record<string, Kind>>,
  valueOf: (name: string) => readonly [given: unknown, name: string],
): string | undefined {
  for (const [name, { refusal }] of Object.entries(kinds)) {
    const found = refusal(...valueOf(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A value of any kind as a message names it, in a few words. */
export function written(given: unknown): string {
  if (given === undefined) return 'missing';
  if (typeof given === 'string') return `the text ${shortened(JSON.stringify(given))}`;
  if (typeof given === 'function') return given.name === '' ? 'a function' : `the function ${given.name}`;
  if (given === null) return 'null';
  if (typeof given !== 'object') return (given as number | boolean | bigint | symbol).toString();
  if (Array.isArray(given)) return shortened(`[${given.map(inside).join(', ')}]`);
  const maker = Object.getPrototypeOf(given) as { constructor?: { name?: string } } | null;
  const name = maker?.constructor?.name ?? 'Object';
  if (name !== 'Object') return `a ${name}`;
  return shortened(`{ ${Object.keys(given).join(', ')} }`.replace('{  }', '{}'));
}

function inside(given: unknown): string {
  if (Array.isArray(given)) return '[…]';
  if (typeof given === 'string') return JSON.stringify(given);
  if (typeof given === 'bigint') return `${given}n`;
  return typeof given === 'object' && given !== null ? '{…}' : String(given);
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

/** A flat array of numbers such as Float64Array; not of bigints, and no DataView. */
export function isNumericView(given: unknown): given is ArrayLike<number> {
  const others = [DataView, BigInt64Array, BigUint64Array];
  return ArrayBuffer.isView(given) && !others.some((one) => given instanceof one);
}
