import { type Expression, gradientName } from './ast.js';
import { named } from './build.js';
import { FormulaError, printShape, refuse } from './error.js';
import { extent, freeIndices, notationOf } from './extents.js';
import { tabulate } from './index-notation.js';
import { Interpretation, type Meaning, type NumericArray } from './interpretation.js';
import { fit, inIndexNotation, knownSizes, readMatrix } from './matrix-notation.js';
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
  const { span } = expression;
  if (notationOf(expression, meaning) === 'matrix') {
    const shape = knownSizes(readMatrix(expression, meaning).sizes, span);
    return { indices: [], shape: expression.kind === 'name' ? meaning.shape(expression) : shape };
  }
  const indices = freeIndices(expression, meaning);
  const shape = indices.map((index) => {
    const problem = `${index} is no input, and as an index it stands on no axis`;
    return extent(index, [expression], meaning) ?? refuse('unknown-name', problem, span);
  });
  return { indices, shape };
}

/** The numbers that one side of an equation stands for, over the indices and the shape of the left side. */
export function evaluateSide(
  side: Expression,
  meaning: Interpretation,
  { indices, shape }: LeftSide,
): NumericArray {
  if (notationOf(side, meaning) === 'index') {
    const array = tabulate(side, indices, indices.length > 0 ? shape : [], meaning);
    return indices.length > 0 || shape.length === 0 ? array : otherShape(side, [], shape);
  }
  if (indices.length > 0) {
    const problem = `a matrix beside a left side with the indices ${indices.join(', ')}: expected (…)_{${indices.join('')}}`;
    refuse('rank', problem, side.span);
  }
  const { sizes, body, indices: own } = inIndexNotation(side, meaning);
  const wanted = sizes.length === 2 && shape.length === 1 ? [...shape, 1] : shape; // a vector is a column
  if (!fit(sizes, wanted)) return otherShape(side, sizes, shape);
  return { shape, values: tabulate(body, own, wanted, meaning).values };
}

function otherShape(
  side: Expression,
  found: readonly (number | undefined)[],
  wanted: readonly number[],
): never {
  const problem = `not conformable: this side has the shape ${printShape(found)}, the left side has ${printShape(wanted)}`;
  throw new FormulaError('shape', problem, side.span, [found, wanted]);
}
