import { expect } from 'chai';

import { claim, claimType } from '../../src/notebook/claim.js';
import { show } from '../../src/notebook/display.js';

type Shown = { data: Record<string, unknown>; metadata: Record<string, unknown> };
const key = Symbol.for('gradbook.session');

describe('what a cell shows and claims', () => {
  let shown: Shown[] = [];
  beforeEach(() => {
    shown = [];
    const display = (data: Shown['data'], metadata: Shown['metadata']) => shown.push({ data, metadata });
    Object.defineProperty(globalThis, key, { value: { display }, configurable: true });
  });
  afterEach(() => Reflect.deleteProperty(globalThis, key));

  const figure = { alt: 'a line', display: () => ({ 'text/plain': 'a line', 'image/svg+xml': '<svg/>' }) };

  it('shows a displayable as one bundle', async () => {
    await show(figure);
    expect(shown).to.deep.equal([{ data: figure.display(), metadata: {} }]);
  });

  it('waits for a bundle that comes later', async () => {
    await show({ display: () => Promise.resolve({ 'text/plain': 'later' }) });
    expect(shown[0]!.data).to.deep.equal({ 'text/plain': 'later' });
  });

  it('shows any other value as its text', async () => {
    await show({ a: [1, 2] });
    expect(shown[0]!.data).to.deep.equal({ 'text/plain': '{ a: [ 1, 2 ] }' });
  });

  it('carries label, caption, alternative text and kind in the metadata', async () => {
    await show(figure, { label: 'fig-line', caption: 'A line.' });
    await show({ ...figure, kind: 'table' }, { label: 'tab-line' });
    expect(shown.map(({ metadata }) => metadata.gradbook)).to.deep.equal([
      { label: 'fig-line', caption: 'A line.', alt: 'a line', kind: 'figure' },
      { label: 'tab-line', caption: '', alt: 'a line', kind: 'table' },
    ]);
  });

  for (const [what, value, message] of [
    ['no object', () => 'text', /must return an object.*but returned 'text'/],
    ['no entry', () => ({}), /returned no entry/],
    ['a name that is no MIME type', () => ({ text: 'x' }), /"text", which is no MIME type/],
    ['an object for text', () => ({ 'text/plain': {} }), /must return a string for text\/plain/],
    ['an image that is not base64', () => ({ 'image/png': 'a b' }), /base64 for image\/png/],
  ] as const) {
    it(`refuses display() that returns ${what}`, async () => {
      const error = await show({ display: value }).catch((reason: unknown) => reason as Error);
      expect((error as Error).message).to.match(message);
      expect(shown).to.deep.equal([]);
    });
  }

  it('refuses a label that cannot be a name in the report', async () => {
    const error = await show(figure, { label: 'Fig 1' }).catch((reason: unknown) => reason as Error);
    expect((error as Error).message).to.match(/the label "Fig 1" must begin with a small letter/);
  });

  it('puts a claim out as text and as data', () => {
    claim('test.accuracy', 0.5, { tolerance: 0.1, unit: 's' });
    expect(shown[0]!.data).to.deep.equal({
      'text/plain': 'claim test.accuracy = 0.5 s',
      [claimType]: { name: 'test.accuracy', value: 0.5, kind: 'statistical', tolerance: 0.1, unit: 's' },
    });
  });

  for (const [value, kind] of [
    [3, 'exact'],
    ['text', 'exact'],
    [true, 'exact'],
    [0.25, 'deterministic'],
  ] as const) {
    it(`takes ${JSON.stringify(value)} for ${kind} unless told otherwise`, () => {
      claim(`test.kind-${typeof value}-${kind}`, value);
      expect(shown[0]!.data[claimType]).to.deep.include({ value, kind });
    });
  }

  it('puts out where and when something was measured that is not measured again', () => {
    const recorded = { machine: 'A machine', date: '2020-11-18' };
    claim('test.time', 1.5, { unit: 'µs', recorded });
    expect(shown[0]!.data[claimType]).to.deep.include({ kind: 'recorded', unit: 'µs', recorded });
  });

  it('accepts the same claim twice, but not with another value', () => {
    claim('test.twice', 1);
    claim('test.twice', 1);
    expect(() => claim('test.twice', 2)).to.throw('claim test.twice: it is 1 and 2');
  });

  for (const [what, call, message] of [
    ['NaN', () => claim('a', NaN), /claim a: the value is NaN/],
    ['an infinite value', () => claim('a', Infinity), /claim a: the value is Infinity/],
    ['an object', () => claim('a', {} as never), /must be a number, a boolean or a string, but is \{/],
    ['a name with a space', () => claim('a b', 1), /the name "a b" must be words/],
    ['an empty name', () => claim('', 1), /the name "" must be words/],
    [
      'a tolerance below zero',
      () => claim('a', 1, { tolerance: -1 }),
      /must be finite and not negative, but is -1/,
    ],
    ['a tolerance for a text', () => claim('a', 'x', { tolerance: 1 }), /a tolerance needs a number/],
    [
      'an unknown option',
      () => claim('a', 1, { tol: 1 } as never),
      /there is no option "tol"\. There are: tolerance, unit, kind, recorded/,
    ],
    [
      'an unknown kind',
      () => claim('a', 1, { kind: 'vague' as never }),
      /the kind "vague" is none of exact,/,
    ],
    ['a record without a machine', () => claim('a', 1, { kind: 'recorded' }), /but not where and when/],
    [
      'a record with an empty machine',
      () => claim('a', 1, { recorded: { machine: '', date: 'x' } }),
      /both texts/,
    ],
    [
      'a machine for what is made again',
      () => claim('a', 1, { kind: 'exact', recorded: { machine: 'x', date: 'y' } }),
      /it is exact, but a recording is given/,
    ],
    [
      'a tolerance for what is exact',
      () => claim('a', 1, { kind: 'exact', tolerance: 1 }),
      /it is exact and has a tolerance, but exact values have none/,
    ],
  ] as const) {
    it(`refuses a claim with ${what}`, () => {
      expect(call).to.throw(message);
      expect(shown).to.deep.equal([]);
    });
  }
});
