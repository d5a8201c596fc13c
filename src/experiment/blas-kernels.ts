import { kernels, type KernelSet } from '../kernels/index.js';
import { bytesPerElement, type FloatDType } from '../tensor/dtype.js';
import { convolutionKernels } from './blas-convolution.js';
import { type MatrixProduct, plain, transposed } from './matrix-product.js';

/** Multiplications below which our own kernels are as fast. */
const SMALL = 4096;

/** The kernels that consist of matrix products, done with somebody else's product where it is large. */
export function productKernels(dtype: FloatDType, product: MatrixProduct): Partial<KernelSet> {
  const own = { ...kernels[dtype] };
  const bytes = bytesPerElement[dtype];

  const matmulBatched: KernelSet['matmulBatched'] = (...given) => {
    const [a, b, out, m, n, k, aRow, aColumn, bRow, bColumn, batch, aBatch, bBatch] = given;
    if (m * n * k < SMALL || (aRow !== 1 && aColumn !== 1) || (bRow !== 1 && bColumn !== 1)) {
      own.matmulBatched(...given);
      return;
    }
    for (let i = 0; i < batch; i++) {
      const [left, right] = [a + bytes * i * aBatch, b + bytes * i * bBatch];
      product({
        m,
        n,
        k,
        // A single row or column may stand with any stride, but OpenBLAS wants one that would hold a whole row.
        a: aColumn === 1 ? plain(left, Math.max(aRow, k)) : transposed(left, Math.max(aColumn, m)),
        b: bColumn === 1 ? plain(right, Math.max(bRow, n)) : transposed(right, Math.max(bColumn, k)),
        c: plain(out + bytes * i * m * n, n),
        accumulate: false,
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
    product({
      m: rows,
      n: outputs,
      k: features,
      a: plain(x, features),
      b: transposed(w, features),
      c: plain(out, outputs),
      accumulate: bias !== 0,
    });
  };

  return { matmulBatched, linear, ...convolutionKernels(dtype, product) };
}
