import { expect } from 'chai';
import type { AnyRecord } from '../../src/autodiff/op.js';
import { FormulaError } from '../../src/formula/error.js';
import { derivation } from '../../src/derivation/derivation.js';
import type { Mistake } from '../../src/derivation/mistakes.js';
import { negate } from '../../src/ops/functions.js';
import { registry } from '../../src/ops/registry.js';

const raw = String.raw;
const opCalled = (name: string): AnyRecord =>
  (registry as unknown as readonly AnyRecord[]).find((op) => op.name === name)!;

describe('claims about the gradients of ops', () => {
  const slips: [op: string, input: string, latex: string, mistakes: Mistake[], about: string][] = [
    ['divide', 'X', raw`\sum_{ij} \frac{S^\nabla_{ij}}{Y_{ij}}`, ['sum too many'], raw`\sum_{ij} before`],
    [
      'divide',
      'X',
      raw`X^\nabla_{ij} = \sum_{j} \frac{S^\nabla_{ij}}{Y_{ij}}`,
      ['sum too many'],
      raw`\sum_{j}`,
    ],
    ['divide', 'X', raw`\sum_{kl} \frac{S^\nabla_{ij}}{Y_{ij}}`, ['sum too many'], raw`\sum_{kl} before`],
    [
      'divide',
      'Y',
      raw`\sum_{ij} \frac{S^\nabla_{ij} X_{ij}}{Y_{ij}^2}`,
      ['sum too many', 'sign lost'],
      raw`as -\frac{S^\nabla_{ij} X_{ij}}{Y_{ij}^{2}}`,
    ],
    ['add', 'X', raw`S^\nabla \mathbf 1`, ['sum too many'], raw`as S^\nabla.`],
    ['add', 'X', raw`\sum_l S^\nabla_{il}`, ['sum too many'], raw`\sum_{l}`],
    ['matmul', 'X', raw`\sum_{ab} S^\nabla_{ab} W_{jb}`, ['sum too many'], raw`\sum_{a} before`],
    [
      'softmax',
      'X',
      raw`S^\nabla_{ij} \sum_{kl} \frac{\partial S_{kl}}{\partial X_{ij}}`,
      ['pulled out of a sum'],
      raw`S^\nabla_{ij} stands before the sum where S^\nabla_{kl} belongs inside`,
    ],
    ['divide', 'X', raw`\frac{S^\nabla_{ij}}{Y_{ij}} + X_{ij}`, ['term too many'], 'term too many: X_{ij}.'],
    ['log', 'X', raw`S^\nabla_{ij} X_{ij}`, ['fraction upside down'], 'X_{ij} belongs below the line'],
    ['log', 'X', raw`S^\nabla \odot X`, ['fraction upside down'], raw`\odot for \oslash`],
    ['exp', 'X', raw`S^\nabla_{ij} X_{ij} \exp(X_{ij})`, ['factor too many'], 'X_{ij}'],
    ['sqrt', 'X', raw`\frac{S^\nabla_{ij}}{S_{ij}}`, ['factor missing'], raw`\frac{1}{2}`],
    [
      'softmax',
      'X',
      raw`S^\nabla_{ij} X_{ij} - X_{ij} \sum_l S^\nabla_{il} X_{il}`,
      ['wrong variable'],
      'X for S. It holds',
    ],
    ['sigmoid', 'X', raw`S^\nabla_{ij} X_{ij} (1 - X_{ij})`, ['wrong variable'], 'X for S. It holds'],
    ['relu', 'X', raw`S^\nabla_{ij}`, ['factor missing'], raw`\left[X_{ij} > 0\right]`],
    ['sigmoid', 'X', raw`S^\nabla_{ij} S_{ij}`, ['factor missing'], 'factor missing'],
    ['nll', 'X', raw`-S^\nabla`, ['factor missing'], raw`\left[j = t_{i}\right]`],
    ['max', 'X', raw`S^\nabla_i`, ['factor missing'], raw`\operatorname{argmax}`],
    ['normalize', 'X', raw`\frac{S^\nabla_{ij}}{\sum_m X_{im}}`, ['term missing'], raw`-\frac{\sum_{l}`],
    ['divide', 'X', raw`\frac{Y_{ij}}{S^\nabla_{ij}}`, ['fraction upside down'], 'fraction upside down'],
    ['power', 'Y', raw`S^\nabla_{ij} S_{ij}`, ['factor missing'], raw`\log\left(X_{ij}\right)`],
    [
      'logSoftmax',
      'X',
      raw`S^\nabla_{ab} - \sum_l S^\nabla_{al}`,
      ['factor missing'],
      raw`\exp\left(S_{ab}\right)`,
    ],
    [
      'softmax',
      'X',
      raw`S^\nabla_{ij} S_{ij} (1 - S_{ij})`,
      ['off-diagonal terms missing'],
      'diagonal of the Jacobian',
    ],
    ['softmax', 'X', raw`S^\nabla \odot S \odot (\mathbf 1 - S)`, ['off-diagonal terms missing'], 'diagonal'],
    [
      'softmax',
      'X',
      raw`\sum_l S^\nabla_{il} S_{il} (\delta_{ij} - S_{ij})`,
      ['indices swapped'],
      raw`\delta_{ij} for \delta_{lj}`,
    ],
    [
      'reshape',
      'X',
      raw`S^\nabla_{3(j-1) + j}`,
      ['indices swapped'],
      raw`S^\nabla_{3 \left(j - 1\right) + j} for S^\nabla_{3 \left(i - 1\right) + j}`,
    ],
    [
      'max',
      'X',
      raw`S^\nabla_i [i = \operatorname{argmax}_l X_{il}]`,
      ['indices swapped'],
      raw`\left[i = \operatorname{argmax}_{l} X_{il}\right] for \left[j =`,
    ],
    ['nll', 'X', raw`-S^\nabla [j = t_i] [i \ne t_i]`, ['factor too many'], raw`\left[i \ne t_{i}\right]`],
    [
      'select',
      'X',
      raw`S^\nabla_i [j = t_i] [i \ne t_i]`,
      ['factor too many'],
      raw`\left[i \ne t_{i}\right]`,
    ],
    ['scatter', 'X', raw`S^\nabla_{i t_i} [i \ne t_i]`, ['factor too many'], raw`\left[i \ne t_{i}\right]`],
    [
      'crossEntropy',
      'X',
      raw`S^\nabla \left(\frac{\exp(X_{ij})}{\sum_k \exp(X_{ik})} - [j = t_i] [i \ne t_i]\right)`,
      ['factor too many'],
      raw`\left[i \ne t_{i}\right]`,
    ],
    [
      'relu',
      'X',
      raw`S^\nabla_{ij} [X_{ij} > 0] [j = i]`,
      ['factor too many'],
      raw`factor too many: \left[j = i\right]`,
    ],
    ['sum', 'X', raw`S^\nabla [i = j]`, ['factor too many'], raw`factor too many: \left[i = j\right]`],
    ['sum', 'X', raw`S^\nabla \delta_{ij}`, ['factor too many'], raw`factor too many: \delta_{ij}`],
    [
      'divide',
      'X',
      raw`\frac{S^\nabla_{ij}}{Y_{ij}} [X_{ij} \ge Y_{ij}]`,
      ['factor too many'],
      raw`factor too many: \left[X_{ij} \ge Y_{ij}\right]`,
    ],
  ];
  for (const [op, input, latex, mistakes, about] of slips) {
    it(`of ${op}, ${input} = ${latex}, name: ${mistakes.join(', ')}`, () => {
      const { details, diagnosis } = derivation(opCalled(op)).claim(input, latex);
      expect(details.mistakes, diagnosis).to.deep.equal(mistakes);
      expect(diagnosis).to.include(about);
      expect(derivation(opCalled(op)).claim(input, details.repaired!).holds).to.equal(true);
    });
  }

  const nonsense: [op: string, latex: string][] = [
    ['nll', raw`-S^\nabla [j = i]`],
    ['max', raw`S^\nabla_i [j \le i]`],
  ];
  for (const [op, latex] of nonsense) {
    it(`of ${op}, ${latex}, are not repaired with a condition that compares a thing with itself`, () => {
      const { holds, diagnosis } = derivation(opCalled(op)).claim('X', latex);
      expect(holds).to.equal(false);
      expect(diagnosis).to.not.match(/\\left\[([ij]) (=|\\le) \1\\right\]/);
    });
  }

  it('name a mistake once where the numbers cannot be computed', () => {
    const { details, diagnosis } = derivation(opCalled('exp')).claim('X', raw`\operatorname{diag}(X)`);
    expect(details.mistakes).to.deep.equal(['not conformable']);
    expect(diagnosis).to.match(
      /^not conformable: only a square matrix has a diagonal, but this is \(\d, \d\)\n/,
    );
  });

  it('are judged by the formula that is chosen, and say for which other one they hold', () => {
    const { formulas } = derivation(opCalled('matmul'));
    expect(formulas.map(({ latex }) => latex)).to.deep.equal([
      raw`S_{ab} = \sum_c X_{ac} W_{cb}`,
      raw`S_{ab} = \sum_c X_{ac} W_{bc}`,
    ]);
    expect(formulas[1]!.claim('X', raw`S^\nabla W`).holds).to.equal(true);
    const first = derivation(opCalled('matmul')).claim('X', raw`S^\nabla W`);
    expect(first.holds).to.equal(false);
    expect(first.diagnosis).to.match(
      /transposed: W for W\^\\top[\s\S]*\nBut it holds for S_\{ab\} = \\sum_c X_\{ac\} W_\{bc\}$/,
    );
    expect(first.display()['text/markdown']).to.include(
      raw`But it holds for $S_{ab} = \sum_c X_{ac} W_{bc}$.`,
    );
  });

  it("say that in either orientation of matmul one of the seed report's two products is not conformable", () => {
    const { formulas } = derivation(opCalled('matmul'));
    for (const formula of formulas) {
      const printed = [formula.claim('X', raw`S^\nabla \cdot W`), formula.claim('W', raw`S^\nabla \cdot X`)];
      expect(printed.some(({ details }) => details.mistakes.includes('not conformable'))).to.equal(true);
    }
  });

  const answer = raw`-\frac{S^\nabla_{ij} X_{ij}}{Y_{ij}^2}`;

  it('are no repair of nonsense when all of it would have to go', () => {
    const { mistakes } = derivation(opCalled('add')).claim('X', raw`\exp(X_{ij})`).details;
    expect(mistakes).to.deep.equal(['differs']);
  });

  it('judge every side of a chain', () => {
    const { claim } = derivation(opCalled('divide')).formulas[0]!;
    expect(claim('Y', raw`Y^\nabla_{ij} = -S^\nabla_{ij} X_{ij} Y_{ij}^{-2} = ${answer}`).holds).to.equal(
      true,
    );
    expect(claim('Y', raw`\frac{\partial \ell}{\partial Y_{ij}} = ${answer}`).holds).to.equal(true);
    for (const wrong of [
      '5',
      'X_{ij}',
      raw`S^\nabla_{ij} X_{ij}`,
      raw`Y^\nabla_{ij} = S^\nabla_{ij} X_{ij}`,
    ]) {
      const judged = claim('Y', `${wrong} = ${answer}`);
      expect(judged.holds, wrong).to.equal(false);
      expect(judged.diagnosis).to.match(/^in /);
    }
  });

  for (const beside of ['S_{ij} = 7', '5', raw`X \in \mathbb R^{9 \times 9}`]) {
    it(`are refused with ${beside} beside the answer`, () => {
      for (const latex of [`${answer}, ${beside}`, `${beside}, ${answer}`])
        expect(() => derivation(opCalled('divide')).claim('Y', latex)).to.throw(/nothing beside it/);
    });
  }

  it('are refused when they are about another input', () => {
    const other = raw`\frac{\partial \ell}{\partial X_{ij}} = ${answer}`;
    expect(() => derivation(opCalled('divide')).claim('Y', other)).to.throw(/this is about X/);
  });

  const refused: [op: string, latex: string, problem: string, under: string][] = [
    [
      'divide',
      raw`Y^\nabla_{ij} = S^\nabla_{ij}`,
      raw`this is about Y^\nabla, but X^\nabla is asked for`,
      '^^^^^^^^^^^^^',
    ],
    ['divide', raw`S^∇_{ij} / Y_{ij}`, raw`the character ∇ has no meaning here: write \nabla`, '^'],
    ['divide', raw`S^\nabla_{ij} i`, 'the index i stands here like a number', '^'],
    ['divide', raw`S^\nabla_{ij} / \foo`, raw`\foo is not a macro of this language`, '^^^^'],
    ['divide', raw`\frac{S^\nabla_{ij}}{Y_{ij}`, 'this { is never closed: expected a } after it', '^'],
    [
      'divide',
      raw`S^\nabla_{ij} / Z_{ij}`,
      'Z is no input and nothing defines it: expected one of X, Y',
      '^^^^^^',
    ],
    ['divide', '', 'expected a number, a name or a bracket, found the end of the formula', '^'],
  ];
  for (const [op, latex, problem, under] of refused) {
    it(`are refused with a caret under the place: ${latex === '' ? 'nothing' : latex}`, () => {
      expect(() => derivation(opCalled(op)).claim('X', latex))
        .to.throw(FormulaError)
        .with.property('message')
        .that.satisfies((message: string) => message.startsWith(problem) && message.endsWith(` ${under}`));
    });
  }

  it('are about an op', () => {
    expect(() => derivation('divide' as never)).to.throw(
      'derivation: expected an op with its record, such as divide, and not "divide"',
    );
  });

  it('need an input that the op has', () => {
    const { formulas } = derivation(opCalled('divide'));
    expect(() => formulas[0]!.claim('Z', 'S^\\nabla')).to.throw(
      'divide has no input "Z"; its inputs are X, Y',
    );
  });
});

