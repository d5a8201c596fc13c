import type { FloatDType } from '../tensor/dtype.js';
import { sizeOf } from '../tensor/shape.js';
import { Chain, shapeAfter, type Step } from './chain.js';
import { Conv2d } from './conv2d.js';
import { Flatten, Relu } from './elementwise.js';
import type { Initializer } from './initializers.js';
import { Linear } from './linear.js';
import { MaxPool2d } from './pool2d.js';
import { requireOptions } from '../tensor/options.js';

export interface ConvNetOptions {
  /** Colour channels of an image. */
  readonly channels: number;
  /** Height and width of an image. */
  readonly size: number;
  readonly classes: number;
  /** PyTorch's `kaiming-uniform` unless said. */
  readonly initializer?: Initializer;
  readonly dtype?: FloatDType;
}

/**
 * The convolutional network of PyTorch's tutorial, with its names of layers: two convolutions of 5x5 with 6 and 16 outputs,
 * each followed by ReLU and a max pool of 2x2, and dense layers with 120 and 84 units; its output are logits (batch, classes).
 */
export class ConvNet extends Chain {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly fc3: Linear;
  readonly #steps: readonly Step[];

  constructor(readonly options: ConvNetOptions) {
    super();
    requireOptions('convNet', options, {
      channels: true,
      size: true,
      classes: true,
      initializer: true,
      dtype: true,
    });
    const { channels, size, classes, initializer = 'kaiming-uniform', dtype = 'float64' } = options;
    const own = { initializer, dtype };
    this.conv1 = new Conv2d(channels, 6, 5, own);
    this.conv2 = new Conv2d(6, 16, 5, own);
    const convolutions: readonly Step[] = [
      ['conv1', this.conv1],
      ['relu1', new Relu()],
      ['pool1', new MaxPool2d(2)],
      ['conv2', this.conv2],
      ['relu2', new Relu()],
      ['pool2', new MaxPool2d(2)],
    ];
    this.fc1 = new Linear(sizeOf(shapeAfter(convolutions, [channels, size, size])), 120, own);
    this.fc2 = new Linear(120, 84, own);
    this.fc3 = new Linear(84, classes, own);
    this.#steps = [
      ...convolutions,
      ['flatten', new Flatten()],
      ['fc1', this.fc1],
      ['relu3', new Relu()],
      ['fc2', this.fc2],
      ['relu4', new Relu()],
      ['fc3', this.fc3],
    ];
  }

  override steps(): readonly Step[] {
    return this.#steps;
  }

  override describe(): string {
    return 'convolutional network';
  }
}

/**
 * The tutorial's convolutional network.
 * @throws ShapeError that prints the shapes up to the layer that images of this size do not fit; they fit when the size is
 *   a multiple of 4, at least 16.
 * @example convNet({ channels: 3, size: 32, classes: 10 })
 */
export function convNet(options: ConvNetOptions): ConvNet {
  return new ConvNet(options);
}
