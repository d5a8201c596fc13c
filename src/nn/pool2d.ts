import { averagePool, maxPool } from '../ops/pooling.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module, requireUnits } from './module.js';
import { requireOptions } from '../tensor/options.js';

export interface Pool2dOptions {
  /** Pixels from one window to the next; the size unless said. */
  readonly stride?: number;
}

/** A layer that takes one number of each square window of an image. */
abstract class Pool2d extends Module {
  protected readonly window: { readonly stride: number };

  constructor(
    protected readonly kind: string,
    readonly size: number,
    options: Pool2dOptions,
  ) {
    super();
    requireOptions(kind, options, { stride: true });
    const { stride = size } = options;
    requireUnits(`${kind}: the size`, size);
    requireUnits(`${kind}: the stride`, stride);
    this.window = { stride };
  }

  override describe(): string {
    const { stride } = this.window;
    return `${this.kind} ${this.size}x${this.size}${stride === this.size ? '' : `, stride ${stride}`}`;
  }
}

/** The largest number of each window; windows must tile the images (batch, channels, height, width). */
export class MaxPool2d extends Pool2d {
  constructor(size: number, options: Pool2dOptions = {}) {
    super('max pool', size, options);
  }

  forward(input: Tensor): Tensor {
    return maxPool(input, this.size, this.window);
  }
}

/** The mean of each window; windows must tile the images (batch, channels, height, width). */
export class AveragePool2d extends Pool2d {
  constructor(size: number, options: Pool2dOptions = {}) {
    super('average pool', size, options);
  }

  forward(input: Tensor): Tensor {
    return averagePool(input, this.size, this.window);
  }
}
