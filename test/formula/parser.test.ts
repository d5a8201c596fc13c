import { expect } from 'chai';
import { FormulaError } from '../../src/formula/error.js';
import { parse, parseExpression } from '../../src/formula/parser.js';
import { print } from '../../src/formula/print.js';

describe('the parser', () => {
  const same: [string, string][] = [
    [String.raw`\sum_{k l} a b`, String.raw`\sum_{kl} a b`],
    [String.raw`\sum_k a_k b_k + c`, String.raw`(\sum_k a_k b_k) + c`],
    [String.raw`a \sum_k b_k c`, String.raw`a (\sum_k b_k c)`],
    [String.raw`\sum_k -x_k`, String.raw`\sum_k (-x_k)`],
    [String.raw`\frac12 \frac1n \tfrac{1}{m}`, String.raw`\frac{1}{2} \frac{1}{n} \frac{1}{m}`],
    [String.raw`X_{ij}/s_i`, String.raw`\frac{X_{ij}}{s_i}`],
    [String.raw`a b / c`, String.raw`a \frac{b}{c}`],
    [String.raw`\log \sum_k e^{Z_{ik}}`, String.raw`\log\left(\sum_{k} e^{Z_{ik}}\right)`],
    [String.raw`\ln x_i`, String.raw`\log(x_i)`],
    [String.raw`\operatorname{ln}(x_i)`, String.raw`\log(x_i)`],
    [String.raw`\sum_{k} \frac{a_k}{b} \, c`, String.raw`\sum_k \frac{a_k}{b} c`],
    [String.raw`\tanh^2(x)`, String.raw`(\tanh(x))^{\odot 2}`],
    [String.raw`\operatorname{sigmoid}(x)`, String.raw`\sigma(x)`],
    [String.raw`S_{ij}^\nabla`, String.raw`S^\nabla_{ij}`],
    [String.raw`S^{\nabla}_{i,j}`, String.raw`S^\nabla_{ij}`],
    [String.raw`{S^\nabla}^\top`, String.raw`(S^\nabla)^\top`],
    [String.raw`S^{\nabla\top}`, String.raw`(S^\nabla)^T`],
    [String.raw`(S^\nabla)_{ij}`, String.raw`S^\nabla_{ij}`],
    [String.raw`X^\top_{ij}`, String.raw`(X^{T})_{ij}`],
    [String.raw`X_i^2`, String.raw`(X_i)^2`],
    [String.raw`A B \odot C`, String.raw`(A B) \odot C`],
    [String.raw`A \oslash B \odot C`, String.raw`(A \oslash B) \odot C`],
    [String.raw`\mathbf 1_{16}^\top`, String.raw`(\mathbf{1}_{16})^\top`],
    [String.raw`\mathbf 1[x > 0]`, String.raw`\left[x > 0\right]`],
    [String.raw`\mathbf 1_{x > 0}`, String.raw`[x > 0]`],
    [String.raw`[x \leq y]`, String.raw`[x \le y]`],
    [String.raw`[i = k \land j = l]`, String.raw`[i = k, j = l]`],
    [String.raw`\arg\max_k x_k`, String.raw`\operatorname{argmax}_k x_k`],
    [String.raw`\max\{a, b\}`, String.raw`\max(a, b)`],
    [String.raw`a \cdot b \times c`, String.raw`a b c`],
    [String.raw`\bigl(a + b\bigr) \, c`, String.raw`(a + b) c`],
    [String.raw`X_{i t_i}`, String.raw`X_{i,t_i}`],
    [String.raw`\hat x_i`, String.raw`\hat{x}_{i}`],
  ];
  for (const [latex, other] of same) {
    it(`reads ${latex} as ${other}`, () => {
      expect(print(parseExpression(latex))).to.equal(print(parseExpression(other)));
    });
  }

  it('tells a function from a product by the bracket after it', () => {
    expect(parseExpression('f(x)').kind).to.equal('call');
    expect(parseExpression('a(x)').kind).to.equal('product');
    expect(parseExpression('f_{ij}').kind).to.equal('name');
    expect(parseExpression(String.raw`f^\nabla_{ij}`)).to.include({ kind: 'name', name: 'f^\\nabla' });
    expect(parseExpression(String.raw`\operatorname{gelu}(x)`, ['gelu']).kind).to.equal('call');
  });

  it('splits chains at =, but not inside brackets or subscripts', () => {
    const { equations } = parse(String.raw`a = [i = k] = \sum_{l=1}^{16} b_l`);
    expect(equations.map(({ sides }) => sides.map(print))).to.deep.equal([
      ['a', '\\left[i = k\\right]', '\\sum_{l=1}^{16} b_{l}'],
    ]);
  });

  it('reads several statements, separated by commas or arrows', () => {
    const { equations, declarations } = parse(
      String.raw`a = b, \quad X \in \mathbb R^{n \times 3} \Rightarrow c = d`,
    );
    expect(equations.map(({ sides }) => sides.map(print))).to.deep.equal([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(declarations.map(({ name, sizes }) => [name, sizes.map(print)])).to.deep.equal([
      ['X', ['n', '3']],
    ]);
  });

  it('keeps the place in the text for every part', () => {
    const latex = String.raw`X_{ij} + \frac{a}{Y_{ij}}`;
    const sum = parseExpression(latex);
    const [, fraction] = sum.kind === 'add' ? sum.terms : [];
    expect(latex.slice(fraction!.span.start, fraction!.span.end)).to.equal(String.raw`\frac{a}{Y_{ij}}`);
  });
});

describe('what does not parse', () => {
  it('a formula whose backslashes JavaScript took away is told so', () => {
    for (const latex of ['-\frac{a}{b}', 'S \boldsymbol x'])
      expect(() => parse(latex)).to.throw(FormulaError, 'write the formula as String.raw');
  });

  const cases: [what: string, latex: string, place: string, message: RegExp][] = [
    [
      'an unknown macro',
      String.raw`X_{ij} \foo Y`,
      '\\foo',
      /\\foo is not a macro of this language: expected a number, a name/,
    ],
    [
      'an unknown macro in an index',
      String.raw`X_{i\foo}`,
      '\\foo',
      /\\foo is not a macro of this language: expected an index/,
    ],
    ['a brace that is never closed', String.raw`\frac{a}{b + c`, '{b', /never closed: expected a }/],
    ['a brace that closes nothing', String.raw`a} + b`, '}', /closes nothing/],
    [
      'a parenthesis that is never closed',
      '(a + b',
      '',
      /expected \) to close \(, found the end of the formula/,
    ],
    [
      'brackets that do not match',
      String.raw`\left(a + b)`,
      ')',
      /expected \\right\) to close \\left\(, found \)/,
    ],
    ['nothing after an operator', 'a +', '', /expected a number, a name or a bracket, found the end/],
    [
      'a sum without its index',
      String.raw`\frac{a}{\sum x_i}`,
      '\\sum',
      /an index without its sum: expected the index/,
    ],
    ['a sum without a body', String.raw`\sum_k`, '', /expected what the operator applies to/],
    ['a lower bound without an upper', String.raw`\sum_{k=1} x_k`, 'x_k', /expected \^ and the last value/],
    ['a delta with one index', String.raw`\delta_i x`, '\\delta_i', /expected \\delta with two indices/],
    [
      'a derivative written with delta',
      String.raw`\frac{\delta \ell}{\delta X}`,
      '\\delta',
      /a derivative is written with \\partial/,
    ],
    [
      'a derivative of nothing',
      String.raw`\frac{\partial}{\partial X_{ij}}`,
      '}',
      /expected what is differentiated/,
    ],
    ['two superscripts', String.raw`S^\nabla^\top`, '^\\top', /TeX sets no second script/],
    ['two subscripts', 'X_i_j', '_j', /TeX sets no second script/],
    ['a number in a script without braces', 'x^10', '0', /expected braces around this number/],
    ['a minus in a script without braces', 'x^-1', '-1', /expected a group in braces/],
    [
      'a bare function before a factor',
      String.raw`\log x_i y_i`,
      'y_i',
      /expected a bracket around what the function before applies to/,
    ],
    ['a division by who knows what', 'a / b c', 'c', /what does \/ divide by/],
    ['a second derivative', "f''(x)", "'(", /second derivatives/],
    ['a character without meaning', 'a & b', '&', /the character & has no meaning here/],
    ['a square root in round brackets', String.raw`\sqrt(x)`, '(', /expected a group in braces/],
    [
      'a square root as a word',
      String.raw`\operatorname{sqrt}(x)`,
      '(x',
      /expected a group in braces, as in \\sqrt\{x\}, found \(/,
    ],
    ['a space for an argument', String.raw`x_\, i`, 'i', /TeX would take \\, as an argument/],
    ['a space for the index of a sum', String.raw`\sum_\, k x_k`, 'k', /TeX would take \\, as an argument/],
    ['limits of nothing', String.raw`\limits x`, String.raw`\limits`, /\\limits is not a macro/],
    [
      'sizes without a sign between them',
      String.raw`X \in \mathbb R^{nm}`,
      'X',
      /expected a name in the real numbers, as in X \\in \\mathbb R\^\{n \\times m\}/,
    ],
    [
      'an unknown function',
      String.raw`\operatorname{foo}(x)`,
      '\\operatorname{foo}',
      /is no function here: expected one of sigmoid, relu/,
    ],
    [
      'the derivative of a maximum',
      String.raw`\max'(X, X)`,
      String.raw`\max'(X, X)`,
      /\\max has no derivative in this language: expected it without a prime/,
    ],
    [
      'the derivative of a minimum',
      String.raw`\min'(X, X)`,
      String.raw`\min'(X, X)`,
      /\\min has no derivative/,
    ],
    ['a maximum of one thing', String.raw`\max(X)`, String.raw`\max(X)`, /\\max takes two arguments or more/],
    [
      'the derivative of a diagonal',
      String.raw`\operatorname{diag}'(x)`,
      String.raw`\operatorname{diag}'(x)`,
      /\\operatorname\{diag\} has no derivative/,
    ],
    [
      'a diagonal of several things',
      String.raw`\operatorname{diag}(x, X, y)`,
      String.raw`\operatorname{diag}(x, X, y)`,
      /\\operatorname\{diag\} takes one argument/,
    ],
    [
      'the derivative of labels',
      String.raw`\operatorname{onehot}'(t)`,
      String.raw`\operatorname{onehot}'(t)`,
      /\\operatorname\{onehot\} has no derivative/,
    ],
    [
      'labels with a size',
      String.raw`\operatorname{onehot}(t, X)`,
      String.raw`\operatorname{onehot}(t, X)`,
      /\\operatorname\{onehot\} takes one argument/,
    ],
    ['text after the formula', 'a = b )', ')', /expected an operator, = or the end/],
  ];
  for (const [what, latex, place, message] of cases) {
    it(`${what} is reported with the formula and a caret under ${place || 'its end'}`, () => {
      const error = failure(latex);
      expect(error.problem).to.match(message);
      const [, quotation, caret] = error.message.split('\n');
      expect(quotation).to.equal(`  ${latex}`);
      expect(caret!.indexOf('^') - 2, error.message).to.equal(
        place === '' ? latex.length : latex.indexOf(place),
      );
    });
  }

  it('is quoted in part when it is long, with the caret still under the place', () => {
    const latex = `${'a + '.repeat(60)}\\foo${' + a'.repeat(60)}`;
    const [, quotation, caret] = failure(latex).message.split('\n');
    expect(quotation!.length).to.be.lessThan(110);
    expect(quotation!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1)).to.equal('\\foo');
  });
});

function failure(latex: string): FormulaError {
  try {
    parse(latex);
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
  throw new Error(`${latex} was accepted`);
}
