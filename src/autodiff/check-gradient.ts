import { random } from '../random/random.js';
import type { Displayable, MimeBundle } from '../tensor/display.js';
import { zeros } from '../tensor/creation.js';
import { GradbookError } from '../tensor/error.js';
import { scoped } from '../tensor/memory.js';
import { formatNumber, inLatex } from '../tensor/print.js';
import { formatShape, type Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { gradientsOf } from './backward.js';
import { requireCheckable, requireInputs, requireSameAgain, requireSettings } from './checkable.js';
import { requireFinite, requireFiniteAround } from './domain.js';
import { type DifferenceScheme, defaultStep, numericGradient } from './finite-differences.js';
import { compare, type Comparison, likelyCause } from './gradient-comparison.js';
import { hasKinks, settled } from './kinks.js';
import type { Named } from './value-and-gradient.js';
import { requireOptions } from '../tensor/options.js';

export interface CheckOptions {
  /** Largest relative difference that passes; 1e-7 unless said. */
  readonly tolerance?: number;
  readonly scheme?: DifferenceScheme;
  /** Step of the differences relative to max(1, |x|); `defaultStep` of the scheme unless said. */
  readonly step?: number;
  /** 1 checks the gradient, 2 the gradient of the gradient (along a random direction). */
  readonly order?: 1 | 2;
  /** How the check is called in messages. */
  readonly name?: string;
  /** Other ways to the gradients, by name: each gets the upstream gradient and returns numbers by input. */
  readonly witnesses?: Readonly<Record<string, Witness>>;
}

const all = { tolerance: true, scheme: true, step: true, order: true, name: true, witnesses: true } as const;

/** A way to the gradients that does not use backward; an input that it leaves out is not compared. */
export type Witness = (upstream: Tensor) => Readonly<Record<string, Float64Array>>;

export interface InputCheck {
  readonly name: string;
  readonly shape: Shape;
  /** The gradient that backward computes. */
  readonly code: Float64Array;
  /** The gradient by finite differences. */
  readonly differences: Float64Array;
  /** The gradient by other witnesses, and how far each is from the code. */
  readonly witnesses: Readonly<Record<string, Comparison>>;
  /** The element in which code and differences are furthest apart. */
  readonly worst: Comparison;
  readonly holds: boolean;
}

/**
 * A function whose gradient is checked: an op, called with its inputs in order, or a function of the named inputs. (The op is
 * declared without its call, so that the compiler knows the parameter of a function that is written in place.)
 */
export type Checkable<Inputs extends Named> =
  | ((inputs: Inputs) => Tensor)
  | { readonly name: string; readonly inputs: readonly (keyof Inputs & string)[]; readonly backward: object };

/**
 * Compares the gradients that backward computes with finite differences, element by element.
 *
 * The output is weighted with fixed random numbers, so that a tensor of any shape can be checked. The relative
 * difference of an element is $|a - n| / \max(|a|, |n|, g / 100)$, with $g$ the largest entry of that input's gradient.
 * @throws GradbookError for an input that is not float64 or requires no gradient, ValueError where a value is not finite.
 * @example checkGradient(divide, { X, Y }).assert()
 */
export function checkGradient<Inputs extends Named>(
  f: Checkable<Inputs>,
  inputs: Inputs,
  options: CheckOptions = {},
): GradientCheck {
  requireOptions('checkGradient', options, all);
  const { tolerance = 1e-7, scheme = 'central', order = 1, step = defaultStep[scheme] } = options;
  requireInputs(f, inputs);
  const name = options.name ?? (f.name === '' ? 'function' : f.name);
  requireSettings(name, { tolerance, step, order, scheme });
  for (const [key, input] of Object.entries(inputs)) requireCheckable(name, key, input);
  const call = callable(f, inputs);
  requireSameAgain(name, call);
  requireFinite(name, call);
  const { values, weights, upstream, gradients } = evaluation(call, inputs, order);
  const kinks = hasKinks(call);
  const others = Object.entries(order === 1 ? (options.witnesses ?? {}) : {});
  const heard = others.map(([way, witness]) => [way, witness(upstream)] as const);
  const checks = Object.entries(inputs).map(([key, input]): InputCheck => {
    const code = gradients.get(input)!;
    const differences = numericGradient(values, weights, input, scheme, step);
    requireFiniteAround(name, call, key, input, differences, step);
    // Where code and differences agree there is nothing to settle, and no witness may say otherwise.
    const jumps = kinks && !(compare(input.shape, code, differences).relative <= tolerance);
    const compared = (other: Float64Array) =>
      compare(input.shape, code, jumps ? settled(code, other, tolerance, values, weights, input) : other);
    const worst = compared(differences);
    const own = heard.flatMap(([way, found]) => (found[key] ? [[way, found[key]] as const] : []));
    const witnesses = Object.fromEntries(own.map(([way, found]) => [way, compared(found)]));
    const holds = [worst, ...Object.values(witnesses)].every(({ relative }) => relative <= tolerance);
    return { name: key, shape: input.shape, code, differences, witnesses, worst, holds };
  });
  return new GradientCheck(name, order, scheme, step, tolerance, checks);
}

/** The outcome of a gradient check: data, with `assert()` for tests. */
export class GradientCheck implements Displayable {
  readonly holds: boolean;

  constructor(
    readonly subject: string,
    readonly order: 1 | 2,
    readonly scheme: DifferenceScheme,
    readonly step: number,
    readonly tolerance: number,
    readonly inputs: readonly InputCheck[],
  ) {
    this.holds = inputs.every((input) => input.holds);
  }

  /** The input whose worst element differs most. */
  get worst(): InputCheck {
    return this.inputs.reduce((worst, input) =>
      input.worst.relative > worst.worst.relative ? input : worst,
    );
  }

  /**
   * Throws unless every element agrees.
   * @throws GradbookError naming the input, the element and both numbers.
   */
  assert(): this {
    const failing = this.inputs.find(({ holds }) => !holds);
    if (failing === undefined) return this;
    const { name, code, differences } = failing;
    const [way, place] = comparisons(failing).find(([, { relative }]) => !(relative <= this.tolerance))!;
    throw new GradbookError(
      `${this.subject}: the gradient of ${name} at [${place.index.join(', ')}] is ${place.code} by backward and ` +
        `${place.other} by ${way}; they differ by ${formatNumber(place.relative)} of their size, ` +
        `and ${this.tolerance} is allowed${likelyCause(code, differences)}`,
    );
  }

  toString(): string {
    const head = `${this.subject}: gradient of order ${this.order} against ${this.scheme} differences, step ${formatNumber(this.step)}`;
    const lines = this.inputs.flatMap((input) => [
      `  ${input.holds ? 'ok  ' : 'FAIL'} ${input.name} ${formatShape(input.shape)}: ${input.code.length} elements; largest relative difference`,
      ...comparisons(input).map(
        ([way, { relative, index }]) =>
          `         from ${way}: ${scientific(relative)} at [${index.join(', ')}]`,
      ),
    ]);
    return [head, ...lines].join('\n');
  }

  display(): MimeBundle {
    const ways = [...new Set(this.inputs.flatMap((input) => comparisons(input).map(([way]) => way)))];
    const head = ['input', 'shape', ...ways, 'verdict'];
    const rows = this.inputs.map((input) => {
      const found = new Map(comparisons(input));
      const verdict = input.holds ? '✓ agrees' : '✗ DIFFERS';
      const cells = ways.map((way) => (found.has(way) ? agreement(found.get(way)!.relative) : ''));
      return [`$${input.name}$`, formatShape(input.shape), ...cells, verdict];
    });
    const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
    const order = this.order === 1 ? 'gradient' : 'gradient of the gradient';
    const title =
      `**${this.subject}**: the code's ${order} and its largest relative difference from each witness; ` +
      'a black square is a decimal digit that agrees';
    return { 'text/markdown': `${title}\n\n${lines.join('\n')}`, 'text/plain': this.toString() };
  }
}

/** How far the code is from each witness, by the witness. */
function comparisons({ worst, witnesses }: InputCheck): [way: string, Comparison][] {
  return Object.entries({ 'finite differences': worst, ...witnesses });
}

/**
 * What is compared: the gradient of $\langle V, S \rangle$ for a fixed upstream gradient $V$; in the second order that of
 * $\sum_T \langle D_T, T^\nabla \rangle$ for fixed directions $D$, one an input $T$. `values` gives what is differentiated
 * by differences, before it is weighted.
 */
function evaluation(call: () => Tensor, named: Named, order: 1 | 2) {
  const inputs = Object.values(named);
  const fixed = (key: string, shape: Shape) => random(0).split(key).uniform(shape, { low: 0.5, high: 1.5 });
  const upstream = fixed(
    'upstream',
    scoped('checkGradient', () => call().shape),
  );
  const directions = Object.entries(named).map(([key, input]) => fixed(key, input.shape));
  const weights = order === 1 ? [upstream] : directions;
  const outputs = (createGraph: boolean): Tensor[] => {
    if (order === 1) return [call()];
    const first = gradientsOf(call(), { upstream, createGraph });
    return inputs.map((input) => first.get(input) ?? zeros(input.shape));
  };
  const values = () => scoped('checkGradient', () => outputs(false).flatMap((output) => [...output.data()]));
  const gradients = scoped('checkGradient', () => {
    const totals = new Map(inputs.map((input) => [input, new Float64Array(input.size)]));
    outputs(true).forEach((output, k) => {
      const contributions = gradientsOf(output, { upstream: weights[k]! });
      for (const [input, total] of totals)
        contributions.get(input)?.data().forEach((value, j) => (total[j]! += value)); // prettier-ignore
    });
    return totals;
  });
  return { values, weights: weights.flatMap((one) => [...one.data()]), upstream, gradients };
}

/** A call of what is checked on its inputs. */
export function callable<Inputs extends Named>(f: Checkable<Inputs>, inputs: Inputs): () => Tensor {
  const operands = 'inputs' in f ? f.inputs.map((key) => inputs[key]) : [inputs];
  return () => (f as (...operands: readonly unknown[]) => Tensor)(...operands);
}

function scientific(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}

const DIGITS = 16; // decimal digits of a float64

/** The digits that agree as a bar of squares, and the difference: `■■■■■■■■■■□□□□□□ $5.8 \times 10^{-11}$`. */
function agreement(relative: number): string {
  const exponent = Number(relative.toExponential().split('e')[1] ?? 0);
  const digits = relative === 0 ? DIGITS : Math.min(DIGITS, Math.max(0, -exponent - 1));
  return `\`${'■'.repeat(digits)}${'□'.repeat(DIGITS - digits)}\` $${inLatex(scientific(relative))}$`;
}
