import { type Expression, gradientName } from './ast.js';
import { named } from './build.js';
import { FormulaError, printShape, refuse } from './error.js';
import { extent, freeIndices, notationOf } from './extents.js';
import { Interpretation, type Meaning, type NumericArray, ownLetters, tabulate } from './interpretation.js';
import { readMatrix, Size } from './matrix-notation.js';
import { parseExpression } from './parser.js';

/** What the left side of an equation fixes for the others: its free indices and the shape that they run over. */
export interface LeftSide {
  readonly indices: readonly string[];
  readonly shape: readonly number[];
}

/**
 * The numbers that an expression stands for, one for each value of its free indices in their order of appearance.
 *
 * Throws a FormulaError when the expression is not well formed or does not fit the shapes.
 */
export function evaluate(latex: string, meaning: Meaning): NumericArray {
  const interpretation = new Interpretation(meaning);
  const expression = parseExpression(latex, interpretation.functionNames);
  return evaluateSide(expression, interpretation, leftSide(expression, interpretation));
}

/**
 * The gradient of the loss with respect to an input: the forward formula differentiated on dual numbers, times the
 * upstream gradients that the environment gives. A witness that no derivation goes into.
 */
export function gradientOnDualNumbers(input: string, given: Meaning): NumericArray {
  const meaning = new Interpretation(withoutGradient(input, given));
  const node = named(gradientName(input), [], { text: input, start: 0, end: input.length });
  return { shape: meaning.shape(node), values: meaning.values(node) };
}

/** What names mean when the gradient of an input is to be found from the forward formula. */
export function withoutGradient(input: string, { environment, ...rest }: Meaning): Meaning {
  const given = Object.entries(environment).filter(([name]) => name !== gradientName(input));
  return { ...rest, environment: Object.fromEntries(given) };
}

/** Reads an expression as the left side of an equation. */
export function leftSide(expression: Expression, meaning: Interpretation): LeftSide {
  if (notationOf(expression, meaning) === 'matrix') {
    const shape = readMatrix(expression, meaning).sizes.map((size) => {
      const problem = 'nothing here says how many ones: expected \\mathbf 1_{n}';
      return size.value ?? refuse('index-size', problem, expression.span);
    });
    const vector = expression.kind === 'name' && shape[1] === 1;
    return { indices: [], shape: vector ? meaning.shape(expression) : shape };
  }
  const indices = freeIndices(expression, meaning);
  const shape = indices.map((index) => {
    const size = extent(index, [expression], meaning);
    const problem = `${index} is no input, and as an index it stands on no axis`;
    return size ?? refuse('unknown-name', problem, expression.span);
  });
  return { indices, shape };
}

/** The numbers that one side of an equation stands for, over the indices and the shape of the left side. */
export function evaluateSide(side: Expression, meaning: Interpretation, left: LeftSide): NumericArray {
  const { indices, shape } = left;
  if (notationOf(side, meaning) !== 'matrix') {
    if (indices.length > 0 || shape.length === 0) return tabulate(side, indices, shape, meaning);
    tabulate(side, [], [], meaning); // what is wrong inside is said first
    throw shapeError(side, [], shape);
  }
  if (indices.length > 0) {
    const problem = `a matrix beside a left side with the indices ${indices.join(', ')}: expected (…)_{${indices.join('')}}`;
    refuse('rank', problem, side.span);
  }
  const { sizes, entry } = readMatrix(side, meaning);
  const wanted = sizes.length === 2 && shape.length === 1 ? [...shape, 1] : shape;
  const fits =
    sizes.length === wanted.length && sizes.every((size, axis) => size.equals(new Size(wanted[axis])));
  const found = sizes.map((size) => size.value);
  if (!fits) throw shapeError(side, found, shape);
  const letters = ownLetters('side', wanted.length);
  const body = entry(letters.map((letter) => named(letter, [], side.span)));
  return { shape, values: tabulate(body, letters, wanted, meaning).values };
}

function shapeError(
  side: Expression,
  found: readonly (number | undefined)[],
  wanted: readonly number[],
): FormulaError {
  const problem = `not conformable: this side has the shape ${printShape(found)}, the left side has ${printShape(wanted)}`;
  return new FormulaError('shape', problem, side.span, [found, wanted]);
}
