import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { staleness } from '../../src/notebook/execution-record.js';
import { libraryCode, withoutComments } from '../../src/notebook/library-code.js';
import { type CodeCell, readNotebook } from '../../src/notebook/nbformat.js';
import { runNotebooks } from '../../src/notebook/runner.js';
import { notebookText, temporaryProject } from './notebooks.js';

describe('what a notebook says about its last run', () => {
  const modules = { 'b.ts': "export { b } from './c.js';", 'c.ts': 'export const b = 2;' };
  const source = ["import { b } from './b.js'", 'b + 1'];
  let folder: string;
  const path = () => join(folder, 'a.ipynb');
  const read = () => readNotebook(readFileSync(path(), 'utf8'));
  const cell = (notebook: ReturnType<typeof read>, index: number) => notebook.cells[index] as CodeCell;

  before(async () => {
    folder = temporaryProject({
      ...modules,
      'a.ipynb': notebookText(source),
      'old.ipynb': notebookText(source),
    });
    expect((await runNotebooks([path()])).exitCode).to.equal(0);
  });

  it('holds as long as nothing changes, whoever has written the file last', () => {
    expect(staleness(read(), path(), libraryCode())).to.equal(undefined);
    const again = read();
    const result = cell(again, 1).outputs[0] as { data: object; metadata: object };
    cell(again, 1).outputs[0] = { ...result, data: { ...result.data } } as never;
    again.cells.push({ id: 'text', cell_type: 'markdown', metadata: {}, source: 'More prose.' });
    expect(staleness(again, path(), libraryCode())).to.equal(undefined);
  });

  it('does not hold for a cell or an output that was changed by hand', () => {
    const reason = 'its cells or their outputs were changed after it was executed';
    const [edited, tampered] = [read(), read()];
    cell(edited, 1).source = 'b + 2';
    (cell(tampered, 1).outputs[0] as { data: Record<string, string> }).data['text/plain'] = '4';
    expect(staleness(edited, path(), libraryCode())).to.equal(reason);
    expect(staleness(tampered, path(), libraryCode())).to.equal(reason);
  });

  it('does not hold after a change of a module that its modules import, or of the library', () => {
    expect(staleness(read(), path(), 'another')).to.equal('the library was changed after it was executed');
    writeFileSync(join(folder, 'c.ts'), 'export const b = 3;');
    expect(staleness(read(), path(), libraryCode())).to.equal(
      'a file that it names was changed after it was executed',
    );
    writeFileSync(join(folder, 'c.ts'), modules['c.ts']);
  });

  it('is missed where no run has left it', () => {
    const old = join(folder, 'old.ipynb');
    expect(staleness(readNotebook(readFileSync(old, 'utf8')), old, libraryCode())).to.equal(
      'it does not say with which code it was executed',
    );
  });
});

describe('the code of the library', () => {
  it('is other code after any change but that of a comment, of a command or of the report', () => {
    const folder = temporaryProject({ 'package.json': '{"dependencies":{"katex":"1.0.0"}}' });
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    mkdirSync(join(folder, 'dist/report'), { recursive: true });
    write('dist/a.js', '/** One. */\nexport const a = 1;\n');
    const before = libraryCode(folder);
    write('dist/a.js', '/**\n * One,\n * in words.\n */\nexport const a = 1;\n// end\n');
    write('dist/cli.js', '1;');
    write('dist/run-command.js', '1;');
    write('dist/report/html.js', '1;');
    expect(libraryCode(folder)).to.equal(before);
    write('dist/b.js', '');
    expect(libraryCode(folder)).not.to.equal(before);
    write('dist/a.js', 'export const a = 2;\n');
    const changed = libraryCode(folder);
    write('package.json', '{"dependencies":{"katex":"1.0.1"}}');
    expect(libraryCode(folder)).not.to.equal(changed);
  });

  it('keeps everything where a text may go over several lines', () => {
    expect(withoutComments('// one\nconst a = `x`; // two\n')).to.equal('const a = `x`; // two\n');
    for (const text of ['const a = `\n// no comment\n`;\n', 'const a = `${`\n// no comment\n`}`;\n'])
      expect(withoutComments(text)).to.equal(text);
  });

  it('cannot be told before the library is compiled', () => {
    expect(() => libraryCode(temporaryProject())).to.throw(
      'the library is not compiled: run "npm run build"',
    );
  });
});
