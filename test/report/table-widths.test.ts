import { expect } from 'chai';
import { columnWidths } from '../../src/report/table-widths.js';
import { tableNode } from '../../src/report/table-node.js';

describe('the widths of columns in the PDF', () => {
  const widths = (rows: string[][]) =>
    columnWidths(
      tableNode(
        rows[0]!.map((_, j) => `c${j}`),
        rows,
        { file: 'x' },
      ),
    )
      .split(', ')
      .map((width) => (width === 'auto' ? width : parseFloat(width)));
  const long = 'words that go on and on, '.repeat(12);

  it('are those that the columns need where everything fits', () => {
    expect(
      widths([
        ['a', 'some words'],
        ['b', 'other words'],
      ]),
    ).to.deep.equal(['auto', 'auto']);
  });

  it('hold the longest word of a column, so that none is cut', () => {
    const [rare, common] = widths([
      ['Inherited from somewhere', long],
      ['Q1', long],
      ['Q2', long],
    ]) as [number, number];
    expect(rare / (rare + common)).to.be.above('somewhere'.length / 110);
    expect(common).to.be.above(rare);
  });

  it('hold the longest part of a formula that stays on one line', () => {
    const share = (formula: string) => {
      const [math, text] = widths([
        [`$${formula}$`, long],
        ['a short text of words', long],
      ]) as [number, number];
      return math / (math + text);
    };
    const term = 'X_{n,c,s(i-1)+p-d,s(j-1)+q-d}K_{ocpq}';
    expect(share(`S = ${term}${term}`)).to.be.above(share(`S = ${term} + ${term}`));
  });
});
