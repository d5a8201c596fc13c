// Products of many rows with a small matrix, for the layers of small networks: a panel of it stays in registers, or the sums do.

/** Whether `thinRows` knows the depth, the columns, which fill whole vectors, and the rows: in fours where the sums stay. */
// @inline
export function isThin<T>(depth: i32, columns: i32, rows: i32): bool {
  const bytes = columns * <i32>sizeof<T>();
  const isKnown = depth == 2 || depth == 4 || depth == 8;
  return isKnown && (bytes == 16 || (bytes == 32 && (depth < 8 || rows % 4 == 0)));
}

/** out = [bias +] Σ_l a[:, l]·b[l, :] for all rows of one panel, if `isThin`; a's rows are contiguous, distances in bytes. */
export function thinRows<T>(
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
  depth: i32,
  out: usize,
  outRow: usize,
  rows: i32,
  columns: i32,
  bias: usize,
): void {
  if (columns * <i32>sizeof<T>() == 32) {
    if (depth == 2) rowsBy<T>(2, 2, a, aRow, b, bRow, out, outRow, rows, bias);
    else if (depth == 8) rowsByFour<T>(a, aRow, b, bRow, out, outRow, rows, bias);
    else rowsBy<T>(4, 2, a, aRow, b, bRow, out, outRow, rows, bias);
  } else if (depth == 2) rowsBy<T>(2, 1, a, aRow, b, bRow, out, outRow, rows, bias);
  else if (depth == 4) rowsBy<T>(4, 1, a, aRow, b, bRow, out, outRow, rows, bias);
  else rowsBy<T>(8, 1, a, aRow, b, bRow, out, outRow, rows, bias);
}

// @inline
function rowsBy<T>(
  depth: i32, // 2, 4 or 8, known when compiled
  vectors: i32, // 2 or 1
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
  out: usize,
  outRow: usize,
  rows: i32,
  bias: usize,
): void {
  const zero = v128.splat<T>(<T>0);
  const start0 = bias ? v128.load(bias) : zero;
  const start1 = vectors == 2 && bias ? v128.load(bias, 16) : zero;
  const b00 = v128.load(b);
  const b10 = v128.load(b + bRow);
  const b20 = depth > 2 ? v128.load(b + 2 * bRow) : zero;
  const b30 = depth > 2 ? v128.load(b + 3 * bRow) : zero;
  const b40 = depth > 4 ? v128.load(b + 4 * bRow) : zero;
  const b50 = depth > 4 ? v128.load(b + 5 * bRow) : zero;
  const b60 = depth > 4 ? v128.load(b + 6 * bRow) : zero;
  const b70 = depth > 4 ? v128.load(b + 7 * bRow) : zero;
  const b01 = vectors == 2 ? v128.load(b, 16) : zero;
  const b11 = vectors == 2 ? v128.load(b + bRow, 16) : zero;
  const b21 = vectors == 2 && depth > 2 ? v128.load(b + 2 * bRow, 16) : zero;
  const b31 = vectors == 2 && depth > 2 ? v128.load(b + 3 * bRow, 16) : zero;
  for (const end = a + <usize>rows * aRow; a < end; a += aRow, out += outRow) {
    const x0 = splatAt<T>(a, 0);
    const x1 = splatAt<T>(a, 1);
    let c0 = v128.add<T>(v128.add<T>(start0, v128.mul<T>(x0, b00)), v128.mul<T>(x1, b10));
    let c1 = start1;
    if (vectors == 2) c1 = v128.add<T>(v128.add<T>(c1, v128.mul<T>(x0, b01)), v128.mul<T>(x1, b11));
    if (depth > 2) {
      const x2 = splatAt<T>(a, 2);
      const x3 = splatAt<T>(a, 3);
      c0 = v128.add<T>(v128.add<T>(c0, v128.mul<T>(x2, b20)), v128.mul<T>(x3, b30));
      if (vectors == 2) c1 = v128.add<T>(v128.add<T>(c1, v128.mul<T>(x2, b21)), v128.mul<T>(x3, b31));
    }
    if (depth > 4) {
      c0 = v128.add<T>(
        v128.add<T>(c0, v128.mul<T>(splatAt<T>(a, 4), b40)),
        v128.mul<T>(splatAt<T>(a, 5), b50),
      );
      c0 = v128.add<T>(
        v128.add<T>(c0, v128.mul<T>(splatAt<T>(a, 6), b60)),
        v128.mul<T>(splatAt<T>(a, 7), b70),
      );
    }
    v128.store(out, c0);
    if (vectors == 2) v128.store(out, c1, 16);
  }
}

/** Depth 8 and two vectors: the panel does not fit into the registers, but the sums of four rows do. Tiles start slower. */
// @inline
function rowsByFour<T>(
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
  out: usize,
  outRow: usize,
  rows: i32,
  bias: usize,
): void {
  const zero = v128.splat<T>(<T>0);
  const start0 = bias ? v128.load(bias) : zero;
  const start1 = bias ? v128.load(bias, 16) : zero;
  const bEnd = b + 8 * bRow;
  for (; rows > 0; rows -= 4) {
    let c00 = start0,
      c01 = start1,
      c10 = start0,
      c11 = start1,
      c20 = start0,
      c21 = start1,
      c30 = start0,
      c31 = start1;
    let a1 = a + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    const next = a3 + aRow;
    for (let p = b; p < bEnd; p += bRow) {
      const b0 = v128.load(p);
      const b1 = v128.load(p, 16);
      const x0 = splatAt<T>(a, 0);
      const x1 = splatAt<T>(a1, 0);
      const x2 = splatAt<T>(a2, 0);
      const x3 = splatAt<T>(a3, 0);
      c00 = v128.add<T>(c00, v128.mul<T>(x0, b0));
      c01 = v128.add<T>(c01, v128.mul<T>(x0, b1));
      c10 = v128.add<T>(c10, v128.mul<T>(x1, b0));
      c11 = v128.add<T>(c11, v128.mul<T>(x1, b1));
      c20 = v128.add<T>(c20, v128.mul<T>(x2, b0));
      c21 = v128.add<T>(c21, v128.mul<T>(x2, b1));
      c30 = v128.add<T>(c30, v128.mul<T>(x3, b0));
      c31 = v128.add<T>(c31, v128.mul<T>(x3, b1));
      a += sizeof<T>();
      a1 += sizeof<T>();
      a2 += sizeof<T>();
      a3 += sizeof<T>();
    }
    putTwo(out, c00, c01);
    putTwo(out + outRow, c10, c11);
    putTwo(out + 2 * outRow, c20, c21);
    putTwo(out + 3 * outRow, c30, c31);
    a = next;
    out += 4 * outRow;
  }
}

// @inline
function putTwo(p: usize, first: v128, second: v128): void {
  v128.store(p, first);
  v128.store(p, second, 16);
}

/** One of the numbers 0 to 7 of a row in all lanes. */
// @inline
function splatAt<T>(p: usize, k: i32): v128 {
  return sizeof<T>() == 8
    ? v128.load64_splat(p + ((<usize>k) << 3))
    : v128.load32_splat(p + ((<usize>k) << 2));
}
