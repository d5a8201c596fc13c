import { expNormal, expm1Positive } from './exp';
import { splatFrom } from './lanes';

const F64 = memory.data<f64>([1.0, 2.0, 707.0, 22.0]);
const F32 = memory.data<f32>([1.0, 2.0, 87.0, 11.0]);
const ONE = 0;
const TWO = 1;
const SIGMOID_LIMIT = 2; // beyond it the result would be denormal, and denormals are hundreds of times slower
const TANH_LIMIT = 3; // tanh is 1 from there on

// @inline
function table<T>(k: i32): v128 {
  return splatFrom<T>(F64, F32, k);
}

/** 1 / (1 + exp(−x)), with x clamped to ±707 (±87 in float32). */
// @inline
export function sigmoid<T>(x: v128): v128 {
  const limit = table<T>(SIGMOID_LIMIT);
  const one = table<T>(ONE);
  const bounded = v128.pmax<T>(v128.neg<T>(limit), v128.pmin<T>(limit, x));
  const result = v128.div<T>(one, v128.add<T>(one, expNormal<T>(v128.neg<T>(bounded))));
  return v128.bitselect(result, x, v128.eq<T>(x, x));
}

/** tanh x = y / (y + 2) with y = exp(2x) − 1, for |x|, with the sign of x. */
// @inline
export function tanh<T>(x: v128): v128 {
  const bounded = v128.pmin<T>(table<T>(TANH_LIMIT), v128.abs<T>(x));
  const y = expm1Positive<T>(v128.add<T>(bounded, bounded));
  const result = v128.div<T>(y, v128.add<T>(y, table<T>(TWO)));
  const signed = v128.bitselect(x, result, v128.splat<T>(<T>-0.0));
  return v128.bitselect(signed, x, v128.eq<T>(x, x));
}
