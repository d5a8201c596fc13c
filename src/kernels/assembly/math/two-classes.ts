import { expNormal } from './exp';
import { everywhere } from './lanes';
import { logNormal } from './log';

// Of two logits the larger one, less itself, is 0, whose exponential is 1: a row needs one exponential, not two.
// Two rows lie side by side in the lanes; the bits are those of the kernel for any number of classes.

const CONSTANTS = memory.data<f64>([-708, 1]);

/**
 * The cross-entropy of rows of two float64 logits, as far as every row has finite ones that are at most 708 apart:
 * writes the probabilities, returns how many rows are done, and adds their losses up in `total`.
 */
export function crossEntropyOfTwo(
  logits: usize,
  targets: usize,
  probabilities: usize,
  total: usize,
  rows: i32,
): i32 {
  let loss: f64 = 0;
  let r = 0;
  for (; r + 4 <= rows; r += 4, logits += 64, probabilities += 64, targets += 16) {
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
    const lowest = v128.load64_splat(CONSTANTS);
    if (!everywhere<f64>(v128.and(v128.ge<f64>(aGap, lowest), v128.ge<f64>(bGap, lowest)))) break;
    const one = v128.load64_splat(CONSTANTS, 8);
    const aExp = expNormal<f64>(aGap);
    const bExp = expNormal<f64>(bGap);
    const aTotal = v128.add<f64>(one, aExp);
    const bTotal = v128.add<f64>(one, bExp);
    putProbabilities(probabilities, v128.div<f64>(aExp, aTotal), v128.div<f64>(one, aTotal), aRises);
    putProbabilities(probabilities + 32, v128.div<f64>(bExp, bTotal), v128.div<f64>(one, bTotal), bRises);
    const zero = v128.splat<f64>(0);
    const aLog = logNormal<f64>(aTotal, zero);
    const bLog = logNormal<f64>(bTotal, zero);
    const aLoss = v128.sub<f64>(aLog, v128.sub<f64>(chosen(a0, a1, targets), aLargest));
    const bLoss = v128.sub<f64>(bLog, v128.sub<f64>(chosen(b0, b1, targets + 8), bLargest));
    loss += v128.extract_lane<f64>(aLoss, 0);
    loss += v128.extract_lane<f64>(aLoss, 1);
    loss += v128.extract_lane<f64>(bLoss, 0);
    loss += v128.extract_lane<f64>(bLoss, 1);
  }
  store<f64>(total, loss);
  return r;
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
function chosen(first: v128, second: v128, targets: usize): v128 {
  return v128.bitselect(second, first, v128.neg<i64>(v128.load_ext<i32>(targets)));
}

/** Stores the probabilities of two rows, given those of the smaller and of the larger logit. */
// @inline
function putProbabilities(p: usize, smaller: v128, larger: v128, rises: v128): void {
  const first = v128.bitselect(smaller, larger, rises);
  const second = v128.bitselect(larger, smaller, rises);
  v128.store(p, v128.shuffle<f64>(first, second, 0, 2));
  v128.store(p, v128.shuffle<f64>(first, second, 1, 3), 16);
}
