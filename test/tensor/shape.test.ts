import { expect } from 'chai';
import { ShapeError } from '../../src/tensor/error.js';
import {
  broadcastShapes,
  broadcastsTo,
  equalShapes,
  formatShape,
  normalizeAxes,
  sizeOf,
  stridesOf,
} from '../../src/tensor/shape.js';
import { itRefuses } from '../refuses.js';

describe('shapes', () => {
  const printed: readonly [number[], string, number, number[]][] = [
    [[], '()', 1, []],
    [[3], '(3,)', 3, [1]],
    [[2, 3], '(2, 3)', 6, [3, 1]],
    [[2, 1, 4], '(2, 1, 4)', 8, [4, 4, 1]],
  ];
  for (const [shape, text, size, strides] of printed) {
    it(`${text} holds ${size}, with strides [${strides.join(', ')}]`, () => {
      expect(formatShape(shape)).to.equal(text);
      expect(sizeOf(shape)).to.equal(size);
      expect(stridesOf(shape)).to.deep.equal(strides);
    });
  }

  it('are equal when all lengths are', () => {
    expect(equalShapes([2, 3], [2, 3])).to.equal(true);
    expect(equalShapes([2, 3], [3, 2])).to.equal(false);
    expect(equalShapes([], [1])).to.equal(false);
  });

  const broadcast: readonly [number[], number[], number[]][] = [
    [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    [[2, 3], [3], [2, 3]],
    [
      [3, 1],
      [1, 4],
      [3, 4],
    ],
    [[], [2, 2], [2, 2]],
    [[1], [1], [1]],
    [
      [2, 1, 3],
      [2, 3],
      [2, 2, 3],
    ],
    [[5, 1, 1], [6], [5, 1, 6]],
  ];
  for (const [left, right, result] of broadcast) {
    it(`${formatShape(left)} and ${formatShape(right)} broadcast to ${formatShape(result)}, in either order`, () => {
      expect(broadcastShapes(left, right, 'op')).to.deep.equal(result);
      expect(broadcastShapes(right, left, 'op')).to.deep.equal(result);
      expect(broadcastsTo(left, result) && broadcastsTo(right, result)).to.equal(true);
    });
  }

  it('can be expanded, but not shrunk or stretched', () => {
    expect(broadcastsTo([2, 3], [3])).to.equal(false);
    expect(broadcastsTo([2], [4])).to.equal(false);
    expect(broadcastsTo([4], [1])).to.equal(false);
  });

  const axes: readonly [number | number[] | undefined, number[]][] = [
    [undefined, [0, 1, 2]],
    [-1, [2]],
    [
      [2, 0],
      [0, 2],
    ],
    [
      [-3, 1],
      [0, 1],
    ],
    [[], []],
  ];
  for (const [given, normal] of axes) {
    it(`have three axes, of which ${JSON.stringify(given)} are [${normal.join(', ')}]`, () => {
      expect(normalizeAxes(given, [2, 3, 4], 'sum')).to.deep.equal(normal);
    });
  }

  // prettier-ignore
  itRefuses([
    ['lengths that differ', () => broadcastShapes([2, 3], [2, 4], 'add'), ShapeError, /^add: shapes \(2, 3\) and \(2, 4\) do not broadcast: counted from the last axis, axis 1 has 3 on the left and 4 on the right; make them equal, or one of them 1$/],
    ['lengths that differ further in front', () => broadcastShapes([2, 1], [3, 5], 'add'), ShapeError, /axis 2 has 2 on the left and 3 on the right/],
    ['an axis beyond the last', () => normalizeAxes(2, [2, 3], 'sum'), ShapeError, /^sum: axis 2 does not exist in shape \(2, 3\), which has 2 axes; count from 0, or from -1 for the last$/],
    ['an axis before the first', () => normalizeAxes(-2, [2], 'sum'), ShapeError, /^sum: axis -2 does not exist in shape \(2,\), which has 1 axis;/],
    ['half an axis', () => normalizeAxes(0.5, [2, 3], 'sum'), ShapeError, /^sum: axis 0\.5 does not exist/],
    ['an axis twice', () => normalizeAxes([1, -1], [2, 3], 'sum'), ShapeError, /^sum: axes \[1, -1\] name one axis twice; name each once$/],
  ]);
});
