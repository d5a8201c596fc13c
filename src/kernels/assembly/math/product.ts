import { bytesOf } from './lanes';
import { packColumns, packRows } from './pack';
import { scratchStart } from './scratch';
import { isThin, thinRows } from './thin-rows';
import { packedTile, tile } from './tile';

// Blocks as in Goto and van de Geijn, Anatomy of high-performance matrix multiplication (TOMS 2008): a block of b
// (DEPTH × WIDTH) is packed into panels of two vectors' width, a block of a (HEIGHT × DEPTH) into panels of four
// rows, where that pays. Every number of the result is summed over k in order, in blocks of DEPTH, whatever the
// sizes, so that a row's result does not depend on how many rows there are.
const DEPTH = 512;
const HEIGHT = 64;
const WIDTH = 512;
const ROWS = 4;

/** out = [bias or out +] a·b [then relu]; all strides in elements, bias is the pointer 0 for none. */
export function product<T>(
  a: usize,
  b: usize,
  out: usize,
  m: i32,
  n: i32,
  k: i32,
  aRow: i32,
  aColumn: i32,
  bRow: i32,
  bColumn: i32,
  outRow: i32,
  bias: usize,
  accumulate: i32,
  relu: i32,
): void {
  const large = m >= 16 && n >= 16 && k >= 16;
  const packsB = bColumn != 1 || large;
  const aPanels = scratchStart();
  const bPanels = aPanels + HEIGHT * DEPTH * sizeof<T>();
  const panel: i32 = 32 / sizeof<T>();
  const aRowBytes = bytesOf<T>(aRow);
  const aColumnBytes = bytesOf<T>(aColumn);
  const bRowBytes: usize = packsB ? 32 : bytesOf<T>(bRow);
  const outRowBytes = bytesOf<T>(outRow);
  const outStep = ROWS * outRowBytes;
  for (let column = 0; column < n; column += WIDTH) {
    const width = min(WIDTH, n - column);
    for (let first = 0; first < k || first == 0; first += DEPTH) {
      const depth = min(DEPTH, k - first);
      const addsTo = first > 0 || accumulate != 0;
      const isPlain = !large && aColumn == 1 && !addsTo && relu == 0;
      const endsInRelu = relu != 0 && first + depth >= k;
      const bBlock = b + bytesOf<T>(first * bRow + column * bColumn);
      if (packsB) packColumns<T>(bBlock, bPanels, depth, width, bRow, bColumn);
      for (let row = 0; row < m; row += HEIGHT) {
        const height = min(HEIGHT, m - row);
        const aBlock = a + bytesOf<T>(row * aRow + first * aColumn);
        if (large) packRows<T>(aBlock, aPanels, height, depth, aRow, aColumn);
        const aStart = large ? aPanels : aBlock;
        const aStep = bytesOf<T>(large ? ROWS * depth : ROWS * aRow); // from four rows to the next four
        for (let j = 0; j < width; j += panel) {
          const bPanel = packsB ? bPanels + bytesOf<T>(j * depth) : bBlock + bytesOf<T>(j);
          const columns = min(panel, width - j);
          const start = bias ? bias + bytesOf<T>(column + j) : 0;
          let aAt = aStart;
          let outAt = out + bytesOf<T>(row * outRow + column + j);
          if (isPlain && isThin<T>(depth, columns, height)) {
            thinRows<T>(aAt, aRowBytes, bPanel, bRowBytes, depth, outAt, outRowBytes, height, columns, start);
            continue;
          }
          for (let left = height; left > 0; left -= ROWS, aAt += aStep, outAt += outStep) {
            if (large)
              packedTile<T>(aAt, bPanel, depth, outAt, outRowBytes, left, columns, start, addsTo, endsInRelu);
            else
              tile<T>(
                aAt,
                aRowBytes,
                aColumnBytes,
                bPanel,
                bRowBytes,
                depth,
                outAt,
                outRowBytes,
                left,
                columns,
                start,
                addsTo,
                endsInRelu,
              );
          }
        }
      }
    }
  }
}
