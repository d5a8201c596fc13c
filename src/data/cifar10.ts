import { ValueError } from '../tensor/error.js';
import { isGzip } from './gzip.js';
import { type Images, pictures } from './images.js';
import { bytes as fileBytes, requireKinds } from '../tensor/arguments.js';

/** The classes of CIFAR-10, in the order of their labels. */
export const cifar10Classes = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

const AREA = 3 * 32 * 32;
const RECORD = 1 + AREA;

/**
 * Reads the binary format of CIFAR-10: for each picture one byte with its label from 0 to 9, then 3072 bytes of brightness,
 * red, green and blue, each row by row. Source: Krizhevsky: Learning multiple layers of features from tiny images (2009).
 * @throws ValueError that names the file when it is cut off, too long, or no such file.
 */
export function readCifar10(bytes: Uint8Array, file = 'these bytes', expected?: number): Images {
  requireKinds('readCifar10', { bytes }, { bytes: fileBytes });
  const size = requireWholeRecords(bytes, file, expected);
  const pixels = new Uint8Array(size * AREA);
  const labels = new Uint8Array(size);
  for (let k = 0; k < size; k++) {
    const start = k * RECORD;
    const label = bytes[start]!;
    if (label >= cifar10Classes.length) {
      throw new ValueError(
        `${file}: the label of picture ${k}, byte ${start}, is ${label}, but CIFAR-10 has the labels 0 to 9; ` +
          'the file is damaged, or in another format',
      );
    }
    labels[k] = label;
    pixels.set(bytes.subarray(start + 1, start + RECORD), k * AREA);
  }
  return { size, shape: [3, 32, 32], pixels, labels };
}

/**
 * Writes pictures in the binary format of CIFAR-10.
 * @throws ValueError unless they have 3 channels of 32 by 32 pixels and labels from 0 to 9.
 */
export function writeCifar10(images: Images): Uint8Array {
  requireKinds('writeCifar10', { images }, { images: pictures });
  const { size, shape, pixels, labels } = images;
  const wrong = labels.findIndex((label) => label >= cifar10Classes.length);
  if (shape.join() !== '3,32,32' || wrong >= 0) {
    const what = wrong >= 0 ? `label ${labels[wrong]} of picture ${wrong}` : `pictures of ${shape.join('x')}`;
    throw new ValueError(`CIFAR-10 holds pictures of 3x32x32 with labels from 0 to 9, not ${what}`);
  }
  const bytes = new Uint8Array(size * RECORD);
  for (let k = 0; k < size; k++) {
    bytes[k * RECORD] = labels[k]!;
    bytes.set(pixels.subarray(k * AREA, (k + 1) * AREA), k * RECORD + 1);
  }
  return bytes;
}

function requireWholeRecords(bytes: Uint8Array, file: string, expected: number | undefined): number {
  if (isGzip(bytes)) {
    throw new ValueError(
      `${file}: this is compressed with gzip; unpack it, and read the .bin files that are in it`,
    );
  }
  const size = Math.floor(bytes.length / RECORD);
  const rest = bytes.length - size * RECORD;
  if (expected !== undefined && bytes.length !== expected * RECORD) {
    throw new ValueError(
      `${file}: it has ${bytes.length} bytes, but ${expected} pictures take ${expected * RECORD}; ` +
        `the file is ${bytes.length < expected * RECORD ? 'cut off' : 'too long'}, so fetch it again`,
    );
  }
  if (size === 0 || rest > 0) {
    throw new ValueError(
      `${file}: ${bytes.length} bytes are no whole number of pictures, which take ${RECORD} bytes each` +
        `${size === 0 ? '' : `: behind picture ${size - 1} there are ${rest} bytes`}; the file is cut off, or in another format`,
    );
  }
  return size;
}
