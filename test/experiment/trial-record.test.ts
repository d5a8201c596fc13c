import { expect } from 'chai';
import { canonicalJson } from '../../src/experiment/canonical-json.js';
import { experiments } from '../../src/experiment/definitions.js';
import { decodeTrial, encodeTrial, trialId, UnreadableRecord } from '../../src/experiment/trial-record.js';
import { runOf, small } from './small.js';

const trial = { experiment: small(), seed: 1 };
const code = 'c0de';
const id = trialId(trial, code);

describe('canonical JSON', () => {
  it('puts fields in the order of their names and leaves out what is undefined', () => {
    expect(canonicalJson({ b: [1, { d: 'ü', c: null }], a: 0.1, e: undefined })).to.equal(
      '{"a":0.1,"b":[1,{"c":null,"d":"ü"}]}',
    );
  });

  it('does not depend on the order in which fields were written', () => {
    const reversed = Object.fromEntries(Object.entries(experiments.relu).reverse());
    expect(canonicalJson(reversed)).to.equal(canonicalJson(experiments.relu));
  });
});

describe('the id of a trial', () => {
  it('follows from experiment, seed and code, and from nothing else', () => {
    expect(id).to.match(/^[0-9a-f]{64}$/);
    expect(trialId({ experiment: small(), seed: 1 }, code)).to.equal(id);
    expect(trialId({ experiment: small('relu', { seeds: 99 }), seed: 1 }, code)).to.equal(id);
    const others = [
      trialId({ experiment: small(), seed: 2 }, code),
      trialId({ experiment: small('relu', { epochs: 4 }), seed: 1 }, code),
      trialId(trial, 'c0df'),
    ];
    expect(new Set([id, ...others]).size).to.equal(4);
  });
});

describe('the record of a trial', () => {
  const run = runOf([0.5, 0.9]);
  const text = encodeTrial(trial, code, run);

  it('is one line that holds everything, and no more', () => {
    expect(text.endsWith('}\n')).to.equal(true);
    expect(text.trimEnd()).not.to.contain('\n');
    expect(Object.keys(JSON.parse(text) as object)).to.have.members([
      'format',
      'version',
      'id',
      'code',
      'experiment',
      'seed',
      'run',
      'checksum',
    ]);
    expect(text).not.to.match(/\d{4}-\d\d-\d\d|\/tmp|\/home/);
  });

  it('gives back what it was made of, without the number of seeds', () => {
    const { seeds, ...recipe } = trial.experiment;
    expect(seeds).to.equal(4);
    expect(decodeTrial(text, id)).to.deep.equal({ id, code, experiment: recipe, seed: 1, run });
  });

  it('keeps numbers that JSON does not have, and where a run stopped', () => {
    const wild = runOf([0.5, 0.4], true);
    const history = [
      wild.history[0]!,
      { ...wild.history[1]!, trainingLoss: -Infinity, validationLoss: Infinity, gradientNorms: { a: NaN } },
    ];
    expect(decodeTrial(encodeTrial(trial, code, { ...wild, history }), id).run).to.deep.equal({
      ...wild,
      history,
    });
  });

  const altered = (change: (record: Record<string, unknown>) => void): string => {
    const record = JSON.parse(text) as Record<string, unknown>;
    change(record);
    return JSON.stringify(record);
  };
  const unreadable: readonly [string, string, string, string][] = [
    ['an empty file', '', 'damaged', 'it is empty'],
    ['a torn file', text.slice(0, 500), 'damaged', 'it is no complete JSON'],
    ['a number', '17', 'damaged', 'it is no complete JSON'],
    ['a file of another program', '{"hello":1}', 'damaged', 'it is no record of a trial'],
    [
      'an altered accuracy',
      text.replace('"validationAccuracy":0.9', '"validationAccuracy":0.99'),
      'damaged',
      'its checksum does not fit its contents',
    ],
    [
      'a newer version',
      altered((record) => (record.version = 2)),
      'newer',
      'written by a newer gradbook (format 2, this one reads 1)',
    ],
    ['another trial', encodeTrial({ ...trial, seed: 2 }, code, run), 'damaged', 'it holds the trial'],
  ];
  for (const [what, bytes, kind, message] of unreadable) {
    it(`that is ${what} is found out`, () => {
      expect(() => decodeTrial(bytes, id))
        .to.throw(UnreadableRecord, message)
        .with.property('kind', kind);
    });
  }
});
