import { expect } from 'chai';
import { defineOp } from '../../src/autodiff/define-op.js';
import type { OpRecord } from '../../src/autodiff/op.js';
import { multiply } from '../../src/ops/arithmetic.js';
import { type TensorLike, tensor } from '../../src/tensor/creation.js';
import { complaints } from '../typescript.js';

type Binary = OpRecord<'X' | 'Y', undefined>;

/** An op as a reader would write it, without kernels. */
const record: Binary = {
  name: 'halfProduct',
  summary: 'half the product',
  inputs: ['X', 'Y'],
  math: [
    {
      forward: String.raw`S_i = \frac{X_i Y_i}{2}`,
      gradient: {
        X: String.raw`X^\nabla_i = \frac{S^\nabla_i Y_i}{2}`,
        Y: String.raw`Y^\nabla_i = \frac{S^\nabla_i X_i}{2}`,
      },
      shapes: [{ X: [3], Y: [3] }],
    },
  ],
  shapeRule: '(n), (n) → (n)',
  shape: ({ X }) => X,
  forward: ({ X, Y }, output) => {
    const y = Y.data();
    output.assign(X.data().map((x, k) => (x * y[k]!) / 2));
    return undefined;
  },
  backward: {
    X: ({ gradient, Y }) => multiply(multiply(gradient, 0.5), Y),
    Y: ({ gradient, X }) => multiply(multiply(gradient, 0.5), X),
  },
  samples: [{ shapes: { X: [3], Y: [3] } }],
  refuses: [],
};

const define = (changed: object) =>
  defineOp(
    { ...record, ...changed },
    (execute) => (X: TensorLike, Y: TensorLike) => execute([X, Y], undefined),
  );

