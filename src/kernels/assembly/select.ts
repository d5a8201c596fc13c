import { bytesOf } from './math/lanes';

/** out[r] = x[r, index[r]]; the index is i32. */
export function selectRows<T>(x: usize, index: usize, out: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++, x += bytesOf<T>(cols), index += 4, out += sizeof<T>()) {
    store<T>(out, load<T>(x + bytesOf<T>(load<i32>(index))));
  }
}

/** The adjoint of selectRows: out[r, index[r]] = upstream[r], 0 elsewhere. */
export function scatterRows<T>(upstream: usize, index: usize, out: usize, rows: i32, cols: i32): void {
  memory.fill(out, 0, bytesOf<T>(rows * cols));
  for (let r = 0; r < rows; r++, out += bytesOf<T>(cols), index += 4, upstream += sizeof<T>()) {
    store<T>(out + bytesOf<T>(load<i32>(index)), load<T>(upstream));
  }
}

/** out[i] = the row index[i] of x */
export function takeRows<T>(x: usize, index: usize, out: usize, count: i32, cols: i32): void {
  const row = bytesOf<T>(cols);
  for (let i = 0; i < count; i++, index += 4, out += row) {
    const from = x + row * <usize>load<i32>(index);
    if (row > 64) memory.copy(out, from, row);
    else for (let p: usize = 0; p < row; p += sizeof<T>()) store<T>(out + p, load<T>(from + p));
  }
}

/** The column (i32) of the largest number of each row; the first of equals, the first NaN if there is one. */
export function argmaxRows<T>(x: usize, out: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++, x += bytesOf<T>(cols), out += 4) store<i32>(out, argmax<T>(x, cols));
}

/** In how many rows the largest logit stands in the column that the label (i32) names. */
export function countCorrect<T>(logits: usize, labels: usize, rows: i32, cols: i32): i32 {
  let correct = 0;
  for (let r = 0; r < rows; r++, logits += bytesOf<T>(cols), labels += 4) {
    correct += i32(argmax<T>(logits, cols) == load<i32>(labels));
  }
  return correct;
}

// @inline
function argmax<T>(x: usize, n: i32): i32 {
  let best = load<T>(x);
  let where = 0;
  for (let i = 1; i < n; i++) {
    if (best != best) break;
    const value = load<T>(x + bytesOf<T>(i));
    if (value > best || value != value) {
      best = value;
      where = i;
    }
  }
  return where;
}

/** How many of n pairs of i32 are equal. */
export function countEqual(a: usize, b: usize, n: i32): i32 {
  let count = 0;
  for (let i: usize = 0; i < <usize>n; i++) count += i32(load<i32>(a + (i << 2)) == load<i32>(b + (i << 2)));
  return count;
}

/** The first position whose i32 is negative or not below the limit, or −1. */
export function indexOutOfRange(index: usize, n: i32, limit: i32): i32 {
  for (let i = 0; i < n; i++, index += 4) if (load<u32>(index) >= <u32>limit) return i;
  return -1;
}
