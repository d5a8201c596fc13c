import { relu, sigmoid, tanh } from '../ops/activation.js';
import type { Random } from '../random/random.js';
import type { FloatDType } from '../tensor/dtype.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Initializer } from './initializers.js';
import { Linear } from './linear.js';
import { Module } from './module.js';

/** The activations that an experiment can name. */
export const activations = { sigmoid, relu, tanh };

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

/** A multilayer perceptron: linear layers with an activation between them; its output are logits (batch, classes). */
export class Mlp extends Module {
  readonly layers: readonly Linear[];

  constructor(readonly options: MlpOptions) {
    super();
    const { input, hidden, output, initializer = 'glorot', dtype = 'float64' } = options;
    const units = [input, ...hidden, output];
    this.layers = units.slice(1).map((outputs, k) => new Linear(units[k]!, outputs, { initializer, dtype }));
  }

  override initialize(random: Random): void {
    this.layers.forEach((layer, k) => layer.initialize(random.split(`layer${k + 1}`)));
  }

  forward(input: Tensor): Tensor {
    const activation = activations[this.options.activation];
    let signal = input;
    this.layers.forEach((layer, k) => {
      signal = layer.forward(signal);
      if (k < this.layers.length - 1) signal = activation(signal);
    });
    return signal; // (batch, classes)
  }
}

/**
 * A multilayer perceptron.
 * @example mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid' })
 */
export function mlp(options: MlpOptions): Mlp {
  return new Mlp(options);
}
