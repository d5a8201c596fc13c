import { bytesOf, ones } from './math/lanes';

/** u · s · (1 − s), where s = sigmoid(x) */
export function sigmoidBackward<T>(upstream: usize, s: usize, out: usize, n: i32): void {
  const one = ones<T>();
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    const value = v128.load(s + p);
    const slope = v128.mul<T>(value, v128.sub<T>(one, value));
    v128.store(out + p, v128.mul<T>(v128.load(upstream + p), slope));
  }
}

/** u · (1 − t²), where t = tanh(x) */
export function tanhBackward<T>(upstream: usize, t: usize, out: usize, n: i32): void {
  const one = ones<T>();
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += 16) {
    const value = v128.load(t + p);
    const slope = v128.sub<T>(one, v128.mul<T>(value, value));
    v128.store(out + p, v128.mul<T>(v128.load(upstream + p), slope));
  }
}

/** u where x > 0, else 0 */
export function reluBackward<T>(upstream: usize, x: usize, out: usize, n: i32): void {
  const zero = v128.splat<T>(<T>0);
  let p: usize = 0;
  const end = bytesOf<T>(n);
  for (; p + 32 <= end; p += 32) {
    v128.store(out + p, v128.and(v128.load(upstream + p), v128.gt<T>(v128.load(x + p), zero)));
    v128.store(out + p, v128.and(v128.load(upstream + p, 16), v128.gt<T>(v128.load(x + p, 16), zero)), 16);
  }
  for (; p < end; p += 16) {
    v128.store(out + p, v128.and(v128.load(upstream + p), v128.gt<T>(v128.load(x + p), zero)));
  }
}
