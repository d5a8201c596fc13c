import { ValueError } from '../tensor/error.js';

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const BLOCK = 65_535; // the longest block that is stored as it is

/** Pixels of a picture, row by row from the top left. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, from 0 to 255. */
  readonly rgb: Uint8Array;
}

/**
 * The bytes of a PNG image. Nothing is compressed, since every version of a compressor gives other bytes.
 * Source: https://www.w3.org/TR/png-3/ and RFC 1950.
 */
export function encodePng({ width, height, rgb }: Bitmap): Uint8Array {
  if (rgb.length !== 3 * width * height) {
    throw new ValueError(
      `bitmap: ${width} by ${height} pixels take ${3 * width * height} bytes, but there are ${rgb.length}`,
    );
  }
  const lines = new Uint8Array(height * (1 + 3 * width)); // each begins with 0: no filter
  for (let y = 0; y < height; y++)
    lines.set(rgb.subarray(3 * width * y, 3 * width * (y + 1)), y * (1 + 3 * width) + 1);
  const header = [...bigEndian(width), ...bigEndian(height), 8, 2, 0, 0, 0]; // 8 bits a channel, colours
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk('IHDR', header),
    ...chunk('IDAT', stored(lines)),
    ...chunk('IEND', []),
  ]);
}

function chunk(kind: string, data: ArrayLike<number>): number[] {
  const body = [...new TextEncoder().encode(kind), ...Array.from(data)];
  return [...bigEndian(data.length), ...body, ...bigEndian(crc32(body))];
}

function stored(bytes: Uint8Array): number[] {
  const blocks = Array.from({ length: Math.max(1, Math.ceil(bytes.length / BLOCK)) }, (_, k) => {
    const block = bytes.subarray(k * BLOCK, (k + 1) * BLOCK);
    const last = (k + 1) * BLOCK >= bytes.length ? 1 : 0;
    const [low, high] = [block.length & 255, block.length >> 8];
    return [last, low, high, low ^ 255, high ^ 255, ...block];
  });
  return [0x78, 0x01, ...blocks.flat(), ...bigEndian(adler32(bytes))];
}

function crc32(bytes: readonly number[]): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

function bigEndian(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
