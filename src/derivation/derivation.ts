import { gradientsOf } from '../autodiff/backward.js';
import { numericGradient } from '../autodiff/finite-differences.js';
import type { AnyRecord, Formula, OpRecord } from '../autodiff/op.js';
import { callOn, drawInputs } from '../autodiff/samples.js';
import { random } from '../random/random.js';
import type { Displayable, MimeBundle } from '../tensor/display.js';
import { GradbookError } from '../tensor/error.js';
import type { Tensor } from '../tensor/tensor.js';
import { type ChainVerdict, checkChain } from './chain.js';
import { type Claim, claimOn } from './claim.js';
import { derivationMarkdown, derivationText, summaryOf } from './derivation-text.js';
import { Interpretation, type Meaning, type NumericArray } from './interpretation.js';
import { gradientName } from './ast.js';

const DRAWS = 3; // random inputs for each shape

/** The gradient of one input: its derivation and the witnesses that do not use it. */
export interface DerivedGradient {
  readonly input: string;
  /** Every `=` of the derivation; the first compares the code's gradient with the formula. */
  readonly chain: ChainVerdict;
  /** The matrix form, when there is one. */
  readonly matrix?: ChainVerdict;
  /** Largest relative difference between the code's gradient and the forward formula, differentiated on dual numbers. */
  readonly dualNumbers: number;
  /** Largest relative difference between the code's gradient and central differences of the code's forward pass. */
  readonly differences: number;
  readonly holds: boolean;
}

/** One formula of an op: the definition against the code, and the gradient of each input. */
export interface DerivedFormula {
  readonly forward: ChainVerdict;
  readonly gradients: readonly DerivedGradient[];
  readonly holds: boolean;
}

const CHAIN_TOLERANCE = 1e-9;
const DIFFERENCES_TOLERANCE = 1e-7;

/**
 * Executes the derivation of an op on random inputs of several shapes: every `=` against its neighbour, the formulas against
 * the code, and the code against dual numbers and finite differences.
 * @example derivation(divide).assert()
 */
export function derivation<Input extends string, Attributes>(op: OpRecord<Input, Attributes>): Derivation {
  const record = op as unknown as AnyRecord;
  return new Derivation(
    record,
    record.math.map((formula) => executed(record, formula)),
  );
}

/** The outcome: data, with `assert()` for tests and `claim()` for formulas of the reader's own. */
export class Derivation implements Displayable {
  readonly kind = 'derivation';
  /** What it comes to in one sentence. */
  readonly alt: string;
  readonly holds: boolean;

  constructor(
    readonly op: AnyRecord,
    readonly formulas: readonly DerivedFormula[],
  ) {
    this.holds = formulas.every((formula) => formula.holds);
    this.alt = summaryOf(this);
  }

  /** Every `=` of every formula, in reading order. */
  get steps(): readonly ChainVerdict['steps'][number][] {
    return this.formulas.flatMap(({ forward, gradients }) => [
      ...forward.steps,
      ...gradients.flatMap(({ chain, matrix }) => [...chain.steps, ...(matrix?.steps ?? [])]),
    ]);
  }

  /**
   * Judges a formula for the gradient of an input: a right-hand side, in which the upstream gradient is `S^\nabla`.
   * @throws FormulaError when it does not parse or uses an unknown name; GradbookError when the op has no such input.
   * @example derivation(divide).claim('Y', String.raw`\frac{X_{ij}}{Y_{ij}^2}`).diagnosis
   */
  claim(input: string, latex: string): Claim {
    if (!this.op.inputs.includes(input)) {
      throw new GradbookError(
        `${this.op.name} has no input ${JSON.stringify(input)}; its inputs are ${this.op.inputs.join(', ')}`,
      );
    }
    const meanings = this.op.math.slice(0, 1).flatMap((formula) => meaningsOf(this.op, formula));
    return claimOn(this.op.name, input, latex, meanings);
  }

