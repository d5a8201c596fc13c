import { addBits, everywhere, splatFrom } from './lanes';

// exp(x) = 2^n · exp(hi − lo), where n is the nearest integer to x / ln 2, hi = x − n·LN2_HIGH is exact and
// lo = n·LN2_LOW. With r = hi − lo, exp(r) = 1 + hi + (r² q(r) − lo), and 1 + hi is summed without loss, so the
// result is off by little more than its own rounding. q is a minimax polynomial on |r| ≤ ln 2 / 2.
const F64 = memory.data<f64>([
  1.4426950408889634, 6755399441055744.0, 6.9314718036912381649e-1, 1.90821492927058770002e-10, 1.0, 0.5,
  708.0, -760.0, 711.0,
  // q, from the constant up
  0.5, 0.16666666666666682, 0.04166666666666672, 8.333333333317105e-3, 1.3888888888859154e-3,
  1.9841269896303274e-4, 2.4801587372722833e-5, 2.755723488557504e-6, 2.755723403990531e-7,
  2.511204098045181e-8, 2.092677061444616e-9,
]);
const F32 = memory.data<f32>([
  1.4426950408889634, 12582912.0, 6.9314575195e-1, 1.4286067653e-6, 1.0, 0.5, 87.0, -110.0, 89.0,
  0.500000007593, 1.66666668587e-1, 4.1666274679e-2, 8.33326473734e-3, 1.39458090314e-3, 1.99182077181e-4,
]);
const LOG2E = 0;
const MAGIC = 1; // 1.5 · 2^52 (2^23): adding it rounds to an integer, which then stands in the low bits
const LN2_HIGH = 2;
const LN2_LOW = 3;
const ONE = 4;
const HALF = 5;
const FAST_LIMIT = 6; // below it in magnitude, exp(x) is a normal number
const LOWEST = 7;
const HIGHEST = 8;
const Q = 9;

// @inline
function table<T>(k: i32): v128 {
  return splatFrom<T>(F64, F32, k);
}

/** exp for any x: also denormal results, 0, ∞ and NaN. */
// @inline
export function exp<T>(x: v128): v128 {
  const inRange = v128.le<T>(v128.abs<T>(x), table<T>(FAST_LIMIT));
  return everywhere<T>(inRange) ? expNormal<T>(x) : expExtreme<T>(x);
}

/** exp of all numbers in some bytes, filled up to whole vectors; two vectors at a time take less than twice as long as one. */
// @inline
export function expAll<T>(x: usize, out: usize, bytes: usize): void {
  const limit = table<T>(FAST_LIMIT);
  let p: usize = 0;
  for (; p + 32 <= bytes; p += 32) {
    const a = v128.load(x + p);
    const b = v128.load(x + p, 16);
    const inRange = v128.and(v128.le<T>(v128.abs<T>(a), limit), v128.le<T>(v128.abs<T>(b), limit));
    if (everywhere<T>(inRange)) {
      const expA = expNormal<T>(a);
      const expB = expNormal<T>(b);
      v128.store(out + p, expA);
      v128.store(out + p, expB, 16);
    } else {
      v128.store(out + p, exp<T>(a));
      v128.store(out + p, exp<T>(b), 16);
    }
  }
  for (; p < bytes; p += 16) v128.store(out + p, exp<T>(v128.load(x + p)));
}

/** exp where |x| ≤ 708 (87 in float32) in all lanes. */
// @inline
export function expNormal<T>(x: v128): v128 {
  const shifted = nearestShifted<T>(x);
  const n = v128.sub<T>(shifted, table<T>(MAGIC));
  const hi = v128.sub<T>(x, v128.mul<T>(n, table<T>(LN2_HIGH)));
  const sum = v128.add<T>(table<T>(ONE), hi);
  return addBits<T>(v128.add<T>(sum, restOfSum<T>(hi, n, sum)), exponent<T>(shifted));
}

