import { children, type Expression, gradientName, isPlainName } from '../formula/ast.js';
import { mentions, named, renamed, rewriteOnce } from '../formula/build.js';
import { compareArrays, namedIndices, type Place, printPlace } from '../formula/chain.js';
import { attempt, FormulaError, refuse } from '../formula/error.js';
import { extent, freeIndices, gradientOfLoss, notationOf } from '../formula/extents.js';
import { Interpretation, type Meaning } from '../formula/interpretation.js';
import { parse } from '../formula/parser.js';
import { print } from '../formula/print.js';
import type { Mistake, Repair } from './mistakes.js';
import { tooManySums } from './repairs.js';
import { evaluateAttempt, findRepair, findRepairs, holds, type Judge } from './search.js';

/** What an attempt at a gradient is judged by. */
export interface Question {
  /** The input whose gradient is sought. */
  readonly input: string;
  /** The forward formula, the upstream gradient, and the true gradient unless it is to be computed. */
  readonly meanings: readonly Meaning[];
  /** The letters of the left side; by default its own, if the attempt has one, or what fits best. */
  readonly indices?: readonly string[];
  /** A formula for the gradient that holds, `X^\nabla_{ij} = …`, from which missing parts are taken. */
  readonly solution?: string;
  readonly tolerance?: number;
}

/** What is wrong with a formula for a gradient, and what would make it right. */
export interface Diagnosis {
  readonly holds: boolean;
  readonly points: number;
  /** The indices of the left side, none in matrix notation. */
  readonly indices?: readonly string[];
  /** The mistakes that were found, none when the formula holds. */
  readonly mistakes: readonly Mistake[];
  /** The mistakes with what they are about, formulas between dollar signs: `wrong variable: $X$ for $Y$`. */
  readonly notes: readonly string[];
  readonly message: string;
  /** The right-hand side with the mistakes undone; it holds on every environment. */
  readonly repaired?: string;
  /** How many changes the repair takes; infinite when none was found. */
  readonly changes: number;
  /** Where the formula as it stands is farthest off; its number is `left`, the right one is `right`. */
  readonly at?: Place;
  readonly error?: FormulaError;
}

/**
 * Judges a right-hand side for the gradient of an input, and looks for one or two repairs that make it hold.
 *
 * Throws a FormulaError when the formula does not parse, uses a name that does not exist, or the very thing sought.
 */
export function diagnose(latex: string, question: Question): Diagnosis {
  const { input, meanings, indices, tolerance = 1e-9 } = question;
  const interpretations = meanings.map((meaning) => new Interpretation(meaning));
  const meaning =
    interpretations[0] ?? fail('expected at least one environment to try the formula on', latex);
  const read = readAttempt(latex, meaning, gradientName(input));
  if (read instanceof FormulaError) {
    const mistakes: Mistake[] = ['index without a sum'];
    const { message } = read;
    return { holds: false, points: 0, changes: Infinity, mistakes, notes: mistakes, message, error: read };
  }
  const name = named(gradientName(input), [], read.side.span);
  if (asksItself(read.side, name.name))
    fail(`${name.name} is what is sought: expected a formula without it`, latex);
  const truth = interpretations.map((one) => ({ shape: one.shape(name), values: one.values(name) }));
  const { shape } = truth[0]!;
  const fixed = read.letters ?? indices;
  const judgesFor = (side: Expression): Judge[] =>
    (fixed ? [fixed] : lettersFor(side, meaning, shape)).map((letters) => ({
      ...{ input, interpretations, truth, letters, tolerance },
      ...solutionIn(question, letters, meaning),
    }));
  const judges = judgesFor(read.side);
  let best: Diagnosis | undefined;
  for (const judge of judges) {
    const diagnosis = diagnosed(read.side, judge, () => findRepairs(read.side, judge));
    if (!best || diagnosis.changes < best.changes) best = diagnosis;
    if (best.changes <= 1) return best;
  }
  const repairs = repairsWithoutSum(read.side, judgesFor, best!.changes - 1);
  if (repairs) return diagnosed(read.side, judges[0]!, () => repairs);
  if (best!.error?.fault === 'syntax' && best!.repaired === undefined) throw best!.error;
  return best!;
}

/** The last side of the solution, with the letters of an attempt on its left. */
function solutionIn(
  { solution }: Question,
  letters: readonly string[],
  meaning: Interpretation,
): { solution?: Expression } {
  const sides = solution === undefined ? [] : parse(solution, meaning.functionNames).equations[0]!.sides;
  const [left, right] = [sides[0], sides.at(-1)];
  if (left?.kind !== 'name' || right === undefined) return {};
  const own = left.indices.map(print);
  const others = letters.filter((letter) => !own.includes(letter));
  if (others.some((letter) => mentions(right, letter))) return {}; // a sum of the solution binds this letter
  return { solution: renamed(right, new Map(own.map((letter, axis) => [letter, letters[axis] ?? letter]))) };
}

/** A sum left out, and another repair if need be: no more than `most` changes. */
function repairsWithoutSum(
  side: Expression,
  judgesFor: (side: Expression) => Judge[],
  most: number,
): Repair[] | undefined {
  const ways = rewriteOnce(side, tooManySums, []).flatMap((way) =>
    judgesFor(way.expression).map((judge) => ({ way, judge })),
  );
  for (const { way, judge } of ways) if (holds(way.expression, judge)) return [way];
  if (most < 2) return undefined;
  for (const { way, judge } of ways) {
    const one = findRepair(way.expression, judge);
    const sum = one?.mistake.startsWith('sum') === true || one?.mistake === 'index without a sum';
    if (one && !sum) return [way, one];
  }
  return undefined;
}

