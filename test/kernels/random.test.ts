import { expect } from 'chai';
import { kernels, memory } from '../../src/kernels/index.js';
import { Buffers } from './buffers.js';

const { philoxBits, uniform, normal, normalQuantile } = kernels;

/** key, counter, result: the known answers of Random123 for philox4x32 with 10 rounds */
const knownAnswers: [number[], number[], number[]][] = [
  [
    [0, 0],
    [0, 0, 0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0xa4093822, 0x299f31d0],
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

describe('random numbers', () => {
  for (const [[k0, k1], [c0, c1, c2, c3], expected] of knownAnswers) {
    it(`philox gives Random123's known answer for counter ${c0!.toString(16)}`, () => {
      const out = new Buffers('float64').room(2);
      philoxBits(out, 1, k0!, k1!, c0!, c1, c2, c3);
      expect([...new Uint32Array(memory.buffer, out, 4)]).to.deep.equal(expected);
    });
  }

  it('philoxBits counts the blocks up from the first counter', () => {
    const out = new Buffers('float64').room(6);
    philoxBits(out, 3, 5, 6, 7);
    const third = [...new Uint32Array(memory.buffer, out + 32, 4)];
    philoxBits(out, 1, 5, 6, 9);
    expect([...new Uint32Array(memory.buffer, out, 4)]).to.deep.equal(third);
  });

  for (const [name, draw] of [
    ['uniform', uniform],
    ['normal', normal],
  ] as const) {
    it(`the i-th ${name} number depends on nothing but the key and i`, () => {
      const all = drawn(draw, 20, 1, 2, 0);
      for (const start of [1, 2, 7, 19])
        expect(drawn(draw, 20 - start, 1, 2, start)).to.deep.equal(all.slice(start));
      expect(drawn(draw, 20, 1, 3, 0)).to.not.deep.equal(all);
      expect(drawn(draw, 20, 2, 2, 0)).to.not.deep.equal(all);
    });

    it(`${name} numbers keep to their place beyond 2^33`, () => {
      const start = 2 ** 33 + 4;
      expect(drawn(draw, 2, 1, 2, start)).to.not.deep.equal(drawn(draw, 2, 1, 2, 4));
      expect(drawn(draw, 2, 1, 2, start - 1)[1]).to.equal(drawn(draw, 2, 1, 2, start)[0]);
    });
  }

  it('two uniform numbers share a block: the even one takes its first 64 bits, the odd one the last', () => {
    const start = 3 * 2 ** 33 + 4; // the number of its block does not fit in one word of the counter
    const out = new Buffers('float64').room(2);
    philoxBits(out, 1, 1, 2, 2, 3);
    const words = new BigUint64Array(memory.buffer, out, 2);
    const expected = [...words].map((word) => Number(word >> 11n) / 2 ** 53);
    expect(drawn(uniform, 2, 1, 2, start)).to.deep.equal(expected);
  });

  it('uniform numbers are multiples of 2^−53 in [0, 1) with the mean and variance of the uniform distribution', () => {
    const x = drawn(uniform, 100_000, 3, 4, 0);
    expect(x.every((value) => value >= 0 && value < 1 && Number.isInteger(value * 2 ** 53))).to.be.true;
    expect(new Set(x).size).to.equal(x.length);
    expect(moment(x, 1)).to.be.closeTo(0.5, 0.004);
    expect(moment(x, 2)).to.be.closeTo(1 / 3, 0.004);
  });

  it('normal numbers have the moments of the normal distribution', () => {
    const x = drawn(normal, 100_000, 3, 4, 0);
    [0, 1, 0, 3].forEach((expected, k) =>
      expect(moment(x, k + 1), `moment ${k + 1}`).to.be.closeTo(expected, 0.1),
    );
    expect(moment(x, 2)).to.be.closeTo(1, 0.02);
  });

  /** p and Φ⁻¹(p) to all digits */
  const quantiles: [number, number][] = [
    [0.5, 0],
    [0.25, -0.6744897501960817],
    [0.75, 0.6744897501960817],
    [0.001, -3.090232306167813],
    [0.975, 1.959963984540054],
    [1e-20, -9.262340089798408],
    [2 ** -53, -8.209536151601387],
  ];
  for (const [p, expected] of quantiles) {
    it(`the normal quantile of ${p} is ${expected}`, () => {
      expect(normalQuantile(p)).to.be.closeTo(expected, 4e-15 * Math.abs(expected));
    });
  }
});

function drawn(draw: typeof uniform, n: number, key0: number, key1: number, start: number): number[] {
  const buffers = new Buffers('float64');
  const out = buffers.room(n);
  draw(out, n, key0, key1, start);
  return buffers.get(out, n);
}

function moment(x: readonly number[], k: number): number {
  return x.reduce((total, value) => total + value ** k, 0) / x.length;
}
