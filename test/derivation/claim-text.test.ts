import { expect } from 'chai';
import { derivation } from '../../src/derivation/derivation.js';
import { forwardFormula } from '../../src/derivation/forward-formula.js';
import { divide, expand, normalize } from '../../src/ops/index.js';

const raw = String.raw;
const markdown = (claim: { display(): Readonly<Record<string, unknown>> }) =>
  claim.display()['text/markdown'] as string;

describe('a judged formula as Markdown', () => {
  it('names the mistakes, sets their formulas as mathematics, and gives the numbers and what holds', () => {
    const text = markdown(derivation(divide).claim('Y', raw`S^\nabla_{ij} \frac{Y_{ij}}{Y_{ij}^2}`));
    expect(text).to.match(/^\$\$Y\^\\nabla_\{ij\} \\overset\{\?\}\{=\} S/);
    expect(text).to.include('✗ **wrong variable**: $Y$ where $X$ belongs; **sign lost**.');
    expect(text).to.match(
      /at \$i = \d, j = \d\$ the formula is \$-?[\d.]+\$ and the gradient \$-?[\d.]+\$\./,
    );
    expect(text).to.include(raw`$$Y^\nabla_{ij} = -S^\nabla_{ij} \frac{X_{ij}}{Y_{ij}^{2}}$$`);
  });

  it('says at how many points a formula holds, once when it brings its own left side', () => {
    const text = markdown(derivation(divide).claim('X', raw`X^\nabla_{ab} = \frac{S^\nabla_{ab}}{Y_{ab}}`));
    expect(text).to.equal(
      raw`$$X^\nabla_{ab} \overset{?}{=} \frac{S^\nabla_{ab}}{Y_{ab}}$$` + '\n\n✓ holds at 48 points',
    );
  });

  it('puts no indices on the left side of a matrix formula, and shows where it is not conformable', () => {
    const weightsFirst = forwardFormula(raw`S = W X^\top`, { X: [3, 2], W: [4, 2] });
    const text = markdown(weightsFirst.claim('X', raw`S^\nabla W`));
    expect(text).to.include(raw`$$X^\nabla \overset{?}{=} S^\nabla W$$`);
    expect(text).to.include(raw`**transposed**: $S^\nabla$ where $\left(S^\nabla\right)^\top$ belongs`);
    expect(text).to.include('As it stands: in a product the columns').and.to.include('  ^^^^^^^^^^');
  });

  it('names an index without its sum, and a 1 on an axis of length 1', () => {
    expect(markdown(derivation(normalize).claim('X', raw`\frac{S^\nabla_{ij}}{\sum X_i}`))).to.include(
      '✗ **index without a sum**.',
    );
    expect(markdown(derivation(expand).claim('X', raw`\sum_l S^\nabla_{il}`))).to.include(raw`X^\nabla_{i1}`);
  });
});
