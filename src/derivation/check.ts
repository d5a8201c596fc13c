import {
  type Checkable,
  checkGradient as checkAgainstDifferences,
  type CheckOptions,
  type GradientCheck,
} from '../autodiff/check-gradient.js';
import type { AnyOp, Formula } from '../autodiff/op.js';
import type { Named } from '../autodiff/value-and-gradient.js';
import type { Tensor } from '../tensor/tensor.js';
import { gradientName } from './ast.js';
import { evaluateSide } from './evaluate.js';
import { Interpretation, type Meaning, type NumericArray } from './interpretation.js';
import { parse } from './parser.js';
import { print } from './print.js';

/**
 * Compares the gradients that backward computes with finite differences and, for an op that has a formula for inputs of
 * these ranks, with the last line of its derivation and with its forward formula on dual numbers.
 *
 * Options and result are those of the check against differences alone.
 * @throws GradbookError for an input that is not float64 or requires no gradient.
 * @example checkGradient(divide, { X, Y }).assert()
 */
export function checkGradient<Inputs extends Named>(
  f: Checkable<Inputs>,
  inputs: Inputs,
  options: CheckOptions = {},
): GradientCheck {
  const formula = 'math' in f ? fitting(f as unknown as AnyOp, inputs) : undefined;
  if (formula === undefined) return checkAgainstDifferences(f, inputs, options);
  return checkAgainstDifferences(f, inputs, {
    witnesses: {
      'the formula': (upstream) => byInput(inputs, (input) => lastSide(formula, input, inputs, upstream)),
      'dual numbers': (upstream) => byInput(inputs, (input) => dualNumbers(formula, input, inputs, upstream)),
    },
    ...options,
  });
}

type OpFormula = Formula<string, unknown>;

/** The formula of an op that needs no attributes and speaks of inputs with as many axes. */
function fitting(op: AnyOp, inputs: Named): OpFormula | undefined {
  const attributeless = op.math.filter(({ attributes }) => isEmpty(attributes));
  return attributeless.find(({ shapes }) =>
    op.inputs.every((input) => shapes[0]?.[input]?.length === inputs[input]?.shape.length),
  );
}

function isEmpty(attributes: unknown): boolean {
  return (
    attributes === undefined || (typeof attributes === 'object' && Object.keys(attributes ?? {}).length === 0)
  );
}

/** The gradient by the last side of the derivation. */
function lastSide(formula: OpFormula, input: string, inputs: Named, upstream: Tensor): Float64Array {
  const { equations } = parse(formula.gradient[input]!, Object.keys(formula.functions ?? {}));
  const { sides } = equations[0]!;
  const meaning = new Interpretation(meaningOf(formula, inputs, upstream));
  const indices = sides[0]!.kind === 'name' ? sides[0].indices.map((index) => print(index)) : [];
  return evaluateSide(sides[sides.length - 1]!, meaning, { indices, shape: inputs[input]!.shape }).values;
}

/** The gradient of the forward formula, differentiated on dual numbers. */
function dualNumbers(formula: OpFormula, input: string, inputs: Named, upstream: Tensor): Float64Array {
  const span = { text: input, start: 0, end: input.length };
  const name = { kind: 'name', name: gradientName(input), indices: [], span } as const;
  return new Interpretation(meaningOf(formula, inputs, upstream)).values(name);
}

function meaningOf(formula: OpFormula, inputs: Named, upstream: Tensor): Meaning {
  const tensors = { ...inputs, [gradientName('S')]: upstream };
  const environment = Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, numbers(tensor)]),
  );
  return {
    environment,
    where: formula.forward,
    ...(formula.functions === undefined ? {} : { functions: formula.functions }),
  };
}

function byInput(inputs: Named, of: (input: string) => Float64Array): Record<string, Float64Array> {
  return Object.fromEntries(Object.keys(inputs).map((input) => [input, of(input)]));
}

function numbers(tensor: Tensor): NumericArray {
  return { shape: tensor.shape, values: Float64Array.from(tensor.data()) };
}
