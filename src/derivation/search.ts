import { type Expression, gradientName } from '../formula/ast.js';
import {
  mentions,
  named,
  negated,
  number,
  pairs,
  product,
  quotient,
  renamed,
  rewriteOnce,
  sum,
} from '../formula/build.js';
import { compareArrays } from '../formula/chain.js';
import { orError, FormulaError, type Span } from '../formula/error.js';
import { evaluateSide } from '../formula/evaluate.js';
import { extent, freeIndices, notationOf } from '../formula/extents.js';
import type { Interpretation, NumericArray } from '../formula/interpretation.js';
import { parseExpression } from '../formula/parser.js';
import { print } from '../formula/print.js';
import { math, type Repair, repair } from './mistakes.js';
import { arrangements } from './missing-parts.js';
import { comparesWithItself, repairs, tooManySums } from './repairs.js';

export const TOLERANCE = 1e-9; // largest relative difference at which numbers agree
const MOST_TRIED = 10_000; // formulas; nonsense about four axes has a million neighbours

/** What an attempt is compared with: the right numbers in every interpretation. */
export interface Judge {
  /** The input whose gradient is sought. */
  readonly input: string;
  readonly interpretations: readonly Interpretation[];
  readonly truth: readonly NumericArray[];
  /** The letters of the left side, if the attempt has one. */
  readonly fixed?: readonly string[] | undefined;
  /** A chain that holds, from the gradient to its formula. */
  readonly solution: readonly Expression[] | undefined;
  /** What was tried and does not hold; many ways lead to the same formula. */
  readonly refused: Set<string>;
}

/** A right-hand side, the letters of its left side, and the repairs that led to it. */
export interface Attempt {
  readonly side: Expression;
  readonly letters: readonly string[];
  readonly repairs: readonly Repair[];
}

/** The numbers of an attempt in every interpretation. */
export function numbersOf(one: Attempt, judge: Judge): NumericArray[] {
  return judge.truth.map((_, k) => numbersOn(one, judge, k));
}

function numbersOn({ side, letters }: Attempt, { interpretations, truth }: Judge, k: number): NumericArray {
  const meaning = interpretations[k]!;
  const indices = notationOf(side, meaning) === 'matrix' ? [] : letters;
  return evaluateSide(side, meaning, { indices, shape: truth[k]!.shape });
}

/** An attempt with each choice of letters for its left side: those that are free; too few are filled up, of too many some are chosen. */
export function attemptsAt(side: Expression, judge: Judge, before: readonly Repair[] = []): Attempt[] {
  return lettersFor(side, judge).map((letters) => ({ side, letters, repairs: before }));
}

function lettersFor(side: Expression, { interpretations, truth, fixed }: Judge): (readonly string[])[] {
  if (fixed !== undefined) return [fixed];
  const [meaning, { shape }] = [interpretations[0]!, truth[0]!];
  const free = notationOf(side, meaning) === 'matrix' ? [] : freeIndices(side, meaning).sort();
  const inOrder = (letters: readonly string[]) => letters.every((one, k) => k === 0 || letters[k - 1]! < one);
  if (free.length > shape.length) return arrangements(free, shape.length).filter(inOrder);
  const unused = 'ijklmnpqrs'.split('').filter((letter) => !mentions(side, letter));
  const filled = [...free, ...unused].slice(0, shape.length).sort();
  const spare = unused.filter((letter) => !filled.includes(letter));
  return [
    filled.map((letter, axis) => {
      // An index that runs further than its axis, of length 1, is one that a sum should bind.
      const length =
        shape[axis] === 1 && free.includes(letter) ? orError(() => extent(letter, [side], meaning)) : 1;
      return typeof length === 'number' && length > 1 ? spare.shift()! : letter;
    }),
  ];
}

/** The fewest repairs after which an attempt holds everywhere, two at most. */
export function findRepairs(starts: readonly Attempt[], judge: Judge): Attempt | undefined {
  for (const one of repaired(starts, judge)) {
    if (holds(one, judge) && !comparesWithItself(one.side)) return one;
    if (judge.refused.size > MOST_TRIED) return undefined;
  }
  return undefined;
}

/** Attempts with one change, then with two. A sum that is left out may leave other letters free. */
function* repaired(starts: readonly Attempt[], judge: Judge): Generator<Attempt> {
  const withoutSum = rewriteOnce(starts[0]!.side, tooManySums, []).flatMap((one) =>
    attemptsAt(one.expression, judge, [one]),
  );
  for (const start of starts) yield* repairedOnce(start, judge);
  yield* withoutSum;
  for (const start of starts) {
    const once = mended(start, judge);
    yield* once.map(withOtherSign);
    for (const one of once) yield* scaled(one, judge);
    for (const one of once) yield* mended(one, judge).filter((two) => !takesOut(start, two.repairs[1]!));
  }
  for (const one of withoutSum) yield* repairedOnce(one, judge);
}

function* repairedOnce(one: Attempt, judge: Judge): Generator<Attempt> {
  yield withOtherSign(one);
  const once = mended(one, judge);
  yield* once.filter(({ repairs }) => !completes(repairs.at(-1)!));
  yield* scaled(one, judge); // before what is tried most often
  yield* once.filter(({ repairs }) => completes(repairs.at(-1)!));
  yield* withOtherEntries(one, judge);
}

