import { gather, laneOffset, scatter } from './math/columns';
import { exp, expAll } from './math/exp';
import { bytesOf } from './math/lanes';
import { log } from './math/log';
import {
  AT_ONCE,
  crossEntropyBackwardOfTwo,
  crossEntropyOfTwo,
  softmaxBackwardOfTwo,
  softmaxOfTwo,
} from './math/two-classes';

/** e^x / Σ e^x in each row; the row's largest number is subtracted first. */
export function softmax<T>(x: usize, out: usize, rows: i32, cols: i32): void {
  if (sizeof<T>() == 8 && cols == 2) {
    for (let done = 0; rows > 0; rows -= done, x += (<usize>done) << 4, out += (<usize>done) << 4) {
      done = softmaxOfTwo(x, out, rows);
      if (done > 0) continue;
      done = min(AT_ONCE, rows);
      softmaxOfRows<T>(x, out, done, 2);
    }
    return;
  }
  softmaxOfRows<T>(x, out, rows, cols);
}

function softmaxOfRows<T>(x: usize, out: usize, rows: i32, cols: i32): void {
  exponentials<T>(x, out, rows, cols);
  const row = bytesOf<T>(cols);
  const lanes: i32 = 16 / sizeof<T>();
  for (let r = 0; r < rows; r += lanes, out += row * lanes) {
    const row1 = laneOffset(1, rows - r, row);
    const row2 = laneOffset(2, rows - r, row);
    const row3 = laneOffset(3, rows - r, row);
    divideRows<T>(out, totalOfRows<T>(out, row, row1, row2, row3), row, row1, row2, row3);
  }
}

const TOTAL = memory.data(8); // the losses so far, in float64

/**
 * out = scale times the summed cross-entropy −Σ_r ln softmax(logits)[r, target_r], with i32 targets; writes the
 * probabilities softmax(logits) for the backward pass.
 */
export function crossEntropy<T>(
  logits: usize,
  targets: usize,
  probabilities: usize,
  out: usize,
  rows: i32,
  cols: i32,
  scale: f64,
): void {
  store<f64>(TOTAL, 0);
  if (sizeof<T>() == 8 && cols == 2) {
    for (let done = 0; rows > 0; rows -= done, targets += (<usize>done) << 2) {
      done = crossEntropyOfTwo(logits, targets, probabilities, TOTAL, rows);
      if (done == 0) {
        done = min(AT_ONCE, rows);
        crossEntropyOfRows<T>(logits, targets, probabilities, done, 2);
      }
      logits += (<usize>done) << 4;
      probabilities += (<usize>done) << 4;
    }
  } else {
    crossEntropyOfRows<T>(logits, targets, probabilities, rows, cols);
  }
  store<T>(out, <T>(load<f64>(TOTAL) * scale));
}

/** Adds the losses of some rows to the total. */
function crossEntropyOfRows<T>(
  logits: usize,
  targets: usize,
  probabilities: usize,
  rows: i32,
  cols: i32,
): void {
  const row = bytesOf<T>(cols);
  const lanes: i32 = 16 / sizeof<T>();
  let loss = load<f64>(TOTAL);
  exponentials<T>(logits, probabilities, rows, cols);
  for (let r = 0; r < rows; r += lanes, logits += row * lanes, probabilities += row * lanes) {
    const left = rows - r;
    const row1 = laneOffset(1, left, row);
    const row2 = laneOffset(2, left, row);
    const row3 = laneOffset(3, left, row);
    const largest = largestOfRows<T>(logits, row, row1, row2, row3);
    const total = totalOfRows<T>(probabilities, row, row1, row2, row3);
    divideRows<T>(probabilities, total, row, row1, row2, row3);
    const chosen = gatherChosen<T>(logits, targets + ((<usize>r) << 2), left, row);
    const losses = v128.sub<T>(log<T>(total), v128.sub<T>(chosen, largest));
    loss += <f64>v128.extract_lane<T>(losses, 0);
    if (left > 1) loss += <f64>v128.extract_lane<T>(losses, 1);
    if (sizeof<T>() == 4) {
      if (left > 2) loss += <f64>v128.extract_lane<T>(losses, 2);
      if (left > 3) loss += <f64>v128.extract_lane<T>(losses, 3);
    }
  }
  store<f64>(TOTAL, loss);
}

