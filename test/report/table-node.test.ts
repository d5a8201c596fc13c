import { expect } from 'chai';
import type { PhrasingContent } from 'mdast';
import { isUnbroken, rowSpans, tableNode } from '../../src/report/table-node.js';

const bodyCell = (value: string | number | null) =>
  tableNode(['c'], [[value]], { file: 'x' }).children[1]!.children[0]!;

describe('a cell of a table', () => {
  for (const [value, kind, printed] of [
    [-0.5, 'text', '−0.5'],
    ['-0.07', 'text', '−0.07'],
    ['-0.25 to -0.02', 'text', '−0.25 to −0.02'],
    ['-2.4e-2', 'inlineMath', '-2.4 \\times 10^{-2}'],
    [1.5e-9, 'inlineMath', '1.5 \\times 10^{-9}'],
    ['the loss is 114.5390460805937', 'text', 'the loss is 114.539'],
    ['q9-experiments', 'text', 'q9-experiments'],
    ['sigmoid -2020', 'text', 'sigmoid -2020'],
  ] as const) {
    it(`prints ${JSON.stringify(value)} as ${printed}`, () => {
      const [only, ...others] = bodyCell(value).children as (PhrasingContent & { value: string })[];
      expect([only!.type, only!.value, others]).to.deep.equal([kind, printed, []]);
    });
  }

  for (const [text, unbroken] of [
    ['three-layer-4-frozen-2020', true],
    ['never (15 of 30)', true],
    ['94.1 to 98.0%', true],
    ['in groups', false],
    ['5 of 5 seeds, in epoch 12', false],
    ['$x$ of 3', false],
  ] as const) {
    it(`${unbroken ? 'keeps' : 'does not keep'} "${text}" on one line`, () => {
      expect(isUnbroken(bodyCell(text))).to.equal(unbroken);
    });
  }
});

describe('the first cells of a table', () => {
  const spansOf = (...first: (string | number | null)[]) =>
    rowSpans(
      tableNode(
        ['a', 'b'],
        first.map((value) => [value, 1]),
        { file: 'x' },
      ),
    );

  it('reach down over the rows that leave theirs empty', () => {
    expect(spansOf('x', '', '', 'y', 'z', '')).to.deep.equal([3, 0, 0, 1, 2, 0]);
  });

  it('stay by themselves where a number is absent', () => {
    expect(spansOf(1, null, 2)).to.deep.equal([1, 1, 1]);
  });
});
