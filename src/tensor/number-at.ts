import { memory } from '../kernels/index.js';
import type { DType } from './dtype.js';

let numbers = new DataView(memory.buffer);

/** One number of WebAssembly memory; a view of its own for each would cost more than a small kernel. */
export function numberAt(address: number, dtype: DType): number {
  if (numbers.buffer !== memory.buffer) numbers = new DataView(memory.buffer); // memory has grown
  switch (dtype) {
    case 'float64':
      return numbers.getFloat64(address, true);
    case 'float32':
      return numbers.getFloat32(address, true);
    case 'int32':
      return numbers.getInt32(address, true);
  }
}
