import { expect } from 'chai';
import { extractSymbol } from '../../src/notebook/listing.js';

describe('extractSymbol', () => {
  const source = [
    "import { x } from './x.js';",
    '',
    '/** The rectifier. */',
    'export const relu = defineOp({',
    "  name: 'relu',",
    '',
    '  backward: () => ({',
    '    X: 1,',
    '  }),',
    '});',
    '',
    'export const reluLike = 1;',
    'function helper(): void {}',
    '/** A network. */',
    'export class Net',
    '  extends Module {',
    '  layers = [];',
    '}',
  ].join('\n');

  it('takes a declaration with its docstring and knows its line', () => {
    const extract = extractSymbol(source, 'relu')!;
    expect(extract.firstLine).to.equal(3);
    expect(extract.code.split('\n')).to.have.length(8);
    expect(extract.code).to.match(/^\/\*\* The rectifier\. \*\/\nexport const relu[\s\S]*\n}\);$/);
  });

  it('takes declarations of one line and of classes', () => {
    expect(extractSymbol(source, 'reluLike')!.code).to.equal('export const reluLike = 1;');
    expect(extractSymbol(source, 'Net')!.code).to.match(
      /^\/\*\* A network\. \*\/\nexport class Net[\s\S]*\n}$/,
    );
  });

  it('knows no symbol that is not declared at the margin', () => {
    expect(extractSymbol(source, 'layers')).to.equal(undefined);
  });
});
