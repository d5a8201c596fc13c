import { expect } from 'chai';

import { Compiler } from '../../src/notebook/compiler.js';
import type { Output } from '../../src/notebook/nbformat.js';
import { temporaryProject } from './notebooks.js';
import { type Cells, localFile, result, runCells, stream } from './session-cells.js';

describe('a session', () => {
  let compiler: Compiler;
  before(() => (compiler = new Compiler(temporaryProject({ 'local.ts': localFile }))));
  after(() => compiler.close());

  const run = (cells: Cells) => runCells(compiler, cells);

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
