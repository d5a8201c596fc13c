import { expect } from 'chai';
import { add, divide, multiply, power, subtract } from '../../src/ops/arithmetic.js';
import { expand, sumTo } from '../../src/ops/broadcast.js';
import { elementwise } from '../../src/ops/functions.js';
import { reshape, transpose } from '../../src/ops/layout.js';
import { crossEntropy, nll } from '../../src/ops/loss.js';
import { linear, matmul } from '../../src/ops/matmul.js';
import { max, mean, sum } from '../../src/ops/reduce.js';
import { scatter, select } from '../../src/ops/select.js';
import { normalize } from '../../src/ops/softmax.js';
import { random } from '../../src/random/random.js';
import { constant, tensor } from '../../src/tensor/creation.js';
import { ShapeError, ValueError } from '../../src/tensor/error.js';
import { formatShape, type Shape, sizeOf, stridesOf } from '../../src/tensor/shape.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { itRefuses, type Refusal } from '../refuses.js';

/** Index by index, with no code of the library but the strides. */
function tabulate(shape: Shape, entry: (...index: number[]) => number): number[] {
  const strides = stridesOf(shape);
  return Array.from({ length: sizeOf(shape) }, (_, k) =>
    entry(...shape.map((length, axis) => Math.floor(k / strides[axis]!) % length)),
  );
}

const at = (X: Tensor, ...index: number[]): number =>
  X.data()[index.reduce((position, k, axis) => position + k * stridesOf(X.shape)[axis]!, 0)]!;

function expectValues(actual: Tensor, shape: Shape, entry: (...index: number[]) => number): void {
  expect(actual.shape).to.deep.equal(shape);
  const expected = tabulate(shape, entry);
  actual.data().forEach((value, k) => {
    expect(value, `element ${k}`).to.be.closeTo(expected[k]!, 1e-12 * Math.max(1, Math.abs(expected[k]!)));
  });
}

const draw = (name: string, ...shape: number[]): Tensor =>
  random(2).split(name).uniform(shape, { low: 0.5, high: 2 });

