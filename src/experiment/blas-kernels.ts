import { kernels, type KernelSet, memory } from '../kernels/index.js';
import { bytesPerElement, type FloatDType, viewOf } from '../tensor/dtype.js';

/** Matrices of a product, row by row in memory: A is (m, k), B (k, n), C (m, n); distances between rows in elements. */
export interface Operands {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Operand;
  readonly b: Operand;
  /** Pointer to C. */
  readonly c: number;
  /** Whether the product is added to what C holds. */
  readonly accumulate: boolean;
}

/** Where a matrix lies, in bytes, and how; a transposed one lies there as its transpose. */
export interface Operand {
  readonly pointer: number;
  readonly rowStep: number;
  readonly transposed: boolean;
}

/** $C \leftarrow A B$, or $C \leftarrow C + A B$ */
export type MatrixProduct = (operands: Operands) => void;

/** Multiplications below which our own kernels are as fast. */
const SMALL = 4096;

/** The kernels that consist of matrix products, done with somebody else's product where it is large. */
export function productKernels(dtype: FloatDType, product: MatrixProduct): Partial<KernelSet> {
  const own = { ...kernels[dtype] };
  const bytes = bytesPerElement[dtype];
  const plain = (pointer: number, rowStep: number): Operand => ({ pointer, rowStep, transposed: false });
  const transposed = (pointer: number, rowStep: number): Operand => ({ pointer, rowStep, transposed: true });

  const matmulBatched: KernelSet['matmulBatched'] = (...given) => {
    const [a, b, out, m, n, k, aRow, aColumn, bRow, bColumn, batch, aBatch, bBatch] = given;
    if (m * n * k < SMALL || (aRow !== 1 && aColumn !== 1) || (bRow !== 1 && bColumn !== 1)) {
      own.matmulBatched(...given);
      return;
    }
    for (let i = 0; i < batch; i++) {
      const [left, right] = [a + bytes * i * aBatch, b + bytes * i * bBatch];
      product({
        ...{ m, n, k, c: out + bytes * i * m * n, accumulate: false },
        a: aColumn === 1 ? plain(left, aRow) : transposed(left, aColumn),
        b: bColumn === 1 ? plain(right, bRow) : transposed(right, bColumn),
      });
    }
  };

  const linear: KernelSet['linear'] = (...given) => {
    const [x, w, bias, out, rows, features, outputs] = given;
    if (rows * features * outputs < SMALL) {
      own.linear(...given);
      return;
    }
    if (bias !== 0) {
      for (let r = 0; r < rows; r++) kernels.copyBytes(bias, out + bytes * r * outputs, bytes * outputs);
    }
    const operands = { a: plain(x, features), b: transposed(w, features), c: out, accumulate: bias !== 0 };
    product({ m: rows, n: outputs, k: features, ...operands });
  };

  const convolve: KernelSet['convolve'] = (...given) => {
    const [x, w, bias, out, columns, batch, channels, height, width, outputs, ...rest] = given;
    const [kernelHeight, kernelWidth, stride, padding, relu] = rest;
    const window = [kernelHeight, kernelWidth, stride, padding] as const;
    const { patch, places } = sizesOf(channels, height, width, window);
    if (bias !== 0) {
      const biases = viewOf(memory.buffer, dtype, bias, outputs);
      const rows = viewOf(memory.buffer, dtype, out, batch * outputs * places);
      for (let row = 0; row < batch * outputs; row++) {
        rows.fill(biases[row % outputs]!, row * places, (row + 1) * places);
      }
    }
    for (let i = 0; i < batch; i++) {
      own.unfold(x + bytes * i * channels * height * width, columns, 1, channels, height, width, ...window);
      const c = out + bytes * i * outputs * places;
      const [a, b] = [plain(w, patch), plain(columns, places)];
      product({ m: outputs, n: places, k: patch, a, b, c, accumulate: bias !== 0 });
    }
    if (relu !== 0) own.relu(out, out, batch * outputs * places);
  };

  const convolveBackwardInput: KernelSet['convolveBackwardInput'] = (...given) => {
    const [upstream, w, out, columns, batch, channels, height, width, outputs, ...window] = given;
    const { patch, places } = sizesOf(channels, height, width, window);
    for (let i = 0; i < batch; i++) {
      const [a, b] = [transposed(w, patch), plain(upstream + bytes * i * outputs * places, places)];
      product({ m: patch, n: places, k: outputs, a, b, c: columns, accumulate: false });
      own.fold(columns, out + bytes * i * channels * height * width, 1, channels, height, width, ...window);
    }
  };

  const convolveBackwardWeight: KernelSet['convolveBackwardWeight'] = (...given) => {
    const [upstream, x, out, columns, batch, channels, height, width, outputs, ...window] = given;
    const { patch, places } = sizesOf(channels, height, width, window);
    for (let i = 0; i < batch; i++) {
      own.unfold(x + bytes * i * channels * height * width, columns, 1, channels, height, width, ...window);
      const [a, b] = [plain(upstream + bytes * i * outputs * places, places), transposed(columns, places)];
      product({ m: outputs, n: patch, k: places, a, b, c: out, accumulate: i > 0 });
    }
  };

  return { matmulBatched, linear, convolve, convolveBackwardInput, convolveBackwardWeight };
}

/** How many pixels a kernel covers, and in how many places it fits. */
function sizesOf(
  channels: number,
  height: number,
  width: number,
  [kernelHeight, kernelWidth, stride, padding]: readonly [number, number, number, number],
): { patch: number; places: number } {
  const along = (size: number, kernel: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  const places = along(height, kernelHeight) * along(width, kernelWidth);
  return { patch: channels * kernelHeight * kernelWidth, places };
}
