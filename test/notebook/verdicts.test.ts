import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { copyOfCorpus } from './corpus.js';

interface Recorded {
  readonly notebooks: readonly {
    name: string;
    must: 'fail' | 'pass';
    run: string;
    gradbook: { nbconvert: string; outputs: string } | null;
  }[];
}

describe('the recorded verdicts on the corpus', () => {
  const { notebooks } = JSON.parse(readFileSync('test/notebooks/verdicts.json', 'utf8')) as Recorded;
  const corpus = copyOfCorpus();

  it('are of every notebook of the corpus as it is now', () => {
    expect(notebooks.map(({ name, must }) => `must-${must}/${name}`)).to.deep.equal(
      corpus.map(({ name, kind }) => `${kind}/${name}`),
    );
  });

  it('are right under the runner, and under our kernel wherever the notebook declares it', () => {
    notebooks.forEach(({ name, must, run, gradbook }, index) => {
      const verdict = must === 'fail' ? 'fails' : 'passes';
      expect(run, name).to.equal(verdict);
      const declared = corpus[index]!.says?.fronts.includes('nbconvert') ?? false;
      expect(gradbook?.nbconvert, name).to.equal(declared ? verdict : undefined);
    });
  });
});
