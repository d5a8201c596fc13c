import { expect } from 'chai';
import { gradientsOf } from '../../src/autodiff/backward.js';
import { divide, multiply, power } from '../../src/ops/arithmetic.js';
import { relu, sigmoid, tanh } from '../../src/ops/activation.js';
import { elementwise, exp, log, sqrt } from '../../src/ops/functions.js';
import { crossEntropy } from '../../src/ops/loss.js';
import { reshape } from '../../src/ops/layout.js';
import { matmul } from '../../src/ops/matmul.js';
import { sum } from '../../src/ops/reduce.js';
import { softmax } from '../../src/ops/softmax.js';
import { tensor } from '../../src/tensor/creation.js';
import { GradbookError } from '../../src/tensor/error.js';
import type { Tensor } from '../../src/tensor/tensor.js';

describe('gradients of gradients', () => {
  const s = (x: number): number => 1 / (1 + Math.exp(-x));
  const higher: readonly [what: string, f: (x: Tensor) => Tensor, at: number, derivatives: number[]][] = [
    ['x³', (x) => power(x, 3), 2, [12, 12, 6, 0]],
    ['x² at 0', (x) => power(x, 2), 0, [0, 2, 0]],
    ['x¹ at 0', (x) => power(x, 1), 0, [1, 0, 0]],
    ['x⁰ at 0', (x) => power(x, 0), 0, [0, 0]],
    ['(−2)⁵', (x) => power(x, 5), -2, [80, -160, 240, -240]],
    ['eˣ', (x) => exp(x), 0.5, [1, 1, 1, 1].map(() => Math.exp(0.5))],
    ['log x', (x) => log(x), 2, [1 / 2, -1 / 4, 1 / 4, -3 / 8]],
    ['√x', (x) => sqrt(x), 4, [1 / 4, -1 / 32, 3 / 256]],
    ['1 / x', (x) => divide(1, x), 2, [-1 / 4, 1 / 4, -3 / 8]],
    ['σ(x)', (x) => sigmoid(x), 0.7, [s(0.7) * s(-0.7), s(0.7) * s(-0.7) * (1 - 2 * s(0.7))]],
    [
      'tanh x',
      (x) => tanh(x),
      0.7,
      [1 - Math.tanh(0.7) ** 2, -2 * Math.tanh(0.7) * (1 - Math.tanh(0.7) ** 2)],
    ],
    ['relu x, which is flat twice', (x) => relu(x), 3, [1, 0]],
    ['2ˣ, a variable exponent', (x) => power(2, x), 3, [8 * Math.LN2, 8 * Math.LN2 ** 2]],
    ['an elementwise sine that knows its derivatives', (x) => elementwise(Math.sin, Math.cos, (y) => -Math.sin(y), (y) => -Math.cos(y))(x), 1, [Math.cos(1), -Math.sin(1)]], // prettier-ignore
  ];
  for (const [what, f, at, derivatives] of higher) {
    it(`agree with the closed form for ${what}, ${derivatives.length} times`, () => {
      const x = tensor(at);
      let y = f(x);
      for (const [k, expected] of derivatives.entries()) {
        const derivative = gradientsOf(y, { createGraph: true }).get(x);
        expect(derivative?.item() ?? 0, `derivative ${k + 1}`).to.be.closeTo(expected, 1e-11);
        if (derivative === undefined) break;
        y = derivative;
      }
    });
  }

  const hessians: readonly [what: string, f: (X: Tensor) => Tensor, at: number[], entry: (k: number, l: number, at: number[]) => number][] = [
    ['a product of all numbers', (X) => sum(multiply(multiply(sum(X), sum(X)), 0.5)), [1, 2, 3], () => 1],
    ['cross-entropy: diag(p) − p pᵀ', (X) => crossEntropy(reshape(X, [1, 3]), [0]), [0.1, 0.2, -1], (k, l, at) => probability(at, k) * ((k === l ? 1 : 0) - probability(at, l))],
    ['a sum of softmax, which is constant', (X) => sum(softmax(X)), [1, -1, 0], () => 0],
  ]; // prettier-ignore
  for (const [what, f, at, entry] of hessians) {
    it(`make the Hessian of ${what}`, () => {
      const X = tensor(at);
      const gradient = gradientsOf(f(X), { createGraph: true }).get(X)!;
      at.forEach((_, k) => {
        const unit = tensor(at.map((__, l) => (l === k ? 1 : 0)));
        const row = gradientsOf(sum(multiply(gradient, unit)))
          .get(X)!
          .data();
        at.forEach((__, l) => {
          expect(row[l], `entry ${k}, ${l}`).to.be.closeTo(entry(k, l, at), 1e-12);
        });
      });
    });
  }

  it('mix inputs: the derivative of X·Y by X and then by Y is 1', () => {
    const [X, Y] = [tensor([[1, 2]]), tensor([[3], [4]])];
    const byX = gradientsOf(matmul(X, Y), { createGraph: true }).get(X)!;
    const second = gradientsOf(sum(byX));
    expect(second.get(Y)!.value).to.deep.equal([[1], [1]]);
    expect(second.has(X)).to.equal(false);
  });

  it('are refused by an elementwise op that was not told its second derivative', () => {
    const x = tensor([1, 2]);
    const sine = elementwise(Math.sin, Math.cos);
    expect(gradientsOf(sine(x)).get(x)!.data()[1]).to.equal(Math.cos(2));
    expect(() => gradientsOf(sine(x), { createGraph: true })).to.throw(
      GradbookError,
      "sin: a second derivative is asked for, but only f and f' are known; pass f'' as the next argument",
    );
  });
});

function probability(logits: readonly number[], k: number): number {
  const powers = logits.map(Math.exp);
  return powers[k]! / powers.reduce((total, value) => total + value, 0);
}
