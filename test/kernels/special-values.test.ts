import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { Buffers, dtypes, type FloatDType, rounded } from './buffers.js';

type UnaryName = 'exp' | 'log' | 'tanh' | 'sigmoid' | 'sqrt' | 'relu' | 'sign' | 'step' | 'reciprocal';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** For each function, pairs of an argument and its exact result, in both dtypes. */
const tables: Record<UnaryName, [number, number][]> = {
  exp: [
    [0, 1],
    [-0, 1],
    [inf, inf],
    [-inf, 0],
    [nan, nan],
    [1e300, inf],
    [-1e300, 0],
    [1e-20, 1],
  ],
  log: [
    [1, 0],
    [0, -inf],
    [-0, -inf],
    [-1, nan],
    [-inf, nan],
    [inf, inf],
    [nan, nan],
  ],
  tanh: [
    [0, 0],
    [-0, -0],
    [inf, 1],
    [-inf, -1],
    [nan, nan],
    [30, 1],
    [-30, -1],
    [1e-30, 1e-30],
  ],
  sigmoid: [
    [0, 0.5],
    [-0, 0.5],
    [inf, 1],
    [nan, nan],
    [50, 1],
  ],
  sqrt: [
    [0, 0],
    [-0, -0],
    [inf, inf],
    [-1, nan],
    [nan, nan],
    [4, 2],
  ],
  relu: [
    [0, 0],
    [inf, inf],
    [-inf, 0],
    [nan, nan],
    [2, 2],
    [-2, 0],
  ],
  sign: [
    [0, 0],
    [inf, 1],
    [-inf, -1],
    [nan, nan],
    [1e-30, 1],
    [-1e-30, -1],
  ],
  step: [
    [0, 0],
    [inf, 1],
    [-inf, 0],
    [nan, 0],
    [1e-30, 1],
  ],
  reciprocal: [
    [0, inf],
    [-0, -inf],
    [inf, 0],
    [-inf, -0],
    [nan, nan],
    [4, 0.25],
  ],
};

const onlyFloat64: [UnaryName, number, number][] = [
  ['exp', 709.782712893384, 1.7976931348622732e308], // the last finite result
  ['exp', 709.7827128933841, inf],
  ['exp', -745.1332191019411, 5e-324],
  ['exp', -745.1332191019412, 0],
  ['log', 5e-324, -744.4400719213812],
  ['log', Number.MAX_VALUE, 709.782712893384],
  ['tanh', 5e-324, 5e-324],
  ['sigmoid', -1e4, 8.99086122645542e-308], // clamped at −707, where the result is still a normal number
  ['sigmoid', -inf, 8.99086122645542e-308],
];

const onlyFloat32: [UnaryName, number, number][] = [
  ['exp', 88.72283172607422, 3.4027985e38],
  ['exp', 88.7228469848, inf],
  ['exp', -103.9720764, 1.401298464324817e-45],
  ['exp', -103.9721, 0],
  ['log', 1.401298464324817e-45, -103.2789306640625],
  ['log', 3.4028234663852886e38, 88.7228393554],
  ['sigmoid', -1e4, 1.6458115e-38],
];

/** base, exponent, result: the special cases of C's pow, and exact powers */
const powers: [number, number, number][] = [
  [2, 10, 1024],
  [3, 5, 243],
  [-2, 3, -8],
  [-2, 4, 16],
  [2, -2, 0.25],
  [4, 0.5, 2],
  [10, 3, 1000],
  [0.5, -3, 8],
  [5, 0, 1],
  [nan, 0, 1],
  [inf, -0, 1],
  [0, 0, 1],
  [1, nan, 1],
  [1, inf, 1],
  [1, -inf, 1],
  [-1, inf, 1],
  [-1, -inf, 1],
  [nan, 2, nan],
  [2, nan, nan],
  [nan, nan, nan],
  [-2, 0.5, nan],
  [-8, 1 / 3, nan],
  [0, 3, 0],
  [-0, 3, -0],
  [0, 2.5, 0],
  [-0, 2.5, 0],
  [-0, 2, 0],
  [0, -3, inf],
  [-0, -3, -inf],
  [-0, -2, inf],
  [0, -2.5, inf],
  [0, inf, 0],
  [0, -inf, inf],
  [0.5, inf, 0],
  [0.5, -inf, inf],
  [-0.5, inf, 0],
  [2, inf, inf],
  [2, -inf, 0],
  [-2, inf, inf],
  [inf, 2, inf],
  [inf, -2, 0],
  [inf, inf, inf],
  [inf, -inf, 0],
  [-inf, 3, -inf],
  [-inf, 2, inf],
  [-inf, 2.5, inf],
  [-inf, -3, -0],
  [-inf, -2, 0],
  [-inf, 0.5, inf],
  [-0, 0.5, 0],
  [1e30, 1e30, inf],
  [1e-30, 1e30, 0],
  [-1, 1e15, 1],
  [7, 1, 7],
  [-7, 1, -7],
  [7, -1, 1 / 7],
];

describe('special values', () => {
  for (const dtype of dtypes) {
    for (const [name, table] of Object.entries(tables) as [UnaryName, [number, number][]][]) {
      it(`${name} in ${dtype} finishes ±0, ±∞, NaN and extremes, in every lane`, () =>
        check(name, dtype, table));
    }

    it(`power in ${dtype} has the special cases of C's pow`, () => {
      const buffers = new Buffers(dtype);
      const [x, y, expected] = [0, 1, 2].map((k) =>
        rounded(
          powers.map((row) => row[k]!),
          dtype,
        ),
      );
      const out = buffers.room(powers.length);
      kernels[dtype].power(buffers.put(x!), buffers.put(y!), out, powers.length);
      expect(buffers.get(out, powers.length)).to.deep.equal(expected);
    });

    it(`maximum in ${dtype} is NaN where either is`, () => {
      const buffers = new Buffers(dtype);
      const out = buffers.room(4);
      kernels[dtype].maximum(buffers.put([nan, 1, 2, -inf]), buffers.put([1, nan, 1, 3]), out, 4);
      expect(buffers.get(out, 4)).to.deep.equal([nan, nan, 2, 3]);
    });
  }

  for (const [name, x, y] of onlyFloat64) {
    it(`${name}(${x}) in float64 is ${y}`, () => check(name, 'float64', [[x, y]]));
  }
  for (const [name, x, y] of onlyFloat32) {
    it(`${name}(${x}) in float32 is ${y}`, () => check(name, 'float32', [[x, y]]));
  }
});

/** Each value stands alone, then beside ordinary ones in every lane: no lane may decide for another. */
function check(name: UnaryName, dtype: FloatDType, table: [number, number][]): void {
  for (const [argument, expected] of table) {
    const [y] = rounded([expected], dtype);
    for (let lane = 0; lane < 4; lane++) {
      const x = [0.5, 0.5, 0.5, 0.5];
      x[lane] = argument;
      const buffers = new Buffers(dtype);
      const out = buffers.room(4);
      kernels[dtype][name](buffers.put(x), out, 4);
      const result = buffers.get(out, 4);
      expect(result[lane], `${name}(${argument}) in lane ${lane}`).to.deep.equal(y);
      expect(new Set(result.filter((_, i) => i !== lane)).size, `the lanes beside lane ${lane}`).to.equal(1);
    }
  }
}
