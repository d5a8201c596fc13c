import { expect } from 'chai';
import { diagnose } from '../../src/derivation/diagnose.js';
import { FormulaError } from '../../src/formula/error.js';
import type { Meaning } from '../../src/formula/interpretation.js';
import type { Mistake } from '../../src/derivation/mistakes.js';
import {
  applied,
  division,
  mean,
  normalization,
  raw,
  rowAdded,
  transposition,
  upright,
} from './diagnosed-formulas.js';

describe('the diagnosis', () => {
  const cases: [latex: string, input: string, on: Meaning[], mistakes: Mistake[], repaired: string][] = [
    [
      raw`\frac{S^\nabla_{ij} X_{ij}}{Y_{ij}^2}`,
      'Y',
      division,
      ['sign lost'],
      raw`-\frac{S^\nabla_{ij} X_{ij}}{Y_{ij}^{2}}`,
    ],
    [
      raw`\frac{S^\nabla_{ij}}{s_i} + \frac{1}{s_i^2} \sum_l S^\nabla_{il} X_{il}`,
      'X',
      normalization,
      ['sign lost'],
      raw`\frac{S^\nabla_{ij}}{s_{i}} - \frac{1}{s_{i}^{2}} \sum_{l} S^\nabla_{il} X_{il}`,
    ],
    [raw`2 S^\nabla \oslash Y`, 'X', division, ['factor too many'], raw`S^\nabla \oslash Y`],
    [
      raw`\frac{S^\nabla_{ij}}{3 Y_{ij}}`,
      'X',
      division,
      ['factor too many'],
      raw`\frac{S^\nabla_{ij}}{Y_{ij}}`,
    ],
    [
      raw`\frac{S^\nabla_{ij}}{Y_{ij}} + \frac{S^\nabla_{ij}}{Y_{ij}}`,
      'X',
      division,
      ['factor missing'],
      raw`\frac{1}{2} \left(\frac{S^\nabla_{ij}}{Y_{ij}} + \frac{S^\nabla_{ij}}{Y_{ij}}\right)`,
    ],
    [raw`S^\nabla`, 'X', mean, ['factor missing'], raw`\frac{1}{n m} S^\nabla`],
    [
      raw`-\frac{S^\nabla_{ij}}{Y_{ij}^2}`,
      'Y',
      division,
      ['factor missing'],
      raw`-X_{ij} \frac{S^\nabla_{ij}}{Y_{ij}^{2}}`,
    ],
    [
      raw`\frac{S^\nabla_{ij}}{s_i} - \frac{1}{s_i^2} \sum_l S^\nabla_{il}`,
      'X',
      normalization,
      ['factor missing'],
      raw`\frac{S^\nabla_{ij}}{s_{i}} - \frac{1}{s_{i}^{2}} \sum_{l} X_{il} S^\nabla_{il}`,
    ],
    [raw`S^\nabla`, 'X', applied, ['factor missing'], raw`S^\nabla \odot f'\left(X\right)`],
    [
      raw`S^\nabla_{ij} f(X_{ij})`,
      'X',
      applied,
      ['wrong variable'],
      raw`S^\nabla_{ij} f'\left(X_{ij}\right)`,
    ],
    [raw`S^\nabla`, 'X', transposition, ['transposed'], raw`\left(S^\nabla\right)^\top`],
    [raw`\sum_b S^\nabla_{jb} W_{bi}`, 'X', upright, ['transposed'], raw`\sum_{b} S^\nabla_{ib} W_{bj}`],
    [raw`\sum_b S^\nabla_{bi} W_{bj}`, 'X', upright, ['indices swapped'], raw`\sum_{b} S^\nabla_{ib} W_{bj}`],
    [
      raw`\frac{S^\nabla_{ij}}{s_j} - \frac{1}{s_i^2} \sum_l S^\nabla_{il} X_{il}`,
      'X',
      normalization,
      ['indices swapped'],
      raw`\frac{S^\nabla_{ij}}{s_{i}} - \frac{1}{s_{i}^{2}} \sum_{l} S^\nabla_{il} X_{il}`,
    ],
    [raw`f'(X)`, 'X', applied, ['upstream gradient forgotten'], raw`S^\nabla \odot f'\left(X\right)`],
    [raw`W`, 'X', upright, ['upstream gradient forgotten'], raw`S^\nabla W`],
    [
      raw`\sum_{kl} \frac{\partial \frac{X_{kl}}{Y_{kl}}}{\partial Y_{ij}}`,
      'Y',
      division,
      ['upstream gradient forgotten'],
      raw`S^\nabla_{ij} \sum_{kl} \frac{\partial \frac{X_{kl}}{Y_{kl}}}{\partial Y_{ij}}`,
    ],
    [
      raw`\frac{S_{ij}}{Y_{ij}}`,
      'X',
      division,
      ['upstream gradient forgotten'],
      raw`\frac{S^\nabla_{ij}}{Y_{ij}}`,
    ],
    [raw`S^\nabla_{ib} W_{bj}`, 'X', upright, ['index without a sum'], raw`\sum_{b} S^\nabla_{ib} W_{bj}`],
    [
      raw`\frac{S^\nabla_{ij}}{s_i} - \frac{1}{s_i^2} S^\nabla_{il} X_{il}`,
      'X',
      normalization,
      ['index without a sum'],
      raw`\frac{S^\nabla_{ij}}{s_{i}} - \sum_{l} \frac{1}{s_{i}^{2}} S^\nabla_{il} X_{il}`,
    ],
    [
      raw`S^\nabla_{ij}`,
      'y',
      rowAdded,
      ['index without a sum', 'sum over a broadcast axis missing'],
      raw`\sum_{i} S^\nabla_{ij}`,
    ],
    [
      raw`S^\nabla`,
      'y',
      rowAdded,
      ['sum over a broadcast axis missing'],
      raw`\left(S^\nabla\right)^\top \mathbf 1`,
    ],
    [
      raw`S^\nabla_{ij} \frac{Y_{ij}}{Y_{ij}^2}`,
      'Y',
      division,
      ['wrong variable', 'sign lost'],
      raw`-S^\nabla_{ij} \frac{X_{ij}}{Y_{ij}^{2}}`,
    ],
    [
      raw`\sum_b S^\nabla_{bi} X_{bj}`,
      'X',
      upright,
      ['wrong variable', 'indices swapped'],
      raw`\sum_{b} S^\nabla_{ib} W_{bj}`,
    ],
    [raw`\frac{S^\nabla}{Y}`, 'X', division, ['not conformable'], raw`S^\nabla \oslash Y`],
    [raw`S^\nabla f'(X)`, 'X', applied, ['not conformable'], raw`S^\nabla \odot f'\left(X\right)`],
    [raw`W S^\nabla`, 'X', upright, ['not conformable', 'factors swapped'], raw`S^\nabla W`],
  ];
  for (const [latex, input, on, mistakes, repaired] of cases) {
    it(`of ${latex} for ${input} is ${mistakes.join(' and ')}`, () => {
      const found = diagnose(latex, { input, meanings: on });
      expect(found.holds).to.equal(false);
      expect(found.mistakes, found.message).to.deep.equal(mistakes);
      expect(found.repaired).to.equal(repaired);
      for (const mistake of mistakes) expect(found.message).to.include(mistake);
      expect(diagnose(found.repaired!, { input, meanings: on }).message).to.match(/^holds at \d+ points$/);
    });
  }

  it('of two terms too many names both', () => {
    const latex = raw`\frac{S^\nabla_{ij}}{Y_{ij}} + X_{ij} + Y_{ij}`;
    const found = diagnose(latex, { input: 'X', meanings: division });
    expect(found.notes).to.deep.equal(['term too many: $X_{ij}$', 'term too many: $Y_{ij}$']);
    expect(found.repaired).to.equal(raw`\frac{S^\nabla_{ij}}{Y_{ij}}`);
  });

  it('gives the numbers where a formula is wrong for no known reason', () => {
    const found = diagnose(raw`S^\nabla_{ij} + X_{ij} Y_{ij}`, { input: 'X', meanings: division });
    expect(found.mistakes).to.deep.equal(['differs']);
    expect(found.repaired).to.equal(undefined);
    expect(found.message).to.match(
      /^differs: at i = \d, j = \d the formula is -?\d[\d.]*, the gradient -?\d/,
    );
  });

  it('accepts other letters, and an equation with a left side', () => {
    for (const latex of [
      raw`\sum_b S^\nabla_{kb} W_{bl}`,
      raw`X^\nabla_{ij} = \sum_b S^\nabla_{ib} W_{bj}`,
      raw`X^\nabla_{ba} = \sum_c S^\nabla_{bc} W_{ca}`,
    ]) {
      expect(diagnose(latex, { input: 'X', meanings: upright }).holds, latex).to.equal(true);
    }
  });

  it('judges by a given gradient when there is one', () => {
    const zero = division.map((one) => ({
      ...one,
      environment: { ...one.environment, 'X^\\nabla': { shape: [2, 2], values: new Float64Array(4) } },
    }));
    expect(diagnose('0', { input: 'X', meanings: zero }).holds).to.equal(true);
  });

  it('refuses what asks for the answer itself, and names that do not exist', () => {
    const refused = (latex: string, problem: RegExp) => {
      expect(() => diagnose(latex, { input: 'X', meanings: division })).to.throw(FormulaError, problem);
    };
    refused(raw`X^\nabla_{ij}`, /X\^\\nabla is what is sought/);
    refused(raw`\frac{\partial \ell}{\partial X_{ij}}`, /is what is sought/);
    refused(raw`\frac{S^\nabla_{ij}}{Z_{ij}}`, /Z is no input/);
    refused(raw`\frac{S^\nabla_{ij}}{\foo}`, /\\foo is not a macro/);
    refused(raw`S^\nabla_i`, /S\^\\nabla has 2 axes/);
  });
});
