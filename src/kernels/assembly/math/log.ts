import { addBits, everywhere, splatFrom } from './lanes';

// x = 2^k · (1 + f) with 1 + f in [√½, √2); with s = f / (2 + f),
// log(1 + f) = f − f²/2 + s (f²/2 + s² R(s²)), R a minimax polynomial; k·LN2_HIGH is exact.
const F64 = memory.data<f64>([
  1.0, 2.0, 0.5, 6.9314718036912381649e-1, 1.90821492927058770002e-10, 4503599627371519.0,
  2.2250738585072014e-308, 18014398509481984.0, 54.0, 1.7976931348623157e308,
  // R, from the constant up
  0.666666666666667, 0.3999999999989789, 0.28571428626651707, 0.22222211031710895, 0.18182896208630556,
  0.15331497788594997, 0.14619096121590577,
]);
const F32 = memory.data<f32>([
  1.0, 2.0, 0.5, 6.9314575195e-1, 1.4286067653e-6, 8388735.0, 1.17549435e-38, 33554432.0, 25.0,
  3.4028234663852886e38, 0.666666665526, 0.400001230908, 0.285506989923, 0.233334176202,
]);
const BITS64 = memory.data<u64>([
  0x3fe6a09e667f3bcd, 0x00095f619980c433, 0x000fffffffffffff, 0x4330000000000000,
]);
const BITS32 = memory.data<u32>([0x3f3504f3, 0x004afb0d, 0x007fffff, 0x4b000000]);
const ROOT_HALF = 0; // the bits of √½
const ONE_ABOVE_ROOT = 1; // the bits of 1 less those of √½
const FRACTION = 2; // the bits of the fraction
const COUNTER = 3; // 2^52 (2^23): an integer or-ed into its low bits is added
const ONE = 0;
const TWO = 1;
const HALF = 2;
const LN2_HIGH = 3;
const LN2_LOW = 4;
const BIASED = 5; // 2^52 + 1023 (2^23 + 127): turns a biased exponent in the low bits into a number
const SMALLEST_NORMAL = 6;
const RESCALE = 7; // 2^54 (2^25), which makes every denormal normal
const RESCALED_BY = 8;
const LARGEST = 9;
const R = 10;

// @inline
function table<T>(k: i32): v128 {
  return splatFrom<T>(F64, F32, k);
}

// @inline
function bits<T>(k: i32): v128 {
  return splatFrom<T>(BITS64, BITS32, k);
}

// @inline
function exponentToLowBits<T>(x: v128): v128 {
  return sizeof<T>() == 8 ? v128.shr<u64>(x, 52) : v128.shr<u32>(x, 23);
}

/** log where x is normal, positive and finite in all lanes; from k is subtracted what x was scaled by. */
// @inline
export function logNormal<T>(x: v128, scaledBy: v128): v128 {
  const root = bits<T>(ROOT_HALF);
  const shifted = addBits<T>(x, bits<T>(ONE_ABOVE_ROOT));
  const m = addBits<T>(v128.and(shifted, bits<T>(FRACTION)), root);
  const biased = v128.or(exponentToLowBits<T>(shifted), bits<T>(COUNTER));
  const k = v128.sub<T>(v128.sub<T>(biased, table<T>(BIASED)), scaledBy);
  const f = v128.sub<T>(m, table<T>(ONE));
  const s = v128.div<T>(f, v128.add<T>(f, table<T>(TWO)));
  const halfSquare = v128.mul<T>(v128.mul<T>(f, f), table<T>(HALF));
  const z = v128.mul<T>(s, s);
  const bent = v128.mul<T>(s, v128.add<T>(halfSquare, v128.mul<T>(z, r<T>(z))));
  const high = v128.mul<T>(k, table<T>(LN2_HIGH));
  const sum = v128.add<T>(high, f);
  const lost = v128.add<T>(v128.sub<T>(high, sum), f);
  const low = v128.add<T>(v128.mul<T>(k, table<T>(LN2_LOW)), lost);
  return v128.add<T>(sum, v128.sub<T>(v128.add<T>(bent, low), halfSquare));
}

/** The natural logarithm, for any x. */
// @inline
export function log<T>(x: v128): v128 {
  return everywhere<T>(inRange<T>(x)) ? logNormal<T>(x, v128.splat<T>(<T>0)) : logExtreme<T>(x);
}

/** log of all numbers in some bytes, filled up to whole vectors; two at a time, as `expAll`. */
// @inline
export function logAll<T>(x: usize, out: usize, bytes: usize): void {
  let p: usize = 0;
  for (; p + 32 <= bytes; p += 32) {
    const a = v128.load(x + p);
    const b = v128.load(x + p, 16);
    if (everywhere<T>(v128.and(inRange<T>(a), inRange<T>(b)))) {
      const zero = v128.splat<T>(<T>0);
      const logA = logNormal<T>(a, zero);
      const logB = logNormal<T>(b, zero);
      v128.store(out + p, logA);
      v128.store(out + p, logB, 16);
    } else {
      v128.store(out + p, log<T>(a));
      v128.store(out + p, log<T>(b), 16);
    }
  }
  for (; p < bytes; p += 16) v128.store(out + p, log<T>(v128.load(x + p)));
}

/** Where x is normal, positive and finite. */
// @inline
function inRange<T>(x: v128): v128 {
  return v128.and(v128.ge<T>(x, table<T>(SMALLEST_NORMAL)), v128.le<T>(x, table<T>(LARGEST)));
}

function logExtreme<T>(x: v128): v128 {
  const zero = v128.splat<T>(<T>0);
  const infinite = v128.splat<T>(<T>Infinity);
  const denormal = v128.lt<T>(x, table<T>(SMALLEST_NORMAL));
  const scaled = v128.bitselect(v128.mul<T>(x, table<T>(RESCALE)), x, denormal);
  let result = logNormal<T>(scaled, v128.and(table<T>(RESCALED_BY), denormal));
  result = v128.bitselect(infinite, result, v128.eq<T>(x, infinite));
  result = v128.bitselect(v128.neg<T>(infinite), result, v128.eq<T>(x, zero));
  return v128.bitselect(result, v128.splat<T>(<T>NaN), v128.ge<T>(x, zero));
}

// @inline
function r<T>(z: v128): v128 {
  const z2 = v128.mul<T>(z, z);
  const low = v128.add<T>(line<T>(R, z), v128.mul<T>(z2, line<T>(R + 2, z)));
  if (sizeof<T>() == 4) return low;
  const high = v128.add<T>(line<T>(R + 4, z), v128.mul<T>(z2, table<T>(R + 6)));
  return v128.add<T>(low, v128.mul<T>(v128.mul<T>(z2, z2), high));
}

// @inline
function line<T>(k: i32, z: v128): v128 {
  return v128.add<T>(table<T>(k), v128.mul<T>(z, table<T>(k + 1)));
}
