import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runNotebooks } from '../../src/notebook/runner.js';
import { buildReport } from '../../src/report/build-report.js';
import type { Item } from '../../src/report/verification.js';
import { describeVerification } from '../../src/report/verify-command.js';
import { verify } from '../../src/report/verify.js';
import { notebookText } from '../notebook/notebooks.js';
import { head, makeProject, type Project } from './project.js';

const op = `
import { defineOp, multiply, type Tensor } from 'gradbook';

const binary = ['X', 'Y'] as const;
export const halfProduct = defineOp<'X' | 'Y', undefined, (X: number[], Y: number[]) => Tensor>(
  {
    name: 'halfProduct', summary: 'half the product', inputs: [...binary],
    math: [{ forward: 'S_i = \\\\frac{X_i Y_i}{2}', gradient: { X: 'X^\\\\nabla_i = \\\\frac{S^\\\\nabla_i Y_i}{2}', Y: 'Y^\\\\nabla_i = \\\\frac{S^\\\\nabla_i X_i}{2}' }, shapes: [{ X: [3], Y: [3] }] }],
    shapeRule: '(n), (n) → (n)', shape: ({ X }) => X,
    forward: ({ X, Y }, output) => { const y = Y.data(); output.assign(X.data().map((x, k) => (x * y[k]!) / 2)); return undefined; },
    backward: { X: ({ gradient, Y }) => multiply(multiply(gradient, 0.5), Y), Y: ({ gradient, X }) => multiply(multiply(gradient, 0.5), X) },
    samples: [{ shapes: { X: [3], Y: [3] } }], refuses: [],
  },
  (execute) => (X, Y) => execute([X, Y], undefined),
);
`;

const fast = [
  "import { bars, claim, dataTable, show } from 'gradbook';\nimport { halfProduct } from './half-product.js';",
  'const halves = halfProduct([1, 2, 3], [0.1, 0.2, 0.7]).value as number[];',
  "claim('half.last', halves[2]!);\nclaim('half.first', halves[0]!, { tolerance: 0.01 });\nconsole.log('last', halves[2]);",
  "await show(bars(halves.map((value, k) => ({ label: `half ${k}`, value })), { measure: 'half' }), { label: 'fig-halves', caption: 'Halves.' });",
  "await show(dataTable(['k', 'half'], halves.map((value, k) => [k, value])), { label: 'tab-halves', caption: 'Halves.' });",
];

const training = `
import { bands, claim, runExperiment, show, experiments } from 'gradbook';
const small = { ...experiments.relu, name: 'small', data: { kind: 'synth', train: 256, validation: 64 }, epochs: 2, seeds: 2 } as const;
const result = await runExperiment(small, { workers: 1 });
claim('small.seeds', result.runs.length);
await show(bands([result]), { label: 'fig-small', caption: 'A small training.' });
`;

const body = '## Halves\n\nThe last is {{half.last|fixed:2}}.\n\n::figure{label=fig-halves}\n';

