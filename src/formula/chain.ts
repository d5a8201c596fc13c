import { placeOf } from '../tensor/shape.js';
import type { Equation } from './ast.js';
import { orError, count, FormulaError, refuse, textOf } from './error.js';
import { evaluateSide, leftSide } from './evaluate.js';
import { Interpretation, type Meaning, type NumericArray } from './interpretation.js';
import { parse } from './parser.js';

/** Where two sides differ most: the environment, the place, and the two numbers. */
export interface Place {
  readonly environment: number;
  /** Indices by name in index notation, by axis in matrix notation; they count from 1. */
  readonly indices: Readonly<Record<string, number>>;
  readonly left: number;
  readonly right: number;
}

/** The verdict on one `=`. */
export interface Step {
  readonly left: string;
  readonly right: string;
  readonly holds: boolean;
  /** At how many points both sides were compared. */
  readonly points: number;
  /** The worst relative difference. */
  readonly worst: number;
  readonly at?: Place;
  /** Why a side could not be evaluated. */
  readonly error?: FormulaError;
  /** `holds at 96 points`, or what is wrong. */
  readonly message: string;
}

export interface ChainVerdict {
  readonly latex: string;
  readonly holds: boolean;
  /** The fewest points at which an equality was compared. */
  readonly points: number;
  readonly steps: readonly Step[];
}

/**
 * Checks every `=` of a derivation against its neighbour, entry by entry, on every environment.
 *
 * Throws a FormulaError when the LaTeX does not parse or holds anything but equalities; what cannot be evaluated is a step that
 * does not hold.
 */
export function checkChain(latex: string, meanings: readonly Meaning[], tolerance = 1e-9): ChainVerdict {
  const interpretations = meanings.map((meaning) => new Interpretation(meaning));
  const { equations, declarations } = parse(latex, interpretations[0]?.functionNames);
  const idle = [...declarations, ...equations.filter(({ sides }) => sides.length === 1)][0];
  if (idle) refuse('syntax', 'expected an equality, a = b: there is nothing to check here', idle.span);
  const steps = equations.flatMap((equation) => checkEquation(equation, interpretations, tolerance));
  const points = Math.min(...steps.map((step) => step.points));
  return { latex, holds: steps.every((step) => step.holds), points, steps };
}

function checkEquation({ sides }: Equation, meanings: readonly Interpretation[], tolerance: number): Step[] {
  const first = sides[0]!;
  const arrays = sides.map((side) =>
    orError(() => meanings.map((meaning) => evaluateSide(side, meaning, leftSide(first, meaning)))),
  );
  return sides.slice(1).map((side, k): Step => {
    const [left, right] = [arrays[k]!, arrays[k + 1]!];
    const texts = { left: textOf(sides[k]!.span), right: textOf(side.span) };
    const error = [left, right].find((result) => result instanceof FormulaError);
    if (error) return { ...texts, holds: false, points: 0, worst: Infinity, error, message: error.message };
    const { at, points, worst } = compareArrays(left as NumericArray[], right as NumericArray[]);
    const holds = worst <= tolerance && points > 0;
    if (holds || !at)
      return { ...texts, holds, points, worst, message: `holds at ${count(points, 'point', 'points')}` };
    const { indices, shape } = leftSide(first, meanings[at.environment]!);
    const place: Place = { ...at, indices: namedIndices(at.flat, shape, indices) };
    return { ...texts, holds, points, worst, at: place, message: `differs: ${printPlace(place)}` };
  });
}

/** `at i = 1, j = 2 the left side is 0.5, the right side -0.5`. */
export function printPlace(
  { indices, left, right }: Place,
  names = ['the left side', 'the right side'],
): string {
  const where = Object.entries(indices).map(([index, value]) => `${index} = ${value}`);
  const at = where.length > 0 ? `at ${where.join(', ')} ` : '';
  return `${at}${names[0]} is ${printNumber(left)}, ${names[1]} ${printNumber(right)}`;
}

function printNumber(value: number): string {
  return String(Number(value.toPrecision(7)));
}

/** The worst relative difference of arrays, and where it is: `flat` counts in row-major order. */
export interface Comparison {
  readonly worst: number;
  readonly points: number;
  readonly at?: Omit<Place, 'indices'> & { readonly flat: number };
}

/** Compares two lists of arrays entry by entry. */
export function compareArrays(left: readonly NumericArray[], right: readonly NumericArray[]): Comparison {
  let worst = 0;
  let points = 0;
  let at: Comparison['at'];
  left.forEach(({ values }, environment) => {
    const others = right[environment]!.values;
    const floor = Math.max(1e-4, 1e-3 * largest(values), 1e-3 * largest(others));
    values.forEach((a, flat) => {
      const b = others[flat]!;
      points++;
      const difference = relativeDifference(a, b, floor);
      if (difference <= worst) return;
      worst = difference;
      at = { environment, flat, left: a, right: b };
    });
  });
  return { worst, points, ...(at && { at }) };
}

/** The difference in relation to the larger number; next to zero in relation to `floor`, since terms cancel there. */
function relativeDifference(a: number, b: number, floor: number): number {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
  return a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), floor);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
}

/** A place in row-major order by the names of its axes, counted from 1. */
export function namedIndices(
  flat: number,
  shape: readonly number[],
  names: readonly string[],
): Record<string, number> {
  const nameOf = (axis: number): string => {
    const name = names[axis];
    return name === undefined || /^\d/.test(name) ? `axis ${axis + 1}` : name;
  };
  return Object.fromEntries(placeOf(flat, shape).map((index, axis) => [nameOf(axis), index + 1]));
}
