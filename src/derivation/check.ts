import {
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
import { attempt } from '../formula/error.js';
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
  const formula = executed?.node.op.math.find((candidate) => gives(candidate, executed));
  if (formula === undefined) return checkAgainstDifferences(f, inputs, options);
  const { node, keys } = executed!;
  const byKey = (of: (input: string) => Float64Array) =>
    Object.fromEntries(node.op.inputs.map((input, k) => [keys[k]!, of(input)]));
  return checkAgainstDifferences(f, inputs, {
    name: f.name === '' ? node.op.name : f.name,
    witnesses: {
      'the formula': (upstream) =>
        byKey((input) => lastSide(formula, input, meaningIn(executed!, formula, numbersOf(upstream)))),
      'dual numbers': (upstream) =>
        byKey(
          (input) => gradientOnDualNumbers(input, meaningIn(executed!, formula, numbersOf(upstream))).values,
        ),
    },
    ...options,
  });
}

/** The one op that a function executes on the given inputs, each once, and the names that they were given under. */
interface Execution {
  readonly node: OpNode;
  readonly keys: readonly string[];
  readonly labels: readonly number[] | undefined;
  readonly output: NumericArray;
}

function executionOf<Inputs extends Named>(f: Checkable<Inputs>, inputs: Inputs): Execution | undefined {
  const entries = Object.entries(inputs);
  const call = f as (...operands: readonly unknown[]) => Tensor;
  const operands = 'inputs' in f ? f.inputs.map((name) => inputs[name]) : [inputs];
  return scoped('checkGradient', () => {
    const output = call(...operands);
    const node = output.source;
    if (!(node instanceof OpNode)) return undefined;
    const keys = node.inputs.map((input) => entries.find(([, tensor]) => tensor === input)?.[0]);
    const each = new Set(keys).size === keys.length && keys.length === entries.length;
    if (!each || !keys.every((key) => key !== undefined)) return undefined;
    return { node, keys, labels: labelsIn(node.attributes), output: numbersOf(output) };
  });
}

/** Whether a formula says of these inputs what the op's code has computed. */
function gives(formula: OpFormula, executed: Execution): boolean {
  const { output } = executed;
  const agrees = attempt(() => {
    const ones = { shape: output.shape, values: output.values.map(() => 1) };
    const meaning = new Interpretation(meaningIn(executed, formula, ones));
    if (meaning.definition('S')?.indices.length !== output.shape.length) return false; // another number of axes
    const span = { text: formula.forward, start: 0, end: formula.forward.length };
    const values = meaning.values(named('S', [], span));
    return (
      values.length === output.values.length && compareArrays([{ ...output, values }], [output]).worst <= 1e-9
    );
  });
  return agrees === true;
}

/** The gradient by the last side of the derivation. */
function lastSide(formula: OpFormula, input: string, given: Meaning): Float64Array {
  const { sides } = parse(formula.gradient[input]!, Object.keys(formula.functions ?? {})).equations[0]!;
  const meaning = new Interpretation(given);
  return evaluateSide(sides.at(-1)!, meaning, leftSide(sides[0]!, meaning)).values;
}

function meaningIn({ node, labels }: Execution, formula: OpFormula, upstream: NumericArray): Meaning {
  const inputs = Object.fromEntries(node.op.inputs.map((name, k) => [name, node.inputs[k]!]));
  return meaningOf(formula, inputs, upstream, labels);
}
