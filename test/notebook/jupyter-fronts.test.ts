import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { readNotebook, type Output } from '../../src/notebook/nbformat.js';
import { skipFor } from '../skips.js';
import { copyOfCorpus } from './corpus.js';
import { executeByJupyter, hasJupyter, type JupyterVerdict } from './jupyter/jupyter.js';
import { temporaryProject } from './notebooks.js';

/** One of each kind: the whole corpus takes many minutes, since each kernel starts anew, and stands in the report's appendix. */
const chosen = {
  nbclient: ['exits-with-zero', 'rejects-after-its-cell', 'returns-values', 'declares-an-error'],
  nbconvert: [
    'has-a-type-error',
    'throws-in-a-timer',
    'mutes-the-console',
    'shows-a-bundle',
    'has-blank-cells',
  ],
} as const;

describe("the corpus of notebooks, under Jupyter's tools with our kernel", function () {
  this.timeout(300_000);
  before(function () {
    if (!hasJupyter()) skipFor(this, 'nbclient and nbconvert');
  });

  for (const front of ['nbclient', 'nbconvert'] as const) {
    describe(front, () => {
      const notebooks = copyOfCorpus().filter(({ name }) =>
        (chosen[front] as readonly string[]).includes(name),
      );
      const verdicts = new Map<string, JupyterVerdict>();
      before(async () => {
        const tasks = notebooks.map(({ path }) => ({ path, timeout: 120 }));
        const run = { kernel: 'gradbook', front, jobs: 2, memory: 2000, notebooks: tasks } as const;
        for (const verdict of await executeByJupyter(run)) verdicts.set(verdict.path, verdict);
      });

      it('is declared by every notebook that is run here', () => {
        expect(notebooks.map(({ name }) => name).sort()).to.deep.equal([...chosen[front]].sort());
        for (const { name, says } of notebooks) expect(says!.fronts, name).to.include(front);
      });

      for (const { name, path, kind, says } of notebooks) {
        it(`${kind === 'must-fail' ? 'fails' : 'passes'} ${name}`, () => {
          const { raised, errors } = verdicts.get(path)!;
          if (kind === 'must-pass') expect(raised).to.equal(null);
          else {
            expect(raised).to.equal('CellExecutionError');
            expect(errors).to.deep.equal([says!.expect!.error]);
          }
        });
      }
    });
  }
});

describe('the notebooks of the project, under the plain kernel of tslab', function () {
  this.timeout(300_000);
  before(function () {
    if (!hasJupyter()) skipFor(this, 'nbclient and nbconvert');
  });

  it('put out what is committed', async () => {
    const names = ['q1-division', 'q5-nodes'];
    const written = temporaryProject();
    const notebooks = names.map((name) => ({
      path: join(process.cwd(), 'notebooks', `${name}.ipynb`),
      timeout: 120,
      written: join(written, `${name}.ipynb`),
    }));
    const verdicts = await executeByJupyter({
      kernel: 'tslab',
      front: 'nbconvert',
      jobs: 2,
      memory: 3000,
      notebooks,
    });
    expect(verdicts.map(({ raised }) => raised)).to.deep.equal([null, null]);
    for (const { path, written } of notebooks) expect(outputsOf(written)).to.deep.equal(outputsOf(path));
  });
});

/** What each cell has put out; tslab's kernel cuts streams at their lines, and calls a result a display. */
function outputsOf(path: string): object[] {
  return readNotebook(readFileSync(path, 'utf8')).cells.flatMap((cell) =>
    cell.cell_type === 'code' ? [{ id: cell.id, outputs: joined(cell.outputs).map(shown) }] : [],
  );
}

function joined(outputs: readonly Output[]): Output[] {
  const all: Output[] = [];
  for (const output of outputs) {
    const last = all.at(-1);
    const continues =
      last?.output_type === 'stream' && output.output_type === 'stream' && last.name === output.name;
    if (continues) all[all.length - 1] = { ...last, text: last.text + output.text };
    else all.push(output);
  }
  return all;
}

function shown(output: Output): object {
  if (output.output_type === 'stream' || output.output_type === 'error') return output;
  return { data: output.data, metadata: output.metadata };
}
