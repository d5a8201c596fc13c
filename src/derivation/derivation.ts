import type { AnyRecord, OpRecord } from '../autodiff/op.js';
import type { Displayable, MimeBundle } from '../tensor/display.js';
import { GradbookError } from '../tensor/error.js';
import { type ChainVerdict, checkChain } from './chain.js';
import { type Claim, claimOn } from './claim.js';
import { derivationMarkdown, derivationText, summaryOf } from './derivation-text.js';
import { gradientOnDualNumbers } from './evaluate.js';
import { type OpFormula, type Situation, situationsOf } from './situation.js';

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
  const known = executions.get(record) ?? new Derivation(record);
  executions.set(record, known);
  return known;
}

/** An op never changes, and its derivation always gives the same numbers. */
const executions = new WeakMap<AnyRecord, Derivation>();

/** The outcome: data, with `assert()` for tests and `claim()` for formulas of the reader's own. */
export class Derivation implements Displayable {
  readonly kind = 'derivation';
  /** What it comes to in one sentence. */
  readonly alt: string;
  readonly holds: boolean;

  readonly formulas: readonly DerivedFormula[];

  constructor(readonly op: AnyRecord) {
    this.formulas = op.math.map((formula) => executed(op, formula));
    this.holds = this.formulas.every((formula) => formula.holds);
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
    const meanings = this.op.math
      .slice(0, 1)
      .flatMap((formula) => situationsOf(this.op, formula).map(({ meaning }) => meaning));
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
        const meanings = situationsOf(this.op, formula).map(({ meaning }) => meaning);
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
    const dualNumbers = largest(situations, ({ code, meaning }) =>
      relative(code[input]!.values, gradientOnDualNumbers(input, meaning).values),
    );
    const differences = largest(situations, (one) =>
      relative(one.code[input]!.values, one.differences(input)),
    );
    const holds =
      chain.holds &&
      (matrix?.holds ?? true) &&
      dualNumbers <= CHAIN_TOLERANCE &&
      differences <= DIFFERENCES_TOLERANCE;
    return { input, chain, ...(matrix === undefined ? {} : { matrix }), dualNumbers, differences, holds };
  });
  return { forward, gradients, holds: forward.holds && gradients.every((gradient) => gradient.holds) };
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
