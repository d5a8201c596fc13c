import { expect } from 'chai';
import { named } from '../../src/formula/build.js';
import { FormulaError } from '../../src/formula/error.js';
import { evaluate, gradientOnDualNumbers } from '../../src/formula/evaluate.js';
import { Interpretation, type Meaning, type NumericArray } from '../../src/formula/interpretation.js';

const matrix = (rows: number[][]): NumericArray => ({
  shape: [rows.length, rows[0]!.length],
  values: Float64Array.from(rows.flat()),
});
const vector = (values: number[]): NumericArray => ({
  shape: [values.length],
  values: Float64Array.from(values),
});

const meaning: Meaning = {
  environment: {
    X: matrix([
      [1, 2, 3],
      [4, 5, 6],
    ]),
    Y: matrix([
      [2, 2, 2],
      [4, 4, 4],
    ]),
    A: matrix([
      [1, 2],
      [3, 4],
    ]),
    v: vector([1, 10, 100]),
    t: vector([2, 0]),
    u: vector([0.5, 1]),
    n: 2,
    T: 3,
    'S^\\nabla': matrix([
      [1, 0, 0],
      [0, 0, 1],
    ]),
  },
  where: [String.raw`S_{ij} = X_{ij}^2 Y_{ij}`, String.raw`X \in \mathbb R^{a \times b}`],
};