describe('verify', function () {
  this.timeout(180_000);
  let original: Project;
  let project: string;

  before(async () => {
    original = makeProject({
      'package.json': '{ "name": "tiny", "type": "module" }',
      'notebooks/half-product.ts': op,
      'notebooks/fast.ipynb': notebookText(fast),
      'notebooks/slow.ipynb': notebookText([[training, { tags: ['slow'] }]]),
      'reports/report.md': head + body,
    });
    symlinkSync(resolve('node_modules'), join(original.root, 'node_modules'), 'dir');
    const run = await runNotebooks([join(original.root, 'notebooks')], { jobs: 1 });
    expect(
      run.notebooks.flatMap(({ failures, problem }) => [
        ...failures,
        ...(problem === undefined ? [] : [problem]),
      ]),
    ).to.deep.equal([]);
    await buildReport({ root: original.root });
  });
  after(() => original.remove());

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'gradbook-verified-'));
    cpSync(original.root, project, { recursive: true, verbatimSymlinks: true });
  });
  afterEach(() => rmSync(project, { recursive: true, force: true }));

  const edit = (path: string, change: (text: string) => string) => {
    const before = readFileSync(join(project, path), 'utf8');
    const after = change(before);
    expect(after, `nothing changed in ${path}`).not.to.equal(before);
    writeFileSync(join(project, path), after);
  };
  const failed = async () => (await verify({ root: project, quick: true })).failed;
  const named = (items: readonly Item[]) =>
    items.map(({ kind, name, status }) => `${status}: ${kind} ${name}`);

  it('finds everything identical, also what was trained, and changes nothing in the project', async () => {
    const before = readFileSync(join(project, 'notebooks/fast.ipynb'), 'utf8');
    const { items, failed: none, quick } = await verify({ root: project });
    expect(named(none)).to.deep.equal([]);
    expect(quick).to.equal(false);
    expect(new Set(items.map(({ status }) => status))).to.deep.equal(new Set(['identical']));
    expect(items.map(({ kind, name }) => `${kind} ${name}`)).to.include.members([
      'notebook notebooks/slow.ipynb',
      'claim half.last',
      'figure fig-small',
      'table tab-halves',
      'output cell-3',
      'report reports/README.md',
    ]);
    expect(readFileSync(join(project, 'notebooks/fast.ipynb'), 'utf8')).to.equal(before);
  });

  it('when quick, lists what it left out, and trains a published run of that again', async () => {
    const verification = await verify({ root: project, quick: true });
    expect(verification.failed).to.deep.equal([]);
    const of = (status: string) => named(verification.items.filter((item) => item.status === status));
    expect(of('skipped')).to.deep.equal([
      'skipped: notebook notebooks/slow.ipynb',
      'skipped: claim small.seeds',
      'skipped: figure fig-small',
    ]);
    expect(verification.items.filter(({ kind }) => kind === 'run')).to.deep.include.members([
      {
        kind: 'run',
        name: 'small, seed 1',
        status: 'identical',
        notebook: 'notebooks/slow.ipynb',
        cell: 'cell-1',
        detail: '2 of 2 epochs identical, bit for bit; the final weights, too. (fig-small)',
      },
    ]);
    expect(describeVerification(verification))
      .to.contain('1 claim: small.seeds')
      .and.to.contain('verified, as far as');
  });

  it('turns red when a claim was changed, by one bit or outside its tolerance', async () => {
    edit('reports/claims.json', (text) =>
      text.replace(/("half\.last","value":)[\d.]+/, '$11.0500000000000003'),
    );
    edit('reports/claims.json', (text) => text.replace(/("half\.first","value":)[\d.]+/, '$10.055'));
    const items = await failed();
    expect(named(items)).to.include.members(['outside: claim half.last', 'outside: claim half.first']);
    expect(items.find(({ name }) => name === 'half.last')!.detail).to.contain(
      'claims.json says 1.0500000000000003',
    );
  });

  it('turns red when a data point of a figure was changed, and says where', async () => {
    edit('reports/figures/fig-halves.csv', (text) => text.replace('0.2', '0.25'));
    const items = await failed();
    expect(named(items)).to.deep.equal(['outside: figure fig-halves']);
    expect(items[0]!.detail).to.match(
      /^reports\/figures\/fig-halves\.csv: at \[1\]\.value: 0\.25 committed, 0\.2 now \(/,
    );
  });

  it('turns red when an output of a notebook was changed', async () => {
    edit('notebooks/fast.ipynb', (text) => text.replace('last 1.0', 'last 2.0'));
    const items = await failed();
    expect(named(items)).to.deep.equal(['outside: notebook notebooks/fast.ipynb', 'outside: output cell-3']);
    expect(items[1]!.detail).to.contain('"last 2.0');
  });

  it('turns red when the words of a claim were changed, which are no value', async () => {
    edit('notebooks/fast.ipynb', (text) => text.replace('claim half.last = 1', 'claim half.last = 9'));
    const items = await failed();
    expect(named(items)).to.deep.equal(['outside: notebook notebooks/fast.ipynb']);
    expect(items[0]!.detail).to.equal('its cells or their outputs were changed after it was executed');
  });

  it('turns red when what a quick verification leaves out is no longer what was executed', async () => {
    edit('reports/figures/fig-small.csv', (text) => text.replace(/0\.\d+/, '0.5'));
    edit('notebooks/slow.ipynb', (text) => text.replace("'small.seeds'", "'small.number'"));
    const items = await failed();
    expect(named(items)).to.deep.equal([
      'outside: notebook notebooks/slow.ipynb',
      'outside: figure fig-small',
    ]);
    expect(items[1]!.detail).to.contain('0.5 committed');
  });

  it('turns red when the formula of an op was changed', async () => {
    edit('notebooks/half-product.ts', (text) => text.replace('(x * y[k]!) / 2)', '(x * y[k]!) / 2.5)'));
    expect(named(await failed())).to.include.members([
      'outside: claim half.last',
      'outside: figure fig-halves',
      'outside: table tab-halves',
      'outside: output cell-3',
    ]);
  });

  it('says which code has changed since the notebook was committed', async () => {
    const git = (...args: string[]) => execFileSync('git', ['-C', project, ...args], { stdio: 'pipe' });
    const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.org'];
    git('init', '-q');
    git('add', 'notebooks', 'reports');
    git(...identity, 'commit', '-qm', 'all');
    edit('notebooks/half-product.ts', (text) => text.replace('(x * y[k]!) / 2)', '(x * y[k]!) / 2.5)'));
    const [item] = (await failed()).filter(({ kind }) => kind === 'claim');
    expect(item!.why).to.equal('code changed since the notebook was committed: notebooks/half-product.ts');
  });

  it('turns red when a published run was changed, or a notebook fails, whose outputs then count for nothing', async () => {
    edit('notebooks/slow.ipynb', (text) => text.replace(/("validationLoss": 0\.\d{4})\d/, '$19'));
    edit('notebooks/fast.ipynb', (text) =>
      text.replace('const halves =', "throw new Error('no');\\nconst halves ="),
    );
    const items = await failed();
    expect(named(items)).to.include.members([
      'outside: notebook notebooks/fast.ipynb',
      'missing: claim half.last',
      'missing: figure fig-halves',
      'outside: run small, seed 1',
    ]);
    expect(items.find(({ kind }) => kind === 'run')!.detail).to.match(
      /^First difference in epoch \d: the validation loss is/,
    );
  });

  it('turns red when a committed file is not there, or a claim was never committed', async () => {
    rmSync(join(project, 'reports/figures/tab-halves.csv'));
    edit('reports/claims.json', (text) => text.replace(/^.*"half\.last".*\n/m, ''));
    edit('reports/README.md', (text) => text.replace('1.05', '1.06'));
    expect(named(await failed())).to.have.members([
      'new: claim half.last',
      'missing: table tab-halves',
      'outside: report reports/README.md',
    ]);
  });
});
