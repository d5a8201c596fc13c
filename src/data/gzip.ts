import { ValueError } from '../tensor/error.js';

const MOST_BYTES = 1 << 30; // no file that is read here is larger, so that a damaged one cannot fill the memory

/** True when bytes begin as those of gzip do. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Decompresses gzip; in browsers, too.
 * @throws ValueError that names the file when it is cut off or damaged.
 */
export async function gunzip(bytes: Uint8Array, file = 'these bytes'): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'));
    const reader = stream.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parts.push(next.value);
      size += next.value.length;
      if (size > MOST_BYTES) throw new Error(`it holds more than ${MOST_BYTES} bytes`);
    }
  } catch (error) {
    throw new ValueError(
      `${file}: it cannot be decompressed (${(error as Error).message}); the file is cut off or damaged, so fetch it again`,
    );
  }
  const whole = new Uint8Array(size);
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
