import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { Buffers, dtypes } from './buffers.js';

for (const dtype of dtypes) {
  describe(`selection in ${dtype}`, () => {
    it('selectRows takes one number of each row and scatterRows puts it back', () => {
      const buffers = new Buffers(dtype);
      const [x, index] = [buffers.put([1, 2, 3, 4, 5, 6, 7, 8, 9]), buffers.putIntegers([2, 0, 1])];
      const [picked, back] = [buffers.room(3), buffers.room(9)];
      kernels[dtype].selectRows(x, index, picked, 3, 3);
      expect(buffers.get(picked, 3)).to.deep.equal([3, 4, 8]);
      kernels[dtype].scatterRows(picked, index, back, 3, 3);
      expect(buffers.get(back, 9)).to.deep.equal([0, 0, 3, 4, 0, 0, 0, 8, 0]);
      expect(buffers.isPaddedOnly(picked, 3) && buffers.isPaddedOnly(back, 9)).to.be.true;
    });

    for (const cols of [1, 2, 3, 40]) {
      it(`takeRows gathers whole rows of ${cols} numbers`, () => {
        const x = Array.from({ length: 5 * cols }, (_, i) => i);
        const buffers = new Buffers(dtype);
        const out = buffers.room(3 * cols);
        kernels[dtype].takeRows(buffers.put(x), buffers.putIntegers([4, 0, 4]), out, 3, cols);
        const expected = [4, 0, 4].flatMap((row) => x.slice(row * cols, (row + 1) * cols));
        expect(buffers.get(out, 3 * cols)).to.deep.equal(expected);
        expect(buffers.isPaddedOnly(out, 3 * cols)).to.be.true;
      });
    }

    it('argmaxRows names the first largest, or the first NaN, and countCorrect compares it with the labels', () => {
      const buffers = new Buffers(dtype);
      const x = buffers.put([1, 3, 3, 5, 0, -1, 2, NaN, NaN, -3, -2, -1]);
      const out = buffers.room(4);
      kernels[dtype].argmaxRows(x, out, 4, 3);
      expect(buffers.integers(out, 4)).to.deep.equal([1, 0, 1, 2]);
      expect(kernels[dtype].countCorrect(x, buffers.putIntegers([1, 1, 1, 2]), 4, 3)).to.equal(3);
    });
  });
}

describe('whole numbers', () => {
  const buffers = new Buffers('float64');

  it('countEqual counts equal pairs', () => {
    const [a, b] = [buffers.putIntegers([1, 2, 3, -4]), buffers.putIntegers([1, 0, 3, -4])];
    expect(kernels.countEqual(a, b, 4)).to.equal(3);
    expect(kernels.countEqual(a, b, 0)).to.equal(0);
  });

  it('indexOutOfRange finds the first index that is negative or too large', () => {
    expect(kernels.indexOutOfRange(buffers.putIntegers([0, 2, 1]), 3, 3)).to.equal(-1);
    expect(kernels.indexOutOfRange(buffers.putIntegers([0, 3, -1]), 3, 3)).to.equal(1);
    expect(kernels.indexOutOfRange(buffers.putIntegers([-1, 3]), 2, 3)).to.equal(0);
  });
});