describe('values of ops', () => {
  const X = draw('X', 3, 4);
  const B = draw('B', 2, 3, 4);

  const binary = {
    add: [add, (x: number, y: number) => x + y],
    subtract: [subtract, (x: number, y: number) => x - y],
    multiply: [multiply, (x: number, y: number) => x * y],
    divide: [divide, (x: number, y: number) => x / y],
    power: [power, (x: number, y: number) => x ** y],
  } as const;
  for (const [name, [op, f]] of Object.entries(binary)) {
    it(`${name} broadcasts rows, columns, batches and plain numbers`, () => {
      const [row, column] = [draw('row', 4), draw('column', 3, 1)];
      expectValues(op(X, row), [3, 4], (i, j) => f(at(X, i, j), at(row, j)));
      expectValues(op(column, row), [3, 4], (i, j) => f(at(column, i, 0), at(row, j)));
      expectValues(op(X, B), [2, 3, 4], (b, i, j) => f(at(X, i, j), at(B, b, i, j)));
      expectValues(op(2, X), [3, 4], (i, j) => f(2, at(X, i, j)));
      expectValues(op(column, [[1, 2]]), [3, 2], (i, j) => f(at(column, i, 0), j + 1));
    });
  }

  for (const transposeX of [false, true]) {
    for (const transposeW of [false, true]) {
      it(`matmul with transposeX ${transposeX}, transposeW ${transposeW}, of matrices and of batches that broadcast`, () => {
        const x = (...batch: number[]): Tensor => draw('x', ...batch, ...(transposeX ? [3, 2] : [2, 3]));
        const w = (...batch: number[]): Tensor => draw('w', ...batch, ...(transposeW ? [5, 3] : [3, 5]));
        const xAt = (T: Tensor, batch: number[], i: number, k: number): number => at(T, ...batch, ...(transposeX ? [k, i] : [i, k])); // prettier-ignore
        const wAt = (T: Tensor, batch: number[], k: number, j: number): number => at(T, ...batch, ...(transposeW ? [j, k] : [k, j])); // prettier-ignore
        const dot = (entry: (k: number) => number): number =>
          [0, 1, 2].reduce((total, k) => total + entry(k), 0);
        const options = { transposeX, transposeW };
        const [A, C] = [x(), w()];
        expectValues(matmul(A, C, options), [2, 5], (i, j) =>
          dot((k) => xAt(A, [], i, k) * wAt(C, [], k, j)),
        );
        const [A2, C2] = [x(4, 1), w(3)];
        expectValues(matmul(A2, C2, options), [4, 3, 2, 5], (a, c, i, j) =>
          dot((k) => xAt(A2, [a, 0], i, k) * wAt(C2, [c], k, j)),
        );
      });
    }
  }

  it('linear is X Wᵀ + b', () => {
    const [W, b] = [draw('W', 2, 4), draw('b', 2)];
    expectValues(linear(X, W, b), [3, 2], (i, j) => [0, 1, 2, 3].reduce((total, k) => total + at(X, i, k) * at(W, j, k), at(b, j))); // prettier-ignore
  });

  it('sum, mean and max reduce any axes, which vanish or stay with length 1', () => {
    const over = (entry: (b: number, j: number) => number): number[] =>
      [0, 1].flatMap((b) => [0, 1, 2, 3].map((j) => entry(b, j)));
    const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
    const outer = (i: number): number[] => over((b, j) => at(B, b, i, j));
    expectValues(sum(B, { axis: [0, 2] }), [3], (i) => total(outer(i)));
    expectValues(mean(B, { axis: [-1, 0] }), [3], (i) => total(outer(i)) / 8);
    expectValues(max(B, { axis: [0, 2], keepDims: true }), [1, 3, 1], (_, i) => Math.max(...outer(i)));
    expectValues(sum(B, { axis: 1 }), [2, 4], (b, j) => total([0, 1, 2].map((i) => at(B, b, i, j))));
    expectValues(max(B), [], () => Math.max(...B.data()));
    expectValues(mean(B), [], () => total([...B.data()]) / 24);
    expect(sum(B, { axis: [] }).value).to.deep.equal(B.value);
  });

  it('max of a group with NaN is NaN', () => {
    expect(max(tensor([[1, NaN], [2, 1]]), { axis: 1 }).value).to.deep.equal([NaN, 2]); // prettier-ignore
  });

  it('transpose reverses the axes or puts them in the order asked for; reshape keeps the order', () => {
    expectValues(transpose(B), [4, 3, 2], (j, i, b) => at(B, b, i, j));
    expectValues(transpose(B, [1, -1, 0]), [3, 4, 2], (i, j, b) => at(B, b, i, j));
    expect(reshape(B, [4, -1]).shape).to.deep.equal([4, 6]);
    expect([...reshape(B, [-1]).data()]).to.deep.equal([...B.data()]);
  });

  const six = tensor([1, 2, 3, 4, 5, 6]);
  // prettier-ignore
  itRefuses([
    ...[[4, -1], [-1, -1], [-2, -3], [0, -1], [1.5, 4], [7]].map((shape): Refusal => [
      `to reshape six numbers to ${formatShape(shape)}`, () => reshape(six, shape), ShapeError, /^reshape: \(6,\) holds 6 elements and does not fit shape \(.*\); lengths are positive integers, and one may be -1$/,
    ]),
    ['to expand to half an element', () => expand([1], [2.5]), ShapeError, /^expand: shape \(2\.5,\) has 2\.5 elements along axis 0/],
    ['to expand to nothing', () => expand([1], [0]), ShapeError, /^expand: shape \(0,\) holds no numbers/],
    ['to scatter into half a column', () => scatter([1], [0], 1.5), ShapeError, /^scatter: shape \(1, 1\.5\) has 1\.5 elements/],
    ['a gradient of integers', () => add(constant([1], { dtype: 'int32' }), six), ValueError, /^add: tensor \(1,\) int32 holds labels or indices; computing needs float64 or float32/],
    ['two dtypes', () => add(six, tensor([1], { dtype: 'float32', name: 'Y' })), ValueError, /^add: tensor \(6,\) is float64, but Y \(1,\) float32 is float32; make both the same dtype/],
  ]);

  it('expand and sumTo undo the shape of each other, and are the tensor itself for its own shape', () => {
    const column = draw('column', 3, 1);
    expectValues(expand(column, [2, 3, 4]), [2, 3, 4], (_, i) => at(column, i, 0));
    expectValues(sumTo(expand(column, [2, 3, 4]), [3, 1]), [3, 1], (i) => 8 * at(column, i, 0));
    expect([expand(X, [3, 4]), sumTo(X, [3, 4])]).to.deep.equal([X, X]);
  });

  it('select takes one number a row, scatter puts it there', () => {
    expectValues(select(X, [3, 0, 1]), [3], (i) => at(X, i, [3, 0, 1][i]!));
    expect(scatter([5, 6], [1, 0], 3).value).to.deep.equal([[0, 5, 0], [6, 0, 0]]); // prettier-ignore
  });

  it('normalize divides each row by its sum', () => {
    expect(normalize([[1, 3], [2, 2]]).value).to.deep.equal([[0.25, 0.75], [0.5, 0.5]]); // prettier-ignore
  });

  it('losses are sums over the batch, or means on request, and take labels as integers or as a tensor', () => {
    const labels = constant([1, 0, 3], { dtype: 'int32' });
    const p = (i: number, j: number): number => Math.exp(at(X, i, j)) / [0, 1, 2, 3].reduce((total, k) => total + Math.exp(at(X, i, k)), 0); // prettier-ignore
    const expected = -[1, 0, 3].reduce((total, label, i) => total + Math.log(p(i, label)), 0);
    for (const given of [labels, [1, 0, 3]]) {
      expect(crossEntropy(X, given).item()).to.be.closeTo(expected, 1e-12);
      expect(crossEntropy(X, given, { reduction: 'mean' }).item()).to.be.closeTo(expected / 3, 1e-12);
    }
    expect(nll([[-1, -2], [-3, -4]], [1, 0]).item()).to.equal(5); // prettier-ignore
  });

  it('elementwise makes an op of any function, called by its name', () => {
    const cube = elementwise(
      (x) => x * x * x,
      (x) => 3 * x * x,
    );
    expect(cube([[1, -2]]).value).to.deep.equal([[1, -8]]);
    function ramp(x: number): number {
      return Math.max(x, -1);
    }
    expect([elementwise(ramp, () => 1).name, elementwise((x) => x, () => 1).name]).to.deep.equal(['ramp', 'elementwise']); // prettier-ignore
    expect(elementwise(ramp, () => 1)(tensor([0.1], { dtype: 'float32' })).dtype).to.equal('float32');
  });
});
