import { expect } from 'chai';
import { gradientsOf } from '../../src/autodiff/backward.js';
import { OpNode } from '../../src/autodiff/op-node.js';
import { add, multiply, subtract } from '../../src/ops/arithmetic.js';
import { expand } from '../../src/ops/broadcast.js';
import { exp, log } from '../../src/ops/functions.js';
import { sum } from '../../src/ops/reduce.js';
import { constant, tensor } from '../../src/tensor/creation.js';
import { GradbookError, ReleasedError } from '../../src/tensor/error.js';
import { scoped } from '../../src/tensor/memory.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { itRefuses } from '../refuses.js';

describe('backward', () => {
  describe('adds up the contributions of several uses, each exactly once', () => {
    const uses: readonly [what: string, f: (x: Tensor) => Tensor, at: number, derivative: number][] = [
      ['x·x', (x) => multiply(x, x), 3, 6],
      ['x + x', (x) => add(x, x), 3, 2],
      ['x² as b·b with b = exp(log x), where naive traversal gives 6', (x) => squareOf(exp(log(x))), 1, 2],
      ['a use early and one late', (x) => multiply(exp(exp(multiply(x, 0))), add(x, x)), 1, 2 * Math.E],
      ['x − x', (x) => subtract(x, x), 5, 0],
      ['a chain of 20 diamonds', (x) => repeated(20, (h) => add(h, h), x), 1, 2 ** 20],
      [
        'diamonds within diamonds',
        (x) => repeated(4, (h) => add(exp(multiply(h, 0)), multiply(h, h)), x),
        0,
        0,
      ],
      ['a sum of broadcast uses', (x) => sum(add(expand(x, [2, 3]), x)), 7, 12],
    ];
    for (const [what, f, at, derivative] of uses) {
      it(`in ${what}`, () => {
        const x = tensor(at, { name: 'x' });
        f(x).backward();
        expect(x.grad!.value).to.be.closeTo(derivative, 1e-12);
      });
    }

    it('by visiting every node once, after all that depend on it', () => {
      const x = tensor(1);
      let calls = 0;
      const loss = repeated(30, (h) => add(h, h), x); // 2^30 paths
      for (let node = loss.source; node !== undefined; node = node.inputs[0]!.source) calls += 1;
      loss.backward();
      expect([calls, x.grad!.value]).to.deep.equal([30, 2 ** 30]);
    });
  });

  it('goes through a chain of 100,000 ops without overflowing the stack, and so does clear()', () => {
    const x = tensor(2);
    const loss = repeated(100_000, (h) => add(h, x), x);
    loss.backward();
    expect(x.grad!.value).to.equal(100_001);
    loss.clear();
    expect(x.value).to.equal(2);
  });

  it('gives the same gradients when it is called twice', () => {
    const [X, Y] = [tensor([1, 2], { name: 'X' }), tensor([3, 4], { name: 'Y' })];
    const loss = sum(multiply(X, Y));
    loss.backward();
    const first = X.grad!;
    loss.backward();
    expect([X.grad!.value, Y.grad!.value, first.value]).to.deep.equal([[3, 4], [1, 2], [3, 4]]); // prettier-ignore
  });

  it('sets grad only of what the loss depends on and what requires a gradient', () => {
    const [X, fixed, other] = [tensor([1, 2]), constant([3, 4]), tensor([5])];
    const h = multiply(X, fixed);
    const loss = sum(h);
    expect([X.grad, h.grad, loss.grad]).to.deep.equal([undefined, undefined, undefined]);
    loss.backward();
    expect([X.grad?.value, h.grad?.value, loss.grad?.value]).to.deep.equal([[3, 4], [1, 1], 1]); // prettier-ignore
    expect([fixed.grad, other.grad]).to.deep.equal([undefined, undefined]);
  });

  it('gives every tensor a gradient of its own, named after it', () => {
    const [X, Y] = [tensor([1, 2], { name: 'X' }), tensor([3, 4], { name: 'Y' })];
    sum(add(X, Y)).backward();
    expect([X.grad!.name, Y.grad!.name]).to.deep.equal(['X.grad', 'Y.grad']);
    X.grad!.assign([9, 9]);
    expect(Y.grad!.value).to.deep.equal([1, 1]);
  });

  it('leaves gradients that outlive the scope in which it was called', () => {
    const X = tensor([1, 2]);
    const hidden = scoped('a step', () => {
      const h = exp(X);
      sum(h).backward();
      return h;
    });
    expect(X.grad!.value).to.deep.equal(exp(X).value);
    expect(() => hidden.grad!.value).to.throw(ReleasedError);
  });

  it('records nothing: gradients are no part of a graph', () => {
    const X = tensor([1, 2]);
    sum(exp(X)).backward();
    expect([X.grad!.source, X.grad!.requiresGrad]).to.deep.equal([undefined, false]);
  });

  it('gives a scalar that was not computed the gradient 1 of itself', () => {
    const x = tensor(3);
    expect(gradientsOf(x).get(x)!.value).to.equal(1);
  });

  it('is reached through nodes that know op, inputs and output', () => {
    const [X, Y] = [tensor([[1, 2]], { name: 'X' }), tensor([[3], [4]])];
    const S = add(X, Y);
    expect(S.source).to.be.instanceOf(OpNode);
    const { op, inputs, outputs } = S.source as OpNode;
    expect([op.name, inputs[0], inputs[1], outputs[0]]).to.deep.equal(['add', X, Y, S]);
    expect((S.source as OpNode).toString()).to.equal('OpNode add: X (1, 2), Y (2, 1) -> (2, 2)');
    expect(add(constant(1), 2).source).to.equal(undefined);
  });

  // prettier-ignore
  itRefuses([
    ['several numbers', () => exp(tensor([1, 2], { name: 'X' })).backward(), GradbookError, /^backward: tensor \(2,\) is no scalar; a gradient belongs to one number, so sum it first: sum\(…\)\.backward\(\)/],
    ['a leaf', () => tensor(1, { name: 'x' }).backward(), GradbookError, /^backward: x \(\) was not computed, but given; call backward\(\) on what an op returned$/],
    ['what was computed from constants', () => exp(constant(1)).backward(), GradbookError, /^backward: tensor \(\) was not computed from anything that requires a gradient: it comes from constants or was detached; make/],
    ['what has been cleared', () => {
      const loss = exp(tensor(1));
      loss.clear();
      loss.backward();
    }, ReleasedError, /^tensor \(\), made by exp, has been released: clear\(\) has freed it/],
  ]);
});

function repeated(times: number, f: (h: Tensor) => Tensor, x: Tensor): Tensor {
  let h = x;
  for (let k = 0; k < times; k++) h = f(h);
  return h;
}

function squareOf(b: Tensor): Tensor {
  return multiply(b, b);
}
