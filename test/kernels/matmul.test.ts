import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { Buffers, dtypes, type FloatDType } from './buffers.js';

/** m, n, k: below, at and beyond every block size, and with remainders of each kind */
const sizes: [number, number, number][] = [
  [1, 1, 1],
  [2, 3, 4],
  [3, 2, 1],
  [5, 7, 3],
  [4, 8, 2],
  [128, 8, 2],
  [65, 4, 4],
  [128, 8, 8],
  [6, 8, 8],
  [9, 8, 4],
  [5, 2, 8],
  [3, 4, 8],
  [7, 6, 9],
  [2, 8, 128],
  [3, 5, 600],
  [17, 19, 23],
  [64, 16, 16],
  [70, 530, 20],
  [18, 65, 1030],
];

for (const dtype of dtypes) {
  const kernel = kernels[dtype];

  describe(`matrix products in ${dtype}`, () => {
    for (const [m, n, k] of sizes) {
      it(`(${m}, ${k}) · (${k}, ${n}) is exact on whole numbers, for all four transposes`, () => {
        for (const [aTransposed, bTransposed] of [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ]) {
          const [aRow, aColumn] = aTransposed ? [1, m] : [k, 1];
          const [bRow, bColumn] = bTransposed ? [1, k] : [n, 1];
          const [a, b] = [wholes(m * k, 13), wholes(k * n, 11)];
          const buffers = new Buffers(dtype);
          const [aAt, bAt, out] = [buffers.put(a, 1), buffers.put(b, 1), buffers.room(m * n)];
          const expected = productOf(a, b, m, n, k, aRow, aColumn, bRow, bColumn);
          kernel.matmul(aAt, bAt, out, m, n, k, aRow, aColumn, bRow, bColumn, 0);
          expect(buffers.get(out, m * n)).to.deep.equal(expected);
          expect(buffers.isExact(out, m * n)).to.be.true;
          kernel.matmul(aAt, bAt, out, m, n, k, aRow, aColumn, bRow, bColumn, 1);
          expect(buffers.get(out, m * n)).to.deep.equal(expected.map((value) => 2 * value));
        }
      });
    }

    it('a product over no terms is zero', () => {
      const buffers = new Buffers(dtype);
      const out = buffers.room(6);
      kernel.matmul(buffers.room(0), buffers.room(0), out, 2, 3, 0, 0, 1, 3, 1, 0);
      expect(buffers.get(out, 6)).to.deep.equal([0, 0, 0, 0, 0, 0]);
    });

    it("a row's result has the same bits in a batch of any size, by any path", () => {
      const [rows, n, k] = [67, 21, 700];
      const a = wholes(rows * k, 1009).map((value) => value / 7);
      const b = wholes(k * n, 997).map((value) => value / 3);
      const buffers = new Buffers(dtype);
      const [aAt, bAt] = [buffers.put(a), buffers.put(b)];
      const [all, one] = [buffers.room(rows * n), buffers.room(n)];
      kernel.matmul(aAt, bAt, all, rows, n, k, k, 1, n, 1, 0);
      kernel.matmul(aAt, bAt, one, 1, n, k, k, 1, n, 1, 0);
      expect(buffers.get(one, n)).to.deep.equal(buffers.get(all, n));
    });

    for (const [n, k] of [2, 4, 8].flatMap((n) => [2, 4, 8].map((k) => [n, k] as const))) {
      it(`rows of ${k} times (${k}, ${n}) have the bits of the general product, which columns of ${k} take`, () => {
        const m = 70;
        const a = wholes(m * k, 1009).map((value) => value / 7);
        const turned = a.map((_, at) => a[(at % m) * k + Math.floor(at / m)]!);
        const buffers = new Buffers(dtype);
        const [aAt, turnedAt] = [buffers.put(a), buffers.put(turned)];
        const bAt = buffers.put(wholes(k * n, 997).map((value) => value / 3));
        const [thin, general] = [buffers.room(m * n), buffers.room(m * n)];
        kernel.matmul(aAt, bAt, thin, m, n, k, k, 1, n, 1, 0);
        kernel.matmul(turnedAt, bAt, general, m, n, k, 1, m, n, 1, 0);
        expect(buffers.get(thin, m * n)).to.deep.equal(buffers.get(general, m * n));
      });
    }

    for (const [m, n, k] of [
      [3, 4, 5],
      [20, 18, 17],
    ] as const) {
      it(`multiplies batches of (${m}, ${k}) and one (${k}, ${n}) of batch stride 0, both ways round in memory`, () => {
        const [a, b] = [wholes(2 * m * k, 13), wholes(k * n, 11)];
        const buffers = new Buffers(dtype);
        const [aAt, bAt, out] = [buffers.put(a), buffers.put(b), buffers.room(2 * m * n)];
        for (const [aRow, aColumn, bRow, bColumn] of [
          [k, 1, n, 1],
          [1, m, 1, k],
          [k, 1, 1, k],
        ] as const) {
          kernel.matmulBatched(aAt, bAt, out, m, n, k, aRow, aColumn, bRow, bColumn, 2, m * k, 0);
          const expected = [0, 1].flatMap((i) =>
            productOf(a.slice(i * m * k), b, m, n, k, aRow, aColumn, bRow, bColumn),
          );
          expect(buffers.get(out, 2 * m * n)).to.deep.equal(expected);
        }
      });
    }

    for (const [rows, features, outputs] of [
      [5, 2, 8],
      [9, 8, 2],
      [33, 20, 19],
      [2, 1100, 3],
    ] as const) {
      it(`linear maps ${features} features to ${outputs} outputs, with bias and without, and with relu`, () => {
        const [x, w, bias] = [
          wholes(rows * features, 13),
          wholes(outputs * features, 11),
          wholes(outputs, 7),
        ];
        const buffers = new Buffers(dtype);
        const [xAt, wAt, biasAt, out] = [
          buffers.put(x),
          buffers.put(w),
          buffers.put(bias),
          buffers.room(rows * outputs),
        ];
        const plain = productOf(x, w, rows, outputs, features, features, 1, 1, features);
        const shifted = plain.map((value, i) => value + bias[i % outputs]!);
        kernel.linear(xAt, wAt, 0, out, rows, features, outputs);
        expect(buffers.get(out, plain.length)).to.deep.equal(plain);
        kernel.linear(xAt, wAt, biasAt, out, rows, features, outputs);
        expect(buffers.get(out, plain.length)).to.deep.equal(shifted);
        kernel.linearRelu(xAt, wAt, biasAt, out, rows, features, outputs);
        expect(buffers.get(out, plain.length)).to.deep.equal(shifted.map((value) => Math.max(value, 0)));
      });
    }

    it('a NaN in the left operand reaches its row and no other', () => {
      expect(rowsWithNaN(dtype)).to.deep.equal([2]);
    });
  });
}

function rowsWithNaN(dtype: FloatDType): number[] {
  const [m, n, k] = [5, 3, 4];
  const a = wholes(m * k, 13);
  a[2 * k + 1] = NaN;
  const buffers = new Buffers(dtype);
  const out = buffers.room(m * n);
  kernels[dtype].matmul(buffers.put(a), buffers.put(wholes(k * n, 11)), out, m, n, k, k, 1, n, 1, 0);
  const result = buffers.get(out, m * n);
  return [0, 1, 2, 3, 4].filter((row) => result.slice(row * n, row * n + n).every(Number.isNaN));
}

/** Small whole numbers, whose products and sums every dtype holds exactly. */
function wholes(n: number, modulus: number): number[] {
  return Array.from({ length: n }, (_, i) => ((i * 7919) % modulus) - Math.floor(modulus / 2));
}

function productOf(
  a: readonly number[],
  b: readonly number[],
  ...[m, n, k, aRow, aColumn, bRow, bColumn]: [number, number, number, number, number, number, number]
): number[] {
  return Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let total = 0;
    for (let l = 0; l < k; l++) total += a[i * aRow + l * aColumn]! * b[l * bRow + j * bColumn]!;
    return total;
  });
}
