import { expect } from 'chai';
import katex from 'katex';
import { children, type Expression, mapChildren } from '../../src/formula/ast.js';
import { FormulaError } from '../../src/formula/error.js';
import { checkChain } from '../../src/formula/chain.js';
import { parse } from '../../src/formula/parser.js';
import { print } from '../../src/formula/print.js';
import { negated } from '../../src/formula/build.js';
import { formulas } from './formulas.js';
import { meanings } from './samples.js';

/** Signs that may be flipped: of a whole side, of a term, of an exponent, of an argument; never of a zero. */
function flips(node: Expression, whole = true): Expression[] {
  const signed =
    node.kind === 'add' || node.kind === 'call'
      ? children(node)
      : node.kind === 'power'
        ? [node.exponent]
        : [];
  const here = signed.map((part) => mapChildren(node, (child) => (child === part ? negated(child) : child)));
  const deeper = children(node).flatMap((child) =>
    flips(child, false).map((flipped) => mapChildren(node, (old) => (old === child ? flipped : old))),
  );
  return [...(whole ? [negated(node)] : []), ...here, ...deeper].filter(
    (flipped) => print(flipped) !== print(node),
  );
}

/** Flips that change nothing, since the function is even there or the number is zero. */
const equivalent = [
  String.raw`\tanh\left(-X_{kl}\right)`,
  String.raw`\sigma'\left(-X_{kl}\right)`,
  String.raw`, -0\right)`,
  '= -0',
  String.raw`-\sum_{j} X^\nabla_{ij} X_{ij} = 0`,
];

describe('the derivations', () => {
  for (const { op, forward, gradients, inputs, functions } of formulas) {
    const all = meanings(forward, inputs, functions ? { functions } : {});

    it(`of ${op} hold at every =`, () => {
      for (const gradient of gradients) {
        const verdict = checkChain(gradient, all);
        const wrong = verdict.steps
          .filter((step) => !step.holds)
          .map((step) => `${step.left} = ${step.right}: ${step.message}`);
        expect(wrong, gradient).to.deep.equal([]);
        expect(verdict.holds).to.equal(true);
        expect(verdict.points).to.be.greaterThan(0);
      }
    });

    it(`of ${op} fail when any sign is flipped`, () => {
      for (const gradient of gradients) {
        for (const { sides } of parse(gradient).equations) {
          for (const [position, side] of sides.entries()) {
            for (const flipped of flips(side)) {
              const chain = sides.map((old, k) => print(k === position ? flipped : old)).join(' = ');
              if (equivalent.some((text) => chain.includes(text))) continue;
              expect(checkChain(chain, all).holds, chain).to.equal(false);
            }
          }
        }
      }
    });

    it(`of ${op} render in KaTeX`, () => {
      for (const latex of [forward, ...gradients])
        katex.renderToString(latex, { throwOnError: true, strict: 'error' });
    });
  }
});

describe('the verdict on a chain', () => {
  const [divide] = meanings(String.raw`S_{ij} = \frac{X_{ij}}{Y_{ij}}`, [
    { X: { shape: [2, 3] }, Y: { shape: [2, 3], low: 1, high: 2 }, 'S^\\nabla': { shape: [2, 3] } },
  ]);
  const check = (latex: string) => checkChain(latex, [divide!]);

  it('says at how many points an equality holds, and never that it is proved', () => {
    const { steps } = check(String.raw`X^\nabla_{ij} = \frac{S^\nabla_{ij}}{Y_{ij}}`);
    expect(steps[0]).to.include({
      left: 'X^\\nabla_{ij}',
      right: '\\frac{S^\\nabla_{ij}}{Y_{ij}}',
      points: 6,
    });
    expect(steps[0]!.message).to.equal('holds at 6 points');
  });

  it('names the place and both numbers where two sides differ most', () => {
    const { steps, holds } = check(String.raw`Y^\nabla_{ij} = \frac{S^\nabla_{ij} X_{ij}}{Y_{ij}^2}`);
    expect(holds).to.equal(false);
    const { at, message } = steps[0]!;
    expect(Object.keys(at!.indices)).to.deep.equal(['i', 'j']);
    expect(at!.left).to.be.closeTo(-at!.right, 1e-12);
    expect(message).to.match(/^differs: at i = \d, j = \d the left side is -?\d/);
  });

  it('points at the one = that is wrong, and lets the others hold', () => {
    const { steps } = check(
      String.raw`X^\nabla_{ij} = \frac{S^\nabla_{ij}}{Y_{ij}} = \frac{S^\nabla_{ij}}{X_{ij}} = S^\nabla_{ij} X_{ij}^{-1}`,
    );
    expect(steps.map((step) => step.holds)).to.deep.equal([true, false, true]);
  });

  it('compares a given gradient instead of computing one', () => {
    const wrong = {
      ...divide!,
      environment: { ...divide!.environment, 'X^\\nabla': divide!.environment['X']! },
    };
    expect(checkChain(String.raw`X^\nabla_{ij} = \frac{S^\nabla_{ij}}{Y_{ij}}`, [wrong]).holds).to.equal(
      false,
    );
  });

  it('keeps the reason why a side cannot be evaluated', () => {
    const { steps, holds } = check(String.raw`X^\nabla_{ij} = \frac{S^\nabla_{ik}}{Y_{ij}}`);
    expect(holds).to.equal(false);
    expect(steps[0]!.error!.fault).to.equal('free-index');
  });

  it('refuses an index that runs over two axes of different lengths, also where the first is the shorter', () => {
    const longer = { shape: [2, 5], values: new Float64Array(10) };
    const { steps } = checkChain('X_{ij} = X_{ij} + Q_{ij}', [
      { ...divide!, environment: { ...divide!.environment, Q: longer } },
    ]);
    expect(steps[0]!.message).to.match(/an index used with two sizes: it runs to 3, but axis 2 of Q has 5/);
  });

  it('does not hold where a side is not finite', () => {
    expect(check(String.raw`\log(-1 - X_{ij}^2) = \log(-1 - X_{ij}^2)`).holds).to.equal(false);
  });

  it('refuses what is no equality, also beside one', () => {
    const right = 'X_{ij} = X_{ij}';
    for (const idle of ['X_{ij}', '5', String.raw`X \in \mathbb R^{n \times m}`]) {
      for (const latex of [idle, `${right}, ${idle}`, `${idle}, ${right}`])
        expect(() => check(latex), latex).to.throw(FormulaError, 'expected an equality');
    }
  });

  it('does not hold on no environment', () => {
    expect(checkChain('X_{ij} = X_{ij}', []).holds).to.equal(false);
  });
});
