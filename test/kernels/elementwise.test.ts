import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { Buffers, dtypes, rounded } from './buffers.js';

type Round = (x: number) => number;

const binary: Record<
  'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'greater' | 'equal',
  (x: number, y: number) => number
> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  maximum: (x, y) => Math.max(x, y),
  greater: (x, y) => Number(x > y),
  equal: (x, y) => Number(x === y),
};

const unary: Record<'negate' | 'abs' | 'reciprocal' | 'square' | 'sqrt' | 'relu' | 'step' | 'sign', Round> = {
  negate: (x) => -x,
  abs: Math.abs,
  reciprocal: (x) => 1 / x,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  relu: (x) => (x > 0 ? x : 0),
  step: (x) => Number(x > 0),
  sign: Math.sign,
};

/** upstream, what the forward pass left, and the exact rule with a rounding after each operation */
const backward: Record<
  'sigmoidBackward' | 'tanhBackward' | 'reluBackward',
  (u: number, s: number, r: Round) => number
> = {
  sigmoidBackward: (u, s, r) => r(u * r(s * r(1 - s))),
  tanhBackward: (u, t, r) => r(u * r(1 - r(t * t))),
  reluBackward: (u, x) => (x > 0 ? u : 0),
};

const x = [1.5, -2.25, 3, 0, -0.75, 7, 2.5, -1, 0.125];
const y = [0.5, -2.25, -3, 4, 0.3, 7, -2.5, 9, 0.1];

for (const dtype of dtypes) {
  const round = dtype === 'float64' ? (value: number) => value : Math.fround;

  describe(`elementwise kernels in ${dtype}`, () => {
    for (const [name, rule] of entries(binary)) {
      it(`${name} applies to each pair, also of unaligned views, and writes no further than the padding`, () => {
        for (const shift of [0, 1]) {
          const buffers = new Buffers(dtype);
          const [left, right] = [rounded(x, dtype), rounded(y, dtype)];
          const out = buffers.room(x.length);
          kernels[dtype][name](buffers.put(x, shift), buffers.put(y, shift), out, x.length);
          expect(buffers.get(out, x.length)).to.deep.equal(left.map((a, i) => round(rule(a, right[i]!))));
          expect(buffers.isPaddedOnly(out, x.length)).to.be.true;
        }
      });
    }

    for (const [name, rule] of entries(unary)) {
      it(`${name} applies to each number, also in place`, () => {
        const buffers = new Buffers(dtype);
        const pointer = buffers.put(x);
        const out = buffers.room(x.length);
        kernels[dtype][name](pointer, out, x.length);
        const expected = rounded(x, dtype).map((value) => round(rule(value)));
        expect(buffers.get(out, x.length)).to.deep.equal(expected);
        expect(buffers.isPaddedOnly(out, x.length)).to.be.true;
        kernels[dtype][name](pointer, pointer, x.length);
        expect(buffers.get(pointer, x.length)).to.deep.equal(expected);
      });
    }

    for (const [name, rule] of entries(backward)) {
      it(`${name} multiplies upstream by the slope`, () => {
        const buffers = new Buffers(dtype);
        const out = buffers.room(x.length);
        kernels[dtype][name](buffers.put(x), buffers.put(y), out, x.length);
        const seen = rounded(y, dtype);
        expect(buffers.get(out, x.length)).to.deep.equal(
          rounded(x, dtype).map((u, i) => rule(u, seen[i]!, round)),
        );
      });
    }

    for (const name of ['exp', 'log', 'tanh', 'sigmoid'] as const) {
      it(`${name} gives each number the same bits wherever it stands`, () => {
        const values = Array.from({ length: 37 }, (_, i) => 0.1 + i / 7);
        const alone = values.map((value) => {
          const buffers = new Buffers(dtype);
          const out = buffers.room(1);
          kernels[dtype][name](buffers.put([value]), out, 1);
          return buffers.get(out, 1)[0];
        });
        const buffers = new Buffers(dtype);
        const out = buffers.room(values.length);
        kernels[dtype][name](buffers.put(values, 1), out, values.length);
        expect(buffers.get(out, values.length)).to.deep.equal(alone);
        expect(buffers.isPaddedOnly(out, values.length)).to.be.true;
      });
    }
  });
}

function entries<K extends string, V>(record: Record<K, V>): [K, V][] {
  return Object.entries(record) as [K, V][];
}
