import { type Expression, gradientName } from '../formula/ast.js';
import { named, negated, number, pairs, product, quotient, sum } from '../formula/build.js';
import { compareArrays } from '../formula/chain.js';
import { attempt, FormulaError, type Span } from '../formula/error.js';
import { evaluateSide } from '../formula/evaluate.js';
import { notationOf } from '../formula/extents.js';
import type { Interpretation, NumericArray } from '../formula/interpretation.js';
import { print } from '../formula/print.js';
import { math, type Repair, repair, type Workshop } from './mistakes.js';
import { repairs } from './repairs.js';

/** What an attempt is compared with: the right numbers in every interpretation, by the indices of the left side. */
export interface Judge {
  /** The input whose gradient is sought. */
  readonly input: string;
  readonly interpretations: readonly Interpretation[];
  readonly truth: readonly NumericArray[];
  readonly letters: readonly string[];
  /** The right-hand side of a formula that holds, when one is known. */
  readonly solution?: Expression;
  readonly tolerance: number;
}

/** The numbers of an attempt in every interpretation, or the first error. */
export function evaluateAttempt(side: Expression, judge: Judge): NumericArray[] | FormulaError {
  return attempt(() => judge.truth.map((_, k) => numbersOn(side, judge, k)));
}

/** Whether an attempt holds everywhere. */
export function holds(side: Expression, judge: Judge): boolean {
  const all = () =>
    judge.truth.every(
      (truth, k) => compareArrays([numbersOn(side, judge, k)], [truth]).worst <= judge.tolerance,
    );
  return attempt(all) === true;
}

/** The numbers of an attempt in one interpretation. */
function numbersOn(side: Expression, { interpretations, truth, letters }: Judge, k: number): NumericArray {
  const meaning = interpretations[k]!;
  const indices = notationOf(side, meaning) === 'matrix' ? [] : letters;
  return evaluateSide(side, meaning, { indices, shape: truth[k]!.shape });
}

/** One repair, or else two, after which the attempt holds everywhere. */
export function findRepairs(side: Expression, judge: Judge): Repair[] | undefined {
  const direct = findRepair(side, judge);
  if (direct) return [direct];
  const singles = repairs(side, workshopOf(judge));
  for (const scale of [missingSign, missingConstant]) {
    for (const first of singles) {
      const second = scale(first.expression, judge);
      if (second) return [first, second];
    }
  }
  const seen = new Set<string>();
  for (const first of singles) {
    for (const second of repairs(first.expression, workshopOf(judge))) {
      if (!agree(first, second)) continue;
      const text = print(second.expression);
      const whole = second.mistake === 'factor too many' && second.about.endsWith(`${print(side)}$`);
      if (whole || seen.has(text)) continue;
      seen.add(text);
      if (holds(second.expression, judge)) return [first, second];
    }
  }
  return undefined;
}

/** Whether two repairs are about two mistakes: anything becomes right by putting in the answer and taking out the rest. */
function agree(first: Repair, second: Repair): boolean {
  const completes = ({ mistake }: Repair) => mistake === 'factor missing' || mistake === 'term missing';
  if (completes(second)) return first.mistake === 'upstream gradient forgotten';
  const takesOut = second.mistake === 'factor too many' || second.mistake === 'term too many';
  return !completes(first) || !(takesOut || second.about.includes(first.about));
}

/** One repair after which the attempt holds everywhere. */
export function findRepair(side: Expression, judge: Judge): Repair | undefined {
  return (
    missingSign(side, judge) ??
    repairs(side, workshopOf(judge)).find(({ expression }) => holds(expression, judge)) ??
    missingConstant(side, judge) ??
    onlyDiagonal(side, judge)
  );
}

function workshopOf({ interpretations, letters, truth, solution }: Judge): Workshop {
  const parts = { meaning: interpretations[0]!, indices: letters, shape: truth[0]!.shape };
  return solution === undefined ? parts : { ...parts, solution };
}

