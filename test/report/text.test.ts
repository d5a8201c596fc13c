import { expect } from 'chai';
import type { Parent } from 'mdast';
import { checkDigits } from '../../src/report/digits.js';
import { parseMarkdown } from '../../src/report/markdown-parser.js';
import { setNumber, type SetNumber } from '../../src/report/number-format.js';
import { Problems, ReportError } from '../../src/report/problem.js';
import { curlyQuotes } from '../../src/report/typography.js';

function plain({ digits, exponent }: SetNumber): string {
  return exponent === undefined ? digits : `${digits} × 10^${exponent}`;
}

describe('setNumber', () => {
  for (const [value, format, places, expected] of [
    [0.9945, 'percent', 1, '99.5%'],
    [0.9945, 'percent', undefined, '99%'],
    [-0.5, 'fixed', 2, '−0.50'],
    [60000, 'integer', undefined, '60,000'],
    [1234.5, 'fixed', 1, '1,234.5'],
    [128, 'integer', undefined, '128'],
    [0.0031415, 'significant', 3, '0.00314'],
    [2.13e-11, 'scientific', 1, '2.1 × 10^−11'],
    [2.13e11, 'significant', 2, '2.1 × 10^11'],
    ['ReLU', 'text', undefined, 'ReLU'],
    [-0.25, undefined, undefined, '−0.25'],
    [true, undefined, undefined, 'true'],
  ] as const) {
    it(`sets ${String(value)} as ${format ?? 'text'}${places === undefined ? '' : `:${places}`} to ${expected}`, () => {
      expect(plain(setNumber(value, format, places))).to.equal(expected);
    });
  }

  for (const [value, format, places, message] of [
    [0.5, 'integer', undefined, 'is no integer'],
    [0.5, 'fixed', undefined, 'needs a number of digits'],
    ['ReLU', 'percent', 1, 'is no number'],
    [0.5, 'percentage', 1, 'there is no format "percentage"'],
  ] as const) {
    it(`refuses ${String(value)} as ${format}`, () => {
      expect(() => setNumber(value, format, places)).to.throw(message);
    });
  }
});