/** An attempt with each of the usual mistakes undone. */
function mended(before: Attempt, { interpretations, truth, solution }: Judge): Attempt[] {
  const given = {
    meaning: interpretations[0]!,
    indices: before.letters,
    shape: truth[0]!.shape,
    solution: solutionFor(before.letters, solution),
  };
  return repairs(before.side, given)
    .filter((one) => before.repairs.every((first) => agree(first, one)))
    .map((one) => after(before, one));
}

/** The last side of a chain that holds, with the letters of an attempt; none when a sum in it binds one of them. */
function solutionFor(
  letters: readonly string[],
  chain: readonly Expression[] | undefined,
): Expression | undefined {
  const [left, right] = [chain?.[0], chain?.at(-1)];
  if (left?.kind !== 'name' || right === undefined) return undefined;
  const own = left.indices.map(print);
  if (letters.some((letter) => !own.includes(letter) && mentions(right, letter))) return undefined;
  return renamed(right, new Map(own.map((letter, axis) => [letter, letters[axis] ?? letter])));
}

function after(attempt: Attempt, one: Repair): Attempt {
  return { ...attempt, side: one.expression, repairs: [...attempt.repairs, one] };
}

function holds(one: Attempt, judge: Judge): boolean {
  const key = `${one.letters.join('')}: ${print(one.side)}`;
  if (judge.refused.has(key)) return false;
  const agrees = (truth: NumericArray, k: number) =>
    compareArrays([numbersOn(one, judge, k)], [truth]).worst <= TOLERANCE;
  if (orError(() => judge.truth.every(agrees)) === true) return true;
  judge.refused.add(key);
  return false;
}

function withOtherSign(one: Attempt): Attempt {
  return after(one, repair('sign lost', '', negated(one.side)));
}

/** With a size that has a name, or one over it, or a number that the whole lacks as a factor. */
function scaled(one: Attempt, judge: Judge): Attempt[] {
  const { span } = one.side;
  const meaning = judge.interpretations[0]!;
  const scalars = meaning.names.filter((name) => meaning.isScalar(name) && !name.includes('^'));
  const sizes = scalars.map((name) => named(name, [], span));
  const products = [...sizes, ...pairs(sizes).map(([a, b]) => product(a, b))];
  const factors = products.flatMap((size): Expression[] => [size, quotient(number(1, span), size)]);
  const found = orError(() => numbersOn(one, judge, 0).values);
  if (found instanceof FormulaError) return [];
  const entry = found.findIndex((value) => value !== 0);
  const ratio = judge.truth[0]!.values[entry]! / found[entry]!;
  const numbers = Number.isFinite(ratio) && ratio !== 0 ? [fraction(ratio, span)] : [];
  return [...factors, ...numbers].map((factor) =>
    after(one, repair('factor missing', math(factor), product(factor, one.side))),
  );
}

/** A number as a fraction where it is one of small numbers. */
function fraction(value: number, span: Span): Expression {
  const size = Math.abs(value);
  const isWhole = (one: number) => Math.abs(Math.round(one) - one) < 1e-7;
  const below = Array.from({ length: 100 }, (_, k) => k + 1).find((bottom) => isWhole(size * bottom));
  const above = number(below === undefined ? size : Math.round(size * below), span);
  const plain = (below ?? 1) === 1 ? above : quotient(above, number(below!, span));
  return value < 0 ? negated(plain) : plain;
}

/** With the other entries of S, for an attempt that is right about $\partial S_{ij} / \partial X_{ij}$ and forgets them. */
function withOtherEntries(one: Attempt, judge: Judge): Attempt[] {
  const { letters } = one;
  const [output] = judge.interpretations[0]!.upstream;
  const others = 'klmnpq'.split('').slice(0, letters.length);
  const clash = others.some((letter) => letters.includes(letter));
  if (output === undefined || letters.length === 0 || clash) return [];
  const term = (indices: readonly string[]) => {
    const [at, by] = [indices, letters].map((some) => `_{${some.join(' ')}}`) as [string, string];
    const slope = `\\frac{\\partial ${output}${at}}{\\partial ${judge.input}${by}}`;
    return parseExpression(`${gradientName(output)}${at} ${slope}`);
  };
  const diagonal = { ...one, side: term(letters) };
  const apart = orError(() => compareArrays(numbersOf(one, judge), numbersOf(diagonal, judge)).worst);
  if (apart instanceof FormulaError || apart > TOLERANCE) return [];
  const about = `${math(diagonal.side)} is only the diagonal of the Jacobian`;
  return [after(one, repair('off-diagonal terms missing', about, sum(others, term(others))))];
}

/** Whether a repair takes out the whole of an attempt. */
function takesOut({ side }: Attempt, { mistake, about }: Repair): boolean {
  return mistake.endsWith('too many') && about === math(side);
}

/** Whether two repairs are about two mistakes: anything becomes right by putting in the answer and taking out the rest. */
function agree(first: Repair, second: Repair): boolean {
  if (first.mistake === 'sum too many') return !second.mistake.includes('sum');
  if (completes(second)) return first.mistake === 'upstream gradient forgotten';
  return !completes(first) || !(second.mistake.endsWith('too many') || second.about.includes(first.about));
}

/** Whether a repair puts in something that the attempt lacks. */
function completes({ mistake }: Repair): boolean {
  return mistake === 'factor missing' || mistake === 'term missing';
}
