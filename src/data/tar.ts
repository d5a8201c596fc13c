import { ValueError } from '../tensor/error.js';

const BLOCK = 512;

/**
 * The plain files of a tar archive, by the last part of their path.
 * @throws ValueError that names the archive when it is cut off or damaged.
 */
export function readTar(bytes: Uint8Array, archive = 'this archive'): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let place = 0; ;) {
    const header = bytes.subarray(place, place + BLOCK);
    if (header.length === BLOCK && header.every((byte) => byte === 0)) return files;
    requireHeader(header, place, archive);
    const size = octal(header.subarray(124, 136));
    const begin = place + BLOCK;
    if (begin + size > bytes.length) {
      throw new ValueError(`${archive}: ${text(header, 0, 100)} is cut off; fetch the archive again`);
    }
    const kind = text(header, 156, 157);
    if (kind === '0' || kind === '') {
      const name = text(header, 0, 100).split('/').at(-1)!;
      files.set(name, bytes.subarray(begin, begin + size));
    }
    place = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** The checksum of a header is the sum of its bytes, with blanks in place of the checksum. */
function requireHeader(header: Uint8Array, place: number, archive: string): void {
  const sum = header.reduce((total, byte, k) => total + (k >= 148 && k < 156 ? 32 : byte), 0);
  if (header.length === BLOCK && sum === octal(header.subarray(148, 156))) return;
  throw new ValueError(
    `${archive}: there is no header of a file at byte ${place}; the archive is cut off or damaged, so fetch it again`,
  );
}

function octal(field: Uint8Array): number {
  return Number.parseInt(text(field, 0, field.length).trim(), 8);
}

function text(header: Uint8Array, from: number, to: number): string {
  const field = header.subarray(from, to);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
