import { expect } from 'chai';
import * as gradbook from '../src/index.js';
import { GradbookError } from '../src/index.js';

/** What an author may pass by mistake, where the compiler does not look. */
const mistakes: readonly (readonly unknown[])[] = [
  [],
  [undefined, undefined, undefined],
  [null, null, null],
  [NaN, NaN, NaN],
  [-1, -1, -1],
  ['x', 'x', 'x'],
  [{}, {}, {}],
  [[], [], []],
  [[null], [null], [null]],
];

/** Made by the library, not by authors, or without arguments that could be wrong. */
const left: readonly string[] = [
  'Derivation',
  'FormulaClaim',
  'FormulaError',
  'GradientCheck',
  'OpNode',
  'Random',
  'Tensor',
  'CheckedChains',
  'enableBlas',
  'opTable',
  'opCheckTable',
  'mnist',
  'cifar10',
];

type Call = (...given: readonly unknown[]) => unknown;

/** Functions and classes of the public face. */
const calls = Object.entries(gradbook).flatMap(([name, value]): [string, Call][] => {
  if (typeof value !== 'function' || left.includes(name) || value.prototype instanceof Error) return [];
  const isClass = /^class\b/.test(Function.prototype.toString.call(value));
  const made = value as unknown as new (...given: readonly unknown[]) => unknown;
  return [[name, isClass ? (...given) => new made(...given) : (value as Call)]];
});

describe('functions that untyped code calls with something else', () => {
  for (const [name, call] of calls) {
    it(`${name} gives a result or says what is wrong with what it was given`, async () => {
      for (const given of mistakes) {
        const error = await failureOf(() => call(...given));
        if (error === undefined) continue;
        expect(
          error,
          `${name}(${given.map(String).join(', ')}): ${(error as Error).message}`,
        ).to.be.instanceOf(GradbookError);
      }
    });
  }
});

async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error;
  }
}
