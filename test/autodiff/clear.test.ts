import { expect } from 'chai';
import { gradientsOf } from '../../src/autodiff/backward.js';
import { valueAndGradient } from '../../src/autodiff/value-and-gradient.js';
import { add, divide, multiply, power, subtract } from '../../src/ops/arithmetic.js';
import { expand } from '../../src/ops/broadcast.js';
import { exp } from '../../src/ops/functions.js';
import { reshape, transpose } from '../../src/ops/layout.js';
import { crossEntropy } from '../../src/ops/loss.js';
import { linear, matmul } from '../../src/ops/matmul.js';
import { max, mean, sum } from '../../src/ops/reduce.js';
import { select } from '../../src/ops/select.js';
import { normalize } from '../../src/ops/softmax.js';
import { constant, tensor } from '../../src/tensor/creation.js';
import { ReleasedError } from '../../src/tensor/error.js';
import { memoryUse } from '../../src/tensor/heap.js';
import { scoped } from '../../src/tensor/memory.js';
import type { Tensor } from '../../src/tensor/tensor.js';

describe('clear()', () => {
  it('frees what ops computed, and its gradients, and keeps the leaves', () => {
    const X = tensor([1, 2], { name: 'X' });
    const h = exp(X);
    const loss = sum(h);
    loss.backward();
    const gradients = [X.grad!, h.grad!];
    loss.clear();
    expect(X.value).to.deep.equal([1, 2]);
    expect([X.grad, h.grad, h.source, loss.source]).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    for (const freed of [h, loss, ...gradients]) expect(() => freed.value).to.throw(ReleasedError);
    expect(() => h.value).to.throw('tensor (2,), made by exp, has been released: clear() has freed it; read its value, or keep(tensor), before clear()'); // prettier-ignore
    expect(() => gradients[0]!.value).to.throw(/^X\.grad \(2,\) has been released/);
  });

  const leaves: readonly [what: string, f: (leaf: Tensor) => Tensor][] = [
    ['a reshape', (leaf) => sum(exp(reshape(leaf, [6])))],
    ['a view', (leaf) => sum(multiply(leaf, leaf.view([2, 3])))],
    ['its rows', (leaf) => sum(multiply(leaf, leaf.rows(1, 2)))],
    ['itself, detached', (leaf) => sum(multiply(leaf, leaf.detach()))],
    ['a transposition', (leaf) => sum(matmul(leaf, transpose(leaf)))],
  ];
  for (const [what, f] of leaves) {
    it(`keeps a leaf that is also used through ${what}`, () => {
      const leaf = tensor([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
      const loss = f(leaf);
      loss.backward();
      loss.clear();
      for (let k = 0; k < 20; k++) constant([9, 9, 9, 9, 9, 9]); // would lie where freed numbers lay
      expect(leaf.value).to.deep.equal([
        [1, 2, 3],
        [4, 5, 6],
      ]);
    });
  }

  it('keeps a leaf that shares its numbers with a result: a detached one', () => {
    const h = exp(tensor([0, 0]));
    const fixed = h.detach();
    const loss = sum(multiply(h, fixed));
    loss.clear();
    constant([9, 9]);
    expect(fixed.value).to.deep.equal([1, 1]);
  });

  it('keeps constants that the reader made, and frees those that ops made of plain numbers', () => {
    const [X, two] = [tensor([1, 2]), constant(2)];
    const loss = sum(add(multiply(two, X), 3));
    const three = loss.source!.inputs[0]!.source!.inputs[1]!;
    loss.clear();
    expect(two.value).to.equal(2);
    expect(() => three.value).to.throw(ReleasedError);
  });

  it('is the only one who frees: asking again, or using a constant twice, finds everything in place', () => {
    const x = tensor(2);
    const cube = power(x, 3);
    const first = gradientsOf(cube, { createGraph: true }).get(x)!;
    gradientsOf(first);
    expect(gradientsOf(cube).get(x)!.value).to.equal(12);
    const fixed = expand([1, 2], [2]);
    add(fixed, 1);
    expect(fixed.value).to.deep.equal([1, 2]);
  });

  it('does nothing to a leaf, nothing twice, and nothing in a scope', () => {
    const X = tensor([1]);
    X.clear();
    const loss = sum(X);
    loss.clear();
    loss.clear();
    scoped('a step', () => sum(exp(X)).clear());
    expect(X.value).to.deep.equal([1]);
  });

  it('leaves another graph on the same leaves alone', () => {
    const X = tensor([1, 2]);
    const [one, other] = [sum(exp(X)), sum(multiply(X, X))];
    one.clear();
    other.backward();
    expect(X.grad!.value).to.deep.equal([2, 4]);
  });

  it('makes backward of another graph on a freed tensor an error, not a wrong gradient', () => {
    const h = exp(tensor([1, 2]));
    const [one, other] = [sum(h), sum(multiply(h, 2))];
    one.clear();
    expect(() => other.backward()).to.throw(ReleasedError, /made by exp/);
  });
});

describe('memory stays flat over 2,000 steps', () => {
  const x = constant(Array.from({ length: 20 }, (_, k) => [k / 10, 1, (k % 3) + 1])); // (20, 3)
  const labels = Array.from({ length: 20 }, (_, k) => k % 4);
  const W = tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9], [1, 0, 1]]); // prettier-ignore
  const b = tensor([0, 0, 0, 0]);

  const losses: Readonly<Record<string, () => Tensor>> = {
    'a classifier with labels as an array': () => crossEntropy(linear(x, W, b), labels),
    'broadcasting and plain numbers': () => mean(divide(add(multiply(2, W), [1, 2, 3]), subtract(5, W))),
    'reductions along the first axis': () => sum(multiply(max(W, { axis: 0 }), mean(W, { axis: 0 }))),
    'ops that need room of their own': () => sum(select(normalize(matmul(x, exp(W), { transposeW: true })), labels)), // prettier-ignore
  };
  for (const [what, loss] of Object.entries(losses)) {
    it(`of a loop by hand with clear(), through ${what}`, () => {
      expectFlat(() => {
        const made = loss();
        made.backward();
        made.clear();
      });
    });

    it(`of valueAndGradient, through ${what}`, () => {
      const parameters = what.startsWith('a classifier') ? { W, b } : { W };
      expectFlat(() => valueAndGradient(loss, parameters));
    });
  }

  it('of backward inside a scope', () => {
    const loss = losses['broadcasting and plain numbers']!;
    expectFlat(() => scoped('a step', () => loss().backward()));
  });
});

function expectFlat(step: () => void): void {
  for (let k = 0; k < 5; k++) step();
  const before = memoryUse();
  for (let k = 0; k < 2000; k++) step();
  expect(memoryUse()).to.deep.equal(before);
}
