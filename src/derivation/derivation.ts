import type { AnyRecord, OpRecord } from '../autodiff/op.js';
import { type ChainVerdict, checkChain } from '../formula/chain.js';
import { orError, textOf } from '../formula/error.js';
import { gradientOnDualNumbers } from '../formula/evaluate.js';
import { parse } from '../formula/parser.js';
import { type OpFormula, type Situation, situationsOf } from '../formula/situation.js';
import type { MimeBundle } from '../tensor/display.js';
import { GradbookError } from '../tensor/error.js';
import { formatNumber, inLatex } from '../tensor/print.js';
import { chainBlock, chainText, CheckedChains } from './checked-chains.js';
import { Claim, claimsOn } from './claim.js';
import { causesOf } from './derivation-causes.js';

/** The gradient of one input: its derivation and the witnesses that do not use it. */
export interface DerivedGradient {
  readonly input: string;
  /** Every `=` of the derivation, then the matrix form, when there is one; first the code's gradient is compared. */
  readonly chains: readonly ChainVerdict[];
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
  /** Judges an attempt by this formula, as `claim` of the derivation does by the first. */
  readonly claim: (input: string, latex: string) => Claim;
}

/**
 * Executes the derivation of an op on random inputs of several shapes: every `=` against its neighbour, the formulas against
 * the code, and the code against dual numbers and finite differences.
 * @example derivation(divide).assert()
 */
export function derivation<Input extends string, Attributes>(op: OpRecord<Input, Attributes>): Derivation {
  const record = op as unknown as AnyRecord;
  requireOp(record);
  const known = executions.get(record) ?? new Derivation(record);
  executions.set(record, known);
  return known;
}

/** Fails for what is no op, which untyped code may pass. */
function requireOp(op: unknown): void {
  const isThing = typeof op === 'function' || (typeof op === 'object' && op !== null);
  if (isThing && 'math' in op && 'backward' in op) return;
  const given = typeof op === 'function' ? `the function ${op.name}` : JSON.stringify(op);
  throw new GradbookError(`derivation: expected an op with its record, such as divide, and not ${given}`);
}

/** An op never changes, and its derivation always gives the same numbers. */
const executions = new WeakMap<AnyRecord, Derivation>();

/** The outcome: data, with `assert()` for tests and `claim()` for formulas of the reader's own. */
export class Derivation extends CheckedChains {
  readonly formulas: readonly DerivedFormula[];

  constructor(readonly op: AnyRecord) {
    const formulas = op.math.map((formula) => executed(op, formula));
    const chains = formulas.flatMap(({ forward, gradients }) => [
      forward,
      ...gradients.flatMap((gradient) => gradient.chains),
    ]);
    super(`of ${op.name}`, chains);
    this.formulas = formulas;
  }

  override get holds(): boolean {
    return super.holds && this.formulas.every(({ gradients }) => gradients.every(({ holds }) => holds));
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
    const other = others.find((formula) => orError(() => formula.claim(input, latex).holds) === true);
    return new Claim(claim.op, input, latex, claim.details, other?.latex);
  }

  /**
   * Throws unless every equality holds.
   * @throws GradbookError naming the op, the input, the place, both numbers and the likely cause.
   */
  override assert(): this {
    if (!this.holds) throw new GradbookError([this.toString(), ...causesOf(this)].join('\n'));
    return this;
  }

  override toString(): string {
    const plain = (value: number) => formatNumber(Number(value.toPrecision(1)));
    const lines = this.formulas.flatMap(({ forward, gradients }) => [
      ...chainText(forward, ' (the code)'),
      ...gradients.flatMap((gradient) => [
        ...gradient.chains.flatMap((chain) => chainText(chain, ' (the code)')),
        `    ${gradient.input}: ${witnesses(gradient, plain)}`,
      ]),
    ]);
    const verdict = this.holds ? 'every equality holds' : 'NOT every equality holds';
    return [`${this.op.name}: ${verdict}`, ...lines].join('\n');
  }

