import { expect } from 'chai';
import katex from 'katex';
import type { Expression } from '../../src/formula/ast.js';
import { FormulaError } from '../../src/formula/error.js';
import { evaluateSide } from '../../src/formula/evaluate.js';
import { Interpretation } from '../../src/formula/interpretation.js';
import { parse, parseExpression } from '../../src/formula/parser.js';
import { print } from '../../src/formula/print.js';
import { formulas } from './formulas.js';
import { Generator, world } from './random-formulas.js';

const meaning = new Interpretation(world);
const parsed = (latex: string) => parseExpression(latex, meaning.functionNames);
const render = (latex: string) => katex.renderToString(latex, { throwOnError: true, strict: 'error' });

describe('printed formulas', () => {
  it('in index notation mean the same when they are parsed again, for 1,000 random ones', () => {
    for (let seed = 1; seed <= 1000; seed++) {
      const generator = new Generator(seed);
      const formula = generator.scalar(['i', 'j'], 1 + (seed % 4));
      expectSameMeaning(formula, ['i', 'j']);
    }
  });

  it('in matrix notation mean the same when they are parsed again, for 1,000 random ones', () => {
    for (let seed = 1; seed <= 1000; seed++) {
      expectSameMeaning(new Generator(seed).matrix(1 + (seed % 4), 3, 4), []);
    }
  });

  it('print the same again when they are parsed again', () => {
    for (const { forward, gradients } of formulas) {
      for (const latex of [forward, ...gradients]) {
        for (const side of parse(latex).equations.flatMap(({ sides }) => sides)) {
          expect(print(parsed(print(side)))).to.equal(print(side));
        }
      }
    }
  });

  it('keep the brackets that a meaning needs', () => {
    for (const latex of [
      String.raw`(a + b) c`,
      String.raw`-(a + b)`,
      String.raw`a - (b - c)`,
      String.raw`(a^{b})^{c}`,
      String.raw`(\sum_{k} x_{k}) y`,
      String.raw`(A \odot B) C`,
      String.raw`A \odot (B \odot C)`,
      String.raw`(S^\nabla)^\top`,
      String.raw`f \cdot (x + y)`,
      String.raw`\mathbf 1 \cdot [a > b]`,
      String.raw`2 \cdot 3`,
      String.raw`X_{2 \cdot i}`,
    ]) {
      expect(print(parsed(latex)).replace(/\\left|\\right/g, '')).to.equal(
        latex.replace(/\\left|\\right/g, ''),
      );
    }
  });
});

describe('every accepted formula', () => {
  it('renders in KaTeX, also after 5,000 random typing errors', () => {
    const sources = formulas.flatMap(({ forward, gradients }) => [forward, ...gradients]);
    const pieces = [
      '{',
      '}',
      '_',
      '^',
      "'",
      '(',
      ')',
      '[',
      ']',
      ',',
      ' ',
      'i',
      '2',
      '=',
      '-',
      '\\',
      '\\frac',
      '\\sum_k ',
      '^\\top',
      '_{ij}',
      '\\left(',
    ];
    const generator = new Generator(7);
    let accepted = 0;
    for (let round = 0; round < 5000; round++) {
      let latex = generator.pick(sources);
      for (let edits = 1 + generator.below(2); edits > 0; edits--) {
        const at = generator.below(latex.length + 1);
        latex =
          latex.slice(0, at) +
          (generator.below(2) ? generator.pick(pieces) : '') +
          latex.slice(at + generator.below(3));
      }
      if (!isAccepted(latex)) continue;
      accepted++;
      expect(() => render(latex), latex).not.to.throw();
    }
    expect(accepted).to.be.greaterThan(500);
  });
});

function expectSameMeaning(formula: Expression, indices: readonly string[]): void {
  const latex = print(formula);
  const again = parsed(latex);
  const left = { indices, shape: [3, 4] };
  expect(
    outcome(() => evaluateSide(again, meaning, left).values),
    latex,
  ).to.deep.equal(outcome(() => evaluateSide(formula, meaning, left).values));
  render(latex);
}

/** The numbers, or that there are none. */
function outcome(evaluate: () => Float64Array): number[] | string {
  try {
    return [...evaluate()];
  } catch (error) {
    if (error instanceof FormulaError) return error.problem;
    throw error;
  }
}

function isAccepted(latex: string): boolean {
  try {
    parse(latex);
    return true;
  } catch (error) {
    if (error instanceof FormulaError) return false;
    throw error;
  }
}
