import { ValueError } from '../tensor/error.js';
import { isGzip } from './gzip.js';
import type { Images } from './images.js';
import { bytes as fileBytes, requireKinds } from '../tensor/arguments.js';

/** The classes of MNIST: the digits. */
export const mnistClasses = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** An array of bytes and its shape, as an IDX file holds it. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/**
 * Reads the IDX format of MNIST: two bytes of 0, the type of the numbers (8 for bytes), the number of axes, their lengths
 * as big-endian integers of four bytes, and the numbers. Source: LeCun, Cortes and Burges: The MNIST database.
 * @throws ValueError that names the file when it is cut off, too long, or no such file.
 */
export function readIdx(bytes: Uint8Array, file = 'these bytes'): IdxArray {
  requireKinds('readIdx', { bytes }, { bytes: fileBytes });
  if (isGzip(bytes)) throw new ValueError(`${file}: this is compressed with gzip; decompress it first`);
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw new ValueError(
      `${file}: an IDX file begins with two bytes of 0, a type and a number of axes, but this one with ` +
        `[${[...bytes.subarray(0, 4)].join(', ')}]; it is damaged, or in another format`,
    );
  }
  if (bytes[2] !== 8) {
    throw new ValueError(
      `${file}: the numbers are of type ${bytes[2]}, but those of MNIST are bytes, type 8`,
    );
  }
  const axes = bytes[3]!;
  const begin = 4 + 4 * axes;
  if (axes === 0 || bytes.length < begin) {
    throw new ValueError(
      `${file}: ${bytes.length} bytes do not hold the lengths of its ${axes} axes; it is cut off`,
    );
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, begin);
  const shape = Array.from({ length: axes }, (_, k) => header.getUint32(4 + 4 * k));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== begin + size) {
    throw new ValueError(
      `${file}: ${shape.join('x')} numbers take ${begin + size} bytes with the header, but there are ${bytes.length}; ` +
        `the file is ${bytes.length < begin + size ? 'cut off' : 'too long'}, so fetch it again`,
    );
  }
  return { shape, values: bytes.subarray(begin) };
}

/** The names of a file with pictures and of the one with their labels, for errors. */
export interface MnistFiles {
  readonly images: string;
  readonly labels: string;
}

/**
 * Reads pictures and labels in the IDX format.
 * @throws ValueError unless both are such files, with as many labels as pictures, and labels from 0 to 9.
 */
export function readMnist(
  imageBytes: Uint8Array,
  labelBytes: Uint8Array,
  files: MnistFiles = { images: 'the pictures', labels: 'the labels' },
): Images {
  requireKinds('readMnist', { imageBytes, labelBytes }, { imageBytes: fileBytes, labelBytes: fileBytes });
  const images = readIdx(imageBytes, files.images);
  const { shape: labelShape, values: labels } = readIdx(labelBytes, files.labels);
  const [size, height, width] = images.shape;
  if (images.shape.length !== 3 || labelShape.length !== 1 || images.values.length === 0) {
    throw new ValueError(
      `${files.images} holds numbers of shape ${images.shape.join('x')} and ${files.labels} of shape ${labelShape.join('x')}, ` +
        'but pictures have three axes (pictures, height, width), labels one, and there must be some; give the files in this order',
    );
  }
  if (labels.length !== size) {
    throw new ValueError(
      `${files.images} holds ${size} pictures, but ${files.labels} ${labels.length} labels; they do not belong together`,
    );
  }
  const wrong = labels.findIndex((label) => label >= mnistClasses.length);
  if (wrong >= 0) {
    throw new ValueError(
      `${files.labels}: label ${wrong} is ${labels[wrong]}, but MNIST has the labels 0 to 9; the file is damaged, or in another format`,
    );
  }
  return { size, shape: [1, height!, width!], pixels: images.values, labels };
}
