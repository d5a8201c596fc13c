import { expm1Positive, exponent, nearestShiftedOfNegative, sumWithMultiple } from './exp';
import { addBits, splatFrom } from './lanes';

// The Padé approximant of exp on |r| ≤ ln 2 / 2 is (even + odd) / (even − odd), with the polynomials in r² below
// (of order 6 in float64, 4 in float32; all coefficients over a power of two, so that nothing overflows).
const F64 = memory.data<f64>([
  2.0, 22.0, -707.0, 707.0, 0.5, 1.0,
  // even (665280, 75600, 840, 1) / 2^19, then odd / r (332640, 10080, 42) / 2^19
  1.2689208984375, 0.144195556640625, 0.0016021728515625, 0.0000019073486328125, 0.63446044921875,
  0.01922607421875, 0.000080108642578125,
]);
const F32 = memory.data<f32>([
  2.0, 11.0, -87.0, 87.0, 0.5, 1.0,
  // even (1680, 180, 1) / 2^10, then odd / r (840, 20) / 2^10
  1.640625, 0.17578125, 0.0009765625, 0.8203125, 0.01953125,
]);
const TWO = 0;
const TANH_LIMIT = 1; // tanh is 1 from there on
const LOWEST = 2; // beyond these limits sigmoid would be denormal, and denormals are hundreds of times slower
const HIGHEST = 3;
const HALF = 4;
const ONE = 5;
const EVEN = 6;

// @inline
function table<T>(k: i32): v128 {
  return splatFrom<T>(F64, F32, k);
}

/**
 * 1 / (1 + exp(−x)), with x clamped to ±707 (±87 in float32), by one division: with exp(−x) = 2^n exp(−r), that is
 * (even + odd) / (even + odd + 2^n (even − odd)).
 */
// @inline
export function sigmoid<T>(x: v128): v128 {
  const bounded = v128.pmin<T>(v128.pmax<T>(x, table<T>(LOWEST)), table<T>(HIGHEST)); // NaN stays NaN
  const shifted = nearestShiftedOfNegative<T>(bounded);
  const r = sumWithMultiple<T>(bounded, shifted);
  const z = v128.mul<T>(r, r);
  let even: v128, odd: v128;
  if (sizeof<T>() == 8) {
    even = line<T>(EVEN, z, line<T>(EVEN + 1, z, line<T>(EVEN + 2, z, table<T>(EVEN + 3))));
    odd = v128.mul<T>(r, line<T>(EVEN + 4, z, line<T>(EVEN + 5, z, table<T>(EVEN + 6))));
  } else {
    even = line<T>(EVEN, z, line<T>(EVEN + 1, z, table<T>(EVEN + 2)));
    odd = v128.mul<T>(r, line<T>(EVEN + 3, z, table<T>(EVEN + 4)));
  }
  const one = v128.add<T>(even, odd);
  const other = addBits<T>(v128.sub<T>(even, odd), exponent<T>(shifted));
  return v128.div<T>(one, v128.add<T>(one, other));
}

// @inline
function line<T>(k: i32, z: v128, slope: v128): v128 {
  return v128.add<T>(table<T>(k), v128.mul<T>(z, slope));
}

/**
 * tanh x = t = y / (y + 2) with y = exp(2x) − 1, for |x|, with the sign of x. What y + 2 loses by rounding is made
 * good to first order, with 1 / (y + 2) = (1 − t) / 2.
 */
// @inline
export function tanh<T>(x: v128): v128 {
  const two = table<T>(TWO);
  const bounded = v128.pmin<T>(v128.abs<T>(x), table<T>(TANH_LIMIT)); // NaN stays NaN
  const y = expm1Positive<T>(v128.add<T>(bounded, bounded));
  const below = v128.add<T>(y, two);
  const t = v128.div<T>(y, below);
  const lost = v128.sub<T>(y, v128.sub<T>(below, two));
  const half = v128.mul<T>(t, table<T>(HALF));
  const slope = v128.sub<T>(half, v128.mul<T>(half, t));
  const result = v128.pmin<T>(v128.sub<T>(t, v128.mul<T>(lost, slope)), table<T>(ONE));
  return v128.or(result, v128.and(x, v128.splat<T>(<T>-0.0)));
}
