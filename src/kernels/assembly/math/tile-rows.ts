import { positivePart, putLanes } from './lanes';

/** One of the shapes of a tile: see `tile` and `packedTile`, which choose. */
// @inline
export function tileRows<T>(
  rows: i32, // 4, 2 or 1, known when compiled
  vectors: i32, // 2 or 1
  packed: bool,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  depth: i32,
  out: usize,
  outRow: usize,
  columns: i32,
  bias: usize,
  accumulate: bool,
  relu: bool,
): void {
  const zero = v128.splat<T>(<T>0);
  let c00 = zero,
    c01 = zero,
    c10 = zero,
    c11 = zero,
    c20 = zero,
    c21 = zero,
    c30 = zero,
    c31 = zero;
  if (bias) {
    c00 = c10 = c20 = c30 = v128.load(bias);
    if (vectors == 2) c01 = c11 = c21 = c31 = v128.load(bias, 16);
  }
  let out1 = out,
    out2 = out,
    out3 = out;
  if (rows >= 2) out1 = out + outRow;
  if (rows == 4) {
    out2 = out1 + outRow;
    out3 = out2 + outRow;
  }
  if (accumulate) {
    c00 = v128.load(out);
    if (rows >= 2) c10 = v128.load(out1);
    if (rows == 4) {
      c20 = v128.load(out2);
      c30 = v128.load(out3);
    }
    if (vectors == 2) {
      c01 = v128.load(out, 16);
      if (rows >= 2) c11 = v128.load(out1, 16);
      if (rows == 4) {
        c21 = v128.load(out2, 16);
        c31 = v128.load(out3, 16);
      }
    }
  }
  let a1 = a,
    a2 = a,
    a3 = a;
  if (rows >= 2) a1 = a + aRow;
  if (rows == 4) {
    a2 = a1 + aRow;
    a3 = a2 + aRow;
  }
  if (packed) {
    // Twice the same, with a jump between: V8 loads a whole stretch of code first, and for two products at once it
    // lacks registers; but every turn of a loop costs a look at the stack's limit.
    const end = b + ((<usize>depth) << 5);
    while (b < end) {
      let b0 = v128.load(b);
      let b1 = vectors == 2 ? v128.load(b, 16) : b0;
      let x0 = splatAt<T>(a);
      let x1 = rows >= 2 ? splatOfRow<T>(a, 1) : x0;
      let x2 = rows == 4 ? splatOfRow<T>(a, 2) : x0;
      let x3 = rows == 4 ? splatOfRow<T>(a, 3) : x0;
      c00 = v128.add<T>(c00, v128.mul<T>(x0, b0));
      if (vectors == 2) c01 = v128.add<T>(c01, v128.mul<T>(x0, b1));
      if (rows >= 2) {
        c10 = v128.add<T>(c10, v128.mul<T>(x1, b0));
        if (vectors == 2) c11 = v128.add<T>(c11, v128.mul<T>(x1, b1));
      }
      if (rows == 4) {
        c20 = v128.add<T>(c20, v128.mul<T>(x2, b0));
        if (vectors == 2) c21 = v128.add<T>(c21, v128.mul<T>(x2, b1));
        c30 = v128.add<T>(c30, v128.mul<T>(x3, b0));
        if (vectors == 2) c31 = v128.add<T>(c31, v128.mul<T>(x3, b1));
      }
      a += 4 * sizeof<T>();
      b += 32;
      if (b == end) break;
      b0 = v128.load(b);
      b1 = vectors == 2 ? v128.load(b, 16) : b0;
      x0 = splatAt<T>(a);
      x1 = rows >= 2 ? splatOfRow<T>(a, 1) : x0;
      x2 = rows == 4 ? splatOfRow<T>(a, 2) : x0;
      x3 = rows == 4 ? splatOfRow<T>(a, 3) : x0;
      c00 = v128.add<T>(c00, v128.mul<T>(x0, b0));
      if (vectors == 2) c01 = v128.add<T>(c01, v128.mul<T>(x0, b1));
      if (rows >= 2) {
        c10 = v128.add<T>(c10, v128.mul<T>(x1, b0));
        if (vectors == 2) c11 = v128.add<T>(c11, v128.mul<T>(x1, b1));
      }
      if (rows == 4) {
        c20 = v128.add<T>(c20, v128.mul<T>(x2, b0));
        if (vectors == 2) c21 = v128.add<T>(c21, v128.mul<T>(x2, b1));
        c30 = v128.add<T>(c30, v128.mul<T>(x3, b0));
        if (vectors == 2) c31 = v128.add<T>(c31, v128.mul<T>(x3, b1));
      }
      a += 4 * sizeof<T>();
      b += 32;
    }
    depth = 0;
  }
  for (; depth > 0; depth--) {
    const b0 = v128.load(b);
    const b1 = vectors == 2 ? v128.load(b, 16) : b0;
    b += bRow;
    const x0 = splatAt<T>(a);
    a += aColumn;
    c00 = v128.add<T>(c00, v128.mul<T>(x0, b0));
    if (vectors == 2) c01 = v128.add<T>(c01, v128.mul<T>(x0, b1));
    if (rows >= 2) {
      const x1 = splatAt<T>(a1);
      a1 += aColumn;
      c10 = v128.add<T>(c10, v128.mul<T>(x1, b0));
      if (vectors == 2) c11 = v128.add<T>(c11, v128.mul<T>(x1, b1));
    }
    if (rows == 4) {
      const x2 = splatAt<T>(a2);
      a2 += aColumn;
      c20 = v128.add<T>(c20, v128.mul<T>(x2, b0));
      if (vectors == 2) c21 = v128.add<T>(c21, v128.mul<T>(x2, b1));
      const x3 = splatAt<T>(a3);
      a3 += aColumn;
      c30 = v128.add<T>(c30, v128.mul<T>(x3, b0));
      if (vectors == 2) c31 = v128.add<T>(c31, v128.mul<T>(x3, b1));
    }
  }
  storeRow<T>(vectors, out, c00, c01, columns, relu);
  if (rows >= 2) storeRow<T>(vectors, out1, c10, c11, columns, relu);
  if (rows == 4) {
    storeRow<T>(vectors, out2, c20, c21, columns, relu);
    storeRow<T>(vectors, out3, c30, c31, columns, relu);
  }
}

// @inline
function splatAt<T>(p: usize): v128 {
  return sizeof<T>() == 8 ? v128.load64_splat(p) : v128.load32_splat(p);
}

/** The number of one of the rows 1 to 3 of a panel; the distance is a part of the instruction. */
// @inline
function splatOfRow<T>(p: usize, row: i32): v128 {
  if (row == 1) return sizeof<T>() == 8 ? v128.load64_splat(p, 8) : v128.load32_splat(p, 4);
  if (row == 2) return sizeof<T>() == 8 ? v128.load64_splat(p, 16) : v128.load32_splat(p, 8);
  return sizeof<T>() == 8 ? v128.load64_splat(p, 24) : v128.load32_splat(p, 12);
}

// @inline
function storeRow<T>(vectors: i32, out: usize, c0: v128, c1: v128, columns: i32, relu: bool): void {
  const lanes: i32 = 16 / sizeof<T>();
  if (relu) {
    c0 = positivePart<T>(c0);
    if (vectors == 2) c1 = positivePart<T>(c1);
  }
  putLanes<T>(out, c0, columns);
  if (vectors == 2) putLanes<T>(out + 16, c1, columns - lanes);
}
