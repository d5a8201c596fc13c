import { expect } from 'chai';
import { kernels, memory } from '../../src/kernels/index.js';
import { Buffers, dtypes } from './buffers.js';

/** what it serves, the shape of the result, strides and offset in a source of 24 numbers, the result */
const views: [string, number[], number[], number, number[]][] = [
  ['transposes', [4, 2], [1, 4], 0, [0, 4, 1, 5, 2, 6, 3, 7]],
  ['repeats an axis', [2, 3], [0, 1], 0, [0, 1, 2, 0, 1, 2]],
  ['repeats within rows', [2, 3], [1, 0], 0, [0, 0, 0, 1, 1, 1]],
  ['slices with an offset', [2, 2], [6, 1], 8, [8, 9, 14, 15]],
  ['walks backwards', [4], [-2], 9, [9, 7, 5, 3]],
  ['permutes three axes', [2, 2, 3], [1, 12, 4], 0, [0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21]],
  ['copies a scalar', [], [], 7, [7]],
  ['copies nothing of an empty axis', [0, 3], [3, 1], 0, []],
];

for (const dtype of dtypes) {
  describe(`copies in ${dtype}`, () => {
    for (const [what, shape, strides, offset, expected] of views) {
      it(`copyStrided ${what}`, () => {
        const buffers = new Buffers(dtype);
        const source = buffers.put(Array.from({ length: 24 }, (_, i) => i));
        const out = buffers.room(expected.length);
        const [shapeAt, stridesAt] = [buffers.putIntegers(shape), buffers.putIntegers(strides)];
        kernels[dtype].copyStrided(source, out, shape.length, shapeAt, stridesAt, offset);
        expect(buffers.get(out, expected.length)).to.deep.equal(expected);
        expect(buffers.isPaddedOnly(out, expected.length)).to.be.true;
      });
    }

    it('copyStrided transposes matrices of many columns', () => {
      const [planes, rows, cols] = [2, 37, 40];
      const buffers = new Buffers(dtype);
      const source = buffers.put(Array.from({ length: planes * rows * cols }, (_, i) => i));
      const out = buffers.room(planes * rows * cols);
      const shape = buffers.putIntegers([planes, cols, rows]);
      kernels[dtype].copyStrided(source, out, 3, shape, buffers.putIntegers([rows * cols, 1, cols]));
      const expected = Array.from({ length: planes * rows * cols }, (_, i) => {
        const [plane, col, row] = [Math.floor(i / (rows * cols)), Math.floor(i / rows) % cols, i % rows];
        return (plane * rows + row) * cols + col;
      });
      expect(buffers.get(out, expected.length)).to.deep.equal(expected);
      expect(buffers.isPaddedOnly(out, expected.length)).to.be.true;
    });

    it('repeat writes each number several times, and nothing beyond', () => {
      const buffers = new Buffers(dtype);
      const out = buffers.room(14);
      kernels[dtype].repeat(buffers.put([3, 1]), out, 2, 7);
      expect(buffers.get(out, 14)).to.deep.equal([...Array<number>(7).fill(3), ...Array<number>(7).fill(1)]);
      expect(buffers.isExact(out, 14)).to.be.true;
    });

    for (const inner of [1, 2, 5, 9]) {
      it(`exchangeAxes exchanges the first two of three axes, of which the last has ${inner}`, () => {
        const buffers = new Buffers(dtype);
        const x = Array.from({ length: 6 * inner }, (_, i) => i);
        const out = buffers.room(x.length);
        kernels[dtype].exchangeAxes(buffers.put(x), out, 2, 3, inner);
        const lines = [0, 3, 1, 4, 2, 5].flatMap((k) => x.slice(k * inner, (k + 1) * inner));
        expect(buffers.get(out, x.length)).to.deep.equal(lines);
        expect(buffers.isExact(out, x.length)).to.be.true;
      });
    }

    it('fill writes one value everywhere', () => {
      const buffers = new Buffers(dtype);
      const out = buffers.room(7);
      kernels[dtype].fill(out, 7, 2.5);
      expect(buffers.get(out, 7)).to.deep.equal(Array(7).fill(2.5));
      expect(buffers.isPaddedOnly(out, 7)).to.be.true;
    });

    it('firstNonFinite finds the first NaN or infinity', () => {
      const buffers = new Buffers(dtype);
      expect(kernels[dtype].firstNonFinite(buffers.put([1, 2, NaN, Infinity]), 4)).to.equal(2);
      expect(kernels[dtype].firstNonFinite(buffers.put([1, -Infinity, 3]), 3)).to.equal(1);
      expect(kernels[dtype].firstNonFinite(buffers.put([1, 2, 3]), 3)).to.equal(-1);
    });
  });
}

describe('untyped copies', () => {
  it('converts between the dtypes, rounding to the nearest float32', () => {
    const wide = new Buffers('float64');
    const source = wide.put([0.1, -2.5, 1e300, NaN]);
    const narrow = wide.room(4);
    const back = wide.room(4);
    kernels.toFloat32(source, narrow, 4);
    kernels.toFloat64(narrow, back, 4);
    expect(wide.get(back, 4)).to.deep.equal([Math.fround(0.1), -2.5, Infinity, NaN]);
  });

  it('copyBytes copies exactly so many bytes', () => {
    const buffers = new Buffers('float64');
    const source = buffers.put([1, 2, 3]);
    const out = buffers.put([0, 0, 0]);
    kernels.copyBytes(source, out, 16);
    expect(buffers.get(out, 3)).to.deep.equal([1, 2, 0]);
  });
});

describe('the compiled module', () => {
  it('begins its heap on a 16-byte boundary inside the memory', async () => {
    const { heapBase } = await import('../../src/kernels/index.js');
    expect(heapBase % 16).to.equal(0);
    expect(heapBase).to.be.below(memory.buffer.byteLength);
  });

  it('has the same kernels in both dtypes', () => {
    expect(Object.keys(kernels.float64)).to.deep.equal(Object.keys(kernels.float32)).and.to.include('matmul');
  });
});
