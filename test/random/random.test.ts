import { expect } from 'chai';
import { random, type Random } from '../../src/random/random.js';
import { ValueError } from '../../src/tensor/error.js';
import { itRefuses } from '../refuses.js';

const MANY = 200_000;

describe('random numbers', () => {
  it('are those of Philox4x32-10: its published answer for key 0 and counter 0', () => {
    const words = [0xe169c58d6627e8d5n, 0x9b00dbd8bc57ac4cn];
    expect([...random(0).uniforms(2)]).to.deep.equal(words.map((word) => Number(word >> 11n) / 2 ** 53));
  });

  const pinned: readonly [what: string, draw: () => ArrayLike<number>, numbers: number[]][] = [
    ['uniform', () => random(0).uniforms(3), [0.8805201978886142, 0.6054818538799213, 0.36209111566940344]],
    ['uniform, of the largest seed', () => random(2 ** 53 - 1).uniforms(2), [0.5653703555750895, 0.6531100072497125]], // prettier-ignore
    ['normal, of a split', () => random(42).split('layer1').normals(3), [-0.7308787213852405, 0.4696703310128685, -0.38483362457906706]], // prettier-ignore
    ['a permutation', () => random(1).permutation(8), [6, 1, 3, 4, 2, 5, 7, 0]],
  ];
  for (const [what, draw, numbers] of pinned) {
    it(`stay what they were: ${what}`, () => {
      expect(Array.from(draw())).to.deep.equal(numbers);
    });
  }

  it('do not depend on how many are drawn at a time', () => {
    const whole = random(3).normals(10);
    const piecewise = random(3);
    const pieces = [3, 1, 0, 6].flatMap((count) => [...piecewise.normals(count)]);
    expect(pieces).to.deep.equal([...whole]);
  });

  describe('of a split generator', () => {
    it('depend on the name only, not on what was drawn or split before', () => {
      const used = random(5);
      used.uniforms(7);
      used.split('other').uniforms(3);
      expect([...used.split('w').uniforms(4)]).to.deep.equal([...random(5).split('w').uniforms(4)]);
    });

    it('leave those of the parent as they are', () => {
      const split = random(5);
      split.split('w').uniforms(9);
      expect([...split.uniforms(4)]).to.deep.equal([...random(5).uniforms(4)]);
    });

    it('differ for every name, number, path and seed', () => {
      const generators: Random[] = [];
      for (let k = 0; k < 2000; k++) {
        const own = random(k);
        generators.push(own, random(0).split(`layer${k}`), random(0).split(k), random(0).split(String(k)));
        generators.push(own.split('weight'), random(2 ** 32 * k + 7), random(0).split('a').split(k));
      }
      generators.push(random(0).split('ab'), random(0).split('a').split('b'), random(0).split('ba'));
      const first = generators.map((generator) => generator.uniforms(1)[0]);
      expect(new Set(first).size).to.equal(generators.length - 1); // random(7) stands there twice
    });

    it('are uncorrelated with the parent and with each other', () => {
      const streams = [random(1), random(1).split('a'), random(1).split('b'), random(2)];
      const draws = streams.map((stream) => stream.normals(MANY));
      draws.forEach((left, k) => {
        for (const right of draws.slice(k + 1)) {
          const products = left.map((value, j) => value * right[j]!);
          expect(Math.abs(mean(products))).to.be.lessThan(4.5 / Math.sqrt(MANY));
        }
      });
    });
  });

  it('have the moments of the uniform distribution, and all lie in [0, 1)', () => {
    const draws = random(11).uniforms(MANY);
    expect(draws.every((value) => value >= 0 && value < 1)).to.equal(true);
    [1, 2, 3, 4].forEach((power) => {
      expectMoment(draws, power, 1 / (power + 1), 1 / (2 * power + 1));
    });
  });

  it('have the moments of the normal distribution, with tails', () => {
    const draws = random(12).normals(MANY);
    const gauss = [1, 0, 1, 0, 3, 0, 15, 0, 105];
    [1, 2, 3, 4].forEach((power) => {
      expectMoment(draws, power, gauss[power]!, gauss[2 * power]!);
    });
    const beyond = draws.filter((value) => Math.abs(value) > 3).length / MANY;
    expect(beyond).to.be.closeTo(0.0027, 0.0006);
  });

  it('of a permutation hold each number once, and put each in each place equally often', () => {
    expect([...random(8).permutation(1000)].sort((a, b) => a - b)).to.deep.equal([...Array(1000).keys()]);
    const places = new Float64Array(25);
    const draws = random(9);
    for (let k = 0; k < 5000; k++)
      draws.permutation(5).forEach((entry, place) => (places[5 * place + entry]! += 1));
    for (const count of places) expect(count).to.be.closeTo(1000, 4.5 * Math.sqrt(800));
    expect([...random(1).permutation(0)]).to.deep.equal([]);
  });

  it('of integers cover the range evenly', () => {
    const draws = random(10);
    const counts = [0, 0, 0];
    for (let k = 0; k < 3000; k++) counts[draws.integer(3)]! += 1;
    for (const count of counts) expect(count).to.be.closeTo(1000, 120);
  });

  it('fill tensors with the range, mean, spread, dtype and name asked for', () => {
    const uniform = random(1).uniform([100, 10], { low: -3, high: 5, name: 'U', dtype: 'float32' });
    expect(uniform).to.deep.include({ shape: [100, 10], name: 'U', dtype: 'float32', requiresGrad: false });
    const values = uniform.data();
    expect(Math.min(...values)).to.be.within(-3, -2.9);
    expect(Math.max(...values)).to.be.within(4.9, 5);
    const normal = random(1).normal([MANY], { mean: 2, std: 0.1, requiresGrad: true });
    expect(normal.requiresGrad).to.equal(true);
    expect(mean(normal.data())).to.be.closeTo(2, 0.001);
    expect(Math.sqrt(mean(normal.data().map((value) => (value - 2) ** 2)))).to.be.closeTo(0.1, 0.001);
  });

  // prettier-ignore
  itRefuses([
    ['a negative seed', () => random(-1), ValueError, /^random: the seed is -1, but a seed is an integer from 0 to 2\^53 - 1/],
    ['half a seed', () => random(0.5), ValueError, /the seed is 0\.5/],
    ['no seed', () => random(NaN), ValueError, /the seed is NaN/],
    ['a negative count', () => random(0).uniforms(-1), ValueError, /^random: -1 numbers are asked for/],
    ['half a number', () => random(0).permutation(2.5), ValueError, /^random: 2\.5 numbers are asked for/],
  ]);
});

function mean(values: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += values[k]!;
  return total / values.length;
}

/** The mean of a power, within 4.5 standard errors. */
function expectMoment(draws: Float64Array, power: number, expected: number, ofSquare: number): void {
  const error = Math.sqrt((ofSquare - expected * expected) / draws.length);
  expect(mean(draws.map((value) => value ** power))).to.be.closeTo(expected, 4.5 * error);
}
