import { expect } from 'chai';

import { moduleCellPositions } from '../../src/notebook/positions.js';
import { createCellCompiler, type CellCompiler } from '../../src/notebook/tslab-adapter.js';

describe("what we rely on of tslab's insides", () => {
  let compiler: CellCompiler;
  before(() => (compiler = createCellCompiler()));

  it('converts a cell to a program that exports its names, and declares them for the next cell', () => {
    const cell = compiler.compile('const a: number = 1', '');
    expect(cell.diagnostics).to.deep.equal([]);
    expect(cell.program?.code).to.include('exports.a = a');
    expect(cell.declarations).to.include('declare const a: number');
    expect(compiler.compile('a + 1', cell.declarations).diagnostics).to.deep.equal([]);
  });

  it('names the variable that holds the last expression', () => {
    const cell = compiler.compile('1 + 1', '');
    expect(cell.program?.code).to.include(`exports.${cell.lastExpression} = 1 + 1`);
    expect(compiler.compile('let b = 1', '').lastExpression).to.equal(undefined);
  });

  for (const [source, code, line, character] of [
    ['const a: string = 1', 2322, 0, 6],
    ['// one\n\nlet x = ;', 1109, 2, 8],
    ["import { x } from './missing'", 2307, 0, 18],
    ['function f(x) { return x }', 7006, 0, 11],
    ['let t: string | undefined;\nt.length', 18048, 1, 0],
  ] as const) {
    it(`reports TS${code} for ${JSON.stringify(source)} at line ${line + 1} of the cell`, () => {
      const [diagnostic] = compiler.compile(source, '').diagnostics;
      expect(diagnostic).to.deep.include({ code, start: { ...diagnostic!.start, line, character } });
    });
  }

  it('joins the explanation of a type error to one message', () => {
    const source = 'const f: (x: { a: { b: number } }) => void = (x: { a: { b: string } }) => {}';
    const { diagnostics } = compiler.compile(source, '');
    expect(diagnostics).to.have.length(1);
    expect(diagnostics[0]!.message.split('\n').length).to.be.above(1);
  });

  for (const source of [
    'await Promise.resolve(1)',
    'await (async () => 5)()',
    'const x = await [1]',
    'for await (const x of [1]) x',
    'if (true) { await null }',
  ]) {
    it(`knows that ${JSON.stringify(source)} awaits at top level`, () => {
      const cell = compiler.compile(source, '');
      expect(cell.diagnostics).to.deep.equal([]);
      expect(cell.awaits).to.equal(true);
    });
  }

  for (const source of [
    'const f = async () => { await (async () => 1)() }',
    '// await (1)',
    'const s = "await (x)"',
  ]) {
    it(`knows that ${JSON.stringify(source)} does not await at top level`, () => {
      expect(compiler.compile(source, '').awaits).to.equal(false);
    });
  }

  it('keeps source maps that lead to the line and column in the cell', () => {
    const source = [
      'interface A {',
      '  x: number;',
      '}',
      '',
      '// a comment',
      "import { join } from 'node:path';",
      'type T = A;',
      '',
      "const t: T = { x: 1 }; throw new Error(join('a', String(t.x)));",
    ].join('\n');
    const cell = compiler.compile(source, '');
    const lines = cell.program!.code.split('\n');
    const line = lines.findIndex((text) => text.includes('throw'));
    const column = lines[line]!.indexOf('new Error');
    const positions = moduleCellPositions(cell.program!);
    expect(positions.original({ line: line + 1, column: column + 1 })).to.deep.equal({ line: 9, column: 30 });
  });
});
