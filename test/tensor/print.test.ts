import { expect } from 'chai';
import { inspect } from 'node:util';
import { constant, tensor, zeros } from '../../src/tensor/creation.js';
import { formatNumber } from '../../src/tensor/print.js';

const counted = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

describe('printing', () => {
  const numbers: readonly [number, string][] = [
    [0, '0'],
    [-0, '-0'],
    [1 / 3, '0.333333'],
    [123456.789, '123457'],
    [1e-7, '1e-7'],
    [2.5e300, '2.5e+300'],
    [1234567, '1234567'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ];
  for (const [value, text] of numbers) {
    it(`writes ${text}`, () => {
      expect(formatNumber(value)).to.equal(text);
    });
  }

  it('begins with name, shape and dtype', () => {
    expect(String(tensor(2, { name: 'loss' }))).to.equal('loss () float64 2');
    expect(String(constant([1], { dtype: 'int32' }))).to.equal('tensor (1,) int32\n[1]');
  });

  it('aligns columns, and indents rows and matrices', () => {
    expect(String(tensor([[1, -22.5], [3, 4]], { name: 'X' }))).to.equal('X (2, 2) float64\n[[    1, -22.5],\n [    3,     4]]'); // prettier-ignore
    expect(String(zeros([2, 2, 1]))).to.equal('tensor (2, 2, 1) float64\n[[[0],\n  [0]],\n [[0],\n  [0]]]');
  });

  it('shows three numbers at either end of a long axis', () => {
    expect(String(tensor(counted(8)))).to.equal('tensor (8,) float64\n[0, 1, 2, 3, 4, 5, 6, 7]');
    expect(String(tensor(counted(100)))).to.equal('tensor (100,) float64\n[ 0,  1,  2, …, 97, 98, 99]');
  });

  it('takes the right rows from the end of a long axis', () => {
    const long = tensor(counted(20), { shape: [10, 2] });
    expect(String(long).split('\n').slice(-2)).to.deep.equal([' [16, 17],', ' [18, 19]]']);
  });

  it('is what a notebook shows and what console.log prints', () => {
    const X = tensor([1, 2], { name: 'X' });
    expect(X.display()).to.deep.equal({ 'text/plain': 'X (2,) float64\n[1, 2]' });
    expect(inspect(X)).to.equal(String(X));
    expect(JSON.stringify(X)).to.equal('{"shape":[2],"dtype":"float64","value":[1,2]}');
  });
});
