import { expect } from 'chai';
import { checkGradient } from '../../src/autodiff/check-gradient.js';
import { derivation } from '../../src/derivation/derivation.js';
import { divide, exp, log, multiply, power, sqrt, sum } from '../../src/ops/index.js';
import type { AnyRecord } from '../../src/autodiff/op.js';
import { registry } from '../../src/ops/registry.js';
import { ValueError } from '../../src/tensor/error.js';
import { tensor } from '../../src/tensor/creation.js';

const logarithm = (registry as unknown as readonly AnyRecord[]).find(({ name }) => name === 'log')!;
const withoutDomain: AnyRecord = { ...logarithm, domain: {} };

describe('a gradient check outside the domain of an op', () => {
  const cases: [what: string, check: () => unknown, message: RegExp][] = [
    [
      'names op, input, value and place',
      () => checkGradient(log, { X: tensor([[1, -1], [2, 3]]) }), // prettier-ignore
      /^log: at \[0, 1\] X is -1 and the result is NaN: outside its domain there is no gradient to check; log is checked for X from 0.5 to 2$/,
    ],
    [
      'names both inputs, one of them broadcast',
      () => checkGradient(divide, { X: tensor([[1, 2], [3, 4]]), Y: tensor([1, 0]) }), // prettier-ignore
      /^divide: at \[0, 1\] X is 2 and Y is 0 and the result is Infinity: .* Y from 0.5 to 2 of either sign$/,
    ],
    [
      'names the op inside a function',
      () => checkGradient(({ a, b }) => sum(log(multiply(a, b))), { a: tensor([1, 2]), b: tensor([1, -2]) }),
      /^function: log: at \[1\] X is -4 and the result is NaN/,
    ],
    [
      'is noticed for an overflow',
      () => checkGradient(({ a }) => exp(a), { a: tensor(800, { name: 'a' }) }),
      /^function: exp: a is 800 and the result is Infinity/,
    ],
    [
      'is noticed where only a step of the differences leaves the domain',
      () => checkGradient(sqrt, { X: tensor([1, 0]) }),
      /^sqrt: at \[1\] X is -0.00000762939 and the result is NaN when X\[1\] = 0 moves by 0.00000762939: outside/,
    ],
    [
      'is noticed for an exponent that must be whole',
      () => checkGradient(power, { X: tensor([-1.5]), Y: tensor([2]) }),
      /^power: at \[0\] X is -1.5 and Y is 1.99998 and the result is NaN when Y\[0\] = 2 moves/,
    ],
    [
      'is noticed for the samples of a derivation whose op states no domain',
      () => derivation(withoutDomain),
      /^log: at \[0, 0\] X is -\d\.\d+ and the result is NaN/,
    ],
  ];
  for (const [what, check, message] of cases) {
    it(what, () => {
      expect(check).to.throw(ValueError, message);
    });
  }

  it('leaves the inputs as they were', () => {
    const X = tensor([1, 0]);
    expect(() => checkGradient(sqrt, { X })).to.throw(ValueError);
    expect(X.value).to.deep.equal([1, 0]);
  });
});