/** The left side's indices as people write them: a 1 on an axis of length 1 that the formula does not speak of. */
function writtenIndices(
  letters: readonly string[],
  side: Expression,
  meaning: Interpretation,
  shape: readonly number[],
): string[] {
  if (notationOf(side, meaning) === 'matrix') return [];
  return letters.map((letter, axis) => (shape[axis] === 1 && !mentions(side, letter) ? '1' : letter));
}

interface Attempt {
  readonly side: Expression;
  readonly letters?: readonly string[];
}

/** The last side of an equation or a bare right-hand side; the indices of a left side name the letters. */
function readAttempt(latex: string, meaning: Interpretation, sought: string): Attempt | FormulaError {
  const parsed = attempt(() => parse(latex, meaning.functionNames));
  if (parsed instanceof FormulaError) {
    if (parsed.fault === 'sum-without-index') return parsed;
    throw parsed;
  }
  const sides = parsed.equations[0]?.sides ?? fail('expected a formula', latex);
  const [first, side] = [sides[0]!, sides.at(-1)!];
  if (sides.length < 2 || first.kind !== 'name') return { side };
  if (first.name.endsWith('^\\nabla') && first.name !== sought)
    refuse('syntax', `this is about ${first.name}, but ${sought} is asked for`, first.span);
  return first.indices.length === 0 ? { side } : { side, letters: first.indices.map(print) };
}

function asksItself(node: Expression, name: string): boolean {
  if (node.kind === 'name' && node.name === name) return true;
  if (node.kind === 'partial' && isPlainName(node.of)) return gradientOfLoss(node)?.name === name;
  return children(node).some((child) => asksItself(child, name));
}

/** Which letters the left side may have: those that are free; too few are filled up, of too many some are chosen. */
function lettersFor(side: Expression, meaning: Interpretation, shape: readonly number[]): string[][] {
  const free = notationOf(side, meaning) === 'matrix' ? [] : freeIndices(side, meaning).sort();
  const unused = 'ijklmnpqrs'.split('').filter((letter) => !mentions(side, letter));
  if (free.length <= shape.length) {
    const filled = [...free, ...unused].slice(0, shape.length).sort();
    const spare = unused.filter((letter) => !filled.includes(letter));
    return [filled.map((letter, axis) => (runsOver(letter, axis) ? spare.shift()! : letter))];
  }
  const usual = 'ijklmn'.split('').slice(0, shape.length);
  const first = usual.every((letter) => free.includes(letter)) ? [usual] : [];
  return [...first, ...choose(free, shape.length)];

  /** Whether an index runs further than its axis, which has length 1: then it is one that a sum should bind. */
  function runsOver(letter: string, axis: number): boolean {
    const length = attempt(() => extent(letter, [side], meaning));
    return shape[axis] === 1 && free.includes(letter) && typeof length === 'number' && length > 1;
  }
}

function choose(letters: readonly string[], count: number): string[][] {
  if (count === 0) return [[]];
  return letters.flatMap((letter, k) =>
    choose(letters.slice(k + 1), count - 1).map((rest) => [letter, ...rest]),
  );
}

/** What is to be said of an attempt: that it holds, or what is wrong with it as it stands and how it is repaired. */
function diagnosed(side: Expression, judge: Judge, find: () => readonly Repair[] | undefined): Diagnosis {
  const arrays = evaluateAttempt(side, judge);
  const { truth, letters, tolerance, interpretations } = judge;
  const indices = writtenIndices(letters, side, interpretations[0]!, truth[0]!.shape);
  if (arrays instanceof FormulaError) {
    if (['unknown-name', 'rank', 'value'].includes(arrays.fault)) throw arrays;
    const found = find();
    const named: Mistake[] = [];
    if (arrays.fault === 'free-index') named.push('index without a sum');
    else if (arrays.fault === 'not-conformable' || !found) named.push('not conformable');
    const reported = report(judge, named, found, arrays.message);
    return { ...reported, indices, points: 0, error: arrays };
  }
  const { worst, points, at } = compareArrays(arrays, truth);
  if (worst <= tolerance || !at) {
    const message = `holds at ${points} points`;
    return { holds: true, points, indices, changes: 0, mistakes: [], notes: [], message };
  }
  const place = { ...at, indices: namedIndices(at.flat, truth[at.environment]!.shape, letters) };
  const numbers = printPlace(place, ['the formula', 'the gradient']);
  const found = find();
  return { ...report(judge, found ? [] : ['differs'], found, numbers), indices, points, at: place };
}

/** Names the mistakes, the repaired formula, and what is wrong as it stands. */
function report(
  { truth }: Judge,
  named: readonly Mistake[],
  found: readonly Repair[] | undefined,
  asItStands: string,
): Omit<Diagnosis, 'points'> {
  if (!found) {
    const heading = `${named.join(', ')}: `;
    const message = asItStands.startsWith(heading) ? asItStands : `${heading}${asItStands}`;
    return { holds: false, changes: Infinity, mistakes: named, notes: named, message };
  }
  const mistakes = [...new Set([...named, ...found.map(({ mistake }) => mistake)])];
  const others = named.filter((mistake) => found.every((repair) => repair.mistake !== mistake));
  const notes = [
    ...others,
    ...found.map(({ mistake, about }) => (about === '' ? mistake : `${mistake}: ${about}`)),
  ];
  const repaired = print(found.at(-1)!.expression);
  const points = truth.reduce((sum, { values }) => sum + values.length, 0);
  const plain = notes.join('; ').replaceAll('$', '');
  const message = `${plain}. It holds at ${points} points as ${repaired}. As it stands, ${asItStands}`;
  return { holds: false, changes: found.length, mistakes, notes, message, repaired };
}

function fail(problem: string, latex: string): never {
  return refuse('syntax', problem, { text: latex, start: 0, end: latex.length });
}
