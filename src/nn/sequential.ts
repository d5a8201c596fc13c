import type { Shape } from '../tensor/shape.js';
import { Chain, type Step } from './chain.js';
import { aModel, type Module } from './module.js';
import { requireOptions } from '../tensor/options.js';
import { listOf, requireKinds } from '../tensor/arguments.js';

export interface SequentialOptions {
  /** The shape of one instance, without the batch axis; when given, the shapes are checked at once. */
  readonly input?: Shape;
}

/** Layers that an input passes one after the other. */
export class Sequential extends Chain {
  readonly #steps: readonly Step[];

  constructor(
    readonly layers: readonly Module[],
    options: SequentialOptions = {},
  ) {
    super();
    requireOptions('sequential', options, { input: true });
    requireKinds('sequential', { layers }, { layers: listOf(aModel, 'the layers in a list') });
    const { input } = options;
    this.#steps = layers.map((layer, k) => [`layers.${k}`, layer]);
    if (input !== undefined) this.outputShape(input);
  }

  override steps(): readonly Step[] {
    return this.#steps;
  }

  override describe(): string {
    return `sequential of ${this.layers.length}`;
  }
}

/**
 * Layers one after the other.
 * @throws ShapeError that prints the shapes up to the layer that does not fit, when the shape of the input is given.
 * @example sequential([new Linear(2, 8), new Relu(), new Linear(8, 2)], { input: [2] })
 */
export function sequential(layers: readonly Module[], options: SequentialOptions = {}): Sequential {
  return new Sequential(layers, options);
}
