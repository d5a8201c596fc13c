import type { AnyRecord, OpRecord } from '../autodiff/op.js';
import type { Displayable, MimeBundle } from '../tensor/display.js';
import { GradbookError } from '../tensor/error.js';
import { type ChainVerdict, checkChain } from '../formula/chain.js';
import { type Claim, claimOn } from './claim.js';
import { derivationMarkdown, derivationText, summaryOf } from './derivation-text.js';
import { causesOf } from './derivation-causes.js';
import { attempt, FormulaError } from '../formula/error.js';
import { gradientOnDualNumbers } from '../formula/evaluate.js';
import { type OpFormula, type Situation, situationsOf } from '../formula/situation.js';

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
  /** The definition of the output. */
  readonly latex: string;
  readonly forward: ChainVerdict;
  readonly gradients: readonly DerivedGradient[];
  readonly holds: boolean;
  /**
   * Judges a formula for the gradient of an input: a right-hand side, in which the upstream gradient is `S^\nabla`.
   * @throws FormulaError when it does not parse or uses an unknown name; GradbookError when the op has no such input.
   */
  readonly claim: (input: string, latex: string) => Claim;
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
  requireOp('derivation', record);
  const known = executions.get(record) ?? new Derivation(record);
  executions.set(record, known);
  return known;
}

/** Fails for what is no op, which untyped code may pass. */
function requireOp(what: string, op: unknown): void {
  if ((typeof op === 'object' || typeof op === 'function') && op !== null && 'math' in op && 'backward' in op)
    return;
  const given = typeof op === 'function' ? `the function ${op.name}` : JSON.stringify(op);
  throw new GradbookError(`${what}: expected an op with its record, such as divide, and not ${given}`);
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
   * Judges a formula for the gradient of an input: a right-hand side, in which the upstream gradient is `S^\nabla`. It is
   * judged by the op's first formula; `formulas[1].claim(…)` asks the second, for instance matmul with W transposed.
   * @throws FormulaError when it does not parse or uses an unknown name; GradbookError when the op has no such input.
   * @example derivation(divide).claim('Y', String.raw`\frac{X_{ij}}{Y_{ij}^2}`).diagnosis
   */
  claim(input: string, latex: string): Claim {
    const [first, ...others] = this.formulas;
    const claim = first!.claim(input, latex);
    if (claim.holds) return claim;
    const other = others.find((formula) => {
      const there = attempt(() => formula.claim(input, latex));
      return !(there instanceof FormulaError) && there.holds;
    });
    return other === undefined ? claim : claim.withRemark(`it holds for ${other.latex}`);
  }

  /**
   * Throws unless every equality holds.
   * @throws GradbookError naming the op, the input, the place, both numbers and the likely cause.
   */
  assert(): this {
    if (!this.holds) throw new GradbookError([derivationText(this), ...causesOf(this)].join('\n'));
    return this;
  }

  toString(): string {
    return derivationText(this);
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
  const claim = (input: string, latex: string): Claim => {
    const chain = formula.gradient[input];
    if (chain !== undefined) return claimOn(op.name, input, latex, meanings, chain);
    throw new GradbookError(
      `${op.name} has no input ${JSON.stringify(input)}; its inputs are ${op.inputs.join(', ')}`,
    );
  };
  const holds = forward.holds && gradients.every((gradient) => gradient.holds);
  return { latex: formula.forward, forward, gradients, holds, claim };
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
