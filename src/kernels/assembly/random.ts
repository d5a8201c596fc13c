import { log } from './math/log';

// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3; SC 2011): a bijection
// of a 128-bit counter under a 64-bit key, so that value i depends on nothing but the key and i.
const block = memory.data(16); // the four 32-bit words of one result

function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): void {
  for (let round = 0; round < 10; round++) {
    const left = <u64>c0 * 0xd2511f53;
    const right = <u64>c2 * 0xcd9e8d57;
    c0 = (<u32>(right >> 32)) ^ c1 ^ k0;
    c1 = <u32>right;
    c2 = (<u32>(left >> 32)) ^ c3 ^ k1;
    c3 = <u32>left;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  store<u32>(block, c0);
  store<u32>(block, c1, 4);
  store<u32>(block, c2, 8);
  store<u32>(block, c3, 12);
}

/** Four 32-bit words per block, for the counters (counter0 + block, counter1, counter2, counter3). */
export function philoxBits(
  out: usize,
  blocks: i32,
  key0: u32,
  key1: u32,
  counter0: u32,
  counter1: u32 = 0,
  counter2: u32 = 0,
  counter3: u32 = 0,
): void {
  for (let i = 0; i < blocks; i++, out += 16) {
    philox(counter0 + <u32>i, counter1, counter2, counter3, key0, key1);
    memory.copy(out, block, 16);
  }
}

/** n doubles in [0, 1) with 53 random bits; the i-th depends only on the key and start + i (start ≤ 2^53). */
export function uniform(out: usize, n: i32, key0: u32, key1: u32, start: f64): void {
  let index = <u64>start;
  for (let i = 0; i < n; i++, index++, out += 8)
    store<f64>(out, <f64>bits53(index, key0, key1, i == 0) * 1.1102230246251565e-16);
}

/**
 * n standard normal doubles, Φ⁻¹ of a uniform in (0, 1) with 52 random bits; the i-th depends only on the key and
 * start + i.
 */
export function normal(out: usize, n: i32, key0: u32, key1: u32, start: f64): void {
  let index = <u64>start;
  for (let i = 0; i < n; i++, index++, out += 8) {
    // 52 bits and a half, so that the uniform is neither 0 nor 1
    const bits = bits53(index, key0, key1, i == 0) >> 1;
    store<f64>(out, normalQuantile((<f64>bits + 0.5) * 2.220446049250313e-16));
  }
}

/** Two values share a block, which the even one makes: it takes the first 64 bits, the odd one the last. */
// @inline
function bits53(index: u64, key0: u32, key1: u32, isFirst: bool): u64 {
  if (isFirst || (index & 1) == 0) philox(<u32>(index >> 1), <u32>(index >> 33), 0, 0, key0, key1);
  return load<u64>(block + (((<usize>index) & 1) << 3)) >> 11;
}

/** Φ⁻¹(p), the p-quantile of the standard normal distribution, by Wichura's AS 241 (PPND16), for 0 < p < 1. */
export function normalQuantile(p: f64): f64 {
  const q = p - 0.5;
  if (abs<f64>(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return q * ratio(CENTRE, r);
  }
  const tail = q < 0 ? p : 1 - p;
  const r = sqrt<f64>(-f64x2.extract_lane(log<f64>(f64x2.splat(tail)), 0));
  const x = r <= 5 ? ratio(MIDDLE, r - 1.6) : ratio(FAR, r - 5);
  return q < 0 ? -x : x;
}

/** A polynomial of degree 7 over another of degree 7; both tables from the highest power down. */
function ratio(table: usize, r: f64): f64 {
  let above = load<f64>(table);
  let below = load<f64>(table, 64);
  for (let k: usize = 8; k < 64; k += 8) {
    above = above * r + load<f64>(table + k);
    below = below * r + load<f64>(table + k, 64);
  }
  return above / below;
}

const CENTRE = memory.data<f64>([
  2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
  1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.387132872796366608,
  5.226495278852545925e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4,
  5.3941960214247511077e3, 6.871870074920579083e2, 4.2313330701600911252e1, 1.0,
]);
const MIDDLE = memory.data<f64>([
  7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1, 1.27045825245236838258,
  3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 1.4810397642748007459e-1,
  6.8976733498510000455e-1, 1.6763848301838038494, 2.05319162663775882187, 1.0,
]);
const FAR = memory.data<f64>([
  2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 2.6532189526576123093e-2,
  2.9656057182850489123e-1, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
  1.48753612908506148525e-2, 1.3692988092273580531e-1, 5.9983220655588793769e-1, 1.0,
]);
