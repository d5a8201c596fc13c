import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { checkCommand } from '../../src/notebook/check-command.js';
import { runCommand } from '../../src/notebook/run-command.js';
import { notebookText, temporaryProject } from './notebooks.js';

describe('the commands run and check', () => {
  const folder = temporaryProject({
    'good.ipynb': notebookText(['1 + 1']),
    'bad.ipynb': notebookText(['const a = 1;', "\nthrow new Error('x');"]),
    'broken.ipynb': '{',
  });
  const path = (name: string) => join(folder, name);

  /** What a command prints, and its exit code. */
  async function output(command: () => Promise<number>): Promise<{ code: number; out: string; err: string }> {
    const texts = { out: '', err: '' };
    const { stdout, stderr } = process;
    const restore = [stdout, stderr].map((stream) => {
      const write = stream.write.bind(stream);
      return () => (stream.write = write);
    });
    stdout.write = (text) => ((texts.out += String(text)), true);
    stderr.write = (text) => ((texts.err += String(text)), true);
    try {
      return { code: await command(), ...texts };
    } finally {
      restore.forEach((put) => put());
    }
  }

  it('exits with 0 when every cell succeeds', async () => {
    const { code, out, err } = await output(() => runCommand([path('good.ipynb')]));
    expect([code, out]).to.deep.equal([0, '']);
    expect(err).to.match(/✓ .*good\.ipynb passed \(1 cell, [\d.]+ s\)\n1 of 1 notebooks passed\n$/);
  });

  it('exits with 1 when a cell fails, and says which one, where and why', async () => {
    const { code, err } = await output(() => runCommand([path('bad.ipynb')]));
    expect(code).to.equal(1);
    expect(err).to.include('bad.ipynb, code cell 2 (id cell-2), line 2, column 7:\nError: x\n');
    expect(err).to.include("> 2 | throw new Error('x');");
    expect(err).to.include('bad.failed.ipynb');
  });

  it('prints the results as JSON when asked', async () => {
    const { out } = await output(() => runCommand(['--json', path('bad.ipynb')]));
    const { notebooks, exitCode } = JSON.parse(out) as {
      notebooks: { failures: object[] }[];
      exitCode: number;
    };
    expect(exitCode).to.equal(1);
    expect(notebooks[0]!.failures[0]).to.deep.include({
      name: 'Error',
      message: 'x',
      cell: 2,
      place: { line: 2, column: 7 },
    });
  });

  for (const [args, message] of [
    [['none.ipynb'], /gradbook run: none\.ipynb: there is no such file/],
    [[path('broken.ipynb')], /broken\.ipynb: not JSON/],
    [['--timeout', 'soon'], /--timeout must be a positive number, but is "soon"/],
    [['--timeout', '-1'], /--timeout/],
    [['--jobs', '0'], /--jobs must be a positive number/],
    [['--no-such-flag'], /Unknown option '--no-such-flag'[^]*Usage: gradbook run/],
    [['--inplace', '--output', 'x', path('good.ipynb')], /exclude each other/],
    [['--output', 'x.ipynb', path('good.ipynb'), path('bad.ipynb')], /2 notebooks cannot go to one file/],
    [['-p', 'a', '1', path('good.ipynb')], /say by --output/],
    [['--blas', path('good.ipynb')], /OpenBLAS .*say by --output/],
  ] as const) {
    it(`exits with 2 for run ${args.map((arg) => arg.replace(folder, '')).join(' ')}`, async () => {
      const { code, out, err } = await output(() => runCommand([...args]));
      expect([code, out]).to.deep.equal([2, '']);
      expect(err).to.match(message);
    });
  }

  it('ends at Ctrl-C with the processes that it started, and says how to go on', async () => {
    const folder = temporaryProject({
      'a.ipynb': notebookText([
        "import fs from 'node:fs';\nfs.writeFileSync('pid', String(process.pid));\nwhile (true);",
      ]),
    });
    const command = spawn(process.execPath, [
      '--import',
      'tsx',
      'src/cli.ts',
      'run',
      join(folder, 'a.ipynb'),
    ]);
    let told = '';
    command.stderr.on('data', (text) => (told += String(text)));
    const ended = new Promise((resolve) => command.on('exit', resolve));
    while (!existsSync(join(folder, 'pid'))) await new Promise((resolve) => setTimeout(resolve, 50));
    command.kill('SIGINT');
    expect(await ended).to.equal(1);
    expect(told).to.match(/Interrupted\. To go on: gradbook run .*a\.ipynb/);
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).to.throw('ESRCH');
    expect(readdirSync(folder).sort()).to.deep.equal(['a.ipynb', 'package.json', 'pid']);
  });

  it('explain themselves', async () => {
    expect((await output(() => runCommand(['--help']))).out).to.match(/^Usage: gradbook run/);
    expect((await output(() => checkCommand(['-h']))).out).to.match(/^Usage: gradbook check/);
  });

  it('check exits with 1 when it finds something, 2 when it cannot look', async () => {
    const found = await output(() => checkCommand([path('bad.ipynb')]));
    expect(found.code).to.equal(1);
    expect(found.out).to.match(/bad\.ipynb: it was not executed/);
    const broken = await output(() => checkCommand([path('broken.ipynb')]));
    expect([broken.code, broken.out]).to.satisfy(
      ([code, out]: [number, string]) => code === 1 && /not JSON/.test(out),
    );
    expect((await output(() => checkCommand([path('none.ipynb')]))).code).to.equal(2);
    expect((await output(() => checkCommand(['--no']))).code).to.equal(2);
  });
});
