import { expect } from 'chai';
import { checkChain } from '../../src/formula/chain.js';
import { diagnose } from '../../src/derivation/diagnose.js';
import { division, expansion, flipped, normalization, raw, up, upright } from './diagnosed-formulas.js';

describe("the seed report's printed answers", () => {
  it('question 1: the upstream gradient is forgotten, for Y the sign as well', () => {
    const x = diagnose(
      raw`\sum_{kl} \frac{\partial (\frac{X_{kl}}{Y_{kl}})}{\partial X_{ij}} = \frac{1}{Y_{ij}}`,
      { input: 'X', meanings: division },
    );
    expect(x.mistakes).to.deep.equal(['upstream gradient forgotten']);
    expect(x.repaired).to.equal(raw`S^\nabla_{ij} \frac{1}{Y_{ij}}`);
    const y = diagnose(raw`-\frac{X_{ij}}{Y_{ij}^2}`, { input: 'Y', meanings: division });
    expect(y.mistakes).to.deep.equal(['upstream gradient forgotten']);
    const last = diagnose(raw`\frac{X_{ij}}{Y_{ij}^2}`, { input: 'Y', meanings: division });
    expect(last.mistakes).to.deep.equal(['upstream gradient forgotten', 'sign lost']);
  });

  it('question 2: the wrong variable for X, the sign lost for Y', () => {
    const named = division.map((one) => {
      const { [up]: upstream, ...rest } = one.environment;
      return { environment: { ...rest, 'f^\\nabla': upstream! }, where: raw`f_{ij} = \frac{X_{ij}}{Y_{ij}}` };
    });
    const x = diagnose(raw`f_{ij}^\nabla \tfrac{1}{X_{ij}}`, { input: 'X', meanings: named });
    expect(x.mistakes).to.deep.equal(['wrong variable']);
    expect(x.message).to.match(
      /^wrong variable: X for Y\. It holds at 28 points as f\^\\nabla_\{ij\} \\frac\{1\}\{Y_\{ij\}\}/,
    );
    const y = diagnose(raw`f_{ij}^\nabla \tfrac{X_{ij}}{Y_{ij}^2}`, { input: 'Y', meanings: named });
    expect(y.mistakes).to.deep.equal(['sign lost']);
    const chain = raw`X_{ij}^\nabla = \sum_{kl} f_{kl}^\nabla \tfrac{\partial (\tfrac{X_{kl}}{Y_{kl}})}{\partial X_{ij}} = f_{ij}^\nabla \tfrac{1}{X_{ij}}`;
    const { steps } = checkChain(chain, named);
    expect(steps.map((step) => step.holds)).to.deep.equal([true, false]);
  });

  it('question 3: in either orientation one of the two products is not conformable', () => {
    for (const [on, wrong, right] of [
      [flipped, 'X', 'W'],
      [upright, 'W', 'X'],
    ] as const) {
      const printed = { X: raw`S^\nabla \cdot W`, W: raw`S^\nabla \cdot X` };
      const bad = diagnose(printed[wrong], { input: wrong, meanings: on });
      expect(bad.mistakes).to.deep.equal(['not conformable', 'transposed']);
      expect(bad.message).to.match(/the shapes are \(\d, \d\) and \(\d, \d\)/);
      expect(bad.error!.shapes).to.have.length(2);
      expect(diagnose(printed[right], { input: right, meanings: on }).holds).to.equal(true);
    }
  });

  it('question 4: the sum over the 16 columns is missing', () => {
    for (const latex of [raw`S^\nabla`, raw`S^\nabla_{il}`]) {
      expect(diagnose(latex, { input: 'x', meanings: expansion }).mistakes).to.include(
        'sum over a broadcast axis missing',
      );
    }
    expect(diagnose(raw`S^\nabla \mathbf 1_{16}`, { input: 'x', meanings: expansion }).holds).to.equal(true);
  });

  it('question 8: as printed an index stands without its sum, and no near reading holds', () => {
    const printed = raw`\frac{S_{ij}^\nabla}{\sum x_i} - \sum \frac{S_{ij}^\nabla}{\sum x_{ij}} (\sum_i x_i)^2`;
    const found = diagnose(printed, { input: 'X', meanings: normalization });
    expect(found.mistakes).to.deep.equal(['index without a sum']);
    expect(found.message).to.include(raw`\sum x_i`);
    const readings = [
      raw`\frac{S_{ij}^\nabla}{s_i} - \sum_l \frac{S_{il}^\nabla}{s_i} s_i^2`,
      raw`\frac{S_{ij}^\nabla}{s_i} - \sum_l \frac{S_{lj}^\nabla}{s_l} s_l^2`,
      raw`\frac{S_{ij}^\nabla}{s_i} - \sum_l \frac{S_{il}^\nabla}{s_i} \left(\sum_k X_{kl}\right)^2`,
      raw`\frac{S_{ij}^\nabla}{s_i} - \sum_l \frac{S_{il}^\nabla}{s_i^2}`,
    ];
    for (const reading of readings) {
      const refuted = diagnose(reading, { input: 'X', meanings: normalization.slice(0, 2) });
      expect(refuted.holds, reading).to.equal(false);
      expect(refuted.message).to.match(/the formula is -?\d[\d.]*, the gradient -?\d/);
    }
  });
});
