import type { Contribution } from '../autodiff/backward.js';
import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { children, type Expression, gradientName } from '../formula/ast.js';
import { compareArrays, namedIndices } from '../formula/chain.js';
import { orError, FormulaError } from '../formula/error.js';
import { evaluateSide, leftSide } from '../formula/evaluate.js';
import { Interpretation, type NumericArray } from '../formula/interpretation.js';
import { parse } from '../formula/parser.js';
import { constantsOf, labelsIn, numbersOf, type OpFormula } from '../formula/situation.js';
import { type Wording, type WrittenOut, writtenOut } from './written-out.js';

/** How tensors are called and numbers are written. */
export interface RuleWording {
  readonly tensor: (tensor: Tensor) => string;
  readonly number: (value: number) => string;
}

/** What a rule of backward computes for one element, written out by the op's formula. */
export interface WrittenRule extends WrittenOut {
  /** The element, counted from 0 in row-major order. */
  readonly element: number;
}

/**
 * Writes out the last line of an op's derivation for one element of a contribution: with names, and with numbers.
 * @returns undefined when no formula of the op gives the very numbers that its code gave, or none is short enough.
 */
export function writtenRule(step: Contribution, wording: RuleWording): WrittenRule | undefined {
  for (const formula of step.node.op.math) {
    for (const flat of [false, true]) {
      const rule = byFormula(formula, step, wording, flat);
      if (rule !== undefined) return rule;
    }
  }
  return undefined;
}

/** `flat` reads an elementwise formula over rows and columns as one about a single column, so that it serves any shape. */
function byFormula(
  formula: OpFormula,
  step: Contribution,
  wording: RuleWording,
  flat: boolean,
): WrittenRule | undefined {
  const { node, position, contribution } = step;
  const tensors = tensorsOf(step);
  const shapes = new Set([...tensors.values()].map(({ shape }) => shape.join()));
  if (flat && shapes.size > 1) return undefined;
  const viewed = (shape: Shape): Shape => (flat ? [contribution.size, 1] : shape);
  const environment = Object.fromEntries(
    [...tensors].map(([name, { shape, values }]) => [name, { shape: viewed(shape), values }]),
  );
  const { forward: where, functions = {} } = formula;
  const rule = orError(() => {
    const meaning = new Interpretation({
      environment: { ...environment, ...constantsOf(formula, labelsIn(node.attributes)) },
      where,
      functions,
    });
    const { sides } = parse(formula.gradient[node.op.inputs[position]!]!, Object.keys(functions))
      .equations[0]!;
    const left = leftSide(sides[0]!, meaning);
    const side = sides.at(-1)!;
    if (flat && reduces(side)) return undefined;
    const { values } = evaluateSide(side, meaning, left);
    const code = Float64Array.from(contribution.data());
    if (values.length !== code.length || !agree(values, code)) return undefined;
    const element = Math.max(
      0,
      values.findIndex((value) => value !== 0),
    );
    return written(side, { meaning, left, element, step, wording });
  });
  return rule instanceof FormulaError ? undefined : rule;
}

interface Place {
  readonly meaning: Interpretation;
  readonly left: { readonly indices: readonly string[]; readonly shape: readonly number[] };
  readonly element: number;
  readonly step: Contribution;
  readonly wording: RuleWording;
}

function written(side: Expression, place: Place): WrittenRule | undefined {
  const { meaning, left, element, step, wording } = place;
  const own: Wording = {
    number: wording.number,
    entry: (name, flat) => entryOf(name, flat, step, wording),
  };
  const result = writtenOut(side, meaning, namedIndices(element, left.shape, left.indices), own);
  return result === undefined ? undefined : { ...result, element };
}

/** The inputs by name, the output S and its gradient. */
function tensorsOf({ node, upstream }: Contribution): Map<string, NumericArray> {
  const inputs = node.op.inputs.map((name, k): [string, NumericArray] => [name, numbersOf(node.inputs[k]!)]);
  return new Map([...inputs, ['S', numbersOf(node.outputs[0])], [gradientName('S'), numbersOf(upstream)]]);
}

function reduces(node: Expression): boolean {
  return node.kind === 'reduce' || children(node).some(reduces);
}

function agree(values: Float64Array, code: Float64Array): boolean {
  const array = (numbers: Float64Array): NumericArray => ({ shape: [numbers.length], values: numbers });
  return compareArrays([array(values)], [array(code)]).worst <= 1e-9;
}

/** `b`, `b.grad`, `b₁₂`: an entry by the name of its tensor. */
function entryOf(name: string, flat: number, { node }: Contribution, wording: RuleWording): string {
  const isUpstream = name === gradientName('S');
  const position = node.op.inputs.indexOf(name);
  const tensor = position < 0 ? node.outputs[0] : node.inputs[position]!;
  if (position < 0 && !isUpstream && name !== 'S') return `${name}${subscripts(flat, [Infinity])}`;
  return `${wording.tensor(tensor)}${isUpstream ? '.grad' : ''}${subscripts(flat, tensor.shape)}`;
}

/** The place of an element in small digits, counted from 1 as in formulas: `₁₂`. */
export function subscripts(flat: number, shape: Shape): string {
  const indices = Object.values(namedIndices(flat, shape, []));
  const digits = indices.map((index) => String(index).replace(/\d/g, (digit) => small.charAt(Number(digit))));
  return digits.join(indices.every((index) => index < 10) ? '' : ',');
}

const small = '₀₁₂₃₄₅₆₇₈₉';
