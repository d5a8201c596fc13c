import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { UsageError } from '../../src/notebook/notebook-file.js';
import { runNotebooks, type NotebookResult } from '../../src/notebook/runner.js';
import { copyOfCorpus, type CorpusNotebook, type Verdict } from './corpus.js';

describe('the corpus of notebooks, under the runner', function () {
  this.timeout(300_000);
  const corpus = copyOfCorpus();
  const results = new Map<string, NotebookResult>();

  /** Notebooks with the same limits run together. */
  async function runAll(notebooks: readonly CorpusNotebook[]): Promise<void> {
    const limitsOf = ({ says }: CorpusNotebook) => JSON.stringify(says?.limits ?? {});
    for (const limits of new Set(notebooks.map(limitsOf))) {
      const group = notebooks.filter((one) => limitsOf(one) === limits).map(({ path }) => path);
      const { timeout = 60, drain = 5, ...others } = JSON.parse(limits) as NonNullable<Verdict['limits']>;
      const options = { limits: { cellTime: timeout * 1000, drainTime: drain * 1000, ...others } };
      for (const result of (await runNotebooks(group, options)).notebooks) results.set(result.path, result);
    }
  }

  it('is large enough, and covers the runner with every verdict', () => {
    const count = (kind: string) => corpus.filter((one) => one.kind === kind).length;
    expect(count('must-fail')).to.be.at.least(25);
    expect(count('must-pass')).to.be.at.least(15);
    for (const { kind, name, says } of corpus) {
      if (!says) continue;
      expect(says.fronts, name).to.include('run');
      expect(`must-${says.verdict}`, name).to.equal(kind);
    }
  });

  describe('must-fail', () => {
    const valid = corpus.filter(({ kind, says }) => kind === 'must-fail' && says);
    before(() => runAll(valid));

    for (const { name, path, says } of valid) {
      it(`fails ${name}, in the right cell and line`, () => {
        const { status, failures, problem } = results.get(path)!;
        const expected = says!.expect!;
        expect(status).to.equal('failed');
        const [failure] = failures;
        if (!failure) expect(problem).to.match(/changed while it ran|is a link to .* outside of the project/);
        else {
          expect(failure.name, failure.message).to.equal(expected.error);
          expect(failure.cell).to.equal(expected.cell);
          if (expected.line !== undefined) expect(failure.place?.line).to.equal(expected.line);
        }
        expect(readFileSync(path, 'utf8').trim()).to.equal(
          readFileSync(join('test/notebooks/must-fail', `${name}.ipynb`), 'utf8').trim(),
        );
      });
    }

    for (const { name, path } of corpus.filter(({ says }) => !says)) {
      it(`refuses ${name} before anything runs`, async () => {
        const error = await runNotebooks([path]).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(UsageError);
        expect((error as Error).message).to.include(name);
      });
    }
  });

  describe('must-pass', () => {
    const good = corpus.filter(({ kind }) => kind === 'must-pass');
    before(() => runAll(good));

    for (const { name, path } of good) {
      it(`passes ${name}`, () => {
        const { status, failures, problem } = results.get(path)!;
        expect(status, problem ?? failures[0]?.traceback.join('\n')).to.equal('passed');
      });
    }

    it('writes the same bytes when it runs again', async () => {
      const first = good.map(({ path }) => readFileSync(path, 'utf8'));
      await runAll(good);
      expect(good.filter(({ path }, index) => readFileSync(path, 'utf8') !== first[index])).to.deep.equal([]);
    });
  });
});
