import { expect } from 'chai';
import { gradientsOf } from '../../src/autodiff/backward.js';
import { add, divide, power } from '../../src/ops/arithmetic.js';
import { sigmoid, tanh } from '../../src/ops/activation.js';
import { elementwise, exp, log, sqrt } from '../../src/ops/functions.js';
import { crossEntropy, nll } from '../../src/ops/loss.js';
import { sum } from '../../src/ops/reduce.js';
import { logSoftmax, softmax } from '../../src/ops/softmax.js';
import { tensor } from '../../src/tensor/creation.js';
import type { FloatDType } from '../../src/tensor/dtype.js';
import type { Tensor } from '../../src/tensor/tensor.js';

const gradientOf = (f: (x: Tensor) => Tensor, at: Tensor): unknown => gradientsOf(sum(f(at))).get(at)!.value;

describe('extreme numbers', () => {
  for (const dtype of ['float64', 'float32'] as FloatDType[]) {
    describe(`in ${dtype}`, () => {
      const far = (): Tensor => tensor([[1e4, -1e4, 0], [-1e4, -1e4, -1e4], [1e4, 1e4, -1e4]], { dtype }); // prettier-ignore

      it('give a softmax whose rows are probabilities', () => {
        const third = dtype === 'float64' ? 1 / 3 : Math.fround(1 / 3);
        expect(softmax(far()).value).to.deep.equal([[1, 0, 0], [third, third, third], [0.5, 0.5, 0]]); // prettier-ignore
        expect((gradientOf((X) => softmax(X), far()) as number[][]).flat().every((g) => Math.abs(g) < 1e-7)).to.equal(true); // prettier-ignore
      });

      it('give finite log-probabilities', () => {
        const rows = logSoftmax(far()).value as number[][];
        expect(rows[0]).to.deep.equal([0, -2e4, -1e4]);
        expect(rows[1]![0]).to.be.closeTo(-Math.log(3), 1e-6);
        expect(rows[2]![2]).to.be.closeTo(-2e4 - Math.log(2), 1e-2);
        expect((gradientOf((X) => logSoftmax(X), far()) as number[][])[0]).to.deep.equal([-2, 1, 1]);
      });

      it('give a finite cross-entropy, with the gradient p − onehot', () => {
        const X = far();
        const loss = crossEntropy(X, [1, 0, 2]);
        expect(loss.item()).to.be.closeTo(4e4 + Math.log(3) + Math.log(2), 1e-2);
        const gradient = gradientsOf(loss).get(X)!.value as number[][];
        expect(gradient[0]).to.deep.equal([1, -1, 0]);
        expect(gradient[1]![0]).to.be.closeTo(-2 / 3, 1e-6);
        expect(gradient[2]).to.deep.equal([0.5, 0.5, -1]);
      });

      it('give a sigmoid in [0, 1] and a tanh of ±1, with gradients that vanish', () => {
        const at = tensor([-1e3, 1e3, -Infinity, Infinity], { dtype });
        const values = sigmoid(at).data();
        expect(values[0]).to.be.within(0, 1e-37);
        expect([values[1], values[3]]).to.deep.equal([1, 1]);
        expect([...tanh(at).data()]).to.deep.equal([-1, 1, -1, 1]);
        for (const f of [sigmoid, tanh]) {
          const gradient = gradientOf(f, at) as number[];
          expect(gradient.every((g) => g >= 0 && g < 1e-37)).to.equal(true);
        }
      });
    });
  }

  it('do not change the softmax when they are added to a whole row', () => {
    const X = tensor([[0.5, -1, 2]]);
    const [plain, moved] = [softmax(X), softmax(add(X, 1e4))].map((result) => result.data());
    plain!.forEach((value, k) => expect(moved![k]).to.be.closeTo(value, 1e-11));
  });

  it('make log(softmax) infinite where logSoftmax is not', () => {
    const X = tensor([[1e4, -1e4]]);
    expect(nll(log(softmax(X)), [1]).item()).to.equal(Infinity);
    expect(nll(logSoftmax(X), [1]).item()).to.equal(2e4);
  });

  // prettier-ignore
  const limits: readonly [what: string, f: (x: Tensor) => Tensor, at: number, value: number, slope: number][] = [
    ['log 0', (x) => log(x), 0, -Infinity, Infinity],
    ['log of a negative number', (x) => log(x), -1, NaN, -1],
    ['√0', (x) => sqrt(x), 0, 0, Infinity],
    ['√ of a negative number', (x) => sqrt(x), -1, NaN, NaN],
    ['e^1000', (x) => exp(x), 1000, Infinity, Infinity],
    ['e^−1000', (x) => exp(x), -1000, 0, 0],
    ['1 / 0', (x) => divide(1, x), 0, Infinity, -Infinity],
    ['0²', (x) => power(x, 2), 0, 0, 0],
    ['0¹', (x) => power(x, 1), 0, 0, 1],
    ['0⁰', (x) => power(x, 0), 0, 1, 0],
    ['0⁻¹', (x) => power(x, -1), 0, Infinity, -Infinity],
    ['(−2)³', (x) => power(x, 3), -2, -8, 12],
    ['(−2)⁻²', (x) => power(x, -2), -2, 0.25, 0.25],
    ['(−2)⁰', (x) => power(x, 0), -2, 1, 0],
    ['(−8)^(1/3), which has no real value', (x) => power(x, 1 / 3), -8, NaN, NaN],
    ['(−2)¹⁰⁰¹', (x) => power(x, 1001), -2, -(2 ** 1001), 1001 * 2 ** 1000],
  ];
  for (const [what, f, at, value, slope] of limits) {
    it(`give ${what} the value ${value} and the slope ${slope}`, () => {
      const x = tensor(at);
      const found = [f(x).item(), gradientOf(f, x) as number];
      [value, slope].forEach((expected, k) => {
        if (Number.isFinite(expected))
          expect(Math.abs(found[k]! - expected)).to.be.at.most(1e-15 * Math.abs(expected)); // prettier-ignore
        else expect(found[k]).to.deep.equal(expected);
      });
    });
  }

  it('reach an elementwise op as they are, one number at a time', () => {
    const seen: unknown[][] = [];
    const spy = elementwise((...given: number[]) => seen.push(given), () => 0); // prettier-ignore
    spy(tensor([NaN, -0, Infinity]));
    expect(seen).to.deep.equal([[NaN], [-0], [Infinity]]);
  });
});