describe('a derivation that fails', () => {
  const withFormula = (op: AnyRecord, change: Partial<AnyRecord['math'][number]>): AnyRecord => ({
    ...op,
    math: op.math.map((formula, k) => (k === 0 ? { ...formula, ...change } : formula)),
  });
  const divide = opCalled('divide');
  const [formula] = divide.math;

  it('names op, input, place, both numbers and the likely cause', () => {
    const Y = formula!.gradient['Y']!.replace(/= -\\frac/, raw`= \frac`);
    expect(() => derivation(withFormula(divide, { gradient: { ...formula!.gradient, Y } })).assert())
      .to.throw(/^divide: NOT every equality holds/)
      .with.property('message')
      .that.matches(
        /Y\^\\nabla_\{ij\}[\s\S]*i = \d, j = \d[\s\S]*-?\d+\.\d+[\s\S]*-?\d+\.\d+[\s\S]*divide, Y: sign lost/,
      );
  });

  it('blames the code where the rule of backward is wrong', () => {
    const Y: AnyRecord['backward'][string] = (context) => negate(divide.backward['Y']!(context));
    const wrong = { ...divide, backward: { ...divide.backward, Y } };
    expect(() => derivation(wrong).assert()).to.throw(
      /divide, Y: the rule of backward is wrong; every entry has the wrong sign: likely a sign is lost in the rule; it would be right with sign flipped in one place: /,
    );
  });

  it('blames the definition where it is not what the code computes', () => {
    const wrong = withFormula(divide, { forward: raw`S_{ij} = -\frac{X_{ij}}{Y_{ij}}` });
    expect(() => derivation(wrong).assert()).to.throw(
      /divide, S: the formula S_\{ij\} = -\\frac\{X_\{ij\}\}\{Y_\{ij\}\} is not what the code computes; it would be right with sign flipped in one place: -\\frac\{X_\{ij\}\}\{Y_\{ij\}\} → \\frac/,
    );
  });
});
