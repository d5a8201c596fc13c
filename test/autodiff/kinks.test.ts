import { expect } from 'chai';
import { defineOp } from '../../src/autodiff/define-op.js';
import type { OpRecord } from '../../src/autodiff/op.js';
import { checkGradient } from '../../src/derivation/check.js';
import { add, divide, max, maxPool, negate, relu } from '../../src/ops/index.js';
import { tensor } from '../../src/tensor/creation.js';
import type { Tensor } from '../../src/tensor/tensor.js';

describe('checkGradient where a derivative jumps', () => {
  it('accepts what lies between the one-sided derivatives, for ops that declare kinks', () => {
    checkGradient(relu, { X: tensor([0, 1, -1]) }).assert();
    checkGradient(max, { X: tensor([[1, 2, 2]]) }).assert();
  });

  it('refuses what lies outside of them', () => {
    const record: OpRecord<'X', undefined> = relu;
    const wrong = defineOp(
      {
        ...record,
        name: 'wrongRelu',
        fused: {},
        backward: { X: ({ gradient, X }) => divide(gradient, X.size === 3 ? -1 : 1) },
      },
      (execute) => (X: Parameters<typeof relu>[0]) => execute([X], undefined),
    );
    expect(checkGradient(wrong, { X: tensor([0, 1, -1]) }).holds).to.equal(false);
  });

  it('lets no witness differ where code and differences agree', () => {
    const ramp = ({ X }: { X: Tensor }) => add(relu(X), relu(negate(X)));
    const witness = (upstream: Tensor) => ({ X: Float64Array.from(upstream.data(), (one) => 0.7 * one) });
    const check = checkGradient(ramp, { X: tensor([0]) }, { witnesses: { 'a witness': witness } });
    expect(check.holds).to.equal(false);
  });

  it('keeps the strict comparison for ops without kinks, and for their other elements', () => {
    const check = checkGradient(relu, { X: tensor([0, 1]) });
    expect(check.inputs[0]!.worst.relative).to.be.at.most(1e-7);
    expect(maxPool.kinks).to.have.length(1);
  });
});

describe('a witness that leaves out an input', () => {
  it('is told of the others, each in its column', () => {
    const [X, Y] = [tensor([1, 2]), tensor([3, 4])];
    const own = (upstream: Tensor) => ({ Y: Float64Array.from(upstream.data()) });
    const check = checkGradient(
      ({ X, Y }: { X: Tensor; Y: Tensor }) => add(relu(X), Y),
      { X, Y },
      { witnesses: { own } },
    );
    expect(check.inputs.map(({ witnesses }) => Object.keys(witnesses))).to.deep.equal([[], ['own']]);
    const rows = (check.display()['text/markdown'] as string)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(new Set(rows.map((row) => row.split('|').length))).to.have.length(1);
    expect(rows[0]).to.include('own');
  });
});

describe('checkGradient of an op', () => {
  it('names the inputs when another set is given', () => {
    expect(() => checkGradient(divide as never, { X: tensor([1]) })).to.throw(
      /^checkGradient of divide: its inputs are X, Y, but X were given; pass \{ X, Y \}/,
    );
  });
});
