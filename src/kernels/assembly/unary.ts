import { expAll } from './math/exp';
import { bytesOf, ones, positivePart } from './math/lanes';
import { logAll } from './math/log';
import { sigmoid as sigmoidOf, tanh as tanhOf } from './math/logistic';

/** −x */
export function negate<T>(x: usize, out: usize, n: i32): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.neg<T>(v128.load(x + p)));
  }
}

/** |x| */
export function abs<T>(x: usize, out: usize, n: i32): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.abs<T>(v128.load(x + p)));
  }
}

/** 1 / x */
export function reciprocal<T>(x: usize, out: usize, n: i32): void {
  const one = ones<T>();
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.div<T>(one, v128.load(x + p)));
  }
}

/** x² */
export function square<T>(x: usize, out: usize, n: i32): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    const value = v128.load(x + p);
    v128.store(out + p, v128.mul<T>(value, value));
  }
}

/** √x, correctly rounded */
export function sqrt<T>(x: usize, out: usize, n: i32): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.sqrt<T>(v128.load(x + p)));
  }
}

/** e^x */
export function exp<T>(x: usize, out: usize, n: i32): void {
  expAll<T>(x, out, bytesOf<T>(n));
}

/** ln x; −∞ at 0 and NaN below */
export function log<T>(x: usize, out: usize, n: i32): void {
  logAll<T>(x, out, bytesOf<T>(n));
}

/** 1 / (1 + e^−x), with x clamped to ±707 (±87 in float32) so that no result is denormal */
export function sigmoid<T>(x: usize, out: usize, n: i32): void {
  let p: usize = 0;
  const end = bytesOf<T>(n);
  for (; p + 32 <= end; p += 32) {
    const a = sigmoidOf<T>(v128.load(x + p));
    const b = sigmoidOf<T>(v128.load(x + p, 16));
    v128.store(out + p, a);
    v128.store(out + p, b, 16);
  }
  for (; p < end; p += 16) v128.store(out + p, sigmoidOf<T>(v128.load(x + p)));
}

/** The hyperbolic tangent. */
export function tanh<T>(x: usize, out: usize, n: i32): void {
  let p: usize = 0;
  const end = bytesOf<T>(n);
  for (; p + 32 <= end; p += 32) {
    const a = tanhOf<T>(v128.load(x + p));
    const b = tanhOf<T>(v128.load(x + p, 16));
    v128.store(out + p, a);
    v128.store(out + p, b, 16);
  }
  for (; p < end; p += 16) v128.store(out + p, tanhOf<T>(v128.load(x + p)));
}

/** x where x > 0, else 0; NaN stays NaN */
export function relu<T>(x: usize, out: usize, n: i32): void {
  let p: usize = 0;
  const end = bytesOf<T>(n);
  for (; p + 32 <= end; p += 32) {
    v128.store(out + p, positivePart<T>(v128.load(x + p)));
    v128.store(out + p, positivePart<T>(v128.load(x + p, 16)), 16);
  }
  for (; p < end; p += 16) v128.store(out + p, positivePart<T>(v128.load(x + p)));
}

/** 1 where x > 0, else 0 */
export function step<T>(x: usize, out: usize, n: i32): void {
  const zero = v128.splat<T>(<T>0);
  const one = ones<T>();
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.and(one, v128.gt<T>(v128.load(x + p), zero)));
  }
}

/** −1, 0 or 1; NaN stays NaN */
export function sign<T>(x: usize, out: usize, n: i32): void {
  const zero = v128.splat<T>(<T>0);
  const one = ones<T>();
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    const value = v128.load(x + p);
    const positive = v128.and(one, v128.gt<T>(value, zero));
    const negative = v128.and(one, v128.lt<T>(value, zero));
    const result = v128.sub<T>(positive, negative);
    v128.store(out + p, v128.bitselect(result, value, v128.eq<T>(value, value)));
  }
}
