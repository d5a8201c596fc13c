// Rows side by side in the lanes of a vector: a row-wise kernel then needs nothing across lanes, and each row's
// result is summed over its columns in order. Where fewer rows are left than lanes, the last one is repeated.

/** How far from the first row the lane's row is, when `left` rows are left. */
// @inline
export function laneOffset(lane: i32, left: i32, row: usize): usize {
  return <usize>min(lane, left - 1) * row;
}

/** One number of each row. */
// @inline
export function gather<T>(p: usize, row1: usize, row2: usize, row3: usize): v128 {
  if (sizeof<T>() == 8) return v128.load64_lane(p + row1, v128.load64_zero(p), 1);
  const pair = v128.load32_lane(p + row1, v128.load32_zero(p), 1);
  return v128.load32_lane(p + row3, v128.load32_lane(p + row2, pair, 2), 3);
}

/** The reverse of gather. */
// @inline
export function scatter<T>(p: usize, row1: usize, row2: usize, row3: usize, value: v128): void {
  if (sizeof<T>() == 8) {
    v128.store64_lane(p, value, 0);
    v128.store64_lane(p + row1, value, 1);
  } else {
    v128.store32_lane(p, value, 0);
    v128.store32_lane(p + row1, value, 1);
    v128.store32_lane(p + row2, value, 2);
    v128.store32_lane(p + row3, value, 3);
  }
}
