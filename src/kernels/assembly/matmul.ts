import { bytesOf } from './math/lanes';
import { product } from './math/product';

/** out = a·b (or out += a·b): a is (m, k), b is (k, n), with strides in elements; out is (m, n), row-major. */
export function matmul<T>(
  a: usize,
  b: usize,
  out: usize,
  m: i32,
  n: i32,
  k: i32,
  aRow: i32,
  aColumn: i32,
  bRow: i32,
  bColumn: i32,
  accumulate: i32,
): void {
  product<T>(a, b, out, m, n, k, aRow, aColumn, bRow, bColumn, n, 0, accumulate, 0);
}

/** One product per batch; a and b advance by aBatch and bBatch elements (0 repeats an operand), out by m·n. */
export function matmulBatched<T>(
  a: usize,
  b: usize,
  out: usize,
  m: i32,
  n: i32,
  k: i32,
  aRow: i32,
  aColumn: i32,
  bRow: i32,
  bColumn: i32,
  batch: i32,
  aBatch: i32,
  bBatch: i32,
): void {
  for (let i = 0; i < batch; i++) {
    product<T>(a, b, out, m, n, k, aRow, aColumn, bRow, bColumn, n, 0, 0, 0);
    a += bytesOf<T>(aBatch);
    b += bytesOf<T>(bBatch);
    out += bytesOf<T>(m * n);
  }
}

/** out = x·wᵀ + bias: x is (rows, features), w is (outputs, features), bias is (outputs) or the pointer 0. */
export function linear<T>(
  x: usize,
  w: usize,
  bias: usize,
  out: usize,
  rows: i32,
  features: i32,
  outputs: i32,
): void {
  product<T>(x, w, out, rows, outputs, features, features, 1, 1, features, outputs, bias, 0, 0);
}

/** out = relu(x·wᵀ + bias), as `linear`. */
export function linearRelu<T>(
  x: usize,
  w: usize,
  bias: usize,
  out: usize,
  rows: i32,
  features: i32,
  outputs: i32,
): void {
  product<T>(x, w, out, rows, outputs, features, features, 1, 1, features, outputs, bias, 0, 1);
}
