import { convolve } from '../ops/convolution.js';
import { type ConvolutionOptions, windowOf } from '../ops/window.js';
import { random, type Random } from '../random/random.js';
import { zeros } from '../tensor/creation.js';
import type { Tensor } from '../tensor/tensor.js';
import { initialBiases, initialWeights } from './initializers.js';
import type { LinearOptions } from './linear.js';
import { Module, requireUnits } from './module.js';
import { requireOptions } from '../tensor/options.js';

export type Conv2dOptions = LinearOptions & ConvolutionOptions;

/** A convolution of images (batch, channels, height, width) with square kernels (outputs, channels, size, size), plus a bias an output. */
export class Conv2d extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;

  constructor(
    readonly channels: number,
    readonly outputs: number,
    readonly size: number,
    private readonly options: Conv2dOptions = {},
  ) {
    super();
    requireOptions('conv2d', options, { initializer: true, dtype: true, stride: true, padding: true });
    requireUnits('conv2d: the number of channels', channels);
    requireUnits('conv2d: the number of outputs', outputs);
    windowOf([size, size], options, 'conv2d');
    const { dtype = 'float64' } = options;
    this.weight = zeros([outputs, channels, size, size], { dtype });
    this.bias = zeros([outputs], { dtype });
    this.initialize(random(0));
  }

  override initialize(random: Random): void {
    const { initializer = 'glorot' } = this.options;
    const area = this.size * this.size;
    const inputs = this.channels * area;
    const fan = { inputs, outputs: this.outputs * area, count: this.weight.size };
    this.weight.assign(initialWeights(random.split('weight'), initializer, fan));
    this.bias.assign(initialBiases(random.split('bias'), initializer, inputs, this.outputs));
  }

  forward(input: Tensor): Tensor {
    const { stride = 1, padding = 0 } = this.options;
    return convolve(input, this.weight, this.bias, { stride, padding }); // (batch, outputs, height, width)
  }

  override describe(): string {
    const { stride = 1, padding = 0 } = this.options;
    const moved = `${stride === 1 ? '' : `, stride ${stride}`}${padding === 0 ? '' : `, padding ${padding}`}`;
    return `conv ${this.channels} → ${this.outputs} of ${this.size}x${this.size}${moved}`;
  }
}