describe('the rule of digits', () => {
  const found = (text: string, constants: string[] = []) => {
    const problems = new Problems();
    checkDigits(parseMarkdown(text, { file: 'report.md', line: 1 }), constants, problems);
    try {
      problems.throwIfAny();
      return [];
    } catch (error) {
      return (error as ReportError).problems.map(
        ({ line, message }) => `${line} ${/^"([^"]*)"/.exec(message)![1]!}`,
      );
    }
  };

  for (const allowed of [
    'It ends at {{relu.accuracy2|percent:1}}.',
    'See [@fig-step2] and [@sec-2; @tab-3].',
    'With `x[0]` and $x_1 + 2$.',
    'On 2020-11-18 and on 18 November 2020, in November 2020.',
    '## Results {#sec-results-2}',
    'A [link](https://example.org/2020).',
    '::figure{label=fig-2}',
    '```ts\nconst x = 1;\n```',
    '$$\nx = 1\n$$',
    'Formulas: $x = 1$, $2x$, $\\frac12$, $(2, 3)$, $A_{12}$, ${{a.b|fixed:2}}$.',
    '<!-- 12 -->',
    'Formulas: $n = 2^{53}$, $h = 10^{-16}$, $x_{12}$, $32 \\times 32$, $n \\times 16$, $(3 \\times 32 \\times 32)$, $f(2, 10)$, $h^{1.5}$.',
    'Two layers, one of ten classes, three of the errors, ten times, five rules.',
  ]) {
    it(`lets ${JSON.stringify(allowed)} pass`, () => {
      expect(found(allowed)).to.deep.equal([]);
    });
  }

  for (const [text, expected] of [
    ['It ends at 99.4% of them.', ['1 99.4%']],
    ['One line\nand 60,000 points.', ['2 60,000']],
    ['## 3 layers', ['1 3']],
    ['| a |\n|---|\n| 12 |', ['3 12']],
    ['::figure[After 20 epochs.]{label=fig-a}', ['1 20']],
    ['Area in m².', ['1 m²']],
    ['It is\n$0.95$.', ['2 0.95']],
    ['It is $\\approx 95\\,\\%$.', ['1 95%']],
    ['It takes $12\\,\\mathrm{ms}$.', ['1 12']],
    ['It is $-3.1 \\times 10^{-4}$.', ['1 -3.1·10']],
    ['$$\n7\n$$', ['1 7']],
    ['![picture 4](x.png)', ['1 4']],
    ['It is $x = 55.3$.', ['1 55.3']],
    ['It is $x = 55\\,\\%$, and $55\\% > 7\\%$.', ['1 55', '1 55', '1 7']],
    ['It took $t = 12$ steps of $60{,}000$.', ['1 12', '1 60,000']],
    ['It is $a \\approx 3.1 \\times 10^{-4}$.', ['1 3.1']],
    ['It is $\\lambda = 43 \\times 10^{-4}$.', ['1 43']],
    ['It is $\\lambda = 4 \\cdot 10^{-4}$.', ['1 4']],
    ['It is $p = 1200 \\times 3$, or $p \\approx\\, 1200 \\times 3$.', ['1 1200', '1 1200']],
    ['It took $t = 14 \\times s$, or $14 \\times s = t$.', ['1 14', '1 14']],
    ['It took $t = -14 \\times s$.', ['1 14']],
    ['It is $1200 \\times 3.5$.', ['1 1200', '1 3.5']],
    [
      'It won on twenty-one seeds, and in forty-two of fifty.',
      ['1 twenty-one seeds', '1 forty-two of fifty'],
    ],
    ['It is better in nine of ten.', ['1 nine of ten']],
    ['It won with eight\nout of the ten seeds.', ['1 eight\nout of the ten']],
    ['It is three times faster, and two times as large.', ['1 three times faster', '1 two times as']],
    [
      'After twenty epochs, two seconds and ninety per cent.',
      ['1 twenty epochs', '1 two seconds', '1 ninety per cent'],
    ],
  ] as const) {
    it(`stops at ${JSON.stringify(text)}`, () => {
      expect(found(text)).to.deep.equal(expected);
    });
  }

  it('lets declared constants pass, but not as part of something else', () => {
    expect(found('A 2-8-2 network, 128 points.', ['2-8-2', '128'])).to.deep.equal([]);
    expect(found('A 12-8-2 network.', ['2-8-2'])).to.deep.equal(['1 12-8-2']);
    expect(found('It has 1280 points.', ['128'])).to.deep.equal(['1 1280']);
  });

  it('lets a constant that is declared as a formula pass as a formula only', () => {
    expect(found('It has $16$ columns.', ['$16$'])).to.deep.equal([]);
    expect(found('It has 16 columns.', ['$16$'])).to.deep.equal(['1 16']);
    expect(found('It has $60{,}000$ points.', ['60,000'])).to.deep.equal([]);
    expect(found('It has $n = 16$ columns.', ['$16$'])).to.deep.equal([]);
    expect(found('It is $x > 0.6$ or $x > 0.7$.', ['$x > 0.6$'])).to.deep.equal(['1 0.7']);
    expect(found('$$\na = 1.5 +\n0.2\n$$', ['$a = 1.5 + 0.2$'])).to.deep.equal([]);
    expect(found('After twenty\nepochs.', ['twenty epochs'])).to.deep.equal([]);
    expect(found('After twenty epochs and ten epochs.', ['twenty epochs'])).to.deep.equal(['1 ten epochs']);
  });
});

describe('curlyQuotes', () => {
  for (const [straight, curly] of [
    ['He said "yes".', 'He said “yes”.'],
    ["(it's 'so')", '(it’s ‘so’)'],
    ['pages 1--2 --- and so on...', 'pages 1–2 — and so on…'],
  ] as const) {
    it(`sets ${straight} as ${curly}`, () => {
      expect(curlyQuotes(straight)).to.equal(curly);
    });
  }

  it('closes a quote after code or a formula', () => {
    const [paragraph] = parseMarkdown('Write "`x`" and "$y$".', { file: 'a.md' }).children;
    const texts = (paragraph as Parent).children.map((node) => ('value' in node ? node.value : ''));
    expect(texts.join('')).to.equal('Write “x” and “y”.');
  });
});
