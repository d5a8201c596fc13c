import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { exp, log, power, sigmoid, tanh } from '../../src/kernels/math.js';
import { Buffers, dtypes, type FloatDType, rounded, spread } from './buffers.js';
import { exactExp, exactLog, exactPower, exactSigmoid, exactTanh, type Real, ulpsOff } from './exact.js';

type UnaryName = 'exp' | 'log' | 'tanh' | 'sigmoid';

const POINTS = 1500;
const powersOfTwo = (low: number, high: number) => spread(POINTS, low, high).map((e) => 2 ** e);

/** kernel, dtype, its bound in units in the last place, and where it is measured */
const cases: [UnaryName, FloatDType, number, (x: number) => Real, number[][]][] = [
  [
    'exp',
    'float64',
    0.8,
    exactExp,
    [spread(POINTS, -708, 709.7), spread(POINTS, -1, 1), spread(POINTS, -745, -708)],
  ],
  [
    'exp',
    'float32',
    0.8,
    exactExp,
    [spread(POINTS, -87, 88.7), spread(POINTS, -1, 1), spread(POINTS, -103, -87)],
  ],
  [
    'log',
    'float64',
    0.8,
    exactLog,
    [powersOfTwo(-1074, 1024), spread(POINTS, 0.5, 2), spread(POINTS, 0.99, 1.01)],
  ],
  [
    'log',
    'float32',
    0.8,
    exactLog,
    [powersOfTwo(-149, 128), spread(POINTS, 0.5, 2), spread(POINTS, 0.99, 1.01)],
  ],
  ['tanh', 'float64', 2, exactTanh, [spread(POINTS, -20, 20), spread(POINTS, -1, 1), powersOfTwo(-40, 0)]],
  ['tanh', 'float32', 2, exactTanh, [spread(POINTS, -10, 10), spread(POINTS, -1, 1), powersOfTwo(-20, 0)]],
  ['sigmoid', 'float64', 2.75, exactSigmoid, [spread(POINTS, -707, 40), spread(POINTS, -6, 6)]],
  ['sigmoid', 'float32', 2.5, exactSigmoid, [spread(POINTS, -87, 20), spread(POINTS, -6, 6)]],
];

describe('the accuracy of the elementary functions', () => {
  for (const [name, dtype, bound, exact, ranges] of cases) {
    it(`${name} in ${dtype} is within ${bound} units in the last place of the true value`, () => {
      const x = rounded(ranges.flat(), dtype);
      expect(worst(x, applied(name, dtype, x), exact, dtype)).to.be.within(0.4, bound);
    });
  }

  for (const dtype of dtypes) {
    it(`power in ${dtype} is within 1.5 units in the last place, also for whole exponents`, () => {
      const x = rounded(powersOfTwo(-8, 8), dtype);
      const y = rounded(
        spread(POINTS, -10, 10).map((e, i) => (i % 3 === 0 ? Math.round(e) : e)),
        dtype,
      );
      const buffers = new Buffers(dtype);
      const out = buffers.room(POINTS);
      kernels[dtype].power(buffers.put(x), buffers.put(y), out, POINTS);
      const off = buffers
        .get(out, POINTS)
        .map((p, i) => ulpsOff(p, exactPower(x[i]!, y[i]!), fractionOf(dtype)));
      expect(Math.max(...off)).to.be.within(0.4, 1.5);
    });
  }

  const scalars = { exp, log, tanh, sigmoid };
  for (const [name, scalar] of Object.entries(scalars) as [UnaryName, (x: number) => number][]) {
    it(`the scalar ${name} has the bits of the kernel`, () => {
      const x = [...spread(500, -30, 30), 0, -0, 1e-310, -745.1, 709.9, Infinity, -Infinity];
      expect(x.map(scalar)).to.deep.equal(applied(name, 'float64', x));
    });
  }

  it('the scalar power has the bits of the kernel', () => {
    const x = spread(500, 0, 9);
    const y = spread(500, -4, 9);
    const buffers = new Buffers('float64');
    const out = buffers.room(500);
    kernels.float64.power(buffers.put(x), buffers.put(y), out, 500);
    expect(x.map((base, i) => power(base, y[i]!))).to.deep.equal(buffers.get(out, 500));
  });
});

function applied(name: UnaryName, dtype: FloatDType, x: readonly number[]): number[] {
  const buffers = new Buffers(dtype);
  const out = buffers.room(x.length);
  kernels[dtype][name](buffers.put(x), out, x.length);
  return buffers.get(out, x.length);
}

function worst(x: number[], y: number[], exact: (x: number) => Real, dtype: FloatDType): number {
  return Math.max(...x.map((value, i) => ulpsOff(y[i]!, exact(value), fractionOf(dtype))));
}

function fractionOf(dtype: FloatDType): 52 | 23 {
  return dtype === 'float64' ? 52 : 23;
}
