import { expect } from 'chai';
import { librarySource } from '../../src/notebook/library-source.js';

describe('the source of a declaration', () => {
  const path = 'src/kernels/assembly/binary.ts';

  it('is taken from the file as it stands, with its docstring', () => {
    const source = librarySource(path, 'add');
    const { code } = source;
    expect(code).to.match(/^\/\*\* x \+ y.*\nexport function add<T>\(.*\{\n[^]*\n\}$/);
    expect(source.display()['text/markdown']).to.equal(`\`${path}\`:\n\n\`\`\`ts\n${code}\n\`\`\``);
  });

  it('names what the file declares when the name is wrong', () => {
    expect(() => librarySource(path, 'addition')).to.throw(/declares no addition; it declares add, subtract/);
  });

  it('refuses what is no source file of the library', () => {
    for (const other of ['src/none.ts', '../package.json', 'package.json', 'src/../package.json']) {
      expect(() => librarySource(other, 'add'), other).to.throw(/is no source file of the library/);
    }
  });
});