  override display(): MimeBundle {
    const mathematics = (value: number) => `$${inLatex(value.toExponential(0))}$`;
    const parts = this.formulas.flatMap(({ forward, gradients }) => [
      chainBlock([forward]),
      ...gradients.flatMap((gradient) => [
        chainBlock(gradient.chains),
        `${gradient.holds ? '✓' : '✗'} $${gradient.input}$: ${witnesses(gradient, mathematics)}`,
      ]),
    ]);
    const markdown = [`**${this.op.name}**: ${this.op.summary}`, ...parts].join('\n\n');
    return { 'text/markdown': markdown, 'text/plain': this.toString() };
  }
}

function witnesses({ dualNumbers, differences }: DerivedGradient, written: (value: number) => string) {
  const apart = (value: number) => `differs by at most ${written(value)} of its size from`;
  const further = dualNumbers === 0 ? apart(differences) : `by ${written(differences)} from`;
  const formula = dualNumbers === 0 ? 'is exactly that of' : apart(dualNumbers);
  const slopes = differences === 0 ? 'equals that by' : further;
  return `the code's gradient ${formula} the formula on dual numbers and ${slopes} finite differences`;
}

function executed(op: AnyRecord, formula: OpFormula): DerivedFormula {
  const situations = situationsOf(op, formula);
  const meanings = situations.map(({ meaning }) => meaning);
  const forward = checkChain(
    definitionOfOutput(op, formula),
    situations.map(({ output, meaning }) => ({
      ...meaning,
      environment: { ...meaning.environment, S: output },
    })),
  );
  const gradients = op.inputs.map((input): DerivedGradient => {
    const matrix = formula.matrix?.[input];
    const forms = [formula.gradient[input]!, ...(matrix === undefined ? [] : [matrix])];
    const chains = forms.map((latex) => checkChain(latex, meanings));
    const furthest = (other: (situation: Situation) => Float64Array) =>
      Math.max(...situations.map((one) => relative(one.code[input]!.values, other(one))));
    const dualNumbers = furthest(({ meaning }) => gradientOnDualNumbers(input, meaning).values);
    const differences = furthest((one) => one.differences(input));
    const holds = chains.every((chain) => chain.holds) && isRight({ dualNumbers, differences });
    return { input, chains, dualNumbers, differences, holds };
  });
  const judge = claimsOn(op.name, op.inputs, meanings, formula.gradient);
  const claim = (input: string, latex: string): Claim => {
    for (const gradient of gradients) if (gradient.input === input) requireRight(op, gradient);
    return judge(input, latex);
  };
  return { latex: formula.forward, forward, gradients, claim };
}

type Witnesses = Pick<DerivedGradient, 'dualNumbers' | 'differences'>;

/** Whether the code's gradient is that of the forward pass. */
function isRight({ dualNumbers, differences }: Witnesses): boolean {
  return dualNumbers <= 1e-9 && differences <= 1e-7;
}

/** A formula is judged by the code's gradient, which must be right itself, or a wrong formula could hold. */
function requireRight(op: AnyRecord, gradient: DerivedGradient): void {
  if (isRight(gradient)) return;
  throw new GradbookError(
    `derivation: no formula for the gradient of ${gradient.input} can be judged by ${op.name}, whose own is wrong: ` +
      `${witnesses(gradient, (value) => formatNumber(Number(value.toPrecision(1))))}; mend the op first`,
  );
}

/** The equation of S, without other definitions that may stand beside it. */
function definitionOfOutput(op: AnyRecord, { forward, functions = {} }: OpFormula): string {
  const { equations } = parse(forward, Object.keys(functions));
  const defining = equations.find(({ sides: [left] }) => left?.kind === 'name' && left.name === 'S');
  if (defining) return textOf(defining.span);
  throw new GradbookError(
    `derivation: the formula of ${op.name} does not define the output, S = …: ${forward}`,
  );
}

/** The largest difference relative to the largest entry. */
function relative(left: Float64Array, right: Float64Array): number {
  const scale = right.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const gap = left.reduce((most, value, k) => Math.max(most, Math.abs(value - right[k]!)), 0);
  return gap === 0 ? 0 : gap / scale;
}
