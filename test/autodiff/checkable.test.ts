import { expect } from 'chai';
import { defineOp } from '../../src/autodiff/define-op.js';
import type { OpRecord } from '../../src/autodiff/op.js';
import { checkGradient } from '../../src/derivation/check.js';
import { forwardFormula } from '../../src/derivation/forward-formula.js';
import { divide, exp, max, multiply, relu, sum } from '../../src/ops/index.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { constant, tensor } from '../../src/tensor/creation.js';

/** What untyped code may pass. */
const untyped = (value: unknown): never => value as never;

describe('what a gradient check refuses', () => {
  const X = tensor([[0.5, 1]]);
  let calls = 0;
  const cases: [what: string, check: () => unknown, message: string][] = [
    [
      'a name in place of an op',
      () => checkGradient(untyped('exp'), { X }),
      'expected an op or a function of tensors, and not exp',
    ],
    [
      'a number in place of a tensor',
      () => checkGradient(exp, untyped({ X: 3 })),
      'checkGradient of exp: X is 3, and not a tensor',
    ],
    [
      'a list in place of a tensor',
      () => checkGradient(exp, untyped({ X: [1, 2] })),
      'X is a list, and not a tensor; make it with tensor(…)',
    ],
    ['a constant', () => checkGradient(exp, { X: constant([1]) }), 'X is a constant and has no gradient'],
    [
      'float32',
      () => checkGradient(exp, { X: tensor([1], { dtype: 'float32' }) }),
      'X is float32, but differences need float64',
    ],
    [
      'inputs of other names',
      () => checkGradient(divide, untyped({ X, Z: X })),
      'its inputs are X, Y, but X, Z were given',
    ],
    [
      'no inputs',
      () => checkGradient(() => exp(X), {}),
      'no inputs were given, so there is no gradient to check',
    ],
    [
      'a function that returns a number',
      () =>
        checkGradient(
          untyped(() => 3),
          { X },
        ),
      'the function returned no tensor',
    ],
    [
      'a function that must be awaited',
      () =>
        checkGradient(
          untyped(async () => Promise.resolve(X)),
          { X },
        ),
      'await nothing',
    ],
    [
      'a function that changes by itself',
      () => checkGradient(() => multiply(X, calls++), { X }),
      'a second call gives other numbers',
    ],
    [
      'a third order',
      () => checkGradient(exp, { X }, untyped({ order: 3 })),
      'the order is 3, but it must be 1 or 2',
    ],
    [
      'an unknown scheme',
      () => checkGradient(exp, { X }, untyped({ scheme: 'forward' })),
      'the scheme is "forward", but it must be',
    ],
    [
      'a step of 0',
      () => checkGradient(exp, { X }, { step: 0 }),
      'the step is 0, but it must be positive and finite',
    ],
    [
      'a tolerance that is no number',
      () => checkGradient(exp, { X }, { tolerance: NaN }),
      'the tolerance is NaN',
    ],
    [
      'a formula of another output',
      () => forwardFormula('T = X', { X: [2] }),
      'the output is called S: expected a formula S = …',
    ],
    [
      'an empty axis',
      () => forwardFormula('S = X', { X: [2, 0] }),
      'forwardFormula: X: shape (2, 0) holds no numbers',
    ],
  ];
  for (const [what, check, message] of cases) {
    it(`is ${what}`, () => {
      expect(check).to.throw(message);
    });
  }
});

describe('a function in which an op has kinks', () => {
  it('is checked between the one-sided derivatives, as the op itself is', () => {
    checkGradient(({ a }) => sum(relu(a)), { a: tensor([[0, 1, -1]]) }).assert();
    checkGradient(({ a }) => max(multiply(a, 2), { axis: 1 }), { a: tensor([[1, 1, 0]]) }).assert();
  });

  it('is still wrong where a gradient lies outside of them', () => {
    const steep = defineOp(
      {
        ...(relu as OpRecord<'X', undefined>),
        fused: {},
        backward: { X: ({ gradient }) => multiply(gradient, 2) },
      },
      (execute) => (a: Tensor) => execute([a], undefined),
    );
    expect(checkGradient(({ a }) => sum(steep(a)), { a: tensor([[0, 1]]) }).holds).to.equal(false);
    expect(checkGradient(({ a }) => sum(steep(a)), { a: tensor([[0]]) }).holds).to.equal(false);
  });
});
