import { add, divide, multiply, subtract } from '../ops/arithmetic.js';
import { sqrt } from '../ops/functions.js';
import { reshape } from '../ops/layout.js';
import { standardize } from '../ops/normalization.js';
import { mean } from '../ops/reduce.js';
import { imagesOf } from '../ops/window.js';
import { ones, zeros } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ShapeError, ValueError } from '../tensor/error.js';
import { equalShapes, formatShape, requireShape, type Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module, requireUnits, type Training } from './module.js';
import { requireOptions } from '../tensor/options.js';

export interface NormalizationOptions {
  /** Added to the variance; 1e-5 unless said. */
  readonly epsilon?: number;
  readonly dtype?: FloatDType;
}

export interface BatchNormOptions extends NormalizationOptions {
  /** The share of a new batch in the running statistics; 0.1 unless said. */
  readonly momentum?: number;
}

/**
 * Batch normalisation of images (batch, channels, height, width): $\gamma_c (x - \mu_c) / \sqrt{v_c + \varepsilon} + \beta_c$ for each channel.
 *
 * In training, mean and variance are those of the batch, and running statistics follow them (the variance with n − 1, as in
 * PyTorch); otherwise the running statistics are used. Source: Ioffe and Szegedy: Batch normalization (2015).
 */
export class BatchNorm2d extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly runningMean: Tensor;
  readonly runningVariance: Tensor;

  constructor(
    readonly channels: number,
    private readonly options: BatchNormOptions = {},
  ) {
    super();
    requireOptions('batchNorm2d', options, { epsilon: true, dtype: true, momentum: true });
    requireUnits('batchNorm2d: the number of channels', channels);
    requireShare(options.momentum ?? 0.1);
    const { dtype = 'float64' } = options;
    this.weight = ones([channels], { dtype });
    this.bias = zeros([channels], { dtype });
    this.runningMean = zeros([channels], { dtype, requiresGrad: false });
    this.runningVariance = ones([channels], { dtype, requiresGrad: false });
  }

  override initialize(): void {
    for (const one of [this.weight, this.runningVariance]) one.assign(new Float64Array(one.size).fill(1));
    for (const zero of [this.bias, this.runningMean]) zero.assign(new Float64Array(zero.size));
  }

  forward(input: Tensor, training?: Training): Tensor {
    const { channels } = imagesOf(input.shape, 'batchNorm2d');
    if (channels !== this.channels) {
      throw new ShapeError(
        `batchNorm2d: the images ${formatShape(input.shape)} have ${channels} channels, but the layer is for ${this.channels}`,
      );
    }
    const { epsilon = 1e-5 } = this.options;
    if (training !== undefined) {
      const standardized = standardize(input, { axis: [0, 2, 3], epsilon });
      this.follow(input.detach());
      return add(multiply(standardized, reshape(this.weight, this.perChannel)), this.shift);
    }
    const centred = subtract(input, this.runningMean.view(this.perChannel));
    const deviation = sqrt(add(this.runningVariance.view(this.perChannel), epsilon));
    const scale = divide(reshape(this.weight, this.perChannel), deviation);
    return add(multiply(centred, scale), this.shift);
  }

  override describe(): string {
    return `batch norm ${this.channels}`;
  }

  private get perChannel(): Shape {
    return [this.channels, 1, 1];
  }

  private get shift(): Tensor {
    return reshape(this.bias, this.perChannel);
  }

  /** Moves the running statistics towards those of a batch. */
  private follow(batch: Tensor): void {
    const over = { axis: [0, 2, 3], keepDims: true };
    const { momentum = 0.1 } = this.options;
    const count = batch.size / this.channels;
    const means = mean(batch, over);
    const centred = subtract(batch, means);
    const variances = mean(multiply(centred, centred), over).data();
    move(this.runningMean, means.data(), momentum);
    move(
      this.runningVariance,
      variances.map((variance) => (variance * count) / (count - 1)),
      momentum,
    );
  }
}

/**
 * Layer normalisation: $\gamma (x - \mu) / \sqrt{v + \varepsilon} + \beta$ with mean and variance over the last axes of each instance.
 * Source: Ba, Kiros and Hinton: Layer normalization (2016).
 */
export class LayerNorm extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly shape: Shape;

  /** `shape` are the lengths of the last axes, or a number of features. */
  constructor(
    shape: number | Shape,
    private readonly options: NormalizationOptions = {},
  ) {
    super();
    requireOptions('layerNorm', options, { epsilon: true, dtype: true });
    this.shape = typeof shape === 'number' ? [shape] : shape;
    requireShape(this.shape, 'layerNorm');
    const { dtype = 'float64' } = options;
    this.weight = ones(this.shape, { dtype });
    this.bias = zeros(this.shape, { dtype });
  }

  override initialize(): void {
    this.weight.assign(new Float64Array(this.weight.size).fill(1));
    this.bias.assign(new Float64Array(this.bias.size));
  }

  forward(input: Tensor): Tensor {
    if (!equalShapes(input.shape.slice(-this.shape.length), this.shape)) {
      throw new ShapeError(
        `layerNorm: the last axes of ${formatShape(input.shape)} must be ${formatShape(this.shape)}`,
      );
    }
    const { epsilon = 1e-5 } = this.options;
    const standardized = standardize(input, {
      axis: this.shape.map((_, k) => k - this.shape.length),
      epsilon,
    });
    return add(multiply(standardized, this.weight), this.bias);
  }

  override describe(): string {
    return `layer norm ${formatShape(this.shape)}`;
  }
}

function move(running: Tensor, towards: ArrayLike<number>, momentum: number): void {
  running.assign(running.data().map((value, k) => value + momentum * (towards[k]! - value)));
}

function requireShare(momentum: number): void {
  if (momentum > 0 && momentum <= 1) return;
  throw new ValueError(`batchNorm2d: the momentum is ${momentum}, but it must lie in (0, 1]`);
}
