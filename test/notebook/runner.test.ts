import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

import { expect } from 'chai';

import { readNotebook } from '../../src/notebook/nbformat.js';
import { type NotebookResult, runNotebooks, type RunOptions } from '../../src/notebook/runner.js';
import { notebookText, temporaryProject } from './notebooks.js';

describe('the runner', () => {
  const code = (folder: string, name = 'a.ipynb') => {
    const { cells } = readNotebook(readFileSync(join(folder, name), 'utf8'));
    return cells.flatMap((cell) => (cell.cell_type === 'code' ? [cell] : []));
  };
  const run = (folder: string, options: RunOptions = {}, names = ['a.ipynb']) =>
    runNotebooks(
      names.map((name) => join(folder, name)),
      options,
    );

  it('writes outputs and counts back, and changes no byte when it runs again', async () => {
    const executed = { execution: { 'iopub.status.busy': '2020-01-01T00:00:00Z' } };
    const folder = temporaryProject({
      'a.ipynb': notebookText(['const a = 1', ['a', { metadata: executed }], ' ', "console.log('x'); a + 1"]),
    });
    expect((await run(folder)).exitCode).to.equal(0);
    expect(code(folder).map((cell) => cell.execution_count)).to.deep.equal([1, 2, null, 3]);
    expect(code(folder).map((cell) => cell.outputs.length)).to.deep.equal([0, 1, 0, 2]);
    expect(code(folder)[1]!.metadata).to.deep.equal({});
    const first = readFileSync(join(folder, 'a.ipynb'));
    const { mtimeMs } = statSync(join(folder, 'a.ipynb'));
    await run(folder);
    expect(readFileSync(join(folder, 'a.ipynb')).equals(first)).to.equal(true);
    expect(statSync(join(folder, 'a.ipynb')).mtimeMs).to.equal(mtimeMs);
  });

  it('leaves a notebook that fails as it was, writes its outputs beside it, and removes them once it passes', async () => {
    const text = notebookText(['1', "throw new Error('x')", '3']);
    const folder = temporaryProject({ 'a.ipynb': text });
    const { exitCode, notebooks } = await run(folder);
    expect(exitCode).to.equal(1);
    expect(notebooks[0]).to.deep.include({ status: 'failed', written: join(folder, 'a.failed.ipynb') });
    expect(notebooks[0]!.failures[0]).to.deep.include({
      name: 'Error',
      cell: 2,
      id: 'cell-2',
      place: { line: 1, column: 7 },
    });
    expect(readFileSync(join(folder, 'a.ipynb'), 'utf8')).to.equal(text);
    expect(
      code(folder, 'a.failed.ipynb').map((cell) => cell.outputs.map((output) => output.output_type)),
    ).to.deep.equal([['execute_result'], ['error'], []]);
    writeFileSync(join(folder, 'a.ipynb'), notebookText(['1']));
    expect((await run(folder)).exitCode).to.equal(0);
    expect(readdirSync(folder).sort()).to.deep.equal(['a.ipynb', 'package.json']);
  });

  it('runs the notebooks of a folder, each in the folder where it lies, and lets others pass when one dies', async () => {
    const folder = temporaryProject({
      'notebooks/a.ipynb': notebookText(["process.kill(process.pid, 'SIGKILL')"]),
      'notebooks/deep/b.ipynb': notebookText([
        "import { basename } from 'node:path'; basename(process.cwd())",
      ]),
      'notebooks/.ipynb_checkpoints/c.ipynb': 'none',
      'notebooks/d.failed.ipynb': 'none',
    });
    const { notebooks } = await run(folder, { jobs: 2 }, ['notebooks']);
    expect(notebooks.map(({ status }) => status)).to.deep.equal(['failed', 'passed']);
    expect(JSON.stringify(code(folder, 'notebooks/deep/b.ipynb')[0]!.outputs)).to.include("'deep'");
  });

  it('gives every notebook the files that it imports, whoever has imported them before, and no modules of another one', () => {
    const imports = "import { sevens } from './sevens'; sevens()";
    const texts = {
      'sevens.ts': 'let count = 0; export const sevens = (): number => 7 * ++count;',
      'a.ipynb': notebookText([imports]),
      'b.ipynb': notebookText([imports, imports]),
      'c.ipynb': notebookText([
        ["const one = 1; throw new Error('x')", { tags: ['raises-exception'] }],
        imports,
      ]),
      'd.ipynb': notebookText([
        '/** @module eight */ export const eight = 8;',
        "import { eight } from './eight'; eight",
      ]),
      'e.ipynb': notebookText(["import { eight } from './eight'; eight"]),
    };
    const folder = temporaryProject(texts);
    // As it is installed: from its source, Node would find the files by itself.
    const names = Object.keys(texts).slice(1);
    const args = ['dist/cli.js', 'run', '--jobs', '1', '--json', ...names.map((name) => join(folder, name))];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const { notebooks } = JSON.parse(stdout) as { notebooks: NotebookResult[] };
    const failed = notebooks.filter(({ status }) => status === 'failed').map(({ path }) => basename(path));
    expect(failed).to.deep.equal(['e.ipynb']);
    const outputs = (name: string) => code(folder, name).map((cell) => JSON.stringify(cell.outputs));
    expect(outputs('b.ipynb')[1]).to.include('14'); // executed once for both cells
    expect(outputs('c.ipynb')[1]).to.include('7');
  });

  it('writes to --output instead, whether the notebook passes or fails', async () => {
    const texts = { 'a.ipynb': notebookText(['1']), 'b.ipynb': notebookText(['throw 1']) };
    const folder = temporaryProject(texts);
    await run(folder, { output: join(folder, 'out') }, ['a.ipynb', 'b.ipynb']);
    expect(readdirSync(join(folder, 'out')).sort()).to.deep.equal(['a.ipynb', 'b.ipynb']);
    expect(readFileSync(join(folder, 'a.ipynb'), 'utf8')).to.equal(texts['a.ipynb']);
    expect(existsSync(join(folder, 'b.failed.ipynb'))).to.equal(false);
  });

  it('keeps errors as outputs and passes with allowErrors', async () => {
    const folder = temporaryProject({ 'a.ipynb': notebookText(['throw 1', '2']) });
    expect((await run(folder, { allowErrors: true })).exitCode).to.equal(0);
    expect(code(folder).map((cell) => cell.outputs[0]!.output_type)).to.deep.equal([
      'error',
      'execute_result',
    ]);
  });

  it('runs the cells after a failing one with keepGoing, and still fails', async () => {
    const folder = temporaryProject({ 'a.ipynb': notebookText(['throw 1', '2', 'throw 3']) });
    const { exitCode, notebooks } = await run(folder, { keepGoing: true });
    expect(exitCode).to.equal(1);
    expect(notebooks[0]!.failures.map((failure) => failure.cell)).to.deep.equal([1, 3]);
  });

  it('accepts an error that a cell declares, and fails when it does not come', async () => {
    const raises = { tags: ['raises-exception'] };
    const folder = temporaryProject({
      'a.ipynb': notebookText([["throw new Error('x')", raises], '2']),
      'b.ipynb': notebookText([['1', raises], '2']),
      'c.ipynb': notebookText([['process.exit(0)', raises], '2']),
    });
    const { notebooks } = await run(folder, {}, ['a.ipynb', 'b.ipynb', 'c.ipynb']);
    expect(notebooks.map(({ failures }) => failures[0]?.name)).to.deep.equal([
      undefined,
      'NoException',
      'ProcessExit',
    ]);
    expect(code(folder).map((cell) => cell.outputs[0]!.output_type)).to.deep.equal([
      'error',
      'execute_result',
    ]);
  });

  it('skips a cell that is tagged so and keeps its outputs', async () => {
    const folder = temporaryProject({
      'a.ipynb': notebookText([['throw 1', { tags: ['skip-execution'] }], '2']),
    });
    expect((await run(folder)).exitCode).to.equal(0);
    expect(code(folder).map((cell) => cell.outputs.length)).to.deep.equal([0, 1]);
  });

  it('does not overwrite a notebook that changes while it runs', async () => {
    const change = "import fs from 'node:fs'; fs.appendFileSync('a.ipynb', ' ')";
    const folder = temporaryProject({ 'a.ipynb': notebookText([change]) });
    const { notebooks } = await run(folder);
    expect(notebooks[0]!.problem).to.match(/changed while it ran/);
    expect(readFileSync(join(folder, 'a.ipynb'), 'utf8')).to.equal(notebookText([change]) + ' ');
  });

  it('writes a notebook that was removed while it ran to NAME.failed.ipynb only', async () => {
    const folder = temporaryProject({
      'a.ipynb': notebookText(["import fs from 'node:fs'; fs.rmSync('a.ipynb')"]),
    });
    const { notebooks } = await run(folder);
    expect(notebooks[0]!.problem).to.match(/removed while it ran/);
    expect(readdirSync(folder).sort()).to.deep.equal(['a.failed.ipynb', 'package.json']);
  });

  it('stops everything when it is told to, and writes nothing', async () => {
    const folder = temporaryProject({
      'a.ipynb': notebookText(['while (true);']),
      'b.ipynb': notebookText(['1']),
    });
    const stop = new AbortController();
    const events = { cell: () => setTimeout(() => stop.abort(), 500) };
    const { notebooks } = await run(folder, { signal: stop.signal, jobs: 1, events }, ['a.ipynb', 'b.ipynb']);
    expect(notebooks.map(({ status }) => status)).to.deep.equal(['stopped', 'stopped']);
    expect(readdirSync(folder).sort()).to.deep.equal(['a.ipynb', 'b.ipynb', 'package.json']);
  });

  it('stops when the total time is over', async () => {
    const folder = temporaryProject({ 'a.ipynb': notebookText(['while (true);']) });
    expect((await run(folder, { totalTime: 1500 })).notebooks[0]!.status).to.equal('stopped');
  });

  const python = { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } };
  const markdown = { id: 'a', cell_type: 'markdown', metadata: {}, source: 'text' };
  for (const [what, files, message] of [
    ['a missing file', {}, /a\.ipynb: there is no such file or folder/],
    ['a missing file beside a similar one', { 'a2.ipynb': '' }, /has a2\.ipynb/],
    ['an empty file', { 'a.ipynb': '' }, /a\.ipynb: the file is empty/],
    ['what is not JSON', { 'a.ipynb': 'no' }, /a\.ipynb: not JSON: line 1, column 1/],
    [
      'a notebook for another language',
      { 'a.ipynb': notebookText(['1'], python) },
      /it is a notebook for python, and only TypeScript/,
    ],
    [
      'a notebook without code',
      { 'a.ipynb': JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [markdown] }) },
      /no code cell/,
    ],
  ] as const) {
    it(`refuses ${what} before anything runs`, async () => {
      const folder = temporaryProject(files);
      const error = await run(folder).catch((reason: unknown) => reason as Error);
      expect(error).to.be.an('error').with.property('name', 'UsageError');
      expect((error as Error).message).to.match(message);
    });
  }

  it('refuses a folder without notebooks, bytes that are no UTF-8, and a link out of the project', async () => {
    const folder = temporaryProject();
    const other = temporaryProject({ 'b.ipynb': notebookText(['1']) });
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'latin1.ipynb'), Buffer.from([0x22, 0xe9, 0x22]));
    symlinkSync(join(other, 'b.ipynb'), join(folder, 'link.ipynb'));
    for (const [name, message] of [
      ['empty', /0 notebooks found/],
      ['latin1.ipynb', /not UTF-8/],
      ['link.ipynb', /outside of the project/],
    ] as const) {
      const error = await run(folder, {}, [name]).catch((reason: unknown) => reason as Error);
      expect((error as Error).message).to.match(message);
    }
  });

  it('writes nothing outside of the project, whatever links there are', async () => {
    const text = notebookText(['1']);
    const other = temporaryProject({ 'b.ipynb': text, 'notebooks/c.ipynb': text, 'd.ipynb': text });
    const swap = [
      "import fs from 'node:fs';",
      "fs.rmSync('swaps.ipynb');",
      `fs.symlinkSync(${JSON.stringify(join(other, 'd.ipynb'))}, 'swaps.ipynb');`,
      `fs.writeFileSync('swaps.ipynb', \`\${fs.readFileSync("copy.txt")}\`);`,
    ].join('\n');
    const folder = temporaryProject({
      'a.ipynb': text,
      'swaps.ipynb': notebookText([swap]),
      'copy.txt': notebookText([swap]),
    });
    symlinkSync(join(other, 'b.ipynb'), join(folder, 'a.failed.ipynb'));
    symlinkSync(join(other, 'notebooks'), join(folder, 'notebooks'));
    for (const name of ['a.ipynb', 'notebooks', 'notebooks/c.ipynb']) {
      const error = await run(folder, {}, [name]).catch((reason: unknown) => reason as Error);
      expect((error as Error).message, name).to.match(/is a link to .* outside of the project/);
    }
    const { notebooks } = await run(folder, {}, ['swaps.ipynb']);
    expect(notebooks[0]!.problem).to.match(/^it is a link to .*d\.ipynb, outside of the project/);
    expect(readFileSync(join(other, 'd.ipynb'), 'utf8')).to.equal(notebookText([swap]));
    for (const name of ['b.ipynb', 'notebooks/c.ipynb']) {
      expect(readFileSync(join(other, name), 'utf8')).to.equal(text);
    }
    expect(readdirSync(other).sort()).to.deep.equal(['b.ipynb', 'd.ipynb', 'notebooks', 'package.json']);
    const allowed = await run(folder, { output: join(other, 'out.ipynb') }, ['notebooks/c.ipynb']);
    expect(allowed.notebooks[0]!.written).to.equal(join(other, 'out.ipynb'));
  });
});