// @inline
function gatherChosen<T>(logits: usize, targets: usize, left: i32, row: usize): v128 {
  const lane0 = logits + bytesOf<T>(load<i32>(targets));
  const lane1 = logits + chosenOffset<T>(1, targets, left, row);
  if (sizeof<T>() == 8) return gather<T>(lane0, lane1 - lane0, 0, 0);
  const lane2 = logits + chosenOffset<T>(2, targets, left, row);
  const lane3 = logits + chosenOffset<T>(3, targets, left, row);
  return gather<T>(lane0, lane1 - lane0, lane2 - lane0, lane3 - lane0);
}

// @inline
function chosenOffset<T>(lane: i32, targets: usize, left: i32, row: usize): usize {
  return laneOffset(lane, left, row) + bytesOf<T>(load<i32>(targets + laneOffset(lane, left, 4)));
}

/** x − ln Σ e^x in each row. */
export function logSoftmax<T>(x: usize, out: usize, rows: i32, cols: i32): void {
  const row = bytesOf<T>(cols);
  const lanes: i32 = 16 / sizeof<T>();
  for (let r = 0; r < rows; r += lanes, x += row * lanes, out += row * lanes) {
    const row1 = laneOffset(1, rows - r, row);
    const row2 = laneOffset(2, rows - r, row);
    const row3 = laneOffset(3, rows - r, row);
    const largest = largestOfRows<T>(x, row, row1, row2, row3);
    let total = v128.splat<T>(<T>0);
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      const shifted = v128.sub<T>(gather<T>(x + p, row1, row2, row3), largest);
      scatter<T>(out + p, row1, row2, row3, shifted);
      total = v128.add<T>(total, exp<T>(shifted));
    }
    const normalizer = log<T>(total);
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      const shifted = gather<T>(out + p, row1, row2, row3);
      scatter<T>(out + p, row1, row2, row3, v128.sub<T>(shifted, normalizer));
    }
  }
}

/** s · (u − Σ u·s) in each row, where s = softmax(x) */
export function softmaxBackward<T>(upstream: usize, s: usize, out: usize, rows: i32, cols: i32): void {
  if (sizeof<T>() == 8 && cols == 2) {
    softmaxBackwardOfTwo(upstream, s, out, rows);
    return;
  }
  const row = bytesOf<T>(cols);
  const lanes: i32 = 16 / sizeof<T>();
  for (let r = 0; r < rows; r += lanes, upstream += row * lanes, s += row * lanes, out += row * lanes) {
    const row1 = laneOffset(1, rows - r, row);
    const row2 = laneOffset(2, rows - r, row);
    const row3 = laneOffset(3, rows - r, row);
    let total = v128.splat<T>(<T>0);
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      const u = gather<T>(upstream + p, row1, row2, row3);
      total = v128.add<T>(total, v128.mul<T>(u, gather<T>(s + p, row1, row2, row3)));
    }
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      const centred = v128.sub<T>(gather<T>(upstream + p, row1, row2, row3), total);
      const result = v128.mul<T>(gather<T>(s + p, row1, row2, row3), centred);
      scatter<T>(out + p, row1, row2, row3, result);
    }
  }
}

/** u − e^l · Σ u in each row, where l = logSoftmax(x) */
export function logSoftmaxBackward<T>(upstream: usize, logS: usize, out: usize, rows: i32, cols: i32): void {
  const row = bytesOf<T>(cols);
  const lanes: i32 = 16 / sizeof<T>();
  for (let r = 0; r < rows; r += lanes, upstream += row * lanes, logS += row * lanes, out += row * lanes) {
    const row1 = laneOffset(1, rows - r, row);
    const row2 = laneOffset(2, rows - r, row);
    const row3 = laneOffset(3, rows - r, row);
    const total = totalOfRows<T>(upstream, row, row1, row2, row3);
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      const probability = exp<T>(gather<T>(logS + p, row1, row2, row3));
      const u = gather<T>(upstream + p, row1, row2, row3);
      scatter<T>(out + p, row1, row2, row3, v128.sub<T>(u, v128.mul<T>(probability, total)));
    }
  }
}

