import { random } from '../random/random.js';
import type { Displayable, MimeBundle } from '../tensor/display.js';
import { GradbookError } from '../tensor/error.js';
import { scoped } from '../tensor/memory.js';
import { formatNumber } from '../tensor/print.js';
import { formatShape, type Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { gradientsOf } from './backward.js';
import { requireFinite, requireFiniteAround } from './domain.js';
import { type DifferenceScheme, defaultStep, numericGradient } from './finite-differences.js';
import { compare, type Comparison, likelyCause } from './gradient-comparison.js';
import {
  requireCheckable,
  requireFunction,
  requireInputs,
  requireSameAgain,
  requireSettings,
} from './checkable.js';
import { hasKinks, jumpsOf, settled } from './kinks.js';
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
  requireOptions('checkGradient', options, {
    tolerance: true,
    scheme: true,
    step: true,
    order: true,
    name: true,
    witnesses: true,
  });
  const { tolerance = 1e-7, scheme = 'central', order = 1, step = defaultStep[scheme] } = options;
  requireFunction(f);
  const name = options.name ?? (f.name === '' ? 'function' : f.name);
  requireSettings(name, { tolerance, step, order, scheme });
  requireInputs(f, inputs);
  for (const [key, input] of Object.entries(inputs)) requireCheckable(name, key, input);
  const call = callable(f, inputs);
  requireSameAgain(name, call);
  requireFinite(name, call);
  const evaluate = order === 1 ? firstOrder(call, inputs) : secondOrder(call, inputs);
  const code = evaluate.gradients();
  const kinks = hasKinks(call);
  const others = Object.entries(order === 1 ? (options.witnesses ?? {}) : {}).map(
    ([witness, gradients]) => [witness, gradients(evaluate.upstream)] as const,
  );
  const checks = Object.entries(inputs).map(([key, input]): InputCheck => {
    const own = code.get(key)!;
    const differences = numericGradient(evaluate.values, evaluate.weights, input, scheme, step);
    requireFiniteAround(name, call, key, input, differences, step);
    const jumps = kinks ? jumpsOf(own, differences, tolerance, evaluate, input) : [];
    const worst = compare(input.shape, own, settled(jumps, own, differences));
    const witnesses = Object.fromEntries(
      others.flatMap(([witness, gradients]) =>
        gradients[key] === undefined
          ? []
          : [[witness, compare(input.shape, own, settled(jumps, own, gradients[key]))] as const],
      ),
    );
    const holds = [worst, ...Object.values(witnesses)].every(({ relative }) => relative <= tolerance);
    return { name: key, shape: input.shape, code: own, differences, witnesses, worst, holds };
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
    for (const { name, holds, worst, witnesses, code, differences } of this.inputs) {
      if (holds) continue;
      const [way, place] = Object.entries({ 'finite differences': worst, ...witnesses }).find(
        ([, { relative }]) => !(relative <= this.tolerance),
      )!;
      throw new GradbookError(
        `${this.subject}: the gradient of ${name} at [${place.index.join(', ')}] is ${place.code} by backward and ` +
          `${place.other} by ${way}; they differ by ${formatNumber(place.relative)} of their size, ` +
          `and ${this.tolerance} is allowed${likelyCause(code, differences)}`,
      );
    }
    return this;
  }

  toString(): string {
    const head = `${this.subject}: gradient of order ${this.order} against ${this.scheme} differences, step ${formatNumber(this.step)}`;
    const lines = this.inputs.flatMap(({ name, shape, code, holds, worst, witnesses }) => [
      `  ${holds ? 'ok  ' : 'FAIL'} ${name} ${formatShape(shape)}: ${code.length} elements; largest relative difference`,
      ...Object.entries({ 'finite differences': worst, ...witnesses }).map(
        ([way, { relative, index }]) =>
          `         from ${way}: ${scientific(relative)} at [${index.join(', ')}]`,
      ),
    ]);
    return [head, ...lines].join('\n');
  }

  display(): MimeBundle {
    const ways = Object.keys(this.inputs[0]?.witnesses ?? {});
    const head = ['input', 'shape', 'finite differences', ...ways, 'verdict'];
    const rows = this.inputs.map(({ name, shape, worst, witnesses, holds }) => [
      `$${name}$`,
      formatShape(shape),
      agreement(worst.relative),
      ...ways.map((way) => (witnesses[way] === undefined ? '' : agreement(witnesses[way].relative))),
      holds ? '✓ agrees' : '✗ DIFFERS',
    ]);
    const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
    const order = this.order === 1 ? 'gradient' : 'gradient of the gradient';
    const title =
      `**${this.subject}**: the code's ${order} and its largest relative difference from each witness; ` +
      'a black square is a decimal digit that agrees';
    return { 'text/markdown': `${title}\n\n${lines.join('\n')}`, 'text/plain': this.toString() };
  }
}

interface Evaluation {
  /** What is differentiated by differences, before weighting. */
  readonly values: () => ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  /** The upstream gradient of the output. */
  readonly upstream: Tensor;
  readonly gradients: () => Map<string, Float64Array>;
}

function firstOrder(call: () => Tensor, inputs: Named): Evaluation {
  const shape = scoped('checkGradient', () => call().shape);
  const upstream = random(0).split('upstream').uniform(shape, { low: 0.5, high: 1.5 });
  return {
    values: () => scoped('checkGradient', () => call().data()),
    weights: upstream.data(),
    upstream,
    gradients: () =>
      scoped('checkGradient', () => {
        const all = gradientsOf(call(), { upstream });
        return new Map(Object.entries(inputs).map(([key, input]) => [key, numbers(all.get(input), input)]));
      }),
  };
}

/** Differentiates $\langle V, S \rangle$ twice: what is checked is the gradient of $\sum_T \langle D_T, T^\nabla \rangle$ for fixed directions $D$. */
function secondOrder(call: () => Tensor, inputs: Named): Evaluation {
  const entries = Object.entries(inputs);
  const shape = scoped('checkGradient', () => call().shape);
  const upstream = random(0).split('upstream').uniform(shape, { low: 0.5, high: 1.5 });
  const directions = entries.map(([key, input]) =>
    random(0).split(key).uniform(input.shape, { low: 0.5, high: 1.5 }),
  );
  return {
    values: () =>
      scoped('checkGradient', () => {
        const all = gradientsOf(call(), { upstream });
        return entries.flatMap(([, input]) => [...numbers(all.get(input), input)]);
      }),
    weights: directions.flatMap((direction) => [...direction.data()]),
    upstream,
    gradients: () =>
      scoped('checkGradient', () => {
        const first = gradientsOf(call(), { upstream, createGraph: true });
        const totals = new Map(entries.map(([key, input]) => [key, new Float64Array(input.size)]));
        entries.forEach(([, input], k) => {
          const gradient = first.get(input);
          if (gradient?.source === undefined) return;
          const second = gradientsOf(gradient, { upstream: directions[k]! });
          for (const [key, other] of entries) {
            const total = totals.get(key)!;
            numbers(second.get(other), other).forEach((value, j) => (total[j]! += value));
          }
        });
        return totals;
      }),
  };
}

function callable<Inputs extends Named>(f: Checkable<Inputs>, inputs: Inputs): () => Tensor {
  if ('inputs' in f) {
    const op = f as unknown as ((...operands: readonly Tensor[]) => Tensor) & { inputs: readonly string[] };
    return () => op(...op.inputs.map((key) => inputs[key]!));
  }
  return () => f(inputs);
}

/** The numbers of a gradient; zeros when the output does not depend on the input. */
function numbers(gradient: Tensor | undefined, input: Tensor): Float64Array {
  return gradient === undefined ? new Float64Array(input.size) : Float64Array.from(gradient.data());
}

function scientific(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}

const DIGITS = 16; // decimal digits of a float64

/** The digits that agree as a bar of squares, and the difference: `■■■■■■■■■■□□□□□□ $5.8 \times 10^{-11}$`. */
function agreement(relative: number): string {
  const exponent = Number(relative.toExponential().split('e')[1] ?? 0);
  const digits = relative === 0 ? DIGITS : Math.min(DIGITS, Math.max(0, -exponent - 1));
  return `\`${'■'.repeat(digits)}${'□'.repeat(DIGITS - digits)}\` ${asMath(relative)}`;
}

/** `$5.8 \times 10^{-11}$` */
function asMath(value: number): string {
  const [digits, exponent] = scientific(value).split('e');
  return exponent === undefined ? `$${digits!}$` : String.raw`$${digits!} \times 10^{${Number(exponent)}}$`;
}
