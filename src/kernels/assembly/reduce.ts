import { bytesOf, sumOfLanes } from './math/lanes';

/** Sums over the middle axis of (outer, axis, inner), row-major. */
export function sum<T>(x: usize, out: usize, outer: i32, axis: i32, inner: i32): void {
  if (inner == 1) {
    const row = bytesOf<T>(axis);
    for (let o = 0; o < outer; o++, x += row, out += sizeof<T>()) store<T>(out, sumOfRow<T>(x, axis));
    return;
  }
  const row = bytesOf<T>(inner);
  for (let o = 0; o < outer; o++, x += row * <usize>axis, out += row) sumOfRows<T>(x, out, axis, row);
}

// @inline
function sumOfRow<T>(x: usize, n: i32): T {
  let a = v128.splat<T>(<T>0);
  let b = a,
    c = a,
    d = a;
  let p = x;
  const end = x + bytesOf<T>(n);
  for (; p + 64 <= end; p += 64) {
    a = v128.add<T>(a, v128.load(p));
    b = v128.add<T>(b, v128.load(p, 16));
    c = v128.add<T>(c, v128.load(p, 32));
    d = v128.add<T>(d, v128.load(p, 48));
  }
  let total = sumOfLanes<T>(v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d)));
  for (; p < end; p += sizeof<T>()) total = <T>(total + load<T>(p));
  return total;
}

function sumOfRows<T>(x: usize, out: usize, rows: i32, row: usize): void {
  let p: usize = 0;
  for (; p + 16 <= row; p += 16) {
    let total = v128.splat<T>(<T>0);
    for (let r = 0, at = x + p; r < rows; r++, at += row) total = v128.add<T>(total, v128.load(at));
    v128.store(out + p, total);
  }
  for (; p < row; p += sizeof<T>()) {
    let total: T = <T>0;
    for (let r = 0, at = x + p; r < rows; r++, at += row) total = <T>(total + load<T>(at));
    store<T>(out + p, total);
  }
}

/** The sum of all numbers, in float64. */
export function sumAll<T>(x: usize, n: i32): f64 {
  let total: f64 = 0;
  for (let p = x, end = x + bytesOf<T>(n); p < end; p += sizeof<T>()) total += <f64>load<T>(p);
  return total;
}

/** The sum of the squares, in float64. */
export function sumSquares<T>(x: usize, n: i32): f64 {
  return dot<T>(x, x, n);
}

/** Σ x·y, in float64. */
export function dot<T>(x: usize, y: usize, n: i32): f64 {
  let total: f64 = 0;
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += sizeof<T>()) {
    total += <f64>load<T>(x + p) * <f64>load<T>(y + p);
  }
  return total;
}

/**
 * The largest over the middle axis of (outer, axis, inner), and where it stands (i32); the first of equals,
 * and the first NaN if there is one.
 */
export function max<T>(x: usize, out: usize, indices: usize, outer: i32, axis: i32, inner: i32): void {
  const row = bytesOf<T>(inner);
  for (let o = 0; o < outer; o++, x += row * <usize>axis) {
    for (let p: usize = 0; p < row; p += sizeof<T>(), out += sizeof<T>(), indices += 4) {
      let best = load<T>(x + p);
      let where = 0;
      for (let k = 1, at = x + p + row; k < axis; k++, at += row) {
        if (best != best) break;
        const value = load<T>(at);
        if (value > best || value != value) {
          best = value;
          where = k;
        }
      }
      store<T>(out, best);
      store<i32>(indices, where);
    }
  }
}

/** The adjoint of max: upstream at the place of the largest, 0 elsewhere. */
export function maxScatter<T>(
  upstream: usize,
  indices: usize,
  out: usize,
  outer: i32,
  axis: i32,
  inner: i32,
): void {
  const row = bytesOf<T>(inner);
  memory.fill(out, 0, row * <usize>axis * <usize>outer);
  for (let o = 0; o < outer; o++, out += row * <usize>axis) {
    for (let p: usize = 0; p < row; p += sizeof<T>(), upstream += sizeof<T>(), indices += 4) {
      store<T>(out + p + row * <usize>load<i32>(indices), load<T>(upstream));
    }
  }
}

/** The position of the first number that is NaN or infinite, or −1. */
export function firstNonFinite<T>(x: usize, n: i32): i32 {
  for (let i = 0; i < n; i++, x += sizeof<T>()) {
    const value = load<T>(x);
    if (!isFinite<T>(value)) return i;
  }
  return -1;
}