function expExtreme<T>(x: v128): v128 {
  const magic = table<T>(MAGIC);
  const one = table<T>(ONE);
  const bounded = v128.pmax<T>(table<T>(LOWEST), v128.pmin<T>(table<T>(HIGHEST), x));
  const n = v128.sub<T>(nearestShifted<T>(bounded), magic);
  const hi = v128.sub<T>(bounded, v128.mul<T>(n, table<T>(LN2_HIGH)));
  const sum = v128.add<T>(one, hi);
  const reduced = v128.add<T>(sum, restOfSum<T>(hi, n, sum));
  // 2^n may leave the range of normal numbers: multiply by two halves of it, of which only the last rounds
  const firstShifted = v128.add<T>(v128.mul<T>(n, table<T>(HALF)), magic);
  const secondShifted = v128.add<T>(v128.sub<T>(n, v128.sub<T>(firstShifted, magic)), magic);
  const first = addBits<T>(one, exponent<T>(firstShifted));
  const second = addBits<T>(one, exponent<T>(secondShifted));
  const result = v128.mul<T>(v128.mul<T>(reduced, first), second);
  return v128.bitselect(result, x, v128.eq<T>(x, x));
}

/** exp(x) − 1 for 0 ≤ x ≤ 64, accurate also near zero. */
// @inline
export function expm1Positive<T>(x: v128): v128 {
  const one = table<T>(ONE);
  const shifted = nearestShifted<T>(x);
  const n = v128.sub<T>(shifted, table<T>(MAGIC));
  const hi = v128.sub<T>(x, v128.mul<T>(n, table<T>(LN2_HIGH)));
  const sum = v128.add<T>(one, hi);
  const scale = addBits<T>(one, exponent<T>(shifted));
  return v128.add<T>(v128.sub<T>(v128.mul<T>(sum, scale), one), v128.mul<T>(restOfSum<T>(hi, n, sum), scale));
}

/** The nearest integer to x / ln 2, plus MAGIC. */
// @inline
function nearestShifted<T>(x: v128): v128 {
  return v128.add<T>(v128.mul<T>(x, table<T>(LOG2E)), table<T>(MAGIC));
}

/** The nearest integer to −x / ln 2, plus MAGIC. */
// @inline
export function nearestShiftedOfNegative<T>(x: v128): v128 {
  return v128.sub<T>(table<T>(MAGIC), v128.mul<T>(x, table<T>(LOG2E)));
}

/** x + (shifted − MAGIC)·ln 2 */
// @inline
export function sumWithMultiple<T>(x: v128, shifted: v128): v128 {
  const n = v128.sub<T>(shifted, table<T>(MAGIC));
  const hi = v128.add<T>(x, v128.mul<T>(n, table<T>(LN2_HIGH)));
  return v128.add<T>(hi, v128.mul<T>(n, table<T>(LN2_LOW)));
}

/** The integer in the low bits of n + MAGIC moved to where the exponent stands. */
// @inline
export function exponent<T>(shifted: v128): v128 {
  return sizeof<T>() == 8 ? v128.shl<i64>(shifted, 52) : v128.shl<i32>(shifted, 23);
}

/** What exp(hi − n·LN2_LOW) has beyond sum, the rounded 1 + hi. */
// @inline
function restOfSum<T>(hi: v128, n: v128, sum: v128): v128 {
  const lo = v128.mul<T>(n, table<T>(LN2_LOW));
  const r = v128.sub<T>(hi, lo);
  const square = v128.mul<T>(r, r);
  const curved = v128.sub<T>(v128.mul<T>(square, q<T>(r, square)), lo);
  const lost = v128.add<T>(v128.sub<T>(table<T>(ONE), sum), hi);
  return v128.add<T>(lost, curved);
}

// @inline
function q<T>(r: v128, r2: v128): v128 {
  const r4 = v128.mul<T>(r2, r2);
  const low = v128.add<T>(line<T>(Q, r), v128.mul<T>(r2, line<T>(Q + 2, r)));
  if (sizeof<T>() == 4) return v128.add<T>(low, v128.mul<T>(r4, line<T>(Q + 4, r)));
  const middle = v128.add<T>(line<T>(Q + 4, r), v128.mul<T>(r2, line<T>(Q + 6, r)));
  const high = v128.add<T>(line<T>(Q + 8, r), v128.mul<T>(r2, table<T>(Q + 10)));
  return v128.add<T>(low, v128.mul<T>(r4, v128.add<T>(middle, v128.mul<T>(r4, high))));
}

// @inline
function line<T>(k: i32, r: v128): v128 {
  return v128.add<T>(table<T>(k), v128.mul<T>(r, table<T>(k + 1)));
}
