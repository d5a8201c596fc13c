import { join } from 'node:path';

import { expect } from 'chai';

import { checkNotebooks, type Finding } from '../../src/notebook/check.js';
import { notebookText, temporaryProject } from './notebooks.js';

describe('the check of notebooks', () => {
  interface Executed {
    execution_count: number | null;
    outputs: object[];
    metadata: object;
  }
  /** A notebook as if it had been executed in order. */
  const executed = (
    cells: Parameters<typeof notebookText>[0],
    change: (cells: Executed[]) => void = () => undefined,
  ): string => {
    const notebook = JSON.parse(notebookText(cells)) as { cells: Executed[] };
    notebook.cells.forEach((cell, index) => (cell.execution_count = index + 1));
    change(notebook.cells);
    return JSON.stringify(notebook);
  };
  const output = (data: object, gradbook?: object) => ({
    output_type: 'display_data',
    data,
    metadata: gradbook ? { gradbook } : {},
  });
  const text = (value: string) => ({ output_type: 'stream', name: 'stdout', text: value });
  const picture = { 'image/svg+xml': '<svg/>', 'text/plain': 'a curve' };
  const named = { label: 'fig-a', caption: '', alt: 'a curve', kind: 'figure' };

  const sources: [string, Parameters<typeof notebookText>[0], [number, number, RegExp][]][] = [
    ['nothing in a good notebook', ['const a = 1;', 'a + 1'], []],
    [
      'a name that only a later cell defines',
      ['later;', 'const later = 1;'],
      [[1, 1, /uses "later", which only code cell 2 defines/]],
    ],
    [
      'a name that no cell defines',
      ['const a = 1;', '\nnowhere;'],
      [[2, 2, /TS2304: Cannot find name 'nowhere'/]],
    ],
    ['a type error', ["const a: number = '';"], [[1, 1, /TS2322/]]],
    ['no type error that is declared', [["const a: number = '';", { tags: ['raises-exception'] }]], []],
    [
      'a show that nobody awaits',
      ['async function show(x: number): Promise<void> {}', 'show(1);\nvoid show(2);\nawait show(3);'],
      [
        [2, 1, /nobody awaits show\(1\)/],
        [2, 2, /nobody awaits show\(2\)/],
      ],
    ],
    [
      'a show whose promise is kept and never read, chained, listed, or given to a caller that ignores it',
      [
        'async function show(x: number): Promise<void> {}\nconst g = { show }, numbers = [1], yes = numbers.length > 0;',
        'const kept = show(1);\nlet later: Promise<void>;\nlater = show(2);\nyes && show(3);\nyes ? await show(4) : show(5);',
        'numbers.map((n) => show(n));\nnumbers.forEach((n) => show(n));\nnumbers.forEach(async (n) => { await show(n); });',
        'setTimeout(() => show(1), 5);\nvoid g.show(2);\nshow(3), await show(4);',
      ],
      [
        [2, 1, /nobody awaits show\(1\)/],
        [2, 3, /nobody awaits show\(2\)/],
        [2, 4, /nobody awaits show\(3\)/],
        [2, 5, /nobody awaits show\(5\)/],
        [3, 1, /nobody awaits numbers\.map.*Promise\.all/],
        [3, 2, /forEach does not await its callback: use for/],
        [3, 3, /forEach does not await/],
        [4, 1, /setTimeout does not await its callback: show in the cell/],
        [4, 2, /nobody awaits g\.show\(2\)/],
        [4, 3, /nobody awaits show\(3\)/],
      ],
    ],
    [
      'no show that is awaited in any way',
      [
        'async function show(x: number): Promise<void> {}\nconst numbers = [1], yes = numbers.length > 0;',
        'await Promise.all(numbers.map((n) => show(n)));\nconst p = show(1);\nawait p;\nyes || (await show(2));',
        'const all = [show(1)];\nawait Promise.all(all);\nasync function both() { await show(1); return show(2); }\nawait both();',
      ],
      [],
    ],
    [
      'any promise that nobody awaits',
      ['const p = Promise.resolve(1);\np.then((x) => x);'],
      [[1, 2, /nobody awaits p\.then/]],
    ],
    [
      'no promise that is kept or thrown away on purpose',
      ['const p = Promise.resolve(1);\nvoid p.then((x) => x);'],
      [],
    ],
    [
      'a long loop that assigns a top-level name',
      ['let sum = 0;', 'for (let i = 0; i < 1_000_000; i++) {\n  sum += i;\n}'],
      [[2, 1, /the loop assigns the top-level name "sum"/]],
    ],
    [
      'a loop without a known end',
      ['let n = 27;\nwhile (n !== 1) n = n % 2 === 0 ? n / 2 : 3 * n + 1;'],
      [[1, 2, /top-level name "n"/]],
    ],
    [
      'a loop over what may be long',
      [
        'const data = Array.from({ length: 1e6 }, (_, i) => i);\nlet sum = 0;\nfor (const x of data) sum += x;',
      ],
      [[1, 3, /top-level name "sum"/]],
    ],
    ['no loop over a short list', ['let sum = 0;\nfor (const x of [1, 2]) sum += x;'], []],
    ['no short loop', ['let sum = 0;\nfor (let i = 0; i < 100; i++) sum += i;'], []],
    ['no loop in a function', ['let sum = 0;\nfunction f() { for (let i = 0; i < 1e9; i++) sum += i; }'], []],
    ['no loop over names of its own', ['for (let i = 0, sum = 0; i < 1e9; i++) sum += i;'], []],
    [
      'no loop that waits',
      ['let sum = 0;\nfor (let i = 0; i < 1e9; i++) sum += await Promise.resolve(i);'],
      [],
    ],
  ];
  const files: [string, (cells: Executed[]) => void, RegExp | undefined][] = [
    [
      'cells that were executed out of order',
      (cells) => (cells[1]!.execution_count = 7),
      /code cell 2 was executed as number 7/,
    ],
    [
      'a cell that was not executed',
      (cells) => (cells[1]!.execution_count = null),
      /code cell 2 was not executed/,
    ],
    [
      'a notebook that was not executed',
      (cells) => cells.forEach((cell) => (cell.execution_count = null)),
      /it was not executed: gradbook run/,
    ],
    [
      'a time',
      (cells) => cells[0]!.outputs.push(text('at 2024-05-01T12:30:00Z')),
      /holds a time \(2024-05-01T12:30:00\)/,
    ],
    [
      'an absolute path',
      (cells) => cells[0]!.outputs.push(text('in /home/me/x')),
      /holds an absolute path \(\/home\/me\)/,
    ],
    [
      'a time in words',
      (cells) => cells[0]!.outputs.push(text('Wed May 01 2024 12:30:00 GMT+0000')),
      /a time \(Wed May 01 2024 12:30:00\)/,
    ],
    [
      'a time as a browser writes it',
      (cells) => cells[0]!.outputs.push(text('5/1/2024, 12:30:00 PM')),
      /a time \(5\/1\/2024, 12:30:00\)/,
    ],
    ['a path of Windows', (cells) => cells[0]!.outputs.push(text('in D:\\runs\\x')), /path \(D:\\runs\)/],
    [
      'a path in the data of a figure',
      (cells) => {
        const chart = { 'application/vnd.vegalite.v5+json': { data: [{ from: '/home/me/x' }] } };
        cells[0]!.outputs.push(output({ ...picture, ...chart }, named));
      },
      /path \(\/home\/me\)/,
    ],
    ['a duration', (cells) => cells[0]!.outputs.push(text('training: 12.5ms\n')), /holds a duration/],
    ['no path within a URL', (cells) => cells[0]!.outputs.push(text('see https://a.org/home/me')), undefined],
    [
      'an error that is not declared',
      (cells) => cells[0]!.outputs.push({ output_type: 'error', ename: 'E', evalue: 'v', traceback: [] }),
      /holds the error E: v/,
    ],
    ['the times of a run', (cells) => (cells[0]!.metadata = { execution: {} }), /metadata hold the times/],
    ['a figure without label', (cells) => cells[0]!.outputs.push(output(picture)), /its figure has no label/],
    [
      'a figure without alternative text',
      (cells) => cells[0]!.outputs.push(output(picture, { ...named, alt: '' })),
      /no alternative text/,
    ],
    ['no figure that has both', (cells) => cells[0]!.outputs.push(output(picture, named)), undefined],
    [
      'a label that is given twice',
      (cells) => cells.slice(0, 2).forEach((cell) => cell.outputs.push(output(picture, named))),
      /the label "fig-a" was given in cell 1 already/,
    ],
    [
      'a notebook that is too large',
      (cells) => cells[0]!.outputs.push(text('x'.repeat(1_200_000))),
      /it has 1\.1 MB/,
    ],
  ];
  const folder = temporaryProject({
    ...Object.fromEntries(sources.map(([, cells], index) => [`source-${index}.ipynb`, executed(cells)])),
    ...Object.fromEntries(
      files.map(([, change], index) => [`file-${index}.ipynb`, executed(['const a = 1;', 'a'], change)]),
    ),
  });
  let findings: readonly Finding[] = [];
  before(async () => ({ findings } = await checkNotebooks([folder])));
  const findingsOf = (name: string) => findings.filter(({ path }) => path === join(folder, name));

  sources.forEach(([what, , expected], index) => {
    it(`finds ${what}`, () => {
      const found = findingsOf(`source-${index}.ipynb`);
      expect(found.map(({ cell, line }) => [cell, line])).to.deep.equal(
        expected.map(([cell, line]) => [cell, line]),
      );
      found.forEach(({ message }, at) => expect(message).to.match(expected[at]![2]));
    });
  });

  files.forEach(([what, , message], index) => {
    it(`finds ${what} in what is committed`, () => {
      const found = findingsOf(`file-${index}.ipynb`);
      expect(found).to.have.length(message ? 1 : 0);
      if (message) expect(found[0]!.message).to.match(message);
    });
  });

  it('finds what is no valid notebook, and looks at the others all the same', async () => {
    const folder = temporaryProject({
      'a.ipynb': '{}',
      'b.ipynb': executed(['1']).replace('"cell_type":"code"', '"cell_type":"heading"'),
      'c.ipynb': executed(['nowhere']),
    });
    const { findings } = await checkNotebooks([folder]);
    expect(
      findings.map(({ path, message }) => [path.slice(-7), message.split('\n').slice(0, 2).join(' ')]),
    ).to.deep.equal([
      ['a.ipynb', 'not a valid nbformat 4 notebook:   "nbformat" is missing: this JSON file is no notebook'],
      [
        'b.ipynb',
        'not a valid nbformat 4 notebook:   cell 1, id cell-1: /cells/0 has the cell_type "heading"; known are code, markdown, raw',
      ],
      ['c.ipynb', "TS2304: Cannot find name 'nowhere'."],
    ]);
  });

  it('refuses a file that is not there', async () => {
    const error = await checkNotebooks(['none.ipynb']).catch((reason: unknown) => reason as Error);
    expect((error as Error).message).to.match(/there is no such file/);
  });
});
