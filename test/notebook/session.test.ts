import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect } from 'chai';

import type { CellFailure } from '../../src/notebook/cell-failure.js';
import { Compiler } from '../../src/notebook/compiler.js';
import type { Output } from '../../src/notebook/nbformat.js';
import { defaultLimits, type SessionLimits } from '../../src/notebook/session-limits.js';
import { Session } from '../../src/notebook/session.js';
import { notebookText, temporaryProject } from './notebooks.js';

describe('a session', () => {
  let compiler: Compiler;
  before(() => (compiler = new Compiler(temporaryProject({ 'local.ts': localFile }))));
  after(() => compiler.close());

  async function run(cells: string | readonly string[], limits: Partial<SessionLimits> = {}) {
    const sources = typeof cells === 'string' ? [cells] : cells;
    const session = new Session(compiler, { ...defaultLimits, cellTime: 20_000, drainTime: 1500, ...limits });
    const failures: (CellFailure | undefined)[] = [];
    for (const [index, source] of sources.entries()) {
      failures.push(await session.execute({ number: index + 1, source }));
      if (failures.at(-1)?.fatal) break;
    }
    const late = failures.some((failure) => failure?.fatal) ? undefined : await session.drain();
    const outputs = sources.map((_, index) => session.outputsOf(index + 1));
    session.close();
    return { failures, late, outputs, failure: failures.find((failure) => failure) };
  }

  const stream = (name: 'stdout' | 'stderr', text: string): Output => ({ output_type: 'stream', name, text });
  const result = (text: string, count = 1): Output => ({
    output_type: 'execute_result',
    execution_count: count,
    data: { 'text/plain': text },
    metadata: {},
  });

  const good: [string, string | readonly string[], Output[][]][] = [
    ['returns the last value', '1 + 1', [[result('2')]]],
    ['returns falsy values', ['0', "''", 'false'], [[result('0')], [result("''", 2)], [result('false', 3)]]],
    ['returns nothing for null and undefined', ['null', 'undefined', 'let a = 1;'], [[], [], []]],
    ['keeps names from cell to cell', ['let a = 1', 'a += 1', 'a'], [[], [result('2', 2)], [result('2', 3)]]],
    [
      'finds names of earlier cells in the shorthand of an object, and leaves own ones alone',
      ['const a = 1, b = 2', 'const f = (b: number) => ({ a, b }); JSON.stringify([{ a, b }, f(3)])'],
      [[], [result(`'[{"a":1,"b":2},{"a":1,"b":3}]'`, 2)]],
    ],
    [
      'lets a cell declare a name again with another type',
      ['const a = 1', 'const a = "x"; a'],
      [[], [result("'x'", 2)]],
    ],
    ['runs top-level await', 'const v = await Promise.resolve(3); v', [[result('3')]]],
    [
      'runs top-level for await',
      'for await (const v of [1, 2]) console.log(v)',
      [[stream('stdout', '1\n2\n')]],
    ],
    [
      'keeps the order of the two streams and merges neighbours',
      'console.log(1); console.log(2); console.error(3); console.log(4)',
      [[stream('stdout', '1\n2\n'), stream('stderr', '3\n'), stream('stdout', '4\n')]],
    ],
    [
      'puts the output of a synchronous child process in its place',
      "import { execSync } from 'node:child_process';\nconsole.log(1); execSync('echo 2', { stdio: 'inherit' }); console.log(3)",
      [[stream('stdout', '1\n2\n3\n')]],
    ],
    [
      'joins a character that is written in two halves',
      'process.stdout.write(new Uint8Array([0xc3])); process.stdout.write(new Uint8Array([0xa9])); 0',
      [[stream('stdout', 'é'), result('0')]],
    ],
    [
      'keeps output that a cell tries to swallow',
      "process.stdout.write = () => true; console.log('kept')",
      [[stream('stdout', 'kept\n')]],
    ],
    ['imports a local file', "import { double } from './local'; double(2)", [[result('4')]]],
    [
      'gives the output of a timer to the cell that set it',
      'const t = setTimeout(() => console.log(1), 20);',
      [[stream('stdout', '1\n')]],
    ],
    [
      'shows a last value that has display()',
      "({ display: async () => ({ 'text/plain': 'p', 'text/markdown': '**p**' }) })",
      [
        [
          {
            output_type: 'execute_result',
            execution_count: 1,
            data: { 'text/plain': 'p', 'text/markdown': '**p**' },
            metadata: {},
          },
        ],
      ],
    ],
    [
      "shows what tslab's own display functions get",
      "import * as tslab from 'tslab'; tslab.display.html('<b>x</b>')",
      [[{ output_type: 'display_data', data: { 'text/html': '<b>x</b>' }, metadata: {} }]],
    ],
    [
      'prints warnings without the process id',
      "process.emitWarning('careful')",
      [[stream('stderr', 'Warning: careful\n')]],
    ],
  ];
  for (const [title, cells, outputs] of good) {
    it(title, async () => {
      const outcome = await run(cells);
      expect(outcome.failure, outcome.failure?.traceback.join('\n')).to.equal(undefined);
      expect(outcome.late).to.equal(undefined);
      expect(outcome.outputs).to.deep.equal(outputs);
    });
  }

  const bad: [string, string, { name: string; message?: RegExp; line?: number; column?: number }][] = [
    [
      'throws',
      "\n// c\ntype T = 1;\n\n  throw new RangeError('x');",
      { name: 'RangeError', message: /^x$/, line: 5, column: 9 },
    ],
    ['throws after an await', "await null;\nthrow new Error('x')", { name: 'Error', line: 2, column: 7 }],
    ['throws what is no error', "throw 'x'", { name: 'Thrown', message: /'x' \(not an Error\)/ }],
    [
      'rejects in the background',
      "Promise.reject(new Error('x')); 1",
      { name: 'Error', line: 1, column: 16 },
    ],
    [
      'throws in a timer',
      "setTimeout(() => { throw new Error('x') }, 10); 1",
      { name: 'Error', line: 1, column: 26 },
    ],
    [
      'throws in a timer while it awaits for ever',
      "setTimeout(() => { throw new Error('x') }, 10); await new Promise(() => {})",
      { name: 'Error' },
    ],
    ['does not type-check', 'const a = 1;\nconst b: string = a;', { name: 'TS2322', line: 2, column: 7 }],
    ['has a syntax error', 'let x = ;', { name: 'TS1109', line: 1, column: 9 }],
    ['throws in a local file', "import { boom } from './local';\nboom()", { name: 'Error', line: 2 }],
    [
      'throws while its value is shown',
      '({ display() { throw new Error("no") } })',
      { name: 'Error', line: 1, column: 22 },
    ],
    [
      'shows a broken image',
      "({ display: () => ({ 'image/png': 'no base64!' }) })",
      { name: 'TypeError', message: /base64 for image\/png/ },
    ],
    ['recurses without end', 'function f(): number { return 1 + f() }\nf()', { name: 'RangeError', line: 1 }],
    [
      'exits',
      'const n = 0;\nprocess.exit(n)',
      { name: 'ProcessExit', message: /process\.exit\(0\)/, line: 2, column: 9 },
    ],
    [
      'kills its process',
      "process.kill(process.pid, 'SIGKILL'); await new Promise((r) => setTimeout(r, 5000))",
      { name: 'ProcessExit', message: /SIGKILL/ },
    ],
    ['waits for what never comes', 'await new Promise(() => {})', { name: 'NeverSettles' }],
    [
      'writes bytes that are no text',
      'process.stdout.write(new Uint8Array([255, 254]))',
      { name: 'TypeError', message: /not UTF-8/ },
    ],
    [
      'ends in half a character',
      'process.stdout.write(new Uint8Array([0xc3])); 0',
      { name: 'TypeError', message: /not UTF-8/ },
    ],
    ['closes stdout', "import fs from 'node:fs';\nfs.closeSync(1)", { name: 'OutputLost' }],
    [
      'closes the descriptor of the session',
      "import fs from 'node:fs';\nfs.closeSync(3); console.log(1)",
      { name: 'OutputLost' },
    ],
    [
      'writes to the descriptor of the session',
      'import fs from \'node:fs\';\nfs.writeSync(3, \'{"type":"done","cell":1}\\n\')',
      { name: 'OutputLost' },
    ],
  ];
  for (const [what, source, expected] of bad) {
    it(`fails a cell that ${what}`, async () => {
      const { failure, outputs } = await run(source);
      expect(failure?.name).to.equal(expected.name);
      if (expected.message) expect(failure?.message).to.match(expected.message);
      if (expected.line) expect(failure?.place?.line).to.equal(expected.line);
      if (expected.column) expect(failure?.place?.column).to.equal(expected.column);
      expect(outputs[0]!.at(-1)).to.deep.include({ output_type: 'error', ename: expected.name });
    });
  }

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

  it('prints stacks with the lines of the cell and without our own frames', async () => {
    const { outputs } = await run("\nconsole.log((new Error('e')).stack)");
    expect(outputs[0]).to.deep.equal([stream('stdout', 'Error: e\n    at cell 1:2:14\n')]);
  });

  it('shows the cause of an error and folds library frames', async () => {
    const source =
      "import fs from 'node:fs';\ntry { fs.readFileSync('none') } catch (cause) {\n  throw new Error('outer', { cause });\n}";
    const { failure } = await run(source);
    expect(failure?.traceback[0]).to.equal('Error: outer');
    expect(failure?.traceback.some((line) => line.startsWith('caused by Error: ENOENT'))).to.equal(true);
    expect(failure?.traceback.filter((line) => line.startsWith('    at'))).to.deep.equal([
      '    at cell 1:3:9',
      '    at cell 1:2:10',
    ]);
  });

  it('runs the cells after a failing one, which forgets only its own names', async () => {
    const { failures, outputs } = await run(['const a = 1', 'const b = 2; throw new Error()', 'a', 'b']);
    expect(failures.map((failure) => failure?.name)).to.deep.equal([undefined, 'Error', undefined, 'TS2304']);
    expect(outputs[2]).to.deep.equal([result('1', 3)]);
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

const localFile = [
  'interface Unused { a: number }',
  'export function double(x: number): number { return 2 * x; }',
  '',
  "export function boom(): never { throw new Error('boom'); }",
].join('\n');