describe('evaluation', () => {
  const numbers: [latex: string, expected: number[] | number][] = [
    [String.raw`\sum_{ij} X_{ij}`, 21],
    [String.raw`\sum_j X_{ij}`, [6, 15]],
    [String.raw`\sum_{j=1}^{2} X_{ij}`, [3, 9]],
    [String.raw`\sum_{j=1}^{i} X_{ij}`, [1, 9]],
    [String.raw`\sum_{j \ne i} X_{ij}`, [5, 10]],
    [String.raw`\sum_{j : X_{ij} > 2} X_{ij}`, [3, 15]],
    [String.raw`\prod_j X_{ij}`, [6, 120]],
    [String.raw`\operatorname{sigmoid} (n - 2)`, 0.5],
    [String.raw`\operatorname{sigmoid}^2(n - 2)`, 0.25],
    [String.raw`n^{(T)}`, 8],
    [String.raw`v^{\odot T}`, [1, 1000, 1e6]],
    [String.raw`0 v_j + \sum_{i : t_i = j} u_i`, [1, 0, 0.5]],
    [String.raw`\max_j X_{ij} - \min_{kl} X_{kl}`, [2, 5]],
    [String.raw`X_{i t_i}`, [3, 4]],
    [String.raw`X_{i2}`, [2, 5]],
    [String.raw`X_{i, n + 1}`, [3, 6]],
    [String.raw`\sum_j v_j [j = 2]`, 10],
    [String.raw`\sum_j v_{j+1} X_{ij}`, [210, 540]],
    [String.raw`\sum_j v_j [X_{ij} \ge 3] [2 \le j \le 3]`, [100, 110]],
    [String.raw`u_i + \sum_k \delta_{ik} u_k`, [1, 2]],
    [String.raw`a b \cdot n`, 12],
    [String.raw`\frac{\partial S_{1,2}}{\partial X_{1,2}} + \frac{\partial S_{1,2}}{\partial X_{1,3}}`, 8],
    [String.raw`\frac{\partial (X_{ij} X_{ij})}{\partial X_{ij}}`, [2, 4, 6, 8, 10, 12]],
    [String.raw`X^\nabla_{ij}`, [4, 0, 0, 0, 0, 48]],
    [String.raw`\frac{\partial \ell}{\partial Y_{ij}}`, [1, 0, 0, 0, 0, 36]],
    [String.raw`S_{ij}`, [2, 8, 18, 64, 100, 144]],
    [String.raw`e^{X_{1,1}} - \exp(1)`, 0],
    [String.raw`X^\top_{ji}`, [1, 4, 2, 5, 3, 6]],
    [String.raw`(A X)_{ij}`, [9, 12, 15, 19, 26, 33]],
    [String.raw`(X v)_i`, [321, 654]],
    [String.raw`A X`, [9, 12, 15, 19, 26, 33]],
    [String.raw`X^\top`, [1, 4, 2, 5, 3, 6]],
    [String.raw`X \mathbf 1`, [6, 15]],
    [String.raw`\mathbf 1^\top X`, [5, 7, 9]],
    [String.raw`u v^\top`, [0.5, 5, 50, 1, 10, 100]],
    [String.raw`\mathbf 1 - X \oslash Y`, [0.5, 0, -0.5, 0, -0.25, -0.5]],
    [String.raw`1 - \frac{X}{2}`, [0.5, 0, -0.5, -1, -1.5, -2]],
    [String.raw`X^{\odot 2} \odot Y - S`, [0, 0, 0, 0, 0, 0]],
    [String.raw`\operatorname{diag}(u) X`, [0.5, 1, 1.5, 4, 5, 6]],
    [String.raw`\operatorname{diag}(A)`, [1, 4]],
    [String.raw`X \odot \operatorname{onehot}(t)`, [0, 0, 3, 4, 0, 0]],
    [String.raw`[X > 2] + \max(X, 3)`, [3, 3, 4, 5, 6, 7]],
    [String.raw`(u^\top u) A`, [1.25, 2.5, 3.75, 5]],
    [String.raw`u \mathbf 1_2^\top + A`, [1.5, 2.5, 4, 5]],
  ];
  for (const [latex, expected] of numbers) {
    it(`of ${latex} gives ${JSON.stringify(expected)}`, () => {
      expect([...evaluate(latex, meaning).values]).to.deep.equal([expected].flat());
    });
  }

  it('differentiates the forward formula on dual numbers to the last digits of an exact derivative', () => {
    const values = Float64Array.of(0.3, -0.7, 1.1);
    const softmax: Meaning = {
      environment: {
        x: { shape: [3], values },
        'S^\\nabla': { shape: [3], values: Float64Array.of(1, 0, 0) },
      },
      where: String.raw`S_i = \frac{e^{x_i}}{z}, \quad z = \sum_k e^{x_k}`,
    };
    const [first, second, third] = evaluate('S_i', softmax).values as unknown as [number, number, number];
    const gradient = gradientOnDualNumbers('x', softmax).values;
    const exact = [first * (1 - first), -first * second, -first * third];
    exact.forEach((value, k) => expect(gradient[k]).to.be.closeTo(value, 1e-15));
  });

  it('takes values given for a defined name, and its definition for derivatives', () => {
    const given = {
      ...meaning,
      environment: {
        ...meaning.environment,
        S: matrix([
          [0, 0, 0],
          [0, 0, 0],
        ]),
      },
    };
    expect([...evaluate('S_{ij}', given).values]).to.deep.equal([0, 0, 0, 0, 0, 0]);
    expect([...evaluate(String.raw`\frac{\partial S_{1,1}}{\partial X_{1,1}}`, given).values]).to.deep.equal([
      4,
    ]);
  });
});

