import { expect } from 'chai';
import { derivation } from '../../src/derivation/derivation.js';
import { forwardFormula } from '../../src/derivation/forward-formula.js';
import { expand } from '../../src/ops/broadcast.js';

const raw = String.raw;

describe('a forward formula without an op', () => {
  const weightsFirst = forwardFormula(raw`S = W X^\top`, { X: [3, 2], W: [4, 2] });

  it('knows its gradients by dual numbers', () => {
    expect(weightsFirst.claim('X', raw`(S^\nabla)^\top W`).holds).to.equal(true);
    expect(weightsFirst.claim('W', raw`S^\nabla X`).holds).to.equal(true);
  });

  it('tells both shapes when an attempt is not conformable', () => {
    const claim = weightsFirst.claim('X', raw`S^\nabla W`);
    expect(claim.holds).to.equal(false);
    expect(claim.diagnosis).to.match(/^not conformable; .*\(4, 3\) and \(4, 2\)/s);
  });

  it('takes the shape of its output where the formula does not say it', () => {
    const expansion = forwardFormula('S_{kl} = x_k', { x: [3], S: [3, 16] });
    expect(expansion.claim('x', raw`\sum_l S^\nabla_{il}`).holds).to.equal(true);
    expect(expansion.claim('x', raw`S^\nabla_{il}`).details.mistakes).to.include(
      'sum over a broadcast axis missing',
    );
  });

  it('knows functions that are given with their derivatives, at any rank', () => {
    const square = { value: (x: number) => x * x, derivative: (x: number) => 2 * x };
    const applied = forwardFormula('S_{abc} = f(X_{abc})', { X: [2, 3, 2] }, { f: square });
    expect(applied.claim('X', raw`S^\nabla_{abc} f'(X_{abc})`).holds).to.equal(true);
    expect(applied.claim('X', raw`S^\nabla_{abc} f(X_{abc})`).holds).to.equal(false);
  });

  it('executes a derivation, equality by equality', () => {
    const derived = weightsFirst.derive(
      raw`X^\nabla_{ij} = \sum_{ab} S^\nabla_{ab} \frac{\partial S_{ab}}{\partial X_{ij}} = \sum_a S^\nabla_{ai} W_{aj}`,
      raw`X^\nabla = (S^\nabla)^\top W`,
    );
    expect(derived.assert().steps.map(({ holds }) => holds)).to.deep.equal([true, true, true]);
    expect(derived.display()['text/markdown']).to.include(raw`(S^\nabla)^\top W && \checkmark`);
    const wrong = weightsFirst.derive(raw`W^\nabla = S^\nabla X = -S^\nabla X`);
    expect(wrong.steps.map(({ holds }) => holds)).to.deep.equal([true, false]);
    expect(() => wrong.assert()).to.throw(/1 of 2 equalities do not hold.*differs: at/s);
  });

  it('never takes a derivation for right that holds no equality', () => {
    const right = raw`X^\nabla = (S^\nabla)^\top W`;
    expect(() => weightsFirst.derive()).to.throw(/at least one chain of equalities/);
    for (const idle of ['5', raw`X^\nabla`, raw`${right}, 7`, raw`X \in \mathbb R^{9 \times 9}, ${right}`])
      expect(() => weightsFirst.derive(idle), idle).to.throw(/expected an equality/);
    const text = weightsFirst.derive(`${right}, 1 = 2`).toString();
    expect(text).to.match(/✗ 1 = 2: differs/);
  });

  it('refuses a name that is no input', () => {
    expect(() => weightsFirst.claim('Y', 'S^\\nabla')).to.throw(/has no input "Y"; its inputs are X, W/);
    expect(() => weightsFirst.claim('S', 'S^\\nabla')).to.throw(/has no input "S"/);
  });
});

describe('an attempt at the gradient of a repeated column', () => {
  for (const latex of [raw`S^\nabla_{ij}`, raw`S^\nabla_{il}`, raw`S^\nabla`]) {
    it(`is told that ${latex} lacks the sum over the copies`, () => {
      const claim = derivation(expand).claim('X', latex);
      expect(claim.details.mistakes).to.include('sum over a broadcast axis missing');
      expect(derivation(expand).claim('X', claim.details.repaired!).holds).to.equal(true);
    });
  }

  it('holds with the sum', () => {
    expect(derivation(expand).claim('X', raw`\sum_l S^\nabla_{il}`).holds).to.equal(true);
  });
});
