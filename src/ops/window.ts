import { written } from '../tensor/arguments.js';
import { ShapeError } from '../tensor/error.js';
import { formatShape, type Shape } from '../tensor/shape.js';

export interface ConvolutionOptions {
  /** Pixels from one place of the window to the next, in both directions; 1 unless said. */
  readonly stride?: number;
  /** Zeros around each image; none unless said. */
  readonly padding?: number;
}

/** A window that is moved over images. */
export interface Window {
  /** Height and width of the window. */
  readonly size: readonly [height: number, width: number];
  readonly stride: number;
  readonly padding: number;
}

/** Images in memory: (batch, channels, height, width). */
export interface Images {
  readonly batch: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Reads the shape of images.
 * @throws ShapeError unless it has four axes.
 */
export function imagesOf(shape: Shape, op: string): Images {
  if (shape.length !== 4) {
    throw new ShapeError(
      `${op}: ${formatShape(shape)} has ${shape.length} axes, but images have four: (batch, channels, height, width)`,
    );
  }
  const [batch, channels, height, width] = shape as readonly [number, number, number, number];
  return { batch, channels, height, width };
}

/**
 * A window with checked options.
 * @throws ShapeError unless the stride is a positive and the padding a non-negative integer.
 */
export function windowOf(size: readonly [number, number], options: ConvolutionOptions, op: string): Window {
  const { stride = 1, padding = 0 } = options;
  if (!size.every((length) => Number.isInteger(length) && length > 0)) {
    throw new ShapeError(
      `${op}: the window is ${size.map(written).join(' by ')}, but its sides must be positive integers`,
    );
  }
  if (!Number.isInteger(stride) || stride < 1) {
    throw new ShapeError(`${op}: the stride is ${written(stride)}, but it must be a positive integer`);
  }
  if (!Number.isInteger(padding) || padding < 0) {
    throw new ShapeError(
      `${op}: the padding is ${written(padding)}, but it must be an integer that is not negative`,
    );
  }
  return { size, stride, padding };
}

/**
 * In how many places a window fits: $\lfloor (n + 2p - k) / s \rfloor + 1$ in each direction.
 * @throws ShapeError when it is larger than the padded image.
 */
export function placesOf({ height, width }: Images, window: Window, op: string): readonly [number, number] {
  const { size, stride, padding } = window;
  const count = (length: number, side: number, direction: string): number => {
    const padded = length + 2 * padding;
    if (side <= padded) return Math.floor((padded - side) / stride) + 1;
    throw new ShapeError(
      `${op}: the window of ${direction} ${side} is larger than the image of ${direction} ${padded}` +
        (padding > 0
          ? ` with its padding of ${padding} on either side`
          : '; pad the image or take a smaller window'),
    );
  };
  return [count(height, size[0], 'height'), count(width, size[1], 'width')];
}
