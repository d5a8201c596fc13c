import { ValueError } from './error.js';

/** `float64` is the default, because checks need it; `int32` holds labels and indices and has no gradient. */
export type DType = 'float64' | 'float32' | 'int32';

export type FloatDType = Exclude<DType, 'int32'>;

export type TypedArray = Float64Array | Float32Array | Int32Array;

/**
 * Fails for a dtype that does not exist, which only a caller without types can name.
 * @throws ValueError naming the three that do.
 */
export function requireDType(dtype: string): void {
  if (dtype in bytesPerElement) return;
  throw new ValueError(
    `tensor: there is no dtype ${dtype}; there are ${Object.keys(bytesPerElement).join(', ')}`,
  );
}

export const bytesPerElement: Readonly<Record<DType, number>> = { float64: 8, float32: 4, int32: 4 };

/** A view of `size` elements of WebAssembly memory, valid until that memory grows. */
export function viewOf(buffer: ArrayBufferLike, dtype: DType, address: number, size: number): TypedArray {
  switch (dtype) {
    case 'float64':
      return new Float64Array(buffer, address, size);
    case 'float32':
      return new Float32Array(buffer, address, size);
    case 'int32':
      return new Int32Array(buffer, address, size);
  }
}
