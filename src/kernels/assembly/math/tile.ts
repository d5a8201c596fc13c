import { tileRows } from './tile-rows';

/**
 * Up to four rows of up to two vectors: out = [out or bias +] Σ_l a[:, l]·b[l, :] [then relu], all steps in bytes.
 * Reads b by whole vectors, at most 15 bytes too far.
 */
// @inline
export function tile<T>(
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  depth: i32,
  out: usize,
  outRow: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  accumulate: bool,
  relu: bool,
): void {
  if (rows >= 4 && columns * <i32>sizeof<T>() > 16)
    tileRows<T>(4, 2, false, a, aRow, aColumn, b, bRow, depth, out, outRow, columns, bias, accumulate, relu);
  else
    tileRest<T>(false, a, aRow, aColumn, b, bRow, depth, out, outRow, rows, columns, bias, accumulate, relu);
}

/** The same of panels: a of four rows, of which some may lack, b of two vectors' width. */
// @inline
export function packedTile<T>(
  a: usize,
  b: usize,
  depth: i32,
  out: usize,
  outRow: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  accumulate: bool,
  relu: bool,
): void {
  const aRow = sizeof<T>();
  const aColumn = 4 * sizeof<T>();
  if (rows >= 4 && columns * <i32>sizeof<T>() > 16)
    tileRows<T>(4, 2, true, a, aRow, aColumn, b, 32, depth, out, outRow, columns, bias, accumulate, relu);
  else tileRest<T>(true, a, aRow, aColumn, b, 32, depth, out, outRow, rows, columns, bias, accumulate, relu);
}

/** Not inlined: the registers of the common case are allocated better without it. */
function tileRest<T>(
  packed: bool,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  depth: i32,
  out: usize,
  outRow: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  accumulate: bool,
  relu: bool,
): void {
  if (packed)
    restOfRows<T>(true, a, aRow, aColumn, b, bRow, depth, out, outRow, rows, columns, bias, accumulate, relu);
  else
    restOfRows<T>(
      false,
      a,
      aRow,
      aColumn,
      b,
      bRow,
      depth,
      out,
      outRow,
      rows,
      columns,
      bias,
      accumulate,
      relu,
    );
}

// @inline
function restOfRows<T>(
  packed: bool, // known when compiled
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  depth: i32,
  out: usize,
  outRow: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  accumulate: bool,
  relu: bool,
): void {
  const wide = columns * <i32>sizeof<T>() > 16;
  if (rows >= 4) {
    tileRows<T>(4, 1, packed, a, aRow, aColumn, b, bRow, depth, out, outRow, columns, bias, accumulate, relu);
    return;
  }
  if (rows >= 2) {
    if (wide)
      tileRows<T>(
        2,
        2,
        packed,
        a,
        aRow,
        aColumn,
        b,
        bRow,
        depth,
        out,
        outRow,
        columns,
        bias,
        accumulate,
        relu,
      );
    else
      tileRows<T>(
        2,
        1,
        packed,
        a,
        aRow,
        aColumn,
        b,
        bRow,
        depth,
        out,
        outRow,
        columns,
        bias,
        accumulate,
        relu,
      );
    a += 2 * aRow;
    out += 2 * outRow;
  }
  if (rows == 2) return;
  if (wide)
    tileRows<T>(1, 2, packed, a, aRow, aColumn, b, bRow, depth, out, outRow, columns, bias, accumulate, relu);
  else
    tileRows<T>(1, 1, packed, a, aRow, aColumn, b, bRow, depth, out, outRow, columns, bias, accumulate, relu);
}
