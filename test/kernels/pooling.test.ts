import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { Buffers, dtypes } from './buffers.js';

/** planes, height, width, size, stride */
const cases: [number, number, number, number, number][] = [
  [1, 2, 2, 2, 2],
  [3, 4, 6, 2, 2],
  [2, 6, 18, 2, 2],
  [2, 7, 11, 2, 2],
  [2, 7, 7, 3, 2],
  [1, 9, 9, 3, 3],
  [2, 5, 5, 2, 1],
];

for (const dtype of dtypes) {
  describe(`pooling in ${dtype}`, () => {
    for (const [planes, height, width, size, stride] of cases) {
      const windows = windowsOf(planes, height, width, size, stride);
      const area = height * width;
      const x = Array.from({ length: planes * area }, (_, i) => ((i * i * 31) % 5) - 2);
      const upstream = windows.map((_, i) => (i % 5) - 2);
      const which = `windows of ${size} by ${size} every ${stride} in planes of ${height} by ${width}`;

      it(`maxPool finds the first largest in ${which}, and its adjoint leads back there`, () => {
        const buffers = new Buffers(dtype);
        const [at, out, indices] = [
          buffers.put(x),
          buffers.room(windows.length),
          buffers.room(windows.length),
        ];
        const back = buffers.room(x.length);
        kernels[dtype].maxPool(at, out, indices, planes, height, width, size, stride);
        const best = windows.map((window) => Math.max(...window.map((i) => x[i]!)));
        const where = windows.map((window, k) => window.find((i) => x[i] === best[k])!);
        expect(buffers.get(out, windows.length)).to.deep.equal(best);
        expect(buffers.integers(indices, windows.length)).to.deep.equal(where.map((i) => i % area));
        expect(buffers.isPaddedOnly(out, windows.length)).to.be.true;
        const expected = Array<number>(x.length).fill(0);
        where.forEach((i, k) => (expected[i]! += upstream[k]!));
        kernels[dtype].maxPoolBackward(
          buffers.put(upstream),
          indices,
          back,
          planes,
          area,
          windows.length / planes,
        );
        expect(buffers.get(back, x.length)).to.deep.equal(expected);
        expect(buffers.isPaddedOnly(back, x.length)).to.be.true;
      });

      it(`averagePool is the mean of ${which}, and its adjoint shares upstream out`, () => {
        const buffers = new Buffers(dtype);
        const [at, out, back] = [buffers.put(x), buffers.room(windows.length), buffers.room(x.length)];
        kernels[dtype].averagePool(at, out, planes, height, width, size, stride);
        buffers.get(out, windows.length).forEach((value, k) => {
          const total = windows[k]!.reduce((sum, i) => sum + x[i]!, 0);
          expect(value).to.be.closeTo(total / (size * size), 1e-6);
        });
        const expected = Array<number>(x.length).fill(0);
        windows.forEach((window, k) => window.forEach((i) => (expected[i]! += upstream[k]! / (size * size))));
        kernels[dtype].averagePoolBackward(buffers.put(upstream), back, planes, height, width, size, stride);
        buffers.get(back, x.length).forEach((value, i) => expect(value).to.be.closeTo(expected[i]!, 1e-6));
        expect(buffers.isPaddedOnly(out, windows.length) && buffers.isPaddedOnly(back, x.length)).to.be.true;
      });
    }

    it('maxPool keeps the first NaN of a window, on the fast path and beside it', () => {
      const buffers = new Buffers(dtype);
      const x = [1, NaN, 3, 4, 1, 1, 1, 1, NaN, 0, NaN, 9, 2, 2, NaN, 0, 5, 6, 7, NaN];
      const windows = windowsOf(1, 2, 10, 2, 2);
      const first = windows.map((window) => firstBest(x, window));
      const [out, indices] = [buffers.room(5), buffers.room(5)];
      kernels[dtype].maxPool(buffers.put(x), out, indices, 1, 2, 10, 2, 2);
      expect(buffers.get(out, 5)).to.deep.equal(first.map((i) => x[i]));
      expect(buffers.integers(indices, 5)).to.deep.equal(first);
      const planes = windows.flatMap((window) => window.map((i) => x[i]!)); // too narrow for the fast path
      kernels[dtype].maxPool(buffers.put(planes), out, indices, 5, 2, 2, 2, 2);
      expect(buffers.get(out, 5)).to.deep.equal(first.map((i) => x[i]));
      expect(buffers.integers(indices, 5)).to.deep.equal(
        windows.map((window, k) => window.indexOf(first[k]!)),
      );
    });
  });
}

function windowsOf(planes: number, height: number, width: number, size: number, stride: number): number[][] {
  const windows: number[][] = [];
  for (let plane = 0; plane < planes; plane++) {
    for (let y = 0; y + size <= height; y += stride) {
      for (let x = 0; x + size <= width; x += stride) {
        const corner = plane * height * width + y * width + x;
        windows.push(
          Array.from({ length: size * size }, (_, i) => corner + Math.floor(i / size) * width + (i % size)),
        );
      }
    }
  }
  return windows;
}

function firstBest(x: readonly number[], window: readonly number[]): number {
  return window.find((i) => Number.isNaN(x[i])) ?? window.find((i) => window.every((j) => x[i]! >= x[j]!))!;
}
