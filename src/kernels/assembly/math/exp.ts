import { everywhere, splatFrom } from './lanes';

// exp(x) = 2^n · exp(hi − lo), where n is the nearest integer to x / ln 2, hi = x − n·LN2_HIGH is exact and
// lo = n·LN2_LOW. With r = hi − lo, exp(r) = 1 + hi + (r² q(r) − lo), and 1 + hi is summed without loss, so the
// result is off by little more than its own rounding. q is a minimax polynomial on |r| ≤ ln 2 / 2.
const F64 = memory.data<f64>([
  1.4426950408889634, 6755399441055744.0, 6.9314718036912381649e-1, 1.90821492927058770002e-10, 1.0, 0.5,
  708.0, -760.0, 711.0,
  // q, from the highest power down
  2.092677061444616e-9, 2.511204098045181e-8, 2.755723403990531e-7, 2.755723488557504e-6,
  2.4801587372722833e-5, 1.9841269896303274e-4, 1.3888888888859154e-3, 8.333333333317105e-3,
  0.04166666666666672, 0.16666666666666682, 0.5,
]);
const F32 = memory.data<f32>([
  1.4426950408889634, 12582912.0, 6.9314575195e-1, 1.4286067653e-6, 1.0, 0.5, 87.0, -110.0, 89.0,
  1.99182077181e-4, 1.39458090314e-3, 8.33326473734e-3, 4.1666274679e-2, 1.66666668587e-1, 0.500000007593,
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

/** 2^n for the integer that stands in the low bits of n + MAGIC. */
// @inline
function shiftedToExponent<T>(shifted: v128): v128 {
  return sizeof<T>() == 8 ? v128.shl<i64>(shifted, 52) : v128.shl<i32>(shifted, 23);
}

// @inline
function addBits<T>(x: v128, y: v128): v128 {
  return sizeof<T>() == 8 ? v128.add<i64>(x, y) : v128.add<i32>(x, y);
}

// @inline
function polynomial<T>(r: v128): v128 {
  let q = table<T>(Q);
  const degree = sizeof<T>() == 8 ? 10 : 5;
  for (let k = 1; k <= degree; k++) q = v128.add<T>(v128.mul<T>(q, r), table<T>(Q + k));
  return q;
}

/** exp where |x| ≤ 708 (87 in float32) in all lanes. */
// @inline
export function expNormal<T>(x: v128): v128 {
  const shifted = v128.add<T>(v128.mul<T>(x, table<T>(LOG2E)), table<T>(MAGIC));
  return addBits<T>(expReduced<T>(x, v128.sub<T>(shifted, table<T>(MAGIC))), shiftedToExponent<T>(shifted));
}

/** exp(x − n·ln 2) */
// @inline
function expReduced<T>(x: v128, n: v128): v128 {
  const hi = v128.sub<T>(x, v128.mul<T>(n, table<T>(LN2_HIGH)));
  const lo = v128.mul<T>(n, table<T>(LN2_LOW));
  const r = v128.sub<T>(hi, lo);
  const curved = v128.sub<T>(v128.mul<T>(v128.mul<T>(r, r), polynomial<T>(r)), lo);
  const one = table<T>(ONE);
  const sum = v128.add<T>(one, hi);
  const lost = v128.add<T>(v128.sub<T>(one, sum), hi);
  return v128.add<T>(sum, v128.add<T>(lost, curved));
}

/** exp for any x: also denormal results, 0, ∞ and NaN. */
// @inline
export function exp<T>(x: v128): v128 {
  const inRange = v128.le<T>(v128.abs<T>(x), table<T>(FAST_LIMIT));
  return everywhere(inRange) ? expNormal<T>(x) : expExtreme<T>(x);
}

function expExtreme<T>(x: v128): v128 {
  const bounded = v128.pmax<T>(table<T>(LOWEST), v128.pmin<T>(table<T>(HIGHEST), x));
  const magic = table<T>(MAGIC);
  const n = v128.sub<T>(v128.add<T>(v128.mul<T>(bounded, table<T>(LOG2E)), magic), magic);
  // 2^n may leave the range of normal numbers: multiply by two halves of it, and round once
  const firstShifted = v128.add<T>(v128.mul<T>(n, table<T>(HALF)), magic);
  const secondShifted = v128.add<T>(v128.sub<T>(n, v128.sub<T>(firstShifted, magic)), magic);
  const first = addBits<T>(table<T>(ONE), shiftedToExponent<T>(firstShifted));
  const second = addBits<T>(table<T>(ONE), shiftedToExponent<T>(secondShifted));
  const result = v128.mul<T>(v128.mul<T>(expReduced<T>(bounded, n), first), second);
  return v128.bitselect(result, x, v128.eq<T>(x, x));
}

/** exp(x) − 1 for 0 ≤ x ≤ 64, accurate also near zero. */
// @inline
export function expm1Positive<T>(x: v128): v128 {
  const magic = table<T>(MAGIC);
  const shifted = v128.add<T>(v128.mul<T>(x, table<T>(LOG2E)), magic);
  const n = v128.sub<T>(shifted, magic);
  const hi = v128.sub<T>(x, v128.mul<T>(n, table<T>(LN2_HIGH)));
  const lo = v128.mul<T>(n, table<T>(LN2_LOW));
  const r = v128.sub<T>(hi, lo);
  const curved = v128.sub<T>(v128.mul<T>(v128.mul<T>(r, r), polynomial<T>(r)), lo);
  const one = table<T>(ONE);
  const sum = v128.add<T>(one, hi);
  const lost = v128.add<T>(v128.sub<T>(one, sum), hi);
  const scale = addBits<T>(one, shiftedToExponent<T>(shifted));
  return v128.add<T>(
    v128.sub<T>(v128.mul<T>(sum, scale), one),
    v128.mul<T>(v128.add<T>(lost, curved), scale),
  );
}
