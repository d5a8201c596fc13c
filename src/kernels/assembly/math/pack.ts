import { bytesOf } from './lanes';

/** Packs depth × width of b into panels of two vectors' width, each row by row, the last filled up with zeros (denormals would be slow). */
export function packColumns<T>(
  b: usize,
  panels: usize,
  depth: i32,
  width: i32,
  bRow: i32,
  bColumn: i32,
): void {
  const panel: i32 = 32 / sizeof<T>();
  const rowStep = bytesOf<T>(bRow);
  for (let j = 0; j < width; j += panel, b += bytesOf<T>(panel * bColumn)) {
    const count = min(panel, width - j);
    if (bColumn == 1 && count == panel) {
      for (let l = 0, from = b; l < depth; l++, from += rowStep, panels += 32) {
        v128.store(panels, v128.load(from));
        v128.store(panels, v128.load(from, 16), 16);
      }
    } else if (bRow == 1 && count == panel) {
      packTransposed<T>(b, panels, depth, bytesOf<T>(bColumn));
      panels += (<usize>depth) << 5;
    } else {
      for (let l = 0, from = b; l < depth; l++, from += rowStep, panels += 32) {
        let p = panels;
        for (let c = 0, at = from; c < count; c++, at += bytesOf<T>(bColumn), p += sizeof<T>()) {
          store<T>(p, load<T>(at));
        }
        for (; p < panels + 32; p += sizeof<T>()) store<T>(p, <T>0);
      }
    }
  }
}

/** One full panel from contiguous columns, by squares of lanes. */
function packTransposed<T>(b: usize, panel: usize, depth: i32, columnStep: usize): void {
  const lanes: i32 = 16 / sizeof<T>();
  let l = 0;
  for (; l + lanes <= depth; l += lanes, b += 16, panel += 32 * lanes) {
    if (sizeof<T>() == 8) {
      transpose2(b, panel, columnStep);
      transpose2(b + 2 * columnStep, panel + 16, columnStep);
    } else {
      transpose4(b, panel, columnStep, 32);
      transpose4(b + 4 * columnStep, panel + 16, columnStep, 32);
    }
  }
  for (; l < depth; l++, b += sizeof<T>(), panel += 32) {
    for (let p: usize = 0, at = b; p < 32; p += sizeof<T>(), at += columnStep)
      store<T>(panel + p, load<T>(at));
  }
}

// @inline
function transpose2(b: usize, panel: usize, columnStep: usize): void {
  const x = v128.load(b);
  const y = v128.load(b + columnStep);
  v128.store(panel, v128.shuffle<f64>(x, y, 0, 2));
  v128.store(panel, v128.shuffle<f64>(x, y, 1, 3), 32);
}

// @inline
function transpose4(b: usize, panel: usize, columnStep: usize, panelStep: usize): void {
  const x = v128.load(b);
  const y = v128.load(b + columnStep);
  const z = v128.load(b + 2 * columnStep);
  const w = v128.load(b + 3 * columnStep);
  const lowXY = v128.shuffle<f32>(x, y, 0, 4, 1, 5);
  const highXY = v128.shuffle<f32>(x, y, 2, 6, 3, 7);
  const lowZW = v128.shuffle<f32>(z, w, 0, 4, 1, 5);
  const highZW = v128.shuffle<f32>(z, w, 2, 6, 3, 7);
  v128.store(panel, v128.shuffle<f64>(lowXY, lowZW, 0, 2));
  v128.store(panel + panelStep, v128.shuffle<f64>(lowXY, lowZW, 1, 3));
  v128.store(panel + 2 * panelStep, v128.shuffle<f64>(highXY, highZW, 0, 2));
  v128.store(panel + 3 * panelStep, v128.shuffle<f64>(highXY, highZW, 1, 3));
}

/** Packs height × depth of a into panels of four rows, each column by column; rows that lack stay unset. */
export function packRows<T>(a: usize, panels: usize, height: i32, depth: i32, aRow: i32, aColumn: i32): void {
  const rowStep = bytesOf<T>(aRow);
  for (let i = 0; i < height; i += 4, a += 4 * rowStep, panels += bytesOf<T>(4 * depth)) {
    const count = min(4, height - i);
    if (aColumn == 1 && count == 4) packContiguousRows<T>(a, panels, depth, rowStep);
    else packStridedRows<T>(a, panels, depth, count, rowStep, bytesOf<T>(aColumn));
  }
}

/** Four full rows, by squares of lanes. */
function packContiguousRows<T>(a: usize, panel: usize, depth: i32, rowStep: usize): void {
  const lanes: i32 = 16 / sizeof<T>();
  let l = 0;
  for (; l + lanes <= depth; l += lanes, a += 16, panel += 64) {
    if (sizeof<T>() == 8) {
      transpose2(a, panel, rowStep);
      transpose2(a + 2 * rowStep, panel + 16, rowStep);
    } else transpose4(a, panel, rowStep, 16);
  }
  packStridedRows<T>(a, panel, depth - l, 4, rowStep, sizeof<T>());
}

function packStridedRows<T>(
  a: usize,
  panel: usize,
  depth: i32,
  count: i32,
  rowStep: usize,
  columnStep: usize,
): void {
  for (; depth > 0; depth--, a += columnStep, panel += 4 * sizeof<T>()) {
    if (rowStep == sizeof<T>() && count == 4) {
      v128.store(panel, v128.load(a));
      if (sizeof<T>() == 8) v128.store(panel, v128.load(a, 16), 16);
    } else {
      for (let r = 0, p = panel, at = a; r < count; r++, p += sizeof<T>(), at += rowStep) {
        store<T>(p, load<T>(at));
      }
    }
  }
}
