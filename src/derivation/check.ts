import {
  callable,
  type Checkable,
  checkGradient as checkAgainstDifferences,
  type CheckOptions,
  type GradientCheck,
} from '../autodiff/check-gradient.js';
import { requireInputs } from '../autodiff/checkable.js';
import { OpNode } from '../autodiff/op-node.js';
import type { Named } from '../autodiff/value-and-gradient.js';
import { scoped } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';
import { named } from '../formula/build.js';
import { compareArrays } from '../formula/chain.js';
import { orError } from '../formula/error.js';
import { evaluateSide, gradientOnDualNumbers, leftSide } from '../formula/evaluate.js';
import { Interpretation, type Meaning, type NumericArray } from '../formula/interpretation.js';
import { parse } from '../formula/parser.js';
import { labelsIn, meaningOf, numbersOf, type OpFormula } from '../formula/situation.js';

/**
 * Compares the gradients that backward computes with finite differences. When the function is one op, or executes one op on
 * the inputs, whose formula gives the very values that its code gives, two more witnesses are heard: the last line of the
 * derivation, and the forward formula on dual numbers.
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
  requireInputs(f, inputs);
  const executed = executionOf(f, inputs);
  if (executed === undefined) return checkAgainstDifferences(f, inputs, options);
  const { op, keys, formula, meaningFor } = executed;
  const byKey = (of: (input: string) => Float64Array) =>
    Object.fromEntries(op.inputs.map((input, k) => [keys[k]!, of(input)]));
  return checkAgainstDifferences(f, inputs, {
    name: f.name === '' ? op.name : f.name,
    witnesses: {
      'the formula': (upstream) => byKey((input) => lastSide(formula, input, meaningFor(upstream))),
      'dual numbers': (upstream) =>
        byKey((input) => gradientOnDualNumbers(input, meaningFor(upstream)).values),
    },
    ...options,
  });
}

/** The one op that a function executes on the inputs, each once, the names they were given under, and what says the same. */
function executionOf<Inputs extends Named>(f: Checkable<Inputs>, inputs: Inputs) {
  const entries = Object.entries(inputs);
  return scoped('checkGradient', () => {
    const output = callable(f, inputs)();
    if (!(output.source instanceof OpNode)) return undefined;
    const { op, inputs: used, attributes } = output.source;
    const keys = used.flatMap((input) => entries.find(([, tensor]) => tensor === input)?.[0] ?? []);
    const each = [used.length, keys.length, new Set(keys).size].every((count) => count === entries.length);
    if (!each) return undefined;
    const inputsByName = Object.fromEntries(op.inputs.map((name, k) => [name, used[k]!]));
    const labels = labelsIn(attributes);
    const meaningIn = (formula: OpFormula, upstream: Tensor) =>
      meaningOf(formula, inputsByName, numbersOf(upstream), labels);
    const formula = op.math.find((one) => gives(one, meaningIn(one, output), numbersOf(output)));
    return formula && { op, keys, formula, meaningFor: (upstream: Tensor) => meaningIn(formula, upstream) };
  });
}

/** Whether a formula says of these inputs what the op's code has computed. */
function gives(formula: OpFormula, given: Meaning, output: NumericArray): boolean {
  const agrees = orError(() => {
    const meaning = new Interpretation(given);
    if (meaning.definition('S')?.indices.length !== output.shape.length) return false; // another number of axes
    const values = meaning.values(named('S', [], { text: formula.forward, start: 0, end: 0 }));
    const comparable = values.length === output.values.length;
    return comparable && compareArrays([{ ...output, values }], [output]).worst <= 1e-9;
  });
  return agrees === true;
}

/** The gradient by the last side of the derivation. */
function lastSide(formula: OpFormula, input: string, given: Meaning): Float64Array {
  const { sides } = parse(formula.gradient[input]!, Object.keys(formula.functions ?? {})).equations[0]!;
  const meaning = new Interpretation(given);
  return evaluateSide(sides.at(-1)!, meaning, leftSide(sides[0]!, meaning)).values;
}
