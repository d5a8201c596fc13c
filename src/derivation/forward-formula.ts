import type { NamedFunction } from '../autodiff/op.js';
import { gradientName } from '../formula/ast.js';
import { named } from '../formula/build.js';
import { checkChain } from '../formula/chain.js';
import { FormulaError } from '../formula/error.js';
import { Interpretation, type Meaning, type NumericArray } from '../formula/interpretation.js';
import { parse } from '../formula/parser.js';
import { random } from '../random/random.js';
import {
  aFunction,
  aText,
  lengths,
  objectWith,
  recordOf,
  listOf,
  requireKinds,
} from '../tensor/arguments.js';
import { requireShape, type Shape, sizeOf } from '../tensor/shape.js';
import { CheckedChains } from './checked-chains.js';
import { type Claim, claimsOn } from './claim.js';

const DRAWS = 3; // random inputs for each choice of shapes

/** Shapes of the inputs of a formula, by name; of the output S too, where the formula does not say it. */
export type InputShapes = Readonly<Record<string, Shape>>;

/** A forward formula that stands alone, without an op and its code. */
export interface ForwardFormula {
  readonly latex: string;
  /**
   * Judges a formula for the gradient of an input: a right-hand side, in which the upstream gradient is `S^\nabla`.
   * @throws FormulaError when it does not parse or uses an unknown name; GradbookError when there is no such input.
   */
  claim(input: string, latex: string): Claim;
  /**
   * Executes chains of equalities, such as `X^\nabla_{ij} = … = …`: every `=` against its neighbour.
   * @throws FormulaError when one does not parse.
   */
  derive(...chains: readonly string[]): CheckedChains;
}

/**
 * Asks for gradients of a formula `S = …` or `S_{ij} = …` that no op computes: the truth is the formula itself, differentiated
 * on dual numbers at random inputs from 0.5 to 2 of the given shapes.
 * @throws FormulaError when it does not parse or does not fit the shapes.
 * @example forwardFormula('S = W X^\\top', { X: [3, 2], W: [4, 2] }).claim('X', '(S^\\nabla)^\\top W')
 */
export function forwardFormula(
  latex: string,
  shapes: InputShapes | readonly InputShapes[],
  functions: Readonly<Record<string, NamedFunction>> = {},
): ForwardFormula {
  const oneChoice = recordOf(lengths, 'the shapes of the inputs, such as { X: [3, 2] }');
  const aPair = objectWith({ value: aFunction, derivative: aFunction }, 'a function, { value, derivative }');
  const kinds = {
    latex: aText,
    shapes: Array.isArray(shapes) ? listOf(oneChoice, oneChoice.words) : oneChoice,
    functions: recordOf(aPair, 'functions by name, each { value, derivative }'),
  };
  requireKinds('forwardFormula', { latex, shapes, functions }, kinds);
  const choices = [shapes].flat() as readonly InputShapes[];
  const { equations } = parse(latex, Object.keys(functions));
  const defines = equations.some(({ sides: [left] }) => left?.kind === 'name' && left.name === 'S');
  if (!defines) {
    const span = { text: latex, start: 0, end: latex.length };
    throw new FormulaError('syntax', 'the output is called S: expected a formula S = …', span);
  }
  const meanings = choices.flatMap((choice, k) =>
    Array.from({ length: DRAWS }, (_, draw) => drawn(latex, choice, functions, `${k}/${draw}`)),
  );
  const inputs = Object.keys(choices[0] ?? {}).filter((name) => name !== 'S');
  const derive = (...chains: readonly string[]) =>
    new CheckedChains(`for ${latex}`, chains.map((chain) => checkChain(chain, meanings))); // prettier-ignore
  return { latex, claim: claimsOn(latex, inputs, meanings), derive };
}

/** The inputs at one point, and an upstream gradient of the shape that the formula gives its output. */
function drawn(
  where: string,
  shapes: InputShapes,
  functions: Readonly<Record<string, NamedFunction>>,
  name: string,
): Meaning {
  const source = random(0).split(`${where}/${name}`);
  const array = (key: string, shape: Shape, low: number, high: number): NumericArray => {
    const draws = source.split(key).uniforms(sizeOf(shape));
    return { shape, values: draws.map((draw) => low + (high - low) * draw) };
  };
  for (const [key, shape] of Object.entries(shapes)) requireShape(shape, `forwardFormula: ${key}`);
  const { S: given, ...others } = shapes;
  const drawnInputs = Object.entries(others).map(([key, shape]) => [key, array(key, shape, 0.5, 2)] as const);
  const inputs = Object.fromEntries(drawnInputs);
  const meaning = { environment: inputs, where, functions };
  const S = named('S', [], { text: where, start: 0, end: where.length });
  const output = given ?? new Interpretation(meaning).shape(S);
  return { ...meaning, environment: { ...inputs, [gradientName('S')]: array('upstream', output, 0.5, 1.5) } };
}
