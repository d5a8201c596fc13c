import { expect } from 'chai';
import { valueAndGradient } from '../../src/autodiff/value-and-gradient.js';
import { add, divide, multiply } from '../../src/ops/arithmetic.js';
import { exp } from '../../src/ops/functions.js';
import { sum } from '../../src/ops/reduce.js';
import { constant, tensor } from '../../src/tensor/creation.js';
import { GradbookError, ReleasedError } from '../../src/tensor/error.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { itRefuses } from '../refuses.js';

const X = tensor([1, 2], { name: 'X' });
const Y = tensor([4, 8], { name: 'Y' });

describe('valueAndGradient', () => {
  it('returns the value and a gradient for each input, by name', () => {
    const { value, gradients } = valueAndGradient(({ X, Y }) => sum(divide(X, Y)), { X, Y });
    expect(value).to.equal(0.5);
    expect([gradients.X.value, gradients.Y.value]).to.deep.equal([[1 / 4, 1 / 8], [-1 / 16, -1 / 32]]); // prettier-ignore
    expect([gradients.X.name, gradients.Y.name]).to.deep.equal(['X.grad', 'Y.grad']);
  });

  it('sets no grad and builds no graph', () => {
    const { gradients } = valueAndGradient(({ X }) => sum(exp(X)), { X });
    expect([X.grad, gradients.X.source, gradients.X.requiresGrad]).to.deep.equal([
      undefined,
      undefined,
      false,
    ]);
  });

  it('releases what the function made', () => {
    let hidden: Tensor | undefined;
    valueAndGradient(({ X }) => sum((hidden = exp(X))), { X });
    expect(() => hidden!.value).to.throw(ReleasedError, /^tensor \(2,\), made by exp, has been released: it was made inside valueAndGradient, which has ended; return keep\(tensor\) from there to keep it$/); // prettier-ignore
  });

  it('leaves earlier gradients of the same tensor as they were, also views of them', () => {
    const gradientOf = (factor: number): Tensor =>
      valueAndGradient(({ X }) => sum(multiply(X, factor)), { X }).gradients.X;
    const [one, two] = [gradientOf(1), gradientOf(2)];
    const part = two.rows(1, 2);
    const others = [3, 4, 5].map(gradientOf);
    expect([one.value, two.value, part.value]).to.deep.equal([[1, 1], [2, 2], [2]]);
    expect(others.map((gradient) => gradient.data()[0])).to.deep.equal([3, 4, 5]);
    expect(add(one, two).value).to.deep.equal([3, 3]);
    one.assign([7, 7]);
    expect([one.value, String(one)]).to.deep.equal([[7, 7], 'X.grad (2,) float64\n[7, 7]']);
  });

  it('works for an input under two names, within another call, and for the input itself', () => {
    const twice = valueAndGradient(({ a, b }) => sum(multiply(a, b)), { a: X, b: X }).gradients;
    expect([twice.a.value, twice.b.value]).to.deep.equal([[2, 4], [2, 4]]); // prettier-ignore
    const nested = valueAndGradient(
      ({ Y }) => sum(multiply(valueAndGradient(({ X }) => sum(multiply(X, X)), { X }).gradients.X, Y)),
      { Y },
    );
    expect(nested.gradients.Y.value).to.deep.equal([2, 4]);
    const x = tensor(3);
    expect(valueAndGradient(({ x }) => x, { x }).gradients.x.value).to.equal(1);
  });

  const fixed = constant([1, 2], { name: 'C' });
  // prettier-ignore
  itRefuses([
    ['a function that gives several numbers', () => valueAndGradient(({ X }) => exp(X), { X }), GradbookError, /^valueAndGradient: the function returned tensor \(2,\), but a gradient belongs to one number; sum it/],
    ['an input that the result does not depend on', () => valueAndGradient(({ X }) => sum(X), { X, Y }), GradbookError, /^valueAndGradient: Y \(2,\) gets no gradient: the result does not depend on it/],
    ['an input without a name of its own, by its key', () => valueAndGradient(({ X }) => sum(X), { X, other: tensor(1) }), GradbookError, /^valueAndGradient: other, which is tensor \(\), gets no gradient/],
    ['a constant', () => valueAndGradient(({ C }) => sum(C), { C: fixed }), GradbookError, /^valueAndGradient: C \(2,\) gets no gradient: it was made as a constant \(make it with tensor\(…\), which requires a gradient\)/],
    ['a function that awaits', () => valueAndGradient((() => Promise.resolve(tensor(1))) as unknown as () => Tensor, { X }), GradbookError, /^valueAndGradient: the function returned no tensor; it must compute one number with ops, and await nothing/],
  ]);
});
