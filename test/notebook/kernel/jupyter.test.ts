import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { expect } from 'chai';

import { readNotebook, type Notebook } from '../../../src/notebook/nbformat.js';
import { skipFor } from '../../skips.js';
import { notebookText } from '../notebooks.js';

const python = '/usr/bin/python3';
const modules = ['jupyter_kernel_test', 'nbconvert', 'nbclient'];

describe('the Jupyter tools', function () {
  this.timeout(180_000);
  let kernels: string;
  let folder: string;

  before(function () {
    const missing = modules.filter((name) => spawnSync(python, ['-c', `import ${name}`]).status !== 0);
    if (missing.length > 0) skipFor(this, `the Python packages ${missing.join(', ')}`);
    kernels = mkdtempSync(join(tmpdir(), 'gradbook-jupyter-'));
    folder = mkdtempSync(join('notebooks', '.jupyter-')); // inside the project, so that 'gradbook' is found
    const install = ['dist/cli.js', 'kernel', 'install', '--prefix', kernels];
    for (const name of ['gradbook', 'tslab'])
      expect(spawnSync(process.execPath, [...install, '--name', name]).status).to.equal(0);
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const run = (args: string[], input = '') =>
    spawnSync(python, args, {
      cwd: folder,
      encoding: 'utf8',
      input,
      env: {
        ...process.env,
        JUPYTER_PATH: join(kernels, 'share', 'jupyter'),
        GRADBOOK_KERNEL: 'gradbook',
        PYTHONWARNINGS: 'ignore',
      },
    });
  const convert = (name: string, ...flags: string[]) =>
    run(['-m', 'nbconvert', '--to', 'notebook', '--execute', '--output', 'out.ipynb', ...flags, name]);
  const written = (): Notebook => readNotebook(readFileSync(join(folder, 'out.ipynb'), 'utf8'));
  const cellsOf = ({ cells }: Notebook) => cells.flatMap((cell) => (cell.cell_type === 'code' ? [cell] : []));

  it('find nothing wrong in their own test of kernels, and skip nothing', () => {
    const { stderr, status } = run([resolve('test/notebook/kernel/kernel_test.py'), '-v']);
    expect(status, stderr).to.equal(0);
    expect(stderr).to.match(/Ran 12 tests/);
    expect(stderr).to.not.match(/skipped/);
  });

  it('fail a notebook whose cell throws, at that cell', () => {
    const cells = ['const a = 1;', "throw new RangeError('on purpose')", "console.log('after')"];
    writeFileSync(join(folder, 'fails.ipynb'), notebookText(cells));
    const { status, stderr } = convert('fails.ipynb');
    expect(status).to.not.equal(0);
    expect(stderr).to.include('RangeError: on purpose');
    expect(stderr).to.include('at cell 2:1:7');
  });

  it('keep errors as outputs and run every cell when they are told to allow errors', () => {
    const cells = ['const a = 1;', "throw new RangeError('on purpose')", 'a + 1', 'process.exit(0)', '2'];
    writeFileSync(join(folder, 'fails.ipynb'), notebookText(cells));
    const { status, stderr } = convert('fails.ipynb', '--allow-errors');
    expect(status, stderr).to.equal(0);
    const outputs = cellsOf(written()).map((cell) =>
      cell.outputs.map((output) => (output.output_type === 'error' ? output.ename : output.output_type)),
    );
    expect(outputs).to.deep.equal([
      [],
      ['RangeError'],
      ['execute_result'],
      ['ProcessExit', 'stream'],
      ['execute_result'],
    ]);
  });

  it('get the outputs that our own runner committed', () => {
    cpSync('notebooks/q1-division.ipynb', join(folder, 'q1.ipynb'));
    const { status, stderr } = convert('q1.ipynb');
    expect(status, stderr).to.equal(0);
    const committed = readNotebook(readFileSync('notebooks/q1-division.ipynb', 'utf8'));
    const outputs = (notebook: Notebook) => cellsOf(notebook).map((cell) => cell.outputs);
    expect(outputs(committed).flat().length).to.be.greaterThan(3);
    expect(outputs(written())).to.deep.equal(outputs(committed));
  });

  it('show values and errors in the console', function () {
    if (spawnSync(python, ['-c', 'import jupyter_console']).status !== 0) this.skip();
    const flags = ['--kernel', 'gradbook', '--simple-prompt'];
    const { stdout, stderr } = run(
      ['-m', 'jupyter_console', ...flags],
      "const a = 41;\na + 1\nthrow new Error('seen')\n",
    );
    expect(stdout).to.include('Out[2]: 42');
    expect(stdout + stderr).to.include("> 1 | throw new Error('seen')");
  });

  it('take the signal of an interrupt, and find the names of earlier cells again', () => {
    const { status, stderr, stdout } = run([resolve('test/notebook/kernel/signal_test.py')]);
    expect(status, stderr).to.equal(0);
    expect(stdout).to.include('Interrupted, then 42');
  });

  it('leave no kernel behind when they are killed', async () => {
    const code =
      'import os\nfrom jupyter_client.manager import start_new_kernel\n' +
      "km, kc = start_new_kernel(kernel_name='gradbook')\nkc.execute('for (;;);')\n" +
      'print(km.provisioner.pid, flush=True)\nimport time\ntime.sleep(60)';
    const front = spawn(python, ['-c', code], {
      cwd: folder,
      env: { ...process.env, JUPYTER_PATH: join(kernels, 'share', 'jupyter') },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [pid] = (await front.stdout.take(1).toArray()) as [Buffer];
    front.kill('SIGKILL');
    while (isRunning(Number(pid))) await new Promise((done) => setTimeout(done, 200));
    expect(Number(pid)).to.be.greaterThan(1);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
