import { expect } from 'chai';
import { constant, tensor } from '../../src/tensor/creation.js';
import { ShapeError } from '../../src/tensor/error.js';
import { copyStrided, expandedTo } from '../../src/tensor/strided.js';
import { identical, Tensor } from '../../src/tensor/tensor.js';
import { itRefuses } from '../refuses.js';

const matrix = (): Tensor => tensor([[1, 2], [3, 4], [5, 6]], { name: 'X' }); // prettier-ignore

describe('a tensor', () => {
  it('gives out copies of its numbers', () => {
    const X = matrix();
    (X.value as number[][])[0]![0] = 9;
    X.data()[1] = 9;
    expect(X.value).to.deep.equal([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it('shares memory with its rows, its views and its detached self, which need no gradient', () => {
    const X = matrix();
    const parts = [X.rows(1, 3), X.view([6]), X.detach()];
    X.assign([10, 20, 30, 40, 50, 60]);
    // prettier-ignore
    expect(parts.map((part) => part.value)).to.deep.equal([
      [[30, 40], [50, 60]],
      [10, 20, 30, 40, 50, 60],
      [[10, 20], [30, 40], [50, 60]],
    ]);
    expect(parts.map(({ requiresGrad }) => requiresGrad)).to.deep.equal([false, false, false]);
  });

  it('is its own detached self when it is a constant', () => {
    const X = constant([1]);
    expect(X.detach()).to.equal(X);
  });

  it('is identical to another with the same shape, dtype and bits', () => {
    const pairs: readonly [Tensor, Tensor, boolean][] = [
      [tensor([1, NaN]), constant([1, NaN]), true],
      [tensor([0]), tensor([-0]), false],
      [tensor([1]), tensor([[1]]), false],
      [tensor([1]), tensor([1], { dtype: 'float32' }), false],
    ];
    for (const [left, right, same] of pairs) expect(identical(left, right)).to.equal(same);
  });

  it('expands along axes of length 1 and new axes in front', () => {
    // prettier-ignore
    expect(expandedTo(tensor([[1], [2]]), [2, 2, 2]).value).to.deep.equal([
      [[1, 1], [2, 2]],
      [[1, 1], [2, 2]],
    ]);
    const X = matrix();
    expect(expandedTo(X, [3, 2])).to.equal(X);
  });

  it('is known by name, shape, and dtype where that is not float64', () => {
    expect([matrix().label, constant([1], { dtype: 'int32' }).label]).to.deep.equal(['X (3, 2)', 'tensor (1,) int32']); // prettier-ignore
  });

  // prettier-ignore
  itRefuses([
    ['item() of several numbers', () => matrix().item(), ShapeError, /^item: X \(3, 2\) holds 6 numbers; item\(\) reads exactly one, value reads all/],
    ['to be overwritten by fewer numbers', () => matrix().assign([1, 2]), ShapeError, /^assign: X \(3, 2\) holds 6 numbers, but 2 were given/],
    ['rows beyond the last', () => matrix().rows(1, 4), ShapeError, /^rows: 1 to 4 \(exclusive\) are no rows of X \(3, 2\); choose integers from 0 to 3/],
    ['no rows at all', () => matrix().rows(1, 1), ShapeError, /^rows: 1 to 1/],
    ['half a row', () => matrix().rows(0.5, 1.5), ShapeError, /^rows: 0\.5 to 1\.5/],
    ['rows of a scalar', () => tensor(1).rows(0, 1), ShapeError, /^rows: 0 to 1/],
    ['to be expanded to fewer axes', () => expandedTo(matrix(), [2]), ShapeError, /^X \(3, 2\) cannot be expanded to the smaller shape \(2,\)/],
    ['more than eight axes', () => {
      const deep = tensor(1, { shape: [1, 1, 1, 1, 1, 1, 1, 1, 1] });
      copyStrided(deep, new Array<number>(9).fill(1), deep);
    }, ShapeError, /has 9 axes, but at most 8 are supported; reshape it first/],
  ]);
});
