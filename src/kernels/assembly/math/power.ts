/**
 * x^y with C's special cases. Small integer exponents are products, so that x² is x·x to the last bit; the rest
 * is the table-driven pow of AssemblyScript's library (from Arm's optimized routines), good to 0.6 ulp.
 */
export function power<T>(x: T, y: T): T {
  if (y == <T>0 || x == <T>1) return <T>1;
  if (y == <T>1) return x;
  if (y == <T>2) return <T>(x * x);
  if (y == <T>3) return <T>(x * x * x);
  if (y == <T>-1) return <T>(<T>1 / x);
  if (x == <T>-1 && abs<T>(y) == <T>Infinity) return <T>1;
  return sizeof<T>() == 8 ? <T>NativeMath.pow(<f64>x, <f64>y) : <T>NativeMathf.pow(<f32>x, <f32>y);
}
