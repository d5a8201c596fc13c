import { exp } from './math/exp';
import { bytesOf } from './math/lanes';
import { log } from './math/log';

/** e^x / Σ e^x in each row; the row's largest number is subtracted first. */
export function softmax<T>(x: usize, out: usize, rows: i32, cols: i32): void {
  subtractRowMax<T>(x, out, rows, cols);
  for (let p: usize = 0, end = bytesOf<T>(rows * cols); p < end; p += 16) {
    v128.store(out + p, exp<T>(v128.load(out + p)));
  }
  const row = bytesOf<T>(cols);
  for (let r = 0; r < rows; r++, out += row) {
    const total = sumOf<T>(out, row);
    for (let p: usize = 0; p < row; p += sizeof<T>()) store<T>(out + p, <T>(load<T>(out + p) / total));
  }
}

/** x − ln Σ e^x in each row. */
export function logSoftmax<T>(x: usize, out: usize, rows: i32, cols: i32): void {
  const row = bytesOf<T>(cols);
  subtractRowMax<T>(x, out, rows, cols);
  for (let r = 0; r < rows; r++, out += row) {
    const normalizer = logOf<T>(sumOfExp<T>(out, row));
    for (let p: usize = 0; p < row; p += sizeof<T>()) store<T>(out + p, <T>(load<T>(out + p) - normalizer));
  }
}

/** s · (u − Σ u·s) in each row, where s = softmax(x) */
export function softmaxBackward<T>(upstream: usize, s: usize, out: usize, rows: i32, cols: i32): void {
  const row = bytesOf<T>(cols);
  for (let r = 0; r < rows; r++, upstream += row, s += row, out += row) {
    let total: T = <T>0;
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      total = <T>(total + load<T>(upstream + p) * load<T>(s + p));
    }
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      store<T>(out + p, <T>(load<T>(s + p) * <T>(load<T>(upstream + p) - total)));
    }
  }
}

/** u − e^l · Σ u in each row, where l = logSoftmax(x) */
export function logSoftmaxBackward<T>(upstream: usize, logS: usize, out: usize, rows: i32, cols: i32): void {
  const row = bytesOf<T>(cols);
  for (let p: usize = 0, end = bytesOf<T>(rows * cols); p < end; p += 16) {
    v128.store(out + p, exp<T>(v128.load(logS + p)));
  }
  for (let r = 0; r < rows; r++, upstream += row, out += row) {
    const total = sumOf<T>(upstream, row);
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      store<T>(out + p, <T>(load<T>(upstream + p) - load<T>(out + p) * total));
    }
  }
}

/**
 * The summed cross-entropy −Σ_r ln softmax(logits)[r, target_r], with i32 targets; writes the probabilities
 * softmax(logits) for the backward pass.
 */
export function crossEntropy<T>(
  logits: usize,
  targets: usize,
  probabilities: usize,
  rows: i32,
  cols: i32,
): f64 {
  const row = bytesOf<T>(cols);
  let loss: f64 = 0;
  for (let r = 0; r < rows; r++, logits += row, probabilities += row, targets += 4) {
    subtractRowMax<T>(logits, probabilities, 1, cols);
    const chosen = load<T>(probabilities + bytesOf<T>(load<i32>(targets)));
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      store<T>(probabilities + p, expOf<T>(load<T>(probabilities + p)));
    }
    const total = sumOf<T>(probabilities, row);
    loss += <f64>logOf<T>(total) - <f64>chosen;
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      store<T>(probabilities + p, <T>(load<T>(probabilities + p) / total));
    }
  }
  return loss;
}

/** scale · (P − onehot(targets)) */
export function crossEntropyBackward<T>(
  probabilities: usize,
  targets: usize,
  out: usize,
  rows: i32,
  cols: i32,
  scale: T,
): void {
  const factor = v128.splat<T>(scale);
  for (let p: usize = 0, end = bytesOf<T>(rows * cols); p < end; p += 16) {
    v128.store(out + p, v128.mul<T>(factor, v128.load(probabilities + p)));
  }
  const row = bytesOf<T>(cols);
  for (let r = 0; r < rows; r++, probabilities += row, out += row, targets += 4) {
    const at = bytesOf<T>(load<i32>(targets));
    store<T>(out + at, <T>(scale * <T>(load<T>(probabilities + at) - <T>1)));
  }
}

function subtractRowMax<T>(x: usize, out: usize, rows: i32, cols: i32): void {
  const row = bytesOf<T>(cols);
  for (let r = 0; r < rows; r++, x += row, out += row) {
    let largest = load<T>(x);
    for (let p: usize = sizeof<T>(); p < row; p += sizeof<T>()) largest = max<T>(largest, load<T>(x + p));
    for (let p: usize = 0; p < row; p += sizeof<T>()) store<T>(out + p, <T>(load<T>(x + p) - largest));
  }
}

// @inline
function sumOf<T>(x: usize, row: usize): T {
  let total: T = <T>0;
  for (let p: usize = 0; p < row; p += sizeof<T>()) total = <T>(total + load<T>(x + p));
  return total;
}

// @inline
function sumOfExp<T>(x: usize, row: usize): T {
  let total: T = <T>0;
  for (let p: usize = 0; p < row; p += sizeof<T>()) total = <T>(total + expOf<T>(load<T>(x + p)));
  return total;
}

// @inline
function expOf<T>(x: T): T {
  return <T>v128.extract_lane<T>(exp<T>(v128.splat<T>(x)), 0);
}

// @inline
function logOf<T>(x: T): T {
  return <T>v128.extract_lane<T>(log<T>(v128.splat<T>(x)), 0);
}
