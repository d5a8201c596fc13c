import { gradientsOf } from '../autodiff/backward.js';
import { requireFinite } from '../autodiff/domain.js';
import { numericGradient } from '../autodiff/finite-differences.js';
import type { AnyRecord, Formula } from '../autodiff/op.js';
import { callOn, drawInputs } from '../autodiff/samples.js';
import { random } from '../random/random.js';
import { Tensor } from '../tensor/tensor.js';
import { gradientName } from './ast.js';
import type { Environment, Meaning, NumericArray } from './interpretation.js';

export type OpFormula = Formula<string, unknown>;

const DRAWS = 3; // random inputs for each choice of shapes

/** One draw of inputs for a formula of an op, and what the code makes of it. */
export interface Situation {
  /** The inputs, the upstream gradient and the code's gradients, by the names of the formula. */
  readonly meaning: Meaning;
  readonly output: NumericArray;
  /** Gradients by backward. */
  readonly code: Readonly<Record<string, NumericArray>>;
  /** The gradient of an input by finite differences. */
  readonly differences: (input: string) => Float64Array;
}

/** Random inputs of every shape that a formula names. */
export function situationsOf(op: AnyRecord, formula: OpFormula): Situation[] {
  return formula.shapes.flatMap((shapes, k) =>
    Array.from({ length: DRAWS }, (_, draw): Situation => {
      const source = random(0).split(`${op.name}/${k}/${draw}`);
      const inputs = drawInputs(op, shapes, source);
      const run = (): Tensor => callOn(op, { shapes, attributes: formula.attributes }, inputs);
      requireFinite(op.name, run);
      const output = run();
      const upstream = source.split('upstream').uniform(output.shape, { low: 0.5, high: 1.5 });
      const gradients = gradientsOf(output, { upstream });
      const code = Object.fromEntries(
        op.inputs.map((input) => [input, numbersOf(gradients.get(inputs[input]!)!)]),
      );
      const given = meaningOf(formula, inputs, numbersOf(upstream));
      const named = Object.fromEntries(op.inputs.map((input) => [gradientName(input), code[input]!]));
      return {
        meaning: { ...given, environment: { ...given.environment, ...named } },
        output: numbersOf(output),
        code,
        differences: (input) => numericGradient(() => run().data(), upstream.data(), inputs[input]!),
      };
    }),
  );
}

/** What the names in a formula of an op mean: its inputs, its constants, and the upstream gradient. */
export function meaningOf(
  formula: OpFormula,
  inputs: Readonly<Record<string, Tensor>>,
  upstream: NumericArray,
  labels?: readonly number[],
): Meaning {
  const { forward: where, functions = {} } = formula;
  const arrays = Object.entries(inputs).map(([name, input]) => [name, numbersOf(input)] as const);
  const given = { ...Object.fromEntries(arrays), ...constantsOf(formula, labels) };
  return { environment: { ...given, [gradientName('S')]: upstream }, where, functions };
}

/** The constants of a formula; its labels are those of the execution, when it has any. */
export function constantsOf({ constants = {} }: OpFormula, labels?: readonly number[]): Environment {
  const entries = Object.entries(constants).map(([name, value]): [string, Environment[string]] => {
    if (typeof value === 'number') return [name, value];
    const values = Float64Array.from(labels ?? value);
    return [name, { shape: [values.length], values }];
  });
  return Object.fromEntries(entries);
}

/** The labels among the attributes of an execution, when it has any. */
export function labelsIn(attributes: unknown): readonly number[] | undefined {
  const labels = Object.values(attributes ?? {}).find((value) => value instanceof Tensor);
  return labels === undefined ? undefined : [...labels.data()];
}

export function numbersOf(tensor: Tensor): NumericArray {
  return { shape: tensor.shape, values: Float64Array.from(tensor.data()) };
}
