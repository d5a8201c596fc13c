import { expect } from 'chai';
import { checkGradient } from '../../src/derivation/check.js';
import { crossEntropy, divide, expand, matmul, relu, sum } from '../../src/ops/index.js';
import { chain, unary } from '../../src/ops/functions.js';
import { tensor } from '../../src/tensor/creation.js';

const X = () => tensor([[1, 2, -1], [0.3, 0.2, 1]]); // prettier-ignore
const ways = (check: { readonly inputs: readonly { readonly witnesses: object }[] }) =>
  check.inputs.map(({ witnesses }) => Object.keys(witnesses));
const both = ['the formula', 'dual numbers'];

describe('the gradient check with the witnesses of the formula', () => {
  it('hears them for an op', () => {
    const check = checkGradient(divide, { X: X(), Y: X() }).assert();
    expect(ways(check)).to.deep.equal([both, both]);
  });

  it('hears them for a function that executes one op, by the names of the caller', () => {
    const check = checkGradient(({ x }) => expand(x, [3, 16]), { x: tensor([[1], [2], [3]]) }).assert();
    expect(check.subject).to.equal('expand');
    expect(check.inputs[0]!.name).to.equal('x');
    expect(ways(check)).to.deep.equal([both]);
  });

  it('finds the formula of the attributes that were given', () => {
    const W = tensor([[1, 0, 2]]);
    const check = checkGradient(({ A, B }) => matmul(A, B, { transposeW: true }), { A: X(), B: W });
    expect(ways(check.assert())).to.deep.equal([both, both]);
  });

  it('knows the labels of the execution', () => {
    const check = checkGradient(({ Z }) => crossEntropy(Z, [2, 0]), { Z: X() }).assert();
    expect(ways(check)).to.deep.equal([both]);
  });

  it('makes do with differences where no formula says what the code computes', () => {
    expect(ways(checkGradient(({ A }) => sum(relu(A)), { A: X() }).assert())).to.deep.equal([[]]);
    expect(ways(checkGradient(({ A }) => divide(A, A), { A: X() }).assert())).to.deep.equal([[]]);
    expect(ways(checkGradient(sum, { X: tensor([[[1, 2]]]) }).assert())).to.deep.equal([[]]);
  });

  it('draws how many digits agree', () => {
    const drawn = (check: { display(): Readonly<Record<string, unknown>> }): string =>
      String(check.display()['text/markdown']);
    expect(drawn(checkGradient(divide, { X: X(), Y: X() }))).to.match(
      /`■{10,12}□{4,6}` \$\d\.\d \\times 10\^\{-1[123]\}\$/,
    );
    const halved = unary({
      name: 'exp',
      summary: 'a rule that is wrong in the first digit',
      math: chain(String.raw`\exp(X_{ij})`, String.raw`\exp(X_{kl})`, String.raw`S^\nabla_{ij} S_{ij}`),
      backward: { X: ({ gradient }) => gradient },
    });
    expect(drawn(checkGradient(halved, { X: X() }))).to.match(/`□{16}` .*✗ DIFFERS/);
  });

  it('fails when the formula says otherwise than the code', () => {
    const wrong = unary({
      name: 'log',
      summary: 'a logarithm whose derivation is wrong',
      math: chain(String.raw`\log(X_{ij})`, String.raw`\frac{1}{X_{kl}}`, String.raw`S^\nabla_{ij} X_{ij}`),
      backward: { X: ({ gradient, X }) => divide(gradient, X) },
    });
    const check = checkGradient(wrong, { X: tensor([[1, 2]]) });
    expect(check.holds).to.equal(false);
    expect(() => check.assert()).to.throw(/^log: the gradient of X at \[0, 1\] .* by the formula/);
  });
});
