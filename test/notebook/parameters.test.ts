import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { Compiler } from '../../src/notebook/compiler.js';
import { readNotebook, type Notebook } from '../../src/notebook/nbformat.js';
import { takeParameters } from '../../src/notebook/parameter-flags.js';
import { injectParameters, type ParameterValue } from '../../src/notebook/parameters.js';
import { runNotebooks } from '../../src/notebook/runner.js';
import { notebookText, temporaryProject } from './notebooks.js';

describe('parameters', () => {
  let compiler: Compiler;
  before(() => (compiler = new Compiler(temporaryProject())));
  after(() => compiler.close());

  const declaration = [
    'const epochs = 20;',
    "let rate: number = 0.1, name = 'run';",
    "const mode: 'fast' | 'slow' = 'fast';",
    'const sizes: number[] = [8];',
    'const options: Options = { deep: true };',
    'const verbose = false;',
    'const count = 10n;',
    'const point = { x: 1, y: 2 };',
  ].join('\n');
  const notebook = readNotebook(
    notebookText(['interface Options { deep: boolean }', [declaration, { tags: ['parameters'] }], 'epochs']),
  );
  const inject = (values: readonly ParameterValue[], into: Notebook = notebook) =>
    injectParameters('a.ipynb', into, values, compiler);
  const text = (name: string, value: string): ParameterValue => ({ name, value, fromText: true });

  for (const [name, value, source] of [
    ['epochs', '5', 'const epochs: number = 5;'],
    ['rate', '1e-3', 'let rate: number = 0.001;'],
    ['name', '5', 'let name: string = "5";'],
    ['name', 'a "b"', 'let name: string = "a \\"b\\"";'],
    ['mode', 'slow', `const mode: 'fast' | 'slow' = "slow";`],
    ['sizes', '[8, 4]', 'const sizes: number[] = [8,4];'],
    ['options', '{"deep": false}', 'const options: Options = {"deep":false};'],
    ['verbose', 'true', 'const verbose: boolean = true;'],
    ['count', '12345678901234567890', 'const count: bigint = 12345678901234567890n;'],
    ['count', '-5n', 'const count: bigint = -5n;'],
    ['point', '{"x": 3, "y": 4}', 'const point: { x: number; y: number; } = {"x":3,"y":4};'],
    ['name', '007', 'let name: string = "007";'],
  ] as const) {
    it(`reads ${value} for ${name} as its type says: ${source}`, async () => {
      const { cells } = await inject([text(name, value)]);
      expect(cells.map(({ id }) => id)).to.deep.equal(['cell-1', 'cell-2', 'injected-parameters', 'cell-3']);
      expect(cells[2]!.source).to.equal(source);
      expect(cells[2]!.metadata).to.deep.equal({ tags: ['injected-parameters'] });
    });
  }

  it('replaces the cell of an earlier injection and leaves the given notebook alone', async () => {
    const once = await inject([text('epochs', '5')]);
    const twice = await inject([text('epochs', '6')], once);
    expect(twice.cells.map(({ source }) => source)[2]).to.equal('const epochs: number = 6;');
    expect(twice.cells).to.have.length(4);
    expect(notebook.cells).to.have.length(3);
  });

  for (const [what, value, message] of [
    ['a text for a number', text('epochs', 'many'), /epochs: number cannot be "many": TS2322: Type 'string'/],
    ['a number for a choice', text('mode', '3'), /mode: 'fast' \| 'slow' cannot be "3": TS2322/],
    ['a wrong element', text('sizes', '["a"]'), /sizes: number\[\] cannot be/],
    [
      'a number from a file for a text',
      { name: 'name', value: 5, fromText: false },
      /name: string cannot be 5: TS2322/,
    ],
    ['an unknown name', text('epoch', '5'), /no parameter "epoch"\. There are epochs: number, rate: number/],
    ['an integer that no number holds', text('epochs', '12345678901234567890'), /epochs: number cannot be/],
    ['a number that is too large', text('rate', '1e999'), /rate: number cannot be "1e999"/],
    ['a name of another cell', text('Options', '5'), /no parameter "Options"/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const error = await inject([value]).catch((reason: unknown) => reason as Error);
      expect(error).to.have.property('name', 'UsageError');
      expect((error as Error).message).to.match(message);
    });
  }

  it('refuses a notebook that takes no parameters', async () => {
    const none = readNotebook(notebookText(['1']));
    const error = await inject([text('a', '1')], none).catch((reason: unknown) => reason as Error);
    expect((error as Error).message).to.match(/no cell has the tag "parameters"/);
  });

  it('takes them from the command line and from JSON and YAML files, the last one counting', async () => {
    const folder = temporaryProject({ 'p.yaml': 'rate: 0.5\nmode: slow\n', 'p.json': '{"epochs": 3}' });
    const args = [
      '-p',
      'rate',
      '1',
      'a.ipynb',
      '-f',
      join(folder, 'p.yaml'),
      '-f',
      join(folder, 'p.json'),
      '--json',
    ];
    const { parameters, rest } = await takeParameters(args);
    expect(rest).to.deep.equal(['a.ipynb', '--json']);
    expect(parameters.map(({ name, value }) => [name, value])).to.deep.equal([
      ['rate', 0.5],
      ['mode', 'slow'],
      ['epochs', 3],
    ]);
  });

  it('takes --full as the parameter of that name', async () => {
    const { parameters, rest } = await takeParameters(['--full', 'a.ipynb']);
    expect(rest).to.deep.equal(['a.ipynb']);
    expect(parameters).to.deep.equal([{ name: 'full', value: true, fromText: false }]);
  });

  for (const [args, message] of [
    [['-p', 'a'], /-p needs a name and a value/],
    [['-f'], /-f needs a JSON or YAML file/],
    [['-f', 'none.json'], /none\.json: the parameters cannot be read/],
  ] as const) {
    it(`refuses ${args.join(' ')}`, async () => {
      const error = await takeParameters(args).catch((reason: unknown) => reason as Error);
      expect((error as Error).message).to.match(message);
    });
  }

  it('reach the cells of a run, which must be written elsewhere', async () => {
    const folder = temporaryProject();
    const path = join(folder, 'a.ipynb');
    writeFileSync(path, notebookText([['let rate = 0.1', { tags: ['parameters'] }], 'rate * 2']));
    const parameters = [text('rate', '4')];
    const error = await runNotebooks([path], { parameters }).catch((reason: unknown) => reason as Error);
    expect((error as Error).message).to.match(/say by --output/);
    const output = join(folder, 'out.ipynb');
    expect((await runNotebooks([path], { parameters, output })).exitCode).to.equal(0);
    expect(JSON.stringify(readNotebook(readFileSync(output, 'utf8')).cells.at(-1))).to.include(
      '"text/plain":"8"',
    );
  });
});
