import { expect } from 'chai';
import { asTensor, constant, full, keep, ones, tensor, zeros } from '../../src/tensor/creation.js';
import { ShapeError, ValueError } from '../../src/tensor/error.js';
import { Tensor } from '../../src/tensor/tensor.js';
import { itRefuses } from '../refuses.js';

describe('making tensors', () => {
  const made: readonly [what: string, made: Tensor, shape: number[], value: unknown][] = [
    ['a number', tensor(3), [], 3],
    ['a row', tensor([1, 2]), [2], [1, 2]],
    ['nested arrays', tensor([[[1], [2]]]), [1, 2, 1], [[[1], [2]]]],
    ['a typed array', tensor(new Float32Array([0.5, 2])), [2], [0.5, 2]],
    ['a typed array with a shape', tensor(new Float64Array([1, 2, 3, 4]), { shape: [2, 2] }), [2, 2], [[1, 2], [3, 4]]], // prettier-ignore
    ['nested arrays with another shape', tensor([[1, 2], [3, 4]], { shape: [4] }), [4], [1, 2, 3, 4]], // prettier-ignore
    ['bytes as labels', constant(new Uint8Array([3, 255]), { dtype: 'int32' }), [2], [3, 255]],
    ['the largest int32 numbers', constant([2147483647, -2147483648], { dtype: 'int32' }), [2], [2147483647, -2147483648]], // prettier-ignore
    ['NaN and infinity, which are numbers', tensor([NaN, -Infinity]), [2], [NaN, -Infinity]],
    ['zeros', zeros([2, 1]), [2, 1], [[0], [0]]],
    ['ones', ones([]), [], 1],
    ['one value everywhere', full([3], -0.5), [3], [-0.5, -0.5, -0.5]],
    ['float32, rounded', tensor([0.1], { dtype: 'float32' }), [1], [Math.fround(0.1)]],
  ];
  for (const [what, { shape, value }, expectedShape, expectedValue] of made) {
    it(`works from ${what}`, () => {
      expect(shape).to.deep.equal(expectedShape);
      expect(value).to.deep.equal(expectedValue);
    });
  }

  it('requires a gradient unless the numbers are fixed, or integers', () => {
    const asked = [tensor(1), tensor(1, { requiresGrad: false }), constant(1), tensor(1, { dtype: 'int32' })];
    expect(asked.map(({ requiresGrad }) => requiresGrad)).to.deep.equal([true, false, false, false]);
  });

  it('takes plain numbers as constants of the dtype asked for, and tensors as they are', () => {
    const X = tensor([1]);
    expect(asTensor(X, 'float32')).to.equal(X);
    const two = asTensor(2, 'float32');
    expect([two.dtype, two.requiresGrad, two.value]).to.deep.equal(['float32', false, 2]);
  });

  it('copies what it is given', () => {
    const numbers = new Float64Array([1, 2]);
    const X = tensor(numbers);
    numbers[0] = 9;
    expect(X.value).to.deep.equal([1, 2]);
  });

  it('keeps value, shape, dtype and name of a tensor in a copy without a gradient', () => {
    const X = tensor([[1.5]], { name: 'X', dtype: 'float32' });
    const copy = keep(X);
    X.assign([7]);
    expect(copy).to.include({ name: 'X', dtype: 'float32', requiresGrad: false });
    expect(copy.value).to.deep.equal([[1.5]]);
  });

  const notNumbers = (values: unknown) => () => tensor(values as number[]);
  // prettier-ignore
  itRefuses([
    ['rows of different lengths', () => tensor([[1], [2, 3]]), ShapeError, /^tensor: the nested arrays are ragged: values\[1\] has length 2, but values\[0\] has length 1; make/],
    ['a row where the first entry is a number', () => tensor([1, [2]]), ShapeError, /values\[1\] has length 1, but values\[0\] is a number/],
    ['a number where the first entry is a row', () => tensor([[[1, 2]], [3]]), ShapeError, /values\[1\]\[0\] is a number, but values\[0\]\[0\] has length 2/],
    ['an empty row after a full one', () => tensor([[1], []]), ShapeError, /values\[1\] has length 0, but values\[0\] has length 1/],
    ['no numbers', () => tensor([]), ShapeError, /^tensor: shape \(0,\) holds no numbers; every axis needs at least one element/],
    ['empty rows', () => tensor([[], []]), ShapeError, /^tensor: shape \(2, 0\) holds no numbers/],
    ['an axis of length 0', () => zeros([0, 2]), ShapeError, /^tensor: shape \(0, 2\) holds no numbers/],
    ['a negative length', () => tensor(new Float64Array(4), { shape: [-2, -2] }), ShapeError, /^tensor: shape \(-2, -2\) has -2 elements along axis 0; lengths are positive integers/],
    ['half an element', () => full([2, 2.5], 1), ShapeError, /^tensor: shape \(2, 2\.5\) has 2\.5 elements along axis 1/],
    ['too few numbers for the shape', () => tensor(new Float64Array(5), { shape: [2, 3] }), ShapeError, /^tensor: 5 numbers do not fill shape \(2, 3\), which holds 6/],
    ['undefined', notNumbers([1, undefined]), ValueError, /^tensor: values\[1\] is undefined, but a tensor is made of numbers and arrays of numbers/],
    ['null', notNumbers(null), ValueError, /^tensor: values is null, but/],
    ['a string', notNumbers([['1']]), ValueError, /^tensor: values\[0\]\[0\] is the string '1', but/],
    ['fractions as labels', () => constant([1, 0.5], { dtype: 'int32' }), ValueError, /^tensor: element 1 is 0\.5, but an int32 tensor holds integers/],
    ['NaN as a label', () => constant([NaN], { dtype: 'int32' }), ValueError, /^tensor: element 0 is NaN, but an int32/],
    ['an integer beyond int32', () => constant([3e9], { dtype: 'int32' }), ValueError, /^tensor: element 0 is 3000000000, but an int32/],
    ['a gradient of integers', () => tensor([1], { dtype: 'int32', requiresGrad: true }), ValueError, /an int32 tensor holds labels or indices and has no gradient; leave requiresGrad out/],
  ]);
});

describe('a dtype that does not exist', () => {
  it('is refused by name, and leaves the memory as it was', () => {
    expect(() => tensor([1], { dtype: 'int8' as never })).to.throw(
      /^tensor: there is no dtype int8; there are float64, float32, int32/,
    );
    expect(tensor([1, 2]).value).to.deep.equal([1, 2]);
  });
});
