import { cpSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { expect } from 'chai';

import { UsageError } from '../../src/notebook/notebook-file.js';
import { readNotebook } from '../../src/notebook/nbformat.js';
import { runNotebooks, type NotebookResult } from '../../src/notebook/runner.js';
import { temporaryProject } from './notebooks.js';

/** What a notebook of the corpus says of itself in its metadata. */
interface Verdict {
  readonly verdict: 'pass' | 'fail';
  readonly expect?: { readonly error: string; readonly cell: number; readonly line?: number };
  readonly limits?: Readonly<Partial<Record<'timeout' | 'drain' | 'memory' | 'output', number>>>;
}

describe('the corpus of notebooks, under the runner', function () {
  this.timeout(300_000);
  const folder = temporaryProject();
  cpSync('test/notebooks', folder, { recursive: true });
  const names = (kind: string) => readdirSync(join(folder, kind)).filter((name) => name.endsWith('.ipynb'));
  const verdictOf = (path: string) =>
    readNotebook(readFileSync(path, 'utf8')).metadata.gradbook as unknown as Verdict;
  const results = new Map<string, NotebookResult>();

  /** Notebooks with the same limits run together. */
  async function runAll(paths: readonly string[]): Promise<void> {
    const limitsOf = (path: string) => JSON.stringify(verdictOf(path).limits ?? {});
    for (const limits of new Set(paths.map(limitsOf))) {
      const group = paths.filter((path) => limitsOf(path) === limits);
      const { timeout = 60, drain = 5, ...others } = JSON.parse(limits) as NonNullable<Verdict['limits']>;
      const options = { limits: { cellTime: timeout * 1000, drainTime: drain * 1000, ...others } };
      const { notebooks } = await runNotebooks(group, options);
      for (const result of notebooks) results.set(result.path, result);
    }
  }

  describe('must-fail', () => {
    const valid = names('must-fail').filter((name) => !name.startsWith('invalid-'));
    const path = (name: string) => join(folder, 'must-fail', name);
    before(() => runAll(valid.map(path)));

    for (const name of valid) {
      it(`fails ${basename(name, '.ipynb')}, in the right cell and line`, () => {
        const { status, failures, problem } = results.get(path(name))!;
        const expected = verdictOf(path(name)).expect!;
        expect(status).to.equal('failed');
        const [failure] = failures;
        if (!failure) expect(problem).to.match(/changed while it ran/);
        else {
          expect(failure.name, failure.message).to.equal(expected.error);
          expect(failure.cell).to.equal(expected.cell);
          if (expected.line !== undefined) expect(failure.place?.line).to.equal(expected.line);
        }
        expect(readFileSync(path(name), 'utf8').trim()).to.equal(
          readFileSync(join('test/notebooks/must-fail', name), 'utf8').trim(),
        );
      });
    }

    for (const name of names('must-fail').filter((one) => one.startsWith('invalid-'))) {
      it(`refuses ${basename(name, '.ipynb')} before anything runs`, async () => {
        const error = await runNotebooks([path(name)]).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(UsageError);
        expect((error as Error).message).to.include(name);
      });
    }
  });

  describe('must-pass', () => {
    const path = (name: string) => join(folder, 'must-pass', name);
    const paths = names('must-pass').map(path);
    before(() => runAll(paths));

    for (const name of names('must-pass')) {
      it(`passes ${basename(name, '.ipynb')}`, () => {
        const { status, failures, problem } = results.get(path(name))!;
        expect(status, problem ?? failures[0]?.traceback.join('\n')).to.equal('passed');
      });
    }

    it('writes the same bytes when it runs again', async () => {
      const first = paths.map((one) => readFileSync(one, 'utf8'));
      await runAll(paths);
      expect(paths.filter((one, index) => readFileSync(one, 'utf8') !== first[index])).to.deep.equal([]);
    });
  });
});
