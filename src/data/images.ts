import { memory } from '../kernels/index.js';
import { constant } from '../tensor/creation.js';
import { type FloatDType, viewOf } from '../tensor/dtype.js';
import { ValueError } from '../tensor/error.js';
import { unscoped } from '../tensor/memory.js';
import { Tensor } from '../tensor/tensor.js';
import { type Dataset, dataset, type GivenSplit } from './dataset.js';
import { aCount, aText, bytes, lengths, listOf, objectWith, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';

/** Pictures with a label each, in bytes as files hold them. */
export interface Images {
  readonly size: number;
  /** Of one picture: (channels, height, width). */
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Brightness from 0 to 255: (pictures, channels, height, width), row by row. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

export interface ImageParts {
  readonly name: string;
  readonly classNames: readonly string[];
  readonly train: Images;
  readonly validation: Images;
  readonly dtype?: FloatDType;
}

export const pictures = objectWith(
  { size: aCount, shape: lengths, pixels: bytes, labels: bytes },
  'pictures, as readCifar10(…) returns them',
);

const imageParts = objectWith(
  {
    name: aText,
    classNames: listOf(aText, 'the names of the classes'),
    train: pictures,
    validation: pictures,
  },
  'the parts of a dataset, { name, classNames, train, validation }',
);

/** Pictures as a dataset; brightness goes from −1 (black) to 1, $2p / 255 - 1$ for a byte p, as in PyTorch's tutorial. */
export function imageDataset(parts: ImageParts): Dataset {
  requireKinds('imageDataset', { parts }, { parts: imageParts });
  requireOptions('imageDataset', parts, {
    name: true,
    classNames: true,
    train: true,
    validation: true,
    dtype: true,
  });
  const { name, classNames, train, validation, dtype } = parts;
  const split = (images: Images): GivenSplit => unscoped(() => splitOf(images, dtype ?? 'float64'));
  return dataset({
    name,
    classes: classNames.length,
    classNames,
    train: split(train),
    validation: split(validation),
  });
}

/**
 * The first pictures.
 * @throws ValueError when there are fewer, or none are asked for.
 */
export function firstImages(images: Images, count: number, what: string): Images {
  if (!Number.isInteger(count) || count < 1 || count > images.size) {
    throw new ValueError(
      `${what}: ${count} pictures are asked for; there are ${images.size}, ask for 1 or more`,
    );
  }
  const area = images.pixels.length / images.size;
  return {
    size: count,
    shape: images.shape,
    pixels: images.pixels.subarray(0, count * area),
    labels: images.labels.subarray(0, count),
  };
}

/** The pictures of several files, in their order. */
export function joinImages(parts: readonly [Images, ...Images[]]): Images {
  if (parts.length === 1) return parts[0];
  return {
    size: parts.reduce((size, part) => size + part.size, 0),
    shape: parts[0].shape,
    pixels: joined(parts.map(({ pixels }) => pixels)),
    labels: joined(parts.map(({ labels }) => labels)),
  };
}

function splitOf({ size, shape, pixels, labels }: Images, dtype: FloatDType): GivenSplit {
  const x = Tensor.allocate([size, ...shape], dtype, false, 'x');
  const brightness = Float64Array.from({ length: 256 }, (_, byte) => (2 * byte) / 255 - 1);
  const numbers = viewOf(memory.buffer, dtype, x.pointer, x.size);
  for (let k = 0; k < numbers.length; k++) numbers[k] = brightness[pixels[k]!]!;
  return { x, labels: constant(labels, { dtype: 'int32', name: 'labels' }) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let next = 0;
  for (const part of parts) {
    whole.set(part, next);
    next += part.length;
  }
  return whole;
}
