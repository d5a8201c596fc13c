import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { Buffers, dtypes, rounded, spread } from './buffers.js';

/** outer, axis, inner */
const shapes: [number, number, number][] = [
  [1, 1, 1],
  [3, 5, 1],
  [2, 33, 1],
  [1, 2000, 1],
  [2, 7, 3],
  [1, 130, 2],
  [3, 4, 21],
  [1, 128, 8],
];

for (const dtype of dtypes) {
  const epsilon = dtype === 'float64' ? 2 ** -53 : 2 ** -24;

  describe(`reductions in ${dtype}`, () => {
    for (const [outer, axis, inner] of shapes) {
      it(`sum adds up the middle axis of (${outer}, ${axis}, ${inner}), whatever the alignment`, () => {
        const x = rounded(spread(outer * axis * inner, -1, 3), dtype);
        const results = [0, 1].map((shift) => {
          const buffers = new Buffers(dtype);
          const out = buffers.room(outer * inner);
          kernels[dtype].sum(buffers.put(x, shift), out, outer, axis, inner);
          expect(buffers.isPaddedOnly(out, outer * inner)).to.be.true;
          return buffers.get(out, outer * inner);
        });
        expect(results[0]).to.deep.equal(results[1]);
        groups(x, outer, axis, inner).forEach((group, i) => {
          const size = group.reduce((total, value) => total + Math.abs(value), 0);
          expect(results[0]![i]).to.be.closeTo(sumOf(group), 20 * epsilon * size);
        });
      });

      it(`max finds the first largest along the middle axis of (${outer}, ${axis}, ${inner})`, () => {
        const x = spread(outer * axis * inner, -4, 4).map(Math.round);
        const buffers = new Buffers(dtype);
        const out = buffers.room(outer * inner);
        const where = buffers.room(outer * inner);
        kernels[dtype].max(buffers.put(x), out, where, outer, axis, inner);
        const expected = groups(x, outer, axis, inner).map((group) => Math.max(...group));
        const first = groups(x, outer, axis, inner).map((group) => group.indexOf(Math.max(...group)));
        expect(buffers.get(out, outer * inner)).to.deep.equal(expected);
        expect(buffers.integers(where, outer * inner)).to.deep.equal(first);
      });
    }

    it('sums a hundred thousand numbers almost as if exactly', () => {
      const x = rounded(Array<number>(100_000).fill(0.1), dtype); // rounding never cancels
      const buffers = new Buffers(dtype);
      const [out, columns] = [buffers.room(1), buffers.room(2)];
      const pointer = buffers.put(x);
      kernels[dtype].sum(pointer, out, 1, x.length, 1);
      expect(buffers.get(out, 1)[0]! / sumOf(x) - 1).to.be.closeTo(0, 16 * epsilon);
      kernels[dtype].sum(pointer, columns, 1, x.length / 2, 2);
      const expected = groups(x, 1, x.length / 2, 2).map(sumOf);
      buffers
        .get(columns, 2)
        .forEach((total, i) => expect(total / expected[i]! - 1).to.be.closeTo(0, 200 * epsilon));
    });

    it('scaledSum, sumSquares and dot add up in float64', () => {
      for (const n of [0, 1, 7, 16, 5000, 20_001]) {
        const [x, y] = [rounded(spread(n, -1, 2), dtype), rounded(spread(n, 3, 1), dtype)];
        const buffers = new Buffers(dtype);
        const [left, right] = [buffers.put(x), buffers.put(y, 1)];
        const close = (terms: number[]) => 1e-13 * sumOf(terms.map(Math.abs));
        const total = buffers.room(1);
        kernels[dtype].scaledSum(left, total, n, 0.5);
        expect(buffers.get(total, 1)[0]).to.be.closeTo(sumOf(x) / 2, close(x) + epsilon * Math.abs(sumOf(x)));
        const squares = x.map((value) => value * value);
        expect(kernels[dtype].sumSquares(left, n)).to.be.closeTo(sumOf(squares), close(squares));
        expect(kernels[dtype].sumSquares(left, n)).to.equal(kernels[dtype].dot(left, left, n));
        const products = x.map((value, i) => value * y[i]!);
        expect(kernels[dtype].dot(left, right, n)).to.be.closeTo(sumOf(products), close(products));
      }
    });

    it('max stops at the first NaN', () => {
      const buffers = new Buffers(dtype);
      const [out, where] = [buffers.room(2), buffers.room(2)];
      kernels[dtype].max(buffers.put([1, NaN, 9, NaN, NaN, 3, 2, 1]), out, where, 2, 4, 1);
      expect(buffers.get(out, 2)).to.deep.equal([NaN, NaN]);
      expect(buffers.integers(where, 2)).to.deep.equal([1, 0]);
    });

    it('maxScatter puts upstream where the largest stood', () => {
      const buffers = new Buffers(dtype);
      const out = buffers.room(12);
      kernels[dtype].maxScatter(buffers.put([1, 2, 3, 4]), buffers.putIntegers([2, 0, 1, 1]), out, 2, 3, 2);
      expect(buffers.get(out, 12)).to.deep.equal([0, 2, 0, 0, 1, 0, 0, 0, 3, 4, 0, 0]);
    });
  });
}

function groups(x: readonly number[], outer: number, axis: number, inner: number): number[][] {
  return Array.from({ length: outer * inner }, (_, g) =>
    Array.from({ length: axis }, (_, k) => x[(Math.floor(g / inner) * axis + k) * inner + (g % inner)]!),
  );
}

/** Kahan's sum, of which the error does not grow with the number of terms. */
function sumOf(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const corrected = value - lost;
    const next = total + corrected;
    lost = next - total - corrected;
    total = next;
  }
  return total;
}
