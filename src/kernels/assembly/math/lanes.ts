// What every kernel needs to treat float64 (two lanes) and float32 (four lanes) alike.

// @inline
export function bytesOf<T>(n: i32): usize {
  return <usize>n * sizeof<T>();
}

/** The k-th number of a table in all lanes. Tables, because V8 rebuilds a v128.const at each use. */
// @inline
export function splatFrom<T>(f64Table: usize, f32Table: usize, k: i32): v128 {
  return sizeof<T>() == 8
    ? v128.load64_splat(f64Table + ((<usize>k) << 3))
    : v128.load32_splat(f32Table + ((<usize>k) << 2));
}

const ONE64 = memory.data<f64>([1]);
const ONE32 = memory.data<f32>([1]);

// @inline
export function ones<T>(): v128 {
  return splatFrom<T>(ONE64, ONE32, 0);
}

/** The sum of the lanes as integers. */
// @inline
export function addBits<T>(x: v128, y: v128): v128 {
  return sizeof<T>() == 8 ? v128.add<i64>(x, y) : v128.add<i32>(x, y);
}

/** Whether a comparison held in every lane. */
// @inline
export function everywhere<T>(mask: v128): bool {
  return sizeof<T>() == 8 ? i64x2.all_true(mask) : i32x4.all_true(mask);
}

/** The sum of the lanes, from the first to the last. */
// @inline
export function sumOfLanes<T>(x: v128): T {
  if (sizeof<T>() == 8) return <T>(f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1));
  return <T>(
    (f32x4.extract_lane(x, 0) +
      f32x4.extract_lane(x, 1) +
      (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3)))
  );
}

/** x where x > 0, else 0; NaN stays NaN. */
// @inline
export function positivePart<T>(x: v128): v128 {
  return v128.andnot(x, v128.le<T>(x, v128.splat<T>(<T>0)));
}

/** Stores as many of the first lanes as are left, and nothing beyond. */
// @inline
export function putLanes<T>(out: usize, value: v128, left: i32): void {
  const lanes: i32 = 16 / sizeof<T>();
  if (left >= lanes) v128.store(out, value);
  else if (sizeof<T>() == 8) v128.store64_lane(out, value, 0);
  else {
    if (left == 1) v128.store32_lane(out, value, 0);
    else v128.store64_lane(out, value, 0);
    if (left == 3) v128.store32_lane(out, value, 2, 8);
  }
}
