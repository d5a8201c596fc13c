import type { NamedFunction } from '../autodiff/op.js';
import { drawInputs } from '../autodiff/samples.js';
import { named } from '../formula/build.js';
import { checkChain } from '../formula/chain.js';
import { FormulaError } from '../formula/error.js';
import { withoutGradient } from '../formula/evaluate.js';
import { Interpretation, type Meaning } from '../formula/interpretation.js';
import { parse } from '../formula/parser.js';
import { meaningOf, numbersOf, type OpFormula } from '../formula/situation.js';
import { type Random, random } from '../random/random.js';
import {
  aFunction,
  aText,
  kind,
  lengths,
  objectWith,
  recordOf,
  listOf,
  requireKinds,
} from '../tensor/arguments.js';
import { scoped } from '../tensor/memory.js';
import { requireShape, type Shape } from '../tensor/shape.js';
import { CheckedChains } from './checked-chains.js';
import { type Claim, claimsOn } from './claim.js';

const DRAWS = 3; // random inputs for each choice of shapes

const someChains = kind(
  'at least one chain of equalities in LaTeX',
  (given) => Array.isArray(given) && given.length > 0 && given.every((one) => typeof one === 'string'),
);

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
   * @throws FormulaError when one does not parse or holds anything but equalities, ValueError when there is none.
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
  const formula = { forward: latex, gradient: {}, shapes: choices, functions };
  const meanings = choices.flatMap((choice, k) =>
    Array.from({ length: DRAWS }, (_, draw) =>
      drawn(formula, choice, random(0).split(`${latex}/${k}/${draw}`)),
    ),
  );
  const inputs = Object.keys(choices[0] ?? {}).filter((name) => name !== 'S');
  const derive = (...chains: readonly string[]) => {
    requireKinds('derive', { chains }, { chains: someChains });
    return new CheckedChains(
      `for ${latex}`,
      chains.map((chain) => checkChain(chain, meanings)),
    );
  };
  return { latex, claim: claimsOn(latex, inputs, meanings), derive };
}

/** The inputs at one point, and an upstream gradient of the shape that the formula gives its output. */
function drawn(formula: OpFormula, choice: InputShapes, source: Random): Meaning {
  for (const [name, shape] of Object.entries(choice)) requireShape(shape, `forwardFormula: ${name}`);
  const { S: given, ...shapes } = choice;
  const names = Object.keys(shapes);
  const domain = Object.fromEntries(names.map((name) => [name, { low: 0.5, high: 2 }]));
  return scoped('forwardFormula', () => {
    const inputs = drawInputs({ inputs: names, domain }, shapes, source);
    const meaning = meaningOf(formula, inputs, { shape: [], values: new Float64Array(1) });
    const S = named('S', [], { text: formula.forward, start: 0, end: formula.forward.length });
    const output = given ?? new Interpretation(withoutGradient('S', meaning)).shape(S);
    const upstream = source.split('upstream').uniform(output, { low: 0.5, high: 1.5 });
    return meaningOf(formula, inputs, numbersOf(upstream));
  });
}
