import { heapStart } from './math/scratch';
import { bytesOf } from './math/lanes';

const counters = memory.data(64); // one i32 per axis

/** The first byte above the module's tables and scratch space; a multiple of 16. */
export function heapBase(): usize {
  return heapStart();
}

/** Copies bytes; the two stretches may overlap. */
export function copyBytes(source: usize, out: usize, bytes: usize): void {
  memory.copy(out, source, bytes);
}

/** value everywhere */
export function fill<T>(out: usize, n: i32, value: T): void {
  const values = v128.splat<T>(value);
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) v128.store(out + p, values);
}

/**
 * out[i] = source[offset + Σ_a i_a · stride_a] for every index i of the shape, in row-major order: serves
 * transposing, expanding (stride 0) and slicing. Shape and strides are i32, strides and offset in elements.
 * At most 16 axes.
 */
export function copyStrided<T>(
  source: usize,
  out: usize,
  rank: i32,
  shape: usize,
  strides: usize,
  offset: i32 = 0,
): void {
  let from: usize = source + <usize>offset * sizeof<T>();
  if (rank == 0) {
    store<T>(out, load<T>(from));
    return;
  }
  let rows = 1;
  for (let axis = 0; axis < rank - 1; axis++) {
    rows *= load<i32>(shape + ((<usize>axis) << 2));
    store<i32>(counters + ((<usize>axis) << 2), 0);
  }
  const count = load<i32>(shape + ((<usize>(rank - 1)) << 2));
  const stride = load<i32>(strides + ((<usize>(rank - 1)) << 2)) * <i32>sizeof<T>();
  for (let row = 0; row < rows; row++) {
    copyRow<T>(from, out, count, stride);
    out += bytesOf<T>(count);
    for (let axis = rank - 2; axis >= 0; axis--) {
      const at = (<usize>axis) << 2;
      const step = load<i32>(strides + at) * <i32>sizeof<T>();
      const next = load<i32>(counters + at) + 1;
      from += <usize>step;
      if (next < load<i32>(shape + at)) {
        store<i32>(counters + at, next);
        break;
      }
      from -= <usize>(step * next);
      store<i32>(counters + at, 0);
    }
  }
}

// @inline
function copyRow<T>(from: usize, out: usize, count: i32, stride: i32): void {
  if (stride == <i32>sizeof<T>()) {
    memory.copy(out, from, bytesOf<T>(count));
    return;
  }
  for (let end = out + bytesOf<T>(count); out < end; out += sizeof<T>(), from += <usize>stride) {
    store<T>(out, load<T>(from));
  }
}

/** Each number rounded to float32. */
export function toFloat32(source: usize, out: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i++) store<f32>(out + (i << 2), <f32>load<f64>(source + (i << 3)));
}

/** Each float32 number as float64. */
export function toFloat64(source: usize, out: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i++) store<f64>(out + (i << 3), <f64>load<f32>(source + (i << 2)));
}
