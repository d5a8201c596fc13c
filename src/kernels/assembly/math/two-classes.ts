import { expNormal } from './exp';
import { everywhere } from './lanes';
import { logNormal } from './log';

// Rows of two float64 numbers. Of two logits the larger one, less itself, is 0, whose exponential is 1: a row needs one
// exponential, not two. The bits are those of the kernels for any number of classes, but for the sign of a NaN, which
// WebAssembly leaves open.

const LOWEST = 0; // below it the exponential may be no normal number
const ONE = 1;
const ONE_HOT = 2; // two rows
const CONSTANTS = memory.data<f64>([-708, 1, 1, 0, 0, 1]);

export const AT_ONCE = 4;

/**
 * softmax of the first rows: as many whole groups of four as hold finite logits which in no row are more than 708 apart.
 * Returns how many rows these are.
 */
export function softmaxOfTwo(logits: usize, probabilities: usize, rows: i32): i32 {
  return rowsOfTwo(false, logits, 0, probabilities, 0, rows);
}

/** The same beside the cross-entropy: adds the losses of these rows to the float64 number at `total`. */
export function crossEntropyOfTwo(
  logits: usize,
  targets: usize,
  probabilities: usize,
  total: usize,
  rows: i32,
): i32 {
  return rowsOfTwo(true, logits, targets, probabilities, total, rows);
}

/** Two rows lie side by side in the lanes. */
// @inline
function rowsOfTwo(
  withLoss: bool, // known when compiled
  logits: usize,
  targets: usize,
  probabilities: usize,
  total: usize,
  rows: i32,
): i32 {
  let loss: f64 = withLoss ? load<f64>(total) : 0;
  let r = 0;
  for (; r + AT_ONCE <= rows; r += AT_ONCE, logits += 64, probabilities += 64) {
    const a0 = first(logits);
    const a1 = second(logits);
    const b0 = first(logits + 32);
    const b1 = second(logits + 32);
    const aRises = v128.lt<f64>(a0, a1);
    const bRises = v128.lt<f64>(b0, b1);
    const aLargest = v128.bitselect(a1, a0, aRises);
    const bLargest = v128.bitselect(b1, b0, bRises);
    const aGap = v128.sub<f64>(v128.bitselect(a0, a1, aRises), aLargest);
    const bGap = v128.sub<f64>(v128.bitselect(b0, b1, bRises), bLargest);
    const lowest = constant(LOWEST);
    if (!everywhere<f64>(v128.and(v128.ge<f64>(aGap, lowest), v128.ge<f64>(bGap, lowest)))) break;
    const one = constant(ONE);
    const aExp = expNormal<f64>(aGap);
    const bExp = expNormal<f64>(bGap);
    const aTotal = v128.add<f64>(one, aExp);
    const bTotal = v128.add<f64>(one, bExp);
    putProbabilities(probabilities, v128.div<f64>(aExp, aTotal), v128.div<f64>(one, aTotal), aRises);
    putProbabilities(probabilities + 32, v128.div<f64>(bExp, bTotal), v128.div<f64>(one, bTotal), bRises);
    if (!withLoss) continue;
    const zero = v128.splat<f64>(0);
    const aLog = logNormal<f64>(aTotal, zero);
    const bLog = logNormal<f64>(bTotal, zero);
    const aLoss = v128.sub<f64>(aLog, v128.sub<f64>(chosen(a0, a1, targets), aLargest));
    const bLoss = v128.sub<f64>(bLog, v128.sub<f64>(chosen(b0, b1, targets + 8), bLargest));
    targets += 16;
    loss += v128.extract_lane<f64>(aLoss, 0);
    loss += v128.extract_lane<f64>(aLoss, 1);
    loss += v128.extract_lane<f64>(bLoss, 0);
    loss += v128.extract_lane<f64>(bLoss, 1);
  }
  if (withLoss) store<f64>(total, loss);
  return r;
}

/** s · (u − Σ u·s) in each row */
export function softmaxBackwardOfTwo(upstream: usize, s: usize, out: usize, rows: i32): void {
  const zero = v128.splat<f64>(0);
  for (const end = out + ((<usize>rows) << 4); out < end; upstream += 16, s += 16, out += 16) {
    const u = v128.load(upstream);
    const probability = v128.load(s);
    const product = v128.mul<f64>(u, probability);
    const total = v128.add<f64>(v128.add<f64>(zero, product), v128.shuffle<f64>(product, product, 1, 0));
    v128.store(out, v128.mul<f64>(probability, v128.sub<f64>(u, total)));
  }
}

/** factor · (P − onehot(targets)) in each row */
export function crossEntropyBackwardOfTwo(
  factor: v128,
  probabilities: usize,
  targets: usize,
  out: usize,
  rows: i32,
): void {
  for (const end = out + ((<usize>rows) << 4); out < end; probabilities += 16, targets += 4, out += 16) {
    const oneHot = v128.load(CONSTANTS + ((<usize>(ONE_HOT + 2 * load<i32>(targets))) << 3));
    v128.store(out, v128.mul<f64>(factor, v128.sub<f64>(v128.load(probabilities), oneHot)));
  }
}

// @inline
function constant(k: i32): v128 {
  return v128.load64_splat(CONSTANTS + ((<usize>k) << 3));
}

/** The first numbers of two rows. */
// @inline
function first(p: usize): v128 {
  return v128.shuffle<f64>(v128.load(p), v128.load(p, 16), 0, 2);
}

// @inline
function second(p: usize): v128 {
  return v128.shuffle<f64>(v128.load(p), v128.load(p, 16), 1, 3);
}

/** The logits of the targets 0 or 1 of two rows. */
// @inline
function chosen(zeroth: v128, other: v128, targets: usize): v128 {
  return v128.bitselect(other, zeroth, v128.neg<i64>(v128.load_ext<i32>(targets)));
}

/** Stores the probabilities of two rows, given those of the smaller and of the larger logit. */
// @inline
function putProbabilities(p: usize, smaller: v128, larger: v128, rises: v128): void {
  const ofZero = v128.bitselect(smaller, larger, rises);
  const ofOne = v128.bitselect(larger, smaller, rises);
  v128.store(p, v128.shuffle<f64>(ofZero, ofOne, 0, 2));
  v128.store(p, v128.shuffle<f64>(ofZero, ofOne, 1, 3), 16);
}
