import { aRandom, type Random } from '../random/random.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ValueError } from '../tensor/error.js';
import { Chain, type Step } from './chain.js';
import { Relu, Sigmoid, Tanh } from './elementwise.js';
import type { Initializer } from './initializers.js';
import { Linear } from './linear.js';
import { requireOptions } from '../tensor/options.js';
import { kind, requireKinds } from '../tensor/arguments.js';

/** The activations that an experiment can name. */
export const activations = { sigmoid: Sigmoid, relu: Relu, tanh: Tanh };

export type Activation = keyof typeof activations;

export interface MlpOptions {
  /** Features of an instance. */
  readonly input: number;
  /** Units of each hidden layer, the first first. */
  readonly hidden: readonly number[];
  /** Classes. */
  readonly output: number;
  readonly activation: Activation;
  readonly initializer?: Initializer;
  readonly dtype?: FloatDType;
}

/** Linear layers with an activation between them; the outputs are logits (batch, classes). */
export class Mlp extends Chain {
  readonly layers: readonly Linear[];
  readonly #steps: readonly Step[];

  constructor(readonly options: MlpOptions) {
    super();
    requireOptions('mlp', options, {
      input: true,
      hidden: true,
      output: true,
      activation: true,
      initializer: true,
      dtype: true,
    });
    const { input, hidden, output, initializer = 'glorot', dtype = 'float64' } = options;
    requireKinds(
      'mlp',
      { hidden },
      { hidden: kind('the units of each hidden layer, such as [8]', Array.isArray) },
    );
    const units = [input, ...hidden, output];
    this.layers = units.slice(1).map((outputs, k) => new Linear(units[k]!, outputs, { initializer, dtype }));
    if (!Object.hasOwn(activations, options.activation)) {
      const known = Object.keys(activations).join(', ');
      throw new ValueError(`mlp: there is no activation ${options.activation as string}; there are ${known}`);
    }
    const activation = new activations[options.activation]();
    this.#steps = this.layers.flatMap((layer, k): Step[] => [
      ...(k === 0 ? [] : [[`${options.activation}${k}`, activation] as const]),
      [`layers.${k}`, layer],
    ]);
  }

  override initialize(random: Random): void {
    requireKinds('initialize', { random }, { random: aRandom });
    this.layers.forEach((layer, k) => layer.initialize(random.split(`layer${k + 1}`)));
  }

  override steps(): readonly Step[] {
    return this.#steps;
  }

  override describe(): string {
    return 'multilayer perceptron';
  }
}

/**
 * A multilayer perceptron.
 * @example mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid' })
 */
export function mlp(options: MlpOptions): Mlp {
  return new Mlp(options);
}