/** An attempt that is right about $\partial S_{ij} / \partial X_{ij}$ and forgets the other entries of S. */
function onlyDiagonal(side: Expression, judge: Judge): Repair | undefined {
  const { interpretations, truth, letters, input } = judge;
  const [output] = interpretations[0]!.upstream;
  const { span } = side;
  if (output === undefined || letters.length === 0) return undefined;
  const shape = interpretations[0]!.shape(named(output, [], span));
  if (shape.length !== letters.length || !shape.every((length, axis) => length === truth[0]!.shape[axis]))
    return undefined;
  const product = (indices: readonly string[]): Expression =>
    jacobianProduct(output, input, indices, letters, span);
  const attempts = evaluateAttempt(side, judge);
  const diagonal = evaluateAttempt(product(letters), judge);
  if (attempts instanceof FormulaError || diagonal instanceof FormulaError) return undefined;
  if (compareArrays(attempts, diagonal).worst > judge.tolerance) return undefined;
  const others = letters.map((_, axis) => 'klmnpq'.charAt(axis));
  if (others.some((letter) => letters.includes(letter))) return undefined;
  const about = `${math(product(letters))} is only the diagonal of the Jacobian`;
  return repair('off-diagonal terms missing', about, sum(others, product(others)));
}

/** `S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}}` */
function jacobianProduct(
  output: string,
  input: string,
  indices: readonly string[],
  letters: readonly string[],
  span: Span,
): Expression {
  const [of, by] = [named(output, indices, span), named(input, letters, span)];
  return product(named(gradientName(output), indices, span), { kind: 'partial', of, by, span });
}

function missingSign(side: Expression, judge: Judge): Repair | undefined {
  const found = ratios(side, judge)?.every((ratio) => Math.abs(ratio + 1) <= judge.tolerance);
  return found ? repair('sign lost', '', negated(side)) : undefined;
}

/** A size that has a name, or one over it, or a number that the whole lacks as a factor. */
function missingConstant(side: Expression, judge: Judge): Repair | undefined {
  const found = ratios(side, judge);
  if (!found) return undefined;
  const { span } = side;
  const meaning = judge.interpretations[0]!;
  const names = meaning.names.filter((name) => meaning.isScalar(name) && !name.includes('^'));
  const sizes = names.map((name) => named(name, [], span));
  const products = pairs(sizes).map(([a, b]) => product(a, b));
  const one = number(1, span);
  const factors = [...sizes, ...products].flatMap((size): Expression[] => [size, quotient(one, size)]);
  return [...factors, ...constant(found, judge.tolerance, one)]
    .map((factor) => repair('factor missing', math(factor), product(factor, side)))
    .find((candidate) => holds(candidate.expression, judge));
}

/** A ratio that is the same everywhere, as a fraction where it is one. */
function constant(found: readonly number[], tolerance: number, one: Expression): Expression[] {
  const ratio = found[0] ?? 1;
  if (found.some((other) => Math.abs(other - ratio) > tolerance * Math.abs(ratio))) return [];
  const size = Math.abs(ratio);
  const whole = (value: number) => number(value, one.span);
  const isWhole = (value: number) => Math.abs(Math.round(value) - value) < 1e-7;
  const bottom = Array.from({ length: 100 }, (_, k) => k + 1).find((q) => isWhole(size * q));
  const factor =
    bottom === undefined ? whole(size) : quotient(whole(Math.round(size * bottom)), whole(bottom));
  const plain = bottom === 1 ? whole(Math.round(size)) : factor;
  return [ratio < 0 ? negated(plain) : plain];
}

/** For each interpretation the factor that leads to the right numbers, when it is the same at every entry. */
function ratios(side: Expression, judge: Judge): number[] | undefined {
  const found: number[] = [];
  for (const [k, truth] of judge.truth.entries()) {
    const array = attempt(() => numbersOn(side, judge, k));
    const ratio = array instanceof FormulaError ? undefined : commonRatio(array, truth, judge.tolerance);
    if (ratio === undefined) return undefined;
    found.push(ratio);
  }
  return found;
}

function commonRatio(array: NumericArray, truth: NumericArray, tolerance: number): number | undefined {
  let common: number | undefined;
  for (const [flat, value] of truth.values.entries()) {
    const attempt = array.values[flat]!;
    if (value === 0 && attempt === 0) continue;
    const ratio = value / attempt;
    if (!Number.isFinite(ratio) || ratio === 0) return undefined;
    if (common !== undefined && Math.abs(ratio - common) > tolerance * 10 * Math.abs(common))
      return undefined;
    common ??= ratio;
  }
  return common;
}
