import { children, type Expression, gradientName, isPlainName } from '../formula/ast.js';
import { mentions, named } from '../formula/build.js';
import { compareArrays, namedIndices, type Place, printPlace } from '../formula/chain.js';
import { orError, count, FormulaError, refuse, textOf } from '../formula/error.js';
import { gradientOfLoss, notationOf } from '../formula/extents.js';
import { Interpretation, type Meaning } from '../formula/interpretation.js';
import { parse } from '../formula/parser.js';
import { print } from '../formula/print.js';
import type { Mistake } from './mistakes.js';
import { type Attempt, attemptsAt, findRepairs, type Judge, numbersOf, TOLERANCE } from './search.js';

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
  /** Where the formula as it stands is farthest off; its number is `left`, the right one is `right`. */
  readonly at?: Place | undefined;
  readonly error?: FormulaError | undefined;
}

/**
 * Judges a right-hand side for the gradient of an input, or every side of a chain `X^\nabla_{ij} = … = …`, and looks for one or
 * two repairs that make the last wrong one hold. The meanings hold the forward formula, the upstream gradient, and the true
 * gradient unless it is to be computed; from a solution, which is not judged, parts that are missing are taken.
 *
 * Throws a FormulaError when the formula does not parse, says more than that, uses a name that does not exist, or the very
 * thing sought.
 */
export function diagnose(
  latex: string,
  {
    input,
    meanings,
    solution,
  }: { input: string; meanings: readonly Meaning[]; solution?: string | undefined },
): Diagnosis {
  const interpretations = meanings.map((one) => new Interpretation(one));
  const meaning = interpretations[0]!;
  const given = orError(() => readAnswer(latex, input, meaning));
  if (given instanceof FormulaError) {
    if (given.fault !== 'sum-without-index') throw given;
    const mistakes = ['index without a sum'] as const;
    return { holds: false, points: 0, mistakes, notes: mistakes, message: given.message, error: given };
  }
  const sought = named(gradientName(input), [], given.span);
  const judge: Judge = {
    input,
    interpretations,
    truth: interpretations.map((one) => ({ shape: one.shape(sought), values: one.values(sought) })),
    fixed: given.letters.length === 0 ? undefined : given.letters,
    refused: new Set(),
    solution: solution === undefined ? undefined : parse(solution, meaning.functionNames).equations[0]!.sides,
  };
  const verdicts = given.sides.map((side) => verdictOn(side, judge));
  const wrong = verdicts.findLastIndex(({ holds }) => !holds);
  const verdict = verdicts.at(wrong)!; // the last one when none is wrong
  if (wrong < 0 || wrong === verdicts.length - 1) return verdict;
  return { ...verdict, message: `in ${textOf(given.sides[wrong]!.span)}: ${verdict.message}` };
}

/** The sides that are said to be the gradient of an input, and the letters of a left side. */
function readAnswer(latex: string, input: string, meaning: Interpretation) {
  const { equations, declarations } = parse(latex, meaning.functionNames);
  const [equation, ...others] = equations;
  if (equation === undefined || others.length + declarations.length > 0)
    return fail('expected one formula for the gradient and nothing beside it', latex);
  const { sides, span } = equation;
  const sought = gradientName(input);
  const first = sides[0]!;
  const left = first.kind === 'partial' ? gradientOfLoss(first, meaning) : first;
  const isLeft = sides.length > 1 && left?.kind === 'name' && left.name.endsWith('^\\nabla');
  if (isLeft && left.name !== sought)
    return refuse('syntax', `this is about ${left.name}, but ${sought} is asked for`, left.span);
  const answers = isLeft ? sides.slice(1) : sides;
  if (answers.some((side) => asksItself(side, sought)))
    return fail(`${sought} is what is sought: expected a formula without it`, latex);
  return { sides: answers, span, letters: isLeft ? left.indices.map(print) : [] };
}

function verdictOn(side: Expression, judge: Judge): Diagnosis {
  const starts = attemptsAt(side, judge);
  const { problem, points, indices } = asItStands(starts[0]!, judge);
  if (problem === undefined) {
    const message = `holds at ${count(points, 'point', 'points')}`;
    return { holds: true, points, indices, mistakes: [], notes: [], message };
  }
  const found = findRepairs(starts, judge);
  return report(starts.find((start) => start.letters === found?.letters) ?? starts[0]!, found, judge);
}

function asksItself(node: Expression, name: string): boolean {
  if (node.kind === 'name' && node.name === name) return true;
  if (node.kind === 'partial' && isPlainName(node.of)) return gradientOfLoss(node)?.name === name;
  return children(node).some((child) => asksItself(child, name));
}

/** What an attempt gives: at how many points it holds, where it is farthest off, or why it cannot be computed. */
function asItStands(start: Attempt, judge: Judge) {
  const { side, letters } = start;
  const { shape } = judge.truth[0]!;
  // People write a 1 on an axis of length 1 that the formula does not speak of.
  const written = letters.map((letter, axis) =>
    shape[axis] === 1 && !mentions(side, letter) ? '1' : letter,
  );
  const indices = notationOf(side, judge.interpretations[0]!) === 'matrix' ? [] : written;
  const arrays = orError(() => numbersOf(start, judge));
  if (arrays instanceof FormulaError) {
    if (['unknown-name', 'rank', 'value'].includes(arrays.fault)) throw arrays;
    return { indices, points: 0, error: arrays, problem: arrays.message };
  }
  const { worst, points, at } = compareArrays(arrays, judge.truth);
  if (worst <= TOLERANCE || !at) return { indices, points };
  const place = { ...at, indices: namedIndices(at.flat, judge.truth[at.environment]!.shape, letters) };
  return { indices, points, at: place, problem: printPlace(place, ['the formula', 'the gradient']) };
}

/** Names the mistakes, the repaired formula, and what is wrong as it stands. */
function report(start: Attempt, found: Attempt | undefined, judge: Judge): Diagnosis {
  const { problem = '', ...stands } = asItStands(start, judge);
  const fault = stands.error?.fault;
  if (!found && fault === 'syntax') throw stands.error!;
  const byFault: Mistake[] = [];
  if (fault === 'free-index') byFault.push('index without a sum');
  else if (fault === 'not-conformable' || (fault !== undefined && !found)) byFault.push('not conformable');
  else if (!found) byFault.push('differs');
  if (!found) {
    const heading = `${byFault.join(', ')}: `;
    const message = problem.startsWith(heading) ? problem : `${heading}${problem}`;
    return { holds: false, ...stands, mistakes: byFault, notes: byFault, message };
  }
  const mistakes = [...new Set([...byFault, ...found.repairs.map(({ mistake }) => mistake)])];
  const others = byFault.filter((mistake) => found.repairs.every((one) => one.mistake !== mistake));
  const told = found.repairs.map(({ mistake, about }) => (about === '' ? mistake : `${mistake}: ${about}`));
  const notes = [...new Set([...others, ...told])];
  const repaired = print(found.side);
  const points = judge.truth.reduce((sum, { values }) => sum + values.length, 0);
  const plain = notes.join('; ').replaceAll('$', '');
  const message = `${plain}. It holds at ${points} points as ${repaired}. As it stands, ${problem}`;
  return { holds: false, ...stands, mistakes, notes, message, repaired };
}

function fail(problem: string, latex: string): never {
  return refuse('syntax', problem, { text: latex, start: 0, end: latex.length });
}