describe('what cannot be evaluated', () => {
  const cases: [what: string, latex: string, fault: string, message: RegExp][] = [
    [
      'a name that is no input',
      String.raw`Q_{ij}`,
      'unknown-name',
      /Q is no input and nothing defines it: expected one of X, Y/,
    ],
    [
      'an index used with two sizes',
      String.raw`\sum_j X_{ij} A_{ij}`,
      'index-size',
      /j is used with two sizes, 3 on axis 2 of X and 2 on axis 2 of A/,
    ],
    [
      'a sum past the end of an axis',
      String.raw`\sum_{j=1}^{16} X_{ij}`,
      'index-size',
      /used with two sizes: it runs to 4, but axis 2 of X has 3/,
    ],
    ['a sum of unknown length', String.raw`\sum_k 1`, 'index-size', /nothing here says how far k runs/],
    [
      'an axis longer than the other',
      String.raw`\sum_{i} u_i X_{ij} + \sum_{k=1}^{2} A_{kj}`,
      'index-size',
      /two sizes/,
    ],
    ['a missing index', 'X_i', 'rank', /X has 2 axes and stands here with 1 index/],
    [
      'a matrix among entries',
      String.raw`X_{ij} + Y`,
      'rank',
      /Y has 2 axes and stands here with no indices/,
    ],
    ['an index bound twice', String.raw`\sum_i (u_i + \sum_i u_i)`, 'syntax', /the index i is taken/],
    ['an index as a number', String.raw`\sum_i i u_i`, 'syntax', /i stands here like a number/],
    [
      'a label that is no whole number',
      String.raw`v_{u_1}`,
      'value',
      /u counts or labels here: expected a whole number, not 0.5/,
    ],
    ['an argmax as a number', String.raw`\operatorname{argmax}_j v_j`, 'syntax', /an argmax is an index/],
    [
      'a product that does not fit',
      'X Y',
      'not-conformable',
      /columns of the left must equal the rows of the right.* \(2, 3\) and \(2, 3\)/,
    ],
    ['a sum of two shapes', 'X + A', 'not-conformable', /must be the same, \(2, 3\) and \(2, 2\)/],
    [
      'a fraction with a matrix below',
      String.raw`\frac{X}{Y}`,
      'not-conformable',
      /expected \\oslash for \(2, 3\) and \(2, 3\)/,
    ],
    [
      'a diagonal of what is not square',
      String.raw`\operatorname{diag}(X)`,
      'not-conformable',
      /^not conformable: only a square matrix has a diagonal, but this is \(2, 3\)$/,
    ],
    ['a power of a matrix', 'A^2', 'syntax', /expected X\^\{\\odot 2\}/],
    ['ones without a length', String.raw`X \mathbf 1 \mathbf 1^\top`, 'index-size', /how many ones/],
    [
      'a matrix product among entries',
      String.raw`X_{ij} \odot Y_{ij}`,
      'syntax',
      /belongs to matrix notation/,
    ],
    ['a derivative without indices', String.raw`\frac{\partial S}{\partial X}`, 'syntax', /needs indices/],
    ['a function that nobody gave', 'f(X)', 'unknown-name', /no function f is given/],
    [
      'a second derivative',
      String.raw`\frac{\partial \frac{\partial S_{1,1}}{\partial X_{1,1}}}{\partial X_{1,1}}`,
      'value',
      /cannot be differentiated/,
    ],
  ];
  for (const [what, latex, fault, message] of cases) {
    it(`${what} is reported with a caret`, () => {
      const error = failure(() => evaluate(latex, meaning));
      expect(error.problem).to.match(message);
      expect(error.fault).to.equal(fault);
      expect(error.message).to.match(/\n {2}.*\n *\^+$/);
    });
  }

  it('carries both shapes of a product that does not fit', () => {
    expect(failure(() => evaluate(String.raw`X A`, meaning)).shapes).to.deep.equal([
      [2, 3],
      [2, 2],
    ]);
  });

  it('includes a name that is defined by itself', () => {
    const circle = { environment: {}, where: 'a = b + 1, b = a + 1' };
    expect(failure(() => evaluate('a', circle)).problem).to.match(/defined by itself/);
  });

  it('is reported the same when it is asked for again', () => {
    const wrong = new Interpretation({
      environment: { X: matrix([[1, 2]]) },
      where: String.raw`T_i = X_{ij}, a = 1 + Q, R_q = 1, b_k = X`,
    });
    for (const name of ['T', 'a', 'R', 'b']) {
      const [first, again] = [0, 1].map(
        () =>
          failure(() => wrong.values(named(name, [], { text: name, start: 0, end: name.length }))).problem,
      );
      expect(first).to.not.match(/defined by itself/);
      expect(again).to.equal(first);
    }
  });

  it('includes sizes that contradict the shapes', () => {
    const wrong = (where: string) => failure(() => new Interpretation({ ...meaning, where }));
    expect(wrong(String.raw`X \in \mathbb R^{n \times n}`).problem).to.equal('axis 2 of X has 3, not 2');
    expect(wrong(String.raw`X \in \mathbb R^{n}`).problem).to.equal('X has the shape (2, 3)');
  });
});

function failure(action: () => unknown): FormulaError {
  try {
    action();
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}
