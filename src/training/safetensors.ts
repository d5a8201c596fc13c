import type { DType, TypedArray } from '../tensor/dtype.js';
import { ValueError } from '../tensor/error.js';
import { formatShape, type Shape, sizeOf } from '../tensor/shape.js';
import { aTensor, type Tensor } from '../tensor/tensor.js';
import { aText, bytes as fileBytes, recordOf, requireKinds } from '../tensor/arguments.js';

/** A tensor in a file. */
export interface StoredTensor {
  /** As the format writes it: `F64`, `F32`, `I32`, or one that only other programs use. */
  readonly dtype: string;
  readonly shape: Shape;
  readonly bytes: Uint8Array;
}

export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, StoredTensor>>;
}

const tensorsByName = recordOf(aTensor, 'tensors by their names, as model.state() returns them');
const textsByName = recordOf(aText, 'texts by their names');

const storedTypes: Readonly<Record<DType, string>> = { float64: 'F64', float32: 'F32', int32: 'I32' };
const bytesOf: Readonly<Record<string, number>> = {
  ...{ F64: 8, I64: 8, U64: 8, F32: 4, I32: 4, U32: 4 },
  ...{ F16: 2, BF16: 2, I16: 2, U16: 2, F8_E4M3: 1, F8_E5M2: 1, I8: 1, U8: 1, BOOL: 1 },
};
const MOST_HEADER = 100_000_000; // as in the format's own reader

/**
 * Writes tensors in the safetensors format: the length of the header as eight little-endian bytes, the header as JSON, and
 * the numbers; wide numbers first and then by name, so that all lie where their type wants them.
 * Source: https://huggingface.co/docs/safetensors
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  requireKinds('writeSafetensors', { tensors, metadata }, { tensors: tensorsByName, metadata: textsByName });
  const entries = Object.entries(tensors)
    .map(([name, tensor]) => ({
      name,
      dtype: storedTypes[tensor.dtype],
      shape: tensor.shape,
      data: new Uint8Array(tensor.data().buffer),
    }))
    .sort((a, b) => bytesOf[b.dtype]! - bytesOf[a.dtype]! || (a.name < b.name ? -1 : 1));
  let end = 0;
  const places = entries.map(({ data }) => [end, (end += data.length)] as const);
  const header = Object.fromEntries(
    entries.map(({ name, dtype, shape }, k) => [name, { dtype, shape, data_offsets: places[k]! }]),
  );
  const withMetadata = Object.keys(metadata).length > 0 ? { __metadata__: metadata, ...header } : header;
  const text = new TextEncoder().encode(JSON.stringify(withMetadata));
  const length = Math.ceil(text.length / 8) * 8; // filled up with blanks, so that the numbers begin at a multiple of 8
  const file = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(text, 8);
  entries.forEach(({ data }, k) => file.set(data, 8 + length + places[k]![0]));
  return file;
}

/**
 * Reads the safetensors format.
 * @throws ValueError that names the file when it is cut off, too long or no such file.
 */
export function readSafetensors(bytes: Uint8Array, file = 'this file'): TensorFile {
  requireKinds('readSafetensors', { bytes }, { bytes: fileBytes });
  const damaged = (what: string): never => {
    throw new ValueError(`${file}: ${what}; the file is cut off, damaged or not in the safetensors format`);
  };
  if (bytes.length < 8) damaged(`it has ${bytes.length} bytes, fewer than the eight of the header's length`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > MOST_HEADER || 8 + length > bytes.length) {
    damaged(`its header should take ${length} bytes, but the file has ${bytes.length}`);
  }
  const header = parsed(bytes.subarray(8, 8 + length)) ?? damaged('its header is no JSON object');
  const { __metadata__: metadata = {}, ...entries } = header;
  const data = bytes.subarray(8 + length);
  const ranges: (readonly [number, number])[] = [];
  const tensors = Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => {
      if (!isEntry(entry)) return damaged(`its header describes ${name} as ${JSON.stringify(entry)}`);
      const [begin, end] = entry.data_offsets;
      const size =
        sizeOf(entry.shape) * (bytesOf[entry.dtype] ?? damaged(`${name} is of type ${entry.dtype}`));
      if (end - begin !== size) {
        damaged(`${name} of type ${entry.dtype} and shape ${formatShape(entry.shape)} takes ${size} bytes, not ${end - begin}`); // prettier-ignore
      }
      ranges.push([begin, end]);
      return [name, { dtype: entry.dtype, shape: entry.shape, bytes: data.subarray(begin, end) }];
    }),
  );
  const total = ranges
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .reduce((place, [begin, end]) => (begin === place ? end : damaged(`its tensors leave a gap or overlap at byte ${place}`)), 0); // prettier-ignore
  if (total !== data.length) damaged(`its tensors take ${total} bytes, but there are ${data.length}`);
  return { metadata: metadata as Record<string, string>, tensors };
}

/**
 * The numbers of a stored tensor.
 * @throws ValueError for a type of number that tensors here do not have.
 */
export function numbersIn({ dtype, bytes }: StoredTensor, name: string): TypedArray {
  const { buffer } = new Uint8Array(bytes); // a copy that begins where any type of number may
  if (dtype === 'F64') return new Float64Array(buffer);
  if (dtype === 'F32') return new Float32Array(buffer);
  if (dtype === 'I32') return new Int32Array(buffer);
  throw new ValueError(
    `${name} is stored as ${dtype}, but only F64, F32 and I32 can be read; convert it first`,
  );
}

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: readonly [number, number];
}

function parsed(text: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  const natural = (list: unknown) =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  return (
    typeof dtype === 'string' && natural(shape) && natural(offsets) && (offsets as number[]).length === 2
  );
}
