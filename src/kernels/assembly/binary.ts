import { power as powerOf } from './math/power';
import { bytesOf, ones } from './math/lanes';

/** x + y; like all elementwise kernels it may write up to the next 16-byte boundary of out. */
export function add<T>(x: usize, y: usize, out: usize, n: i32): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.add<T>(v128.load(x + p), v128.load(y + p)));
  }
}

/** x − y */
export function subtract<T>(x: usize, y: usize, out: usize, n: i32): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.sub<T>(v128.load(x + p), v128.load(y + p)));
  }
}

/** x · y */
export function multiply<T>(x: usize, y: usize, out: usize, n: i32): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.mul<T>(v128.load(x + p), v128.load(y + p)));
  }
}

/** x / y */
export function divide<T>(x: usize, y: usize, out: usize, n: i32): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.div<T>(v128.load(x + p), v128.load(y + p)));
  }
}

/** x^y with the special cases of C's pow. */
export function power<T>(x: usize, y: usize, out: usize, n: i32): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += sizeof<T>()) {
    store<T>(out + p, powerOf<T>(load<T>(x + p), load<T>(y + p)));
  }
}

/** The larger of x and y; NaN where either is NaN. */
export function maximum<T>(x: usize, y: usize, out: usize, n: i32): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.max<T>(v128.load(x + p), v128.load(y + p)));
  }
}

/** 1 where x > y, else 0 */
export function greater<T>(x: usize, y: usize, out: usize, n: i32): void {
  const one = ones<T>();
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.and(one, v128.gt<T>(v128.load(x + p), v128.load(y + p))));
  }
}

/** 1 where x = y, else 0 */
export function equal<T>(x: usize, y: usize, out: usize, n: i32): void {
  const one = ones<T>();
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    v128.store(out + p, v128.and(one, v128.eq<T>(v128.load(x + p), v128.load(y + p))));
  }
}
