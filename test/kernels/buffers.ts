import { memory } from '../../src/kernels/index.js';
import { takeMemory } from '../../src/tensor/heap.js';

export const dtypes = ['float64', 'float32'] as const;
export type FloatDType = (typeof dtypes)[number];

const BYTES = 4 << 20;
const SENTINEL = 0xa5;
const region = takeMemory(BYTES);

/** Places arrays in kernel memory, one after the other, with room around each that shows what was overwritten. */
export class Buffers {
  private top = region + 64;

  constructor(private readonly dtype: FloatDType) {
    new Uint8Array(memory.buffer, region, BYTES).fill(SENTINEL);
  }

  /** The pointer to these numbers, `shift` elements away from a 16-byte boundary. */
  put(values: ArrayLike<number>, shift = 0): number {
    const pointer = this.room(values.length, shift);
    this.view(pointer, values.length).set(values);
    return pointer;
  }

  /** The pointer to room for n numbers. */
  room(n: number, shift = 0): number {
    const pointer = this.top + shift * this.size;
    this.top += Math.ceil((n + shift) * (this.size / 16)) * 16 + 64;
    if (this.top > region + BYTES) throw new Error('test: more buffers than the region holds');
    return pointer;
  }

  putIntegers(values: readonly number[]): number {
    const pointer = this.room(values.length);
    new Int32Array(memory.buffer, pointer, values.length).set(values);
    return pointer;
  }

  get(pointer: number, n: number): number[] {
    return [...this.view(pointer, n)];
  }

  integers(pointer: number, n: number): number[] {
    return [...new Int32Array(memory.buffer, pointer, n)];
  }

  /** Whether nothing was written from the 16-byte boundary that follows n numbers on, nor before them. */
  isPaddedOnly(pointer: number, n: number): boolean {
    const end = Math.ceil((pointer + n * this.size) / 16) * 16;
    return this.isUntouched(end) && this.isUntouched(pointer - 32);
  }

  /** Whether nothing was written right after n numbers. */
  isExact(pointer: number, n: number): boolean {
    return this.isUntouched(pointer + n * this.size);
  }

  private isUntouched(pointer: number): boolean {
    return new Uint8Array(memory.buffer, pointer, 32).every((byte) => byte === SENTINEL);
  }

  private get size(): number {
    return this.dtype === 'float64' ? 8 : 4;
  }

  private view(pointer: number, n: number): Float64Array | Float32Array {
    return this.dtype === 'float64'
      ? new Float64Array(memory.buffer, pointer, n)
      : new Float32Array(memory.buffer, pointer, n);
  }
}

/** The numbers as the dtype holds them. */
export function rounded(values: readonly number[], dtype: FloatDType): number[] {
  return dtype === 'float64' ? [...values] : values.map(Math.fround);
}

/** n numbers between low and high that are spread evenly but follow no grid. */
export function spread(n: number, low: number, high: number): number[] {
  return Array.from({ length: n }, (_, i) => low + (high - low) * ((i * 0.6180339887498949 + 0.1) % 1));
}
