import { expect } from 'chai';
import { claimProblem, readClaims, writeClaims, type Claim } from '../../src/report/claims.js';
import { compareClaims, describeComparison, failures } from '../../src/report/compare-claims.js';

const claim = (name: string, value: number | string, rest: Partial<Claim> = {}): Claim => ({
  name,
  value,
  kind: 'deterministic',
  notebook: 'notebooks/q9.ipynb',
  cell: 'train',
  ...rest,
});

describe('claims.json', () => {
  it('has the same bytes whatever the order of claims and of their parts', () => {
    const a = claim('a', 1, { tolerance: 0.5, unit: 's' });
    const turned = {
      cell: a.cell,
      unit: 's',
      tolerance: 0.5,
      value: 1,
      notebook: a.notebook,
      kind: a.kind,
      name: 'a',
    };
    expect(writeClaims([a, claim('b', 2)])).to.equal(writeClaims([claim('b', 2), turned]));
  });

  it('is read back as it was written', () => {
    const claims = [claim('a', 0.1 + 0.2), claim('b', 'two words', { kind: 'exact' })];
    expect(readClaims(writeClaims(claims), 'claims.json')).to.deep.equal(claims);
  });

  for (const [text, message] of [
    ['{', 'not JSON'],
    ['[]', 'not a list of claims of format 1'],
    ['{"format":2,"claims":[]}', 'not a list of claims of format 1'],
    [
      '{"format":1,"claims":[{"name":"a","value":null,"kind":"exact"}]}',
      'claim 1: the value of "a" is not a finite number',
    ],
    [
      '{"format":1,"claims":[{"name":"a","value":1,"kind":"recorded"}]}',
      'claim 1: "a" is recorded, but it does not say on which machine and when',
    ],
    [
      '{"format":1,"claims":[{"name":"a","value":1,"kind":"exact","recorded":{"machine":"m","date":"d"}}]}',
      'claim 1: "a" is exact, but only recorded values have a machine and a date',
    ],
  ] as const) {
    it(`refuses ${text} and names the file`, () => {
      expect(() => readClaims(text, 'reports/claims.json'))
        .to.throw('reports/claims.json')
        .with.property('message')
        .contain(message);
    });
  }

  for (const [candidate, message] of [
    [{ name: 'a b', value: 1, kind: 'exact' }, 'its name'],
    [{ name: 'a', value: 1, kind: 'sure' }, 'none of exact'],
    [{ name: 'a', value: 1, kind: 'exact', tolerance: -1 }, 'the tolerance of "a" is -1'],
    [{ name: 'a', value: NaN, kind: 'exact' }, 'the value of "a"'],
  ] as const) {
    it(`finds fault with ${JSON.stringify(candidate)}`, () => {
      expect(claimProblem(candidate)).to.contain(message);
    });
  }
});

describe('compareClaims', () => {
  const status = (committed: Claim[], fresh: Claim[]) =>
    compareClaims(committed, fresh).map((comparison) => comparison.status);

  for (const [title, committed, fresh, expected] of [
    ['an identical value', claim('a', 0.3), claim('a', 0.3), 'identical'],
    ['a difference of one bit without tolerance', claim('a', 0.3), claim('a', 0.1 + 0.2), 'outside'],
    [
      'a difference within the tolerance',
      claim('a', 1, { tolerance: 0.1 }),
      claim('a', 1.05, { tolerance: 0.1 }),
      'within tolerance',
    ],
    [
      'a difference beyond the tolerance',
      claim('a', 1, { tolerance: 0.1 }),
      claim('a', 1.2, { tolerance: 0.1 }),
      'outside',
    ],
    ['a tolerance that only claims.json has', claim('a', 1, { tolerance: 5 }), claim('a', 1.2), 'outside'],
    [
      'a tolerance that only the notebook widened',
      claim('a', 1, { tolerance: 0.1 }),
      claim('a', 1.2, { tolerance: 5 }),
      'outside',
    ],
    ['a kind that only the notebook changed', claim('a', 1), claim('a', 2, { kind: 'recorded' }), 'outside'],
    ['a kind that only claims.json changed', claim('a', 1, { kind: 'recorded' }), claim('a', 2), 'outside'],
    [
      'a recorded timing',
      claim('a', 1, { kind: 'recorded' }),
      claim('a', 99, { kind: 'recorded' }),
      'recorded',
    ],
    ['another text', claim('a', 'yes'), claim('a', 'no'), 'outside'],
    ['a number in place of a text', claim('a', '1'), claim('a', 1, { tolerance: 9 }), 'outside'],
  ] as const) {
    it(`judges ${title} as ${expected}`, () => {
      expect(status([committed], [fresh])).to.deep.equal([expected]);
    });
  }

  it('tells new claims from missing ones, and fails on the missing', () => {
    const comparisons = compareClaims([claim('old', 1)], [claim('new', 1)]);
    expect(comparisons.map((comparison) => comparison.status)).to.deep.equal(['new', 'missing']);
    expect(failures(comparisons).map(({ name }) => name)).to.deep.equal(['old']);
  });

  it('tells of recorded claims that are others, or made no more, but never fails on them', () => {
    const recorded = (name: string, value: number) => claim(name, value, { kind: 'recorded' });
    const comparisons = compareClaims(
      [recorded('a', 1), recorded('b', 1), recorded('c', 1)],
      [recorded('a', 1), recorded('b', 2)],
    );
    expect(failures(comparisons)).to.deep.equal([]);
    const text = describeComparison(comparisons);
    expect(text).to.contain('recorded: b committed 1 now 2; the record is another one');
    expect(text).to.contain('recorded: c committed 1; no notebook makes it any more');
    expect(text).not.to.contain(': a ');
  });

  it('prints counts by kind and every claim that changed, with its cell', () => {
    const text = describeComparison(
      compareClaims(
        [claim('a', 1), claim('b', 1, { tolerance: 0.1 })],
        [claim('a', 1), claim('b', 1.5, { tolerance: 2 })],
      ),
    );
    expect(text).to.contain('claims: 1 deterministic identical, 1 deterministic outside');
    expect(text).to.contain('outside: b committed 1 now 1.5 (difference 0.5, tolerance 0.1)');
    expect(text).to.contain('tolerance was 0.1, is 2').and.to.contain('[notebooks/q9.ipynb, cell train]');
    expect(text).not.to.contain(': a ');
  });
});
