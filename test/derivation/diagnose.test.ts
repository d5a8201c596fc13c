import { expect } from 'chai';
import { checkChain } from '../../src/formula/chain.js';
import { diagnose } from '../../src/derivation/diagnose.js';
import { FormulaError } from '../../src/formula/error.js';
import type { Meaning } from '../../src/formula/interpretation.js';
import type { Mistake } from '../../src/derivation/mistakes.js';
import { cubic, meanings } from '../formula/samples.js';

const raw = String.raw;
const up = 'S^\\nabla';

/** Several shapes for the same formula; the inputs' values are positive, the upstream gradient's of both signs. */
function given(forward: string, ...sets: Record<string, readonly number[]>[]): Meaning[] {
  const ingredients = sets.map((set) =>
    Object.fromEntries(
      Object.entries(set).map(([name, shape]) => [name, { shape, low: name.includes('^') ? -2 : 0.5 }]),
    ),
  );
  return meanings(forward, ingredients, { functions: { f: cubic } });
}

const square = [
  [3, 4],
  [2, 2],
  [4, 3],
] as const;
const division = given(
  raw`S_{ij} = \frac{X_{ij}}{Y_{ij}}`,
  ...square.map((shape) => ({ X: shape, Y: shape, [up]: shape })),
);
const upright = given(
  raw`S = X W^\top`,
  { X: [3, 4], W: [2, 4], [up]: [3, 2] },
  { X: [2, 5], W: [4, 5], [up]: [2, 4] },
);
const flipped = given(
  raw`S = W X^\top`,
  { X: [3, 4], W: [2, 4], [up]: [2, 3] },
  { X: [2, 5], W: [4, 5], [up]: [4, 2] },
);
const expansion = given(raw`S_{kl} = x_k`, { x: [3], [up]: [3, 16] }, { x: [5], [up]: [5, 16] });
const rowAdded = given(
  raw`S_{ij} = X_{ij} + y_j`,
  { X: [3, 4], y: [4], [up]: [3, 4] },
  { X: [2, 2], y: [2], [up]: [2, 2] },
);
const normalization = given(
  raw`S_{ij} = \frac{X_{ij}}{s_i}, s_i = \sum_k X_{ik}`,
  ...square.map((shape) => ({ X: shape, [up]: shape })),
);
const applied = given(raw`S_{ij} = f(X_{ij})`, ...square.map((shape) => ({ X: shape, [up]: shape })));
const mean = given(
  raw`S = \frac{1}{nm} \sum_{ij} X_{ij}, X \in \mathbb R^{n \times m}`,
  { X: [3, 4], [up]: [] },
  { X: [2, 2], [up]: [] },
);
const transposition = given(raw`S_{ij} = X_{ji}`, { X: [3, 4], [up]: [4, 3] }, { X: [2, 2], [up]: [2, 2] });

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
    expect(
      diagnose(raw`S^\nabla_{ij}`, { input: 'y', meanings: rowAdded, indices: ['j'] }).mistakes,
    ).to.include('index without a sum');
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
