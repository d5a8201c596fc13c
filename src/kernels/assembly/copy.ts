import { heapStart } from './math/scratch';
import { bytesOf } from './math/lanes';
import { copyLine } from './math/patches';

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
  const rows = rank < 2 ? 1 : load<i32>(at(shape, rank - 2));
  const columns = rank < 1 ? 1 : load<i32>(at(shape, rank - 1));
  const rowStep = rank < 2 ? 0 : stepAlong<T>(strides, rank - 2);
  const columnStep = rank < 1 ? 0 : stepAlong<T>(strides, rank - 1);
  let matrices = 1;
  for (let axis = 0; axis < rank - 2; axis++) {
    matrices *= load<i32>(at(shape, axis));
    store<i32>(at(counters, axis), 0);
  }
  for (; matrices > 0; matrices--, out += bytesOf<T>(rows * columns)) {
    copyMatrix<T>(from, out, rows, columns, rowStep, columnStep);
    for (let axis = rank - 3; axis >= 0; axis--) {
      const step = stepAlong<T>(strides, axis);
      const next = load<i32>(at(counters, axis)) + 1;
      from += step;
      if (next < load<i32>(at(shape, axis))) {
        store<i32>(at(counters, axis), next);
        break;
      }
      from -= step * <usize>next;
      store<i32>(at(counters, axis), 0);
    }
  }
}

// @inline
function at(table: usize, axis: i32): usize {
  return table + ((<usize>axis) << 2);
}

/** In bytes, modulo 2^32: strides may be negative. */
// @inline
function stepAlong<T>(strides: usize, axis: i32): usize {
  return <usize>load<i32>(at(strides, axis)) * sizeof<T>();
}

const BLOCK = 16; // columns that are transposed together, so that their cache lines are used whole

// @inline
function copyMatrix<T>(
  from: usize,
  out: usize,
  rows: i32,
  columns: i32,
  rowStep: usize,
  columnStep: usize,
): void {
  const row = bytesOf<T>(columns);
  const width = rowStep == sizeof<T>() && columnStep != sizeof<T>() ? bytesOf<T>(BLOCK) : row;
  for (let first: usize = 0; first < row; first += width, from += <usize>BLOCK * columnStep) {
    const end = min(first + width, row);
    for (let r = 0, line = from, to = out; r < rows; r++, line += rowStep, to += row) {
      if (columnStep == sizeof<T>() && row >= 64) {
        memory.copy(to, line, row);
        continue;
      }
      for (let p = first, q = line; p < end; p += sizeof<T>(), q += columnStep) store<T>(to + p, load<T>(q));
    }
  }
}

/** out (n, times): each of the n numbers of x, repeated. */
export function repeat<T>(x: usize, out: usize, n: i32, times: i32): void {
  const row = bytesOf<T>(times);
  for (let i = 0; i < n; i++, x += sizeof<T>()) {
    const value = load<T>(x);
    const values = v128.splat<T>(value);
    const end = out + row;
    for (; out + 16 <= end; out += 16) v128.store(out, values);
    for (; out < end; out += sizeof<T>()) store<T>(out, value);
  }
}

/** out (middle, outer, inner) = x (outer, middle, inner) with the first two axes exchanged. */
export function exchangeAxes<T>(x: usize, out: usize, outer: i32, middle: i32, inner: i32): void {
  const line = bytesOf<T>(inner);
  const step = line * <usize>middle;
  for (let m = 0; m < middle; m++, x += line) {
    for (let o = 0, from = x; o < outer; o++, from += step, out += line)
      copyLine<T>(from, out, line, sizeof<T>());
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