  /**
   * Throws unless every equality holds.
   * @throws GradbookError naming the op, the input, the place, both numbers and the likely cause.
   */
  assert(): this {
    if (!this.holds) throw new GradbookError([derivationText(this), ...this.#causes()].join('\n'));
    return this;
  }

  toString(): string {
    return derivationText(this);
  }

  /** For each gradient whose derivation fails, what is wrong with the first side that is not the gradient. */
  #causes(): string[] {
    return this.formulas.flatMap(({ gradients }, k) => {
      const formula = this.op.math[k]!;
      return gradients.flatMap(({ input, chain }) => {
        if (chain.holds) return [];
        const meanings = meaningsOf(this.op, formula);
        const sides = chain.steps.map(({ right }) => `${chain.steps[0]!.left} = ${right}`);
        const wrong = sides
          .map((side) => claimOn(this.op.name, input, side, meanings))
          .find((claim) => !claim.holds);
        return wrong === undefined ? [] : [`${this.op.name}, ${input}: ${wrong.diagnosis}`];
      });
    });
  }

  display(): MimeBundle {
    return { 'text/markdown': derivationMarkdown(this), 'text/plain': derivationText(this) };
  }
}

type OpFormula = Formula<string, unknown>;

function executed(op: AnyRecord, formula: OpFormula): DerivedFormula {
  const situations = situationsOf(op, formula);
  const meanings = situations.map(({ meaning }) => meaning);
  const forward = checkChain(
    formula.forward.split(/,\s*\\quad/)[0]!,
    situations.map(({ output, meaning }) => ({
      ...meaning,
      environment: { ...meaning.environment, S: output },
    })),
    CHAIN_TOLERANCE,
  );
  const gradients = op.inputs.map((input): DerivedGradient => {
    const chain = checkChain(formula.gradient[input]!, meanings, CHAIN_TOLERANCE);
    const matrixForm = formula.matrix?.[input];
    const matrix = matrixForm === undefined ? undefined : checkChain(matrixForm, meanings, CHAIN_TOLERANCE);
    const dualNumbers = largest(situations, ({ code, dual }) => relative(code[input]!, dual(input)));
    const differences = largest(situations, ({ code, numeric }) => relative(code[input]!, numeric[input]!));
    const holds =
      chain.holds &&
      (matrix?.holds ?? true) &&
      dualNumbers <= CHAIN_TOLERANCE &&
      differences <= DIFFERENCES_TOLERANCE;
    return { input, chain, ...(matrix === undefined ? {} : { matrix }), dualNumbers, differences, holds };
  });
  return { forward, gradients, holds: forward.holds && gradients.every((gradient) => gradient.holds) };
}

/** One draw of inputs, and what the code makes of it. */
interface Situation {
  readonly meaning: Meaning;
  readonly output: NumericArray;
  /** Gradients by backward. */
  readonly code: Readonly<Record<string, Float64Array>>;
  /** Gradients by finite differences. */
  readonly numeric: Readonly<Record<string, Float64Array>>;
  /** The gradient of the forward formula, by automatic differentiation of the formula itself. */
  readonly dual: (input: string) => Float64Array;
}

function meaningsOf(op: AnyRecord, formula: OpFormula): Meaning[] {
  return situationsOf(op, formula).map(({ meaning }) => meaning);
}

function situationsOf(op: AnyRecord, formula: OpFormula): Situation[] {
  return formula.shapes.flatMap((shapes, k) =>
    Array.from({ length: DRAWS }, (_, draw) => {
      const source = random(0).split(`${op.name}/${k}/${draw}`);
      return situation(op, formula, drawInputs(op, shapes, source), source.split('upstream'));
    }),
  );
}

function situation(
  op: AnyRecord,
  formula: OpFormula,
  inputs: Readonly<Record<string, Tensor>>,
  source: ReturnType<typeof random>,
): Situation {
  const sample = { shapes: {}, attributes: formula.attributes };
  const run = (): Tensor => callOn(op, sample, inputs);
  const output = run();
  const upstream = source.uniform(output.shape, { low: 0.5, high: 1.5 });
  const all = gradientsOf(output, { upstream });
  const code = Object.fromEntries(
    op.inputs.map((input) => [input, Float64Array.from(all.get(inputs[input]!)!.data())]),
  );
  const numeric = Object.fromEntries(
    op.inputs.map((input) => [input, numericGradient(() => run().data(), upstream.data(), inputs[input]!)]),
  );
  const environment = {
    ...Object.fromEntries(op.inputs.map((input) => [input, numbers(inputs[input]!)])),
    ...Object.fromEntries(
      Object.entries(formula.constants ?? {}).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : { shape: [value.length], values: Float64Array.from(value) },
      ]),
    ),
    [gradientName('S')]: numbers(upstream),
  };
  const given = {
    where: formula.forward,
    ...(formula.functions === undefined ? {} : { functions: formula.functions }),
  };
  const gradients = Object.fromEntries(
    op.inputs.map((input) => [gradientName(input), { shape: inputs[input]!.shape, values: code[input]! }]),
  );
  return {
    meaning: { ...given, environment: { ...environment, ...gradients } },
    output: numbers(output),
    code,
    numeric,
    dual: (input) => {
      const span = { text: input, start: 0, end: input.length };
      return new Interpretation({ ...given, environment }).values({
        kind: 'name',
        name: gradientName(input),
        indices: [],
        span,
      });
    },
  };
}

function numbers(tensor: Tensor): NumericArray {
  return { shape: tensor.shape, values: Float64Array.from(tensor.data()) };
}

function largest(situations: readonly Situation[], of: (situation: Situation) => number): number {
  return situations.reduce((most, situation) => Math.max(most, of(situation)), 0);
}

/** The largest difference relative to the largest entry. */
function relative(left: Float64Array, right: Float64Array): number {
  const scale = right.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const gap = left.reduce((most, value, k) => Math.max(most, Math.abs(value - right[k]!)), 0);
  return gap === 0 ? 0 : gap / scale;
}