describe('defineOp', () => {
  it('makes a record callable, and keeps its fields readable', () => {
    const halfProduct = define({});
    expect(halfProduct([2, 4], [3, 5]).value).to.deep.equal([3, 10]);
    expect(halfProduct).to.include({ name: 'halfProduct', shapeRule: '(n), (n) → (n)' });
    expect(halfProduct.inputs).to.deep.equal(['X', 'Y']);
    const X = tensor([2, 4]);
    expect(String(halfProduct(X, [3, 5]).source)).to.equal('OpNode halfProduct: X (2,), Y (2,) -> (2,)');
  });

  const { X, Y } = record.backward;
  const formula = record.math[0]!;
  const atRunTime: readonly [what: string, changed: object, message: string][] = [
    ['without a rule', { backward: { X } }, 'halfProduct: backward must have exactly one entry for each of the inputs X, Y; missing: Y'], // prettier-ignore
    ['with a rule too many', { backward: { X, Y, Z: X } }, 'halfProduct: backward must have exactly one entry for each of the inputs X, Y; no such input: Z'], // prettier-ignore
    ['with a misspelt rule', { backward: { X, y: Y } }, 'missing: Y; no such input: y'],
    ['without a formula', { math: [{ ...formula, gradient: { Y: '0' } }] }, 'halfProduct: math.gradient must have exactly one entry for each of the inputs X, Y; missing: X'], // prettier-ignore
    ['with a formula too many', { math: [formula, { ...formula, gradient: { X: '0', Y: '0', W: '0' } }] }, 'no such input: W'], // prettier-ignore
  ];
  for (const [what, changed, message] of atRunTime) {
    it(`refuses a record that was put together at run time ${what}`, () => {
      expect(() => define(changed)).to.throw(message);
    });
  }

  describe('lets the compiler refuse', () => {
    const rules =
      'X: ({ gradient, Y }) => multiply(gradient, Y), Y: ({ gradient, X }) => multiply(gradient, X)';
    const formulas = "X: 'x', Y: 'y'";
    const source = (backward: string, gradient: string, annotation = ''): string => `
      import { defineOp } from '../src/autodiff/define-op.js';
      import type { Op } from '../src/autodiff/op.js';
      import { multiply } from '../src/ops/arithmetic.js';
      import type { Tensor } from '../src/tensor/tensor.js';
      import type { TensorLike } from '../src/tensor/creation.js';
      export type BinaryOp = Op<'X' | 'Y', undefined, (X: TensorLike, Y: TensorLike) => Tensor>;
      export const op${annotation} = defineOp({
        name: 'product', summary: '', inputs: ['X', 'Y'],
        math: [{ forward: 'S', gradient: { ${gradient} }, shapes: [{ X: [1], Y: [1] }] }],
        shapeRule: '', shape: ({ X }) => X, forward: () => undefined,
        backward: { ${backward} }, samples: [], refuses: [],
      }, (execute) => (X: TensorLike, Y: TensorLike) => execute([X, Y], undefined));
    `;
    const use = (code: string): string => `
      import { checkGradient } from '../src/derivation/check.js';
      import { valueAndGradient } from '../src/autodiff/value-and-gradient.js';
      import { divide } from '../src/ops/arithmetic.js';
      import { exp } from '../src/ops/functions.js';
      import { sum } from '../src/ops/reduce.js';
      import { tensor } from '../src/tensor/creation.js';
      const [X, Y] = [tensor(1), tensor(2)];
      export const used = ${code};
    `;
    const onlyX = 'X: ({ gradient, Y }) => multiply(gradient, Y)';
    // prettier-ignore
    const cases: readonly [what: string, source: string, expected: RegExp | undefined][] = [
      ['nothing in a record that is complete', source(rules, formulas), undefined],
      ['nothing in one with its type beside it', source(rules, formulas, ': BinaryOp'), undefined],
      ['a missing rule', source(onlyX, formulas), /^TS\d+: Property 'Y' is missing/],
      ['a missing rule, with the type beside it', source(onlyX, formulas, ': BinaryOp'), /^TS2741: Property 'Y' is missing/],
      ['a rule too many', source(`${rules}, Z: ({ gradient }) => gradient`, formulas), /'Z'/],
      ['a rule too many, with the type beside it', source(`${rules}, Z: ({ gradient }) => gradient`, formulas, ': BinaryOp'), /'Z' does not exist/],
      ['a missing formula', source(rules, "X: 'x'"), /^TS\d+: Property 'Y' is missing/],
      ['a missing formula, with the type beside it', source(rules, "Y: 'y'", ': BinaryOp'), /^TS2741: Property 'X' is missing/],
      ['a formula too many', source(rules, `${formulas}, Z: 'z'`), /'Z'/],
      ['a rule that reads what is no input', source(`X: ({ gradient, Z }) => multiply(gradient, Z), Y: ({ gradient }) => gradient`, formulas, ': BinaryOp'), /Property 'Z' does not exist/],
      ['nothing in checks of an op and of a function written in place', use('[checkGradient(divide, { X, Y }), checkGradient(({ Y }) => exp(Y), { X, Y })]'), undefined],
      ['a check of an op that lacks an input', use('checkGradient(divide, { X })'), /^TS2345: Argument of type 'BinaryOp' is not assignable/],
      ['a function that reads what is no input', use('checkGradient(({ Z }) => exp(Z), { X })'), /Property 'Z' does not exist/],
      ['a gradient that nobody asked for', use('valueAndGradient(({ X }) => sum(X), { X }).gradients.Y'), /Property 'Y' does not exist/],
      ['a function that awaits', use('valueAndGradient(async ({ X }) => sum(X), { X })'), /Promise<Tensor>/],
    ];
    let found: Record<string, string[]>;
    const path = (k: number): string => `test/define-op-${k}.ts`;
    before(() => {
      found = complaints(Object.fromEntries(cases.map(([, text], k) => [path(k), text])));
    });
    for (const [k, [what, , expected]] of cases.entries()) {
      it(what, () => {
        const messages = found[path(k)]!;
        if (expected === undefined) expect(messages).to.deep.equal([]);
        else expect(messages.join('\n')).to.match(expected);
      });
    }
  });
});
