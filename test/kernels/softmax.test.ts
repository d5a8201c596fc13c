import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { Buffers, dtypes, rounded, spread } from './buffers.js';

const sizes: [number, number][] = [
  [1, 1],
  [1, 3],
  [4, 2],
  [5, 2],
  [7, 10],
  [3, 33],
];

for (const dtype of dtypes) {
  const tolerance = dtype === 'float64' ? 1e-14 : 2e-6;
  const kernel = kernels[dtype];

  describe(`softmax and cross-entropy in ${dtype}`, () => {
    for (const [rows, cols] of sizes) {
      const n = rows * cols;
      const x = rounded(spread(n, -5, 5), dtype);
      const upstream = rounded(spread(n, 2, -1), dtype);
      const targets = Array.from({ length: rows }, (_, r) => (r * 5) % cols);
      const expected = inRows(x, cols).flatMap(softmaxOf);

      it(`softmax, its logarithm and its normalization are right for (${rows}, ${cols})`, () => {
        const buffers = new Buffers(dtype);
        const [at, shares, out, sums] = [
          buffers.put(x, 1),
          buffers.room(n),
          buffers.room(n),
          buffers.room(rows),
        ];
        kernel.softmax(at, shares, rows, cols);
        expectClose(buffers.get(shares, n), expected, tolerance);
        expect(buffers.isPaddedOnly(shares, n)).to.be.true;
        kernel.logSoftmax(at, out, rows, cols);
        expectClose(buffers.get(out, n), expected.map(Math.log), 20 * tolerance);
        expect(buffers.isExact(out, n)).to.be.true;
        const positive = x.map((value) => Math.fround(value + 6));
        kernel.normalizeRows(buffers.put(positive), out, sums, rows, cols);
        const totals = inRows(positive, cols).map(sumOf);
        expectClose(buffers.get(sums, rows), totals, 400 * tolerance);
        expectClose(
          buffers.get(out, n),
          positive.map((value, i) => value / totals[Math.floor(i / cols)]!),
          tolerance,
        );
        expect(buffers.isExact(out, n) && buffers.isPaddedOnly(sums, rows)).to.be.true;
      });

      it(`the backward kernels follow their formulas for (${rows}, ${cols})`, () => {
        const buffers = new Buffers(dtype);
        const [u, s, out] = [buffers.put(upstream), buffers.put(expected), buffers.room(n)];
        kernel.softmaxBackward(u, s, out, rows, cols);
        const mixed = inRows(
          upstream.map((value, i) => value * expected[i]!),
          cols,
        ).map(sumOf);
        const bySoftmax = expected.map((value, i) => value * (upstream[i]! - mixed[Math.floor(i / cols)]!));
        expectClose(buffers.get(out, n), bySoftmax, 4 * tolerance);
        expect(buffers.isExact(out, n)).to.be.true;
        kernel.logSoftmaxBackward(u, buffers.put(expected.map(Math.log)), out, rows, cols);
        const totals = inRows(upstream, cols).map(sumOf);
        const byLog = expected.map((value, i) => upstream[i]! - value * totals[Math.floor(i / cols)]!);
        expectClose(buffers.get(out, n), byLog, 40 * tolerance);
        expect(buffers.isExact(out, n)).to.be.true;
      });

      it(`crossEntropy sums −ln p of the targets for (${rows}, ${cols}) and its gradient is scale·(P − onehot)`, () => {
        const buffers = new Buffers(dtype);
        const [at, labels, p, out] = [
          buffers.put(x),
          buffers.putIntegers(targets),
          buffers.room(n),
          buffers.room(n),
        ];
        const [loss, upstream] = [buffers.room(1), buffers.put([0.5])];
        kernel.crossEntropy(at, labels, p, loss, rows, cols, 2);
        const losses = inRows(expected, cols).map((row, r) => -Math.log(row[targets[r]!]!));
        expect(buffers.get(loss, 1)[0]).to.be.closeTo(2 * sumOf(losses), 80 * tolerance * rows);
        expectClose(buffers.get(p, n), expected, tolerance);
        expect(buffers.isPaddedOnly(p, n)).to.be.true;
        kernel.crossEntropyBackward(upstream, p, labels, out, rows, cols, 0.5);
        const isTarget = (i: number) => Number(targets[Math.floor(i / cols)] === i % cols);
        expectClose(
          buffers.get(out, n),
          expected.map((value, i) => 0.25 * (value - isTarget(i))),
          tolerance,
        );
        expect(buffers.isPaddedOnly(out, n)).to.be.true;
        kernel.nllBackward(upstream, labels, out, rows, cols, -3);
        expect(buffers.get(out, n)).to.deep.equal(expected.map((_, i) => (isTarget(i) ? -1.5 : 0)));
        expect(buffers.isPaddedOnly(out, n)).to.be.true;
      });
    }

    it('crossEntropy gives two classes the bits that they have beside a third one at −∞', () => {
      const gaps = [0, -0, 1e-300, 0.3, -2, 40, -700, 708, -708.5, 745, 1e5, Infinity, NaN, -1, 5, -17, 0.1];
      const rows = gaps.map((gap, r) => [gap + (r % 3), r % 3]);
      const targets = gaps.map((_, r) => (r >> 1) % 2);
      for (let first = 0; first < gaps.length; first++) {
        const some = rows.slice(first).concat(rows.slice(0, first));
        for (const count of [3, 4, 9, 11]) {
          const two = lossAndProbabilities(some.slice(0, count), targets);
          const three = lossAndProbabilities(
            some.slice(0, count).map((row) => [...row, -Infinity]),
            targets,
          );
          expect(two.loss).to.deep.equal(three.loss);
          expect(two.probabilities).to.deep.equal(three.probabilities.map((row) => row.slice(0, 2)));
        }
      }
    });

    it('softmax and the backward kernels give two classes the bits that they have beside a third one of probability 0', () => {
      const rows = [0, -0, 1e-300, 0.3, -2, 40, -700, -709, 1e5, 745, NaN, -1].map((gap, r) => [
        gap + (r % 3),
        r % 3,
      ]);
      const upstream = rows.map(
        (_, r) =>
          [
            [1, -0.3],
            [-0, 0],
            [0, -0],
            [1e-320, 5],
            [Infinity, 1],
          ][r % 5]!,
      );
      const labels = rows.map((_, r) => (r >> 1) % 2);
      for (const count of [1, 2, 7, 12]) {
        const wide = (list: number[][], third: number) => list.slice(0, count).map((row) => [...row, third]);
        const two = afterSoftmax(rows.slice(0, count), upstream.slice(0, count), labels);
        const three = afterSoftmax(wide(rows, -Infinity), wide(upstream, 0), labels);
        for (const [k, part] of two.entries())
          expect(part).to.deep.equal(three[k]!.map((row) => row.slice(0, 2)));
      }
    });

    /** The probabilities, and the gradients of softmax and of the cross-entropy. */
    function afterSoftmax(x: number[][], upstream: number[][], labels: readonly number[]): number[][][] {
      const buffers = new Buffers(dtype);
      const [rows, cols] = [x.length, x[0]!.length];
      const [s, softmaxGradient, lossGradient] = [0, 1, 2].map(() => buffers.room(rows * cols)) as [
        number,
        number,
        number,
      ];
      kernel.softmax(buffers.put(x.flat()), s, rows, cols);
      kernel.softmaxBackward(buffers.put(upstream.flat()), s, softmaxGradient, rows, cols);
      const targets = buffers.putIntegers(labels);
      kernel.crossEntropyBackward(buffers.put([0.3]), s, targets, lossGradient, rows, cols, -2);
      return [s, softmaxGradient, lossGradient].map((at) => inRows(buffers.get(at, rows * cols), cols));
    }

    function lossAndProbabilities(rows: readonly number[][], targets: readonly number[]) {
      const buffers = new Buffers(dtype);
      const cols = rows[0]!.length;
      const n = rows.length * cols;
      const [probabilities, loss] = [buffers.room(n), buffers.room(1)];
      const labels = buffers.putIntegers(targets);
      kernel.crossEntropy(buffers.put(rows.flat()), labels, probabilities, loss, rows.length, cols, 1);
      return { loss: buffers.get(loss, 1), probabilities: inRows(buffers.get(probabilities, n), cols) };
    }

    it('survives logits of any size and gives −∞ the probability 0', () => {
      const buffers = new Buffers(dtype);
      const out = buffers.room(6);
      kernel.softmax(buffers.put([3e38, 3e38, 0, -Infinity, 1, -3e38]), out, 2, 3);
      expect(buffers.get(out, 6)).to.deep.equal([0.5, 0.5, 0, 0, 1, 0]);
      const labels = buffers.putIntegers([0, 2]);
      const loss = buffers.room(1);
      kernel.crossEntropy(buffers.put([1000, 0, 0, 1000, 0, 0]), labels, out, loss, 2, 3, 1);
      expect(buffers.get(loss, 1)).to.deep.equal([1000]);
    });

    it('a NaN makes its own row NaN and no other', () => {
      const buffers = new Buffers(dtype);
      const out = buffers.room(6);
      kernel.softmax(buffers.put([0, 0, 1, NaN, 2, 2]), out, 3, 2);
      expect(buffers.get(out, 6)).to.deep.equal([0.5, 0.5, NaN, NaN, 0.5, 0.5]);
    });
  });
}

function inRows(x: readonly number[], cols: number): number[][] {
  return Array.from({ length: x.length / cols }, (_, r) => x.slice(r * cols, (r + 1) * cols));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function softmaxOf(row: readonly number[]): number[] {
  const powers = row.map((value) => Math.exp(value - Math.max(...row)));
  return powers.map((value) => value / sumOf(powers));
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).to.have.lengthOf(expected.length);
  actual.forEach((value, i) => expect(value, `number ${i}`).to.be.closeTo(expected[i]!, tolerance));
}
