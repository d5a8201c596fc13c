/**
 * Runs the corpus under `gradbook run`, and under nbconvert with our kernel and with that of plain tslab, and writes the verdicts
 * to `verdicts.json`, from which a notebook makes the table of the report: `npx tsx test/notebook/jupyter/record-verdicts.ts`. Takes
 * many minutes, since each kernel starts anew for each notebook.
 */
import { writeFileSync } from 'node:fs';

import { runNotebooks } from '../../../src/notebook/runner.js';
import { copyOfCorpus, type CorpusNotebook } from '../corpus.js';
import { executeByJupyter, jupyterVersions, type JupyterVerdict } from './jupyter.js';

type Verdict = 'fails' | 'passes';

/** What nbconvert said, and what nbmake would say: it looks for outputs that are errors when a cell has failed. */
interface UnderKernel {
  readonly nbconvert: Verdict;
  readonly outputs: Verdict;
}

async function underRunner({ path, says }: CorpusNotebook): Promise<Verdict> {
  const { timeout = 60, drain = 5, ...others } = says?.limits ?? {};
  const limits = { cellTime: timeout * 1000, drainTime: drain * 1000, ...others };
  try {
    return (await runNotebooks([path], { limits })).exitCode === 0 ? 'passes' : 'fails';
  } catch {
    return 'fails';
  }
}

async function underKernel(
  kernel: 'gradbook' | 'tslab',
  corpus: readonly CorpusNotebook[],
): Promise<Map<string, UnderKernel>> {
  const notebooks = corpus.map(({ path, kind, says }) => ({
    path,
    timeout: says?.limits?.timeout !== undefined ? 10 : kind === 'must-fail' ? 40 : 120,
  }));
  const verdicts = await executeByJupyter({ kernel, front: 'nbconvert', jobs: 2, memory: 1500, notebooks });
  return new Map(verdicts.map((verdict) => [verdict.path, readings(verdict)]));
}

function readings({ raised, errors }: JupyterVerdict): UnderKernel {
  const onlyCell = raised === 'CellExecutionError';
  return {
    nbconvert: raised === null ? 'passes' : 'fails',
    outputs: raised === null || (onlyCell && errors.length === 0) ? 'passes' : 'fails',
  };
}

const plain = copyOfCorpus();
const ours = copyOfCorpus();
const covered = ours.filter(({ says }) => says?.fronts.includes('nbconvert'));
const underTslab = await underKernel('tslab', plain);
const underGradbook = await underKernel('gradbook', covered);
const notebooks = [];
for (const [index, notebook] of copyOfCorpus().entries()) {
  notebooks.push({
    name: notebook.name,
    must: notebook.kind === 'must-fail' ? 'fail' : 'pass',
    run: await underRunner(notebook),
    gradbook: underGradbook.get(ours[index]!.path) ?? null,
    tslab: underTslab.get(plain[index]!.path)!,
  });
}
const date = new Date().toISOString().slice(0, 10);
const record = { date, versions: jupyterVersions(), notebooks };
writeFileSync('test/notebooks/verdicts.json', JSON.stringify(record, null, 1) + '\n');
