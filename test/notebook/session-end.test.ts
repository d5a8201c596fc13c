import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect } from 'chai';

import { Compiler } from '../../src/notebook/compiler.js';
import { defaultLimits, type SessionLimits } from '../../src/notebook/session-limits.js';
import { Session } from '../../src/notebook/session.js';
import { notebookText, temporaryProject } from './notebooks.js';
import { type Cells, result, runCells, stream } from './session-cells.js';

describe('the end of cells and sessions', () => {
  let compiler: Compiler;
  before(() => (compiler = new Compiler(temporaryProject({}))));
  after(() => compiler.close());

  const run = (cells: Cells, limits?: Partial<SessionLimits>) => runCells(compiler, cells, limits);

  for (const [what, source] of [
    ['a loop', 'while (true);'],
    ['a chain of microtasks', 'while (true) await null;'],
    ['a loop in a timer', 'setTimeout(() => { while (true); }, 0); 1'],
  ] as const) {
    it(`ends ${what} that never ends, and keeps what was printed before`, async () => {
      const { failure, outputs } = await run(`console.log('before');\n${source}`, { cellTime: 1500 });
      expect(failure?.name).to.equal('Timeout');
      expect(outputs[0]![0]).to.deep.equal(stream('stdout', 'before\n'));
    });
  }

  it('says in which line a cell was when its time was over', async () => {
    const { failure } = await run('let n = 0;\n\nfunction f(): void {\n  while (true) n++;\n}\nf();', {
      cellTime: 6000,
    });
    expect(failure?.place?.line).to.equal(4);
    expect(failure?.traceback.join('\n')).to.include('> 4 |   while (true) n++;');
  });

  for (const [what, source] of [
    ['a synchronous loop', 'function f(): void {\n  while (true);\n}\nf();'],
    ['a wait', 'await new Promise((resolve) => setTimeout(resolve, 60_000));'],
    ['a loop after a wait', 'await new Promise((resolve) => setTimeout(resolve, 10));\nfor (;;);'],
    ['a loop in microtasks', 'async function f(): Promise<void> {\n  for (;;) await null;\n}\nawait f();'],
  ] as const) {
    it(`can be interrupted in ${what}, and goes on with the names that it had`, async () => {
      const session = new Session(compiler, { ...defaultLimits, cellTime: 20_000 });
      await session.execute({ number: 1, source: 'const kept = 42' });
      setTimeout(() => session.interrupt(), 500);
      const failure = await session.execute({ number: 2, source });
      expect(failure).to.deep.include({ name: 'Interrupted', fatal: false });
      expect(await session.execute({ number: 3, source: 'kept' })).to.equal(undefined);
      expect(session.outputsOf(3)).to.deep.equal([result('42', 3)]);
      session.close();
    });
  }

  it('ends when the front dies, even in a loop', async function () {
    if (process.platform !== 'linux') this.skip();
    const notebook = join(
      temporaryProject({ 'a.ipynb': notebookText(["console.log('begun');\nfor (;;);"]) }),
      'a.ipynb',
    );
    const runner = pathToFileURL('src/notebook/runner.ts').href;
    const script = `import(${JSON.stringify(runner)}).then(({ runNotebooks }) => runNotebooks([${JSON.stringify(notebook)}]))`;
    const front = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: 'ignore' });
    const running = () => sessionsIn(dirname(notebook));
    while (running() === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(running()).to.equal(1);
    front.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(running()).to.equal(0);
  });

  it('ends a cell whose heap grows beyond the limit, without the crash report of V8', async () => {
    const { failure, outputs } = await run(
      'const a: number[][] = []; while (true) a.push(new Array(1000).fill(0.5))',
      { memory: 150 },
    );
    expect(failure?.name).to.equal('MemoryLimit');
    expect(outputs[0]!.map((output) => output.output_type)).to.deep.equal(['error']);
  });

  it('says that and where it cut an output beyond the limit', async () => {
    const { failure, outputs } = await run("while (true) console.log('x'.repeat(99))", { output: 1000 });
    expect(failure?.name).to.equal('OutputLimit');
    expect(failure?.message).to.include('more than 1,000 characters');
    expect(outputs[0]![0]).to.deep.equal(stream('stdout', ('x'.repeat(99) + '\n').repeat(10)));
  });

  it('delivers 100,000 lines complete and in order', async () => {
    const { outputs } = await run('for (let i = 0; i < 100_000; i++) console.log(i)');
    const lines = (outputs[0]![0] as { text: string }).text.split('\n');
    expect(lines).to.deep.equal([...Array.from({ length: 100_000 }, (_, i) => String(i)), '']);
  });

  it('fails the drain for an error that comes after the last cell', async () => {
    const { failure, late } = await run(["setTimeout(() => { throw new Error('late') }, 1300); 1", '2']);
    expect(failure).to.equal(undefined);
    expect(late).to.deep.include({ name: 'Error', message: 'late', cell: 1 });
    expect(late?.traceback.at(-1)).to.include(
      'code of cell 1, which had ended, failed while cell 2 was running',
    );
  });

  for (const [what, source, message] of [
    ['a timer', 'const t = setInterval(() => {}, 100);', /a timer/],
    ['a server', "import net from 'node:net'; const s = net.createServer().listen(0);", /a server/],
    [
      'a child process',
      "import { spawn } from 'node:child_process'; const p = spawn('sleep', ['60']);",
      /a child process/,
    ],
    [
      'a child process that it cut loose',
      "import { spawn } from 'node:child_process'; spawn('sleep', ['60'], { stdio: 'ignore', detached: true }).unref();",
      /A process that the notebook started/,
    ],
  ] as const) {
    it(`fails the drain when the notebook leaves ${what} running`, async () => {
      const { late } = await run(source);
      expect(late?.name).to.equal('LeftRunning');
      expect(late?.message).to.match(message);
    });
  }

  it('fails the drain when a cell has set a bad exit code', async () => {
    expect((await run('process.exitCode = 3;')).late).to.deep.include({ name: 'ExitCode' });
  });
});

/** How many session processes work in a folder. */
function sessionsIn(folder: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('session-process') &&
        readlinkSync(`/proc/${pid}/cwd`) === folder
      );
    } catch {
      return false;
    }
  }).length;
}
