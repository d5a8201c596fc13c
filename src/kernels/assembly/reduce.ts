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

/** Halves long stretches, so that the error grows with the logarithm of n. */
function sumOfRow<T>(x: usize, n: i32): T {
  if (n > 1024) {
    const half = (n >> 5) << 4;
    return <T>(sumOfRow<T>(x, half) + sumOfRow<T>(x + bytesOf<T>(half), n - half));
  }
  let a = v128.splat<T>(<T>0);
  let b = a;
  let c = a;
  let d = a;
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

const BLOCK = 64; // rows that are summed before their sum joins the total, for accuracy

function sumOfRows<T>(x: usize, out: usize, rows: i32, row: usize): void {
  let p: usize = 0;
  for (; p + 64 <= row; p += 64) sumOfWideColumns<T>(x + p, out + p, rows, row);
  for (; p + 16 <= row; p += 16) {
    let total = v128.splat<T>(<T>0);
    for (let r = 0, at = x + p; r < rows;) {
      let part = v128.splat<T>(<T>0);
      for (const end = min(r + BLOCK, rows); r < end; r++, at += row) part = v128.add<T>(part, v128.load(at));
      total = v128.add<T>(total, part);
    }
    v128.store(out + p, total);
  }
  for (; p < row; p += sizeof<T>()) {
    let total: T = <T>0;
    for (let r = 0, at = x + p; r < rows;) {
      let part: T = <T>0;
      for (const end = min(r + BLOCK, rows); r < end; r++, at += row) part = <T>(part + load<T>(at));
      total = <T>(total + part);
    }
    store<T>(out + p, total);
  }
}

/** Four vectors of columns at once, in the order of the narrow columns. */
// @inline
function sumOfWideColumns<T>(x: usize, out: usize, rows: i32, row: usize): void {
  const zero = v128.splat<T>(<T>0);
  for (let p: usize = 0; p < 64; p += 16) v128.store(out + p, zero);
  for (let r = 0; r < rows;) {
    let a = zero;
    let b = zero;
    let c = zero;
    let d = zero;
    for (const end = min(r + BLOCK, rows); r < end; r++, x += row) {
      a = v128.add<T>(a, v128.load(x));
      b = v128.add<T>(b, v128.load(x, 16));
      c = v128.add<T>(c, v128.load(x, 32));
      d = v128.add<T>(d, v128.load(x, 48));
    }
    v128.store(out, v128.add<T>(v128.load(out), a));
    v128.store(out, v128.add<T>(v128.load(out, 16), b), 16);
    v128.store(out, v128.add<T>(v128.load(out, 32), c), 32);
    v128.store(out, v128.add<T>(v128.load(out, 48), d), 48);
  }
}

/** out = scale times the sum of all numbers, which is added up in float64. */
export function scaledSum<T>(x: usize, out: usize, n: i32, scale: f64): void {
  store<T>(out, <T>(scale * sumAll<T>(x, n)));
}

function sumAll<T>(x: usize, n: i32): f64 {
  if (n > 4096) {
    const half = (n >> 5) << 4;
    return sumAll<T>(x, half) + sumAll<T>(x + bytesOf<T>(half), n - half);
  }
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let p = x;
  const end = x + bytesOf<T>(n);
  for (; p + 8 * sizeof<T>() <= end; p += 8 * sizeof<T>()) {
    a = f64x2.add(a, pairAsF64<T>(p));
    b = f64x2.add(b, pairAsF64<T>(p + 2 * sizeof<T>()));
    c = f64x2.add(c, pairAsF64<T>(p + 4 * sizeof<T>()));
    d = f64x2.add(d, pairAsF64<T>(p + 6 * sizeof<T>()));
  }
  let total = sumOfLanes<f64>(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
  for (; p < end; p += sizeof<T>()) total += <f64>load<T>(p);
  return total;
}

const LONGEST_CHAIN = 4096; // products that are added one after the other

/** The sum of the squares, in float64: the same bits as the dot product with itself. */
export function sumSquares<T>(x: usize, n: i32): f64 {
  if (n <= LONGEST_CHAIN) return dot<T>(x, x, n);
  const half = (n >> 5) << 4;
  if (n - half <= LONGEST_CHAIN) return sumSquaresOfHalves<T>(x, half, n);
  return sumSquares<T>(x, half) + sumSquares<T>(x + bytesOf<T>(half), n - half);
}

/** Adds Σ x² to the float64 number at total and answers 1; where it is NaN or infinite, answers 0 and adds nothing. */
export function addSumSquares<T>(x: usize, n: i32, total: usize): i32 {
  return addFinite(sumSquares<T>(x, n), total);
}

/** Adds one number to the float64 number at total, as `addSumSquares`. */
export function addNumber<T>(x: usize, total: usize): i32 {
  return addFinite(<f64>load<T>(x), total);
}

// @inline
function addFinite(value: f64, total: usize): i32 {
  if (!isFinite(value)) return 0;
  store<f64>(total, load<f64>(total) + value);
  return 1;
}

/** Two chains side by side, because each addition waits for the one before. */
function sumSquaresOfHalves<T>(x: usize, half: i32, n: i32): f64 {
  const step = 4 * sizeof<T>();
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let p = x;
  let q = x + bytesOf<T>(half);
  for (const end = q; p < end; p += step, q += step) {
    a = addSquares<T>(a, p);
    b = addSquares<T>(b, p + 2 * sizeof<T>());
    c = addSquares<T>(c, q);
    d = addSquares<T>(d, q + 2 * sizeof<T>());
  }
  const end = x + bytesOf<T>(n);
  for (; q + step <= end; q += step) {
    c = addSquares<T>(c, q);
    d = addSquares<T>(d, q + 2 * sizeof<T>());
  }
  let second = sumOfLanes<f64>(f64x2.add(c, d));
  for (; q < end; q += sizeof<T>()) second += <f64>load<T>(q) * <f64>load<T>(q);
  return sumOfLanes<f64>(f64x2.add(a, b)) + second;
}

// @inline
function addSquares<T>(sum: v128, p: usize): v128 {
  const pair = pairAsF64<T>(p);
  return f64x2.add(sum, f64x2.mul(pair, pair));
}

/** Σ x·y, in float64. */
export function dot<T>(x: usize, y: usize, n: i32): f64 {
  if (n > LONGEST_CHAIN) {
    const half = (n >> 5) << 4;
    return dot<T>(x, y, half) + dot<T>(x + bytesOf<T>(half), y + bytesOf<T>(half), n - half);
  }
  let a = f64x2.splat(0);
  let b = a;
  let p: usize = 0;
  const end = bytesOf<T>(n);
  for (; p + 4 * sizeof<T>() <= end; p += 4 * sizeof<T>()) {
    const q = p + 2 * sizeof<T>();
    a = f64x2.add(a, f64x2.mul(pairAsF64<T>(x + p), pairAsF64<T>(y + p)));
    b = f64x2.add(b, f64x2.mul(pairAsF64<T>(x + q), pairAsF64<T>(y + q)));
  }
  let total = sumOfLanes<f64>(f64x2.add(a, b));
  for (; p < end; p += sizeof<T>()) total += <f64>load<T>(x + p) * <f64>load<T>(y + p);
  return total;
}

// @inline
function pairAsF64<T>(p: usize): v128 {
  return sizeof<T>() == 8 ? v128.load(p) : f64x2.promote_low_f32x4(v128.load64_zero(p));
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