/** scale · u · (P − onehot(targets)), where u is the one number of the upstream gradient */
export function crossEntropyBackward<T>(
  upstream: usize,
  probabilities: usize,
  targets: usize,
  out: usize,
  rows: i32,
  cols: i32,
  scale: f64,
): void {
  const scaled = <T>(scale * <f64>load<T>(upstream));
  const factor = v128.splat<T>(scaled);
  if (sizeof<T>() == 8 && cols == 2) {
    crossEntropyBackwardOfTwo(factor, probabilities, targets, out, rows);
    return;
  }
  for (let p: usize = 0, end = bytesOf<T>(rows * cols); p < end; p += 16) {
    v128.store(out + p, v128.mul<T>(factor, v128.load(probabilities + p)));
  }
  const row = bytesOf<T>(cols);
  for (let r = 0; r < rows; r++, probabilities += row, out += row, targets += 4) {
    const at = bytesOf<T>(load<i32>(targets));
    store<T>(out + at, <T>(scaled * <T>(load<T>(probabilities + at) - <T>1)));
  }
}

/** scale · u · onehot(targets), where u is the one number of the upstream gradient */
export function nllBackward<T>(
  upstream: usize,
  targets: usize,
  out: usize,
  rows: i32,
  cols: i32,
  scale: f64,
): void {
  memory.fill(out, 0, bytesOf<T>(rows * cols));
  const scaled = <T>(scale * <f64>load<T>(upstream));
  const row = bytesOf<T>(cols);
  for (let r = 0; r < rows; r++, out += row, targets += 4) {
    store<T>(out + bytesOf<T>(load<i32>(targets)), scaled);
  }
}

/** Each row of x over its sum; the sums go to sumsOut. */
export function normalizeRows<T>(x: usize, out: usize, sumsOut: usize, rows: i32, cols: i32): void {
  const row = bytesOf<T>(cols);
  const lanes: i32 = 16 / sizeof<T>();
  for (let r = 0; r < rows; r += lanes, x += row * lanes, out += row * lanes, sumsOut += 16) {
    const row1 = laneOffset(1, rows - r, row);
    const row2 = laneOffset(2, rows - r, row);
    const row3 = laneOffset(3, rows - r, row);
    const total = totalOfRows<T>(x, row, row1, row2, row3);
    v128.store(sumsOut, total);
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      scatter<T>(out + p, row1, row2, row3, v128.div<T>(gather<T>(x + p, row1, row2, row3), total));
    }
  }
}

/** A NaN that is passed over here still makes its row's sum NaN. */
// @inline
function largestOfRows<T>(x: usize, row: usize, row1: usize, row2: usize, row3: usize): v128 {
  let largest = gather<T>(x, row1, row2, row3);
  for (let p: usize = sizeof<T>(); p < row; p += sizeof<T>()) {
    largest = v128.pmax<T>(largest, gather<T>(x + p, row1, row2, row3));
  }
  return largest;
}

/** exp(x − the largest number of its row) */
function exponentials<T>(x: usize, out: usize, rows: i32, cols: i32): void {
  const row = bytesOf<T>(cols);
  const lanes: i32 = 16 / sizeof<T>();
  for (let r = 0, from = x, to = out; r < rows; r += lanes, from += row * lanes, to += row * lanes) {
    const row1 = laneOffset(1, rows - r, row);
    const row2 = laneOffset(2, rows - r, row);
    const row3 = laneOffset(3, rows - r, row);
    const largest = largestOfRows<T>(from, row, row1, row2, row3);
    for (let p: usize = 0; p < row; p += sizeof<T>()) {
      scatter<T>(to + p, row1, row2, row3, v128.sub<T>(gather<T>(from + p, row1, row2, row3), largest));
    }
  }
  expAll<T>(out, out, bytesOf<T>(rows * cols));
}

// @inline
function totalOfRows<T>(x: usize, row: usize, row1: usize, row2: usize, row3: usize): v128 {
  let total = v128.splat<T>(<T>0);
  for (let p: usize = 0; p < row; p += sizeof<T>()) {
    total = v128.add<T>(total, gather<T>(x + p, row1, row2, row3));
  }
  return total;
}

// @inline
function divideRows<T>(x: usize, total: v128, row: usize, row1: usize, row2: usize, row3: usize): void {
  for (let p: usize = 0; p < row; p += sizeof<T>()) {
    scatter<T>(x + p, row1, row2, row3, v128.div<T>(gather<T>(x + p, row1, row2, row3), total));
  }
}
