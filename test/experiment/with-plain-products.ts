/** Given to mocha beside the files of other tests, so that they run with matrix products that anybody can check. */
import { productKernels } from '../../src/experiment/blas-kernels.js';
import type { MatrixProduct, Operand } from '../../src/experiment/matrix-product.js';
import { memory, replaceKernels } from '../../src/kernels/index.js';
import { bytesPerElement, viewOf } from '../../src/tensor/dtype.js';
import { dtypes, type FloatDType } from '../kernels/buffers.js';

before(() => {
  const [float64, float32] = dtypes.map((dtype) => productKernels(dtype, productIn(dtype)));
  replaceKernels('plain products', { float64: float64!, float32: float32! });
});

function productIn(dtype: FloatDType): MatrixProduct {
  const bytes = bytesPerElement[dtype];
  const place = ({ pointer, rowStep, transposed }: Operand, row: number, column: number): number =>
    pointer / bytes + (transposed ? column * rowStep + row : row * rowStep + column);
  return ({ m, n, k, a, b, c, accumulate }) => {
    const numbers = viewOf(memory.buffer, dtype, 0, memory.buffer.byteLength / bytes);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let total = accumulate ? numbers[place(c, i, j)]! : 0;
        for (let l = 0; l < k; l++) total += numbers[place(a, i, l)]! * numbers[place(b, l, j)]!;
        numbers[place(c, i, j)] = total;
      }
    }
  };
}
