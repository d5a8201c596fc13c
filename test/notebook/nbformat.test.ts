import { expect } from 'chai';

import { readNotebook, splitLines, writeNotebook } from '../../src/notebook/nbformat.js';

const minimal = (cells: unknown[], more: object = {}) =>
  JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells, ...more });
const code = (more: object = {}) => ({
  id: 'a',
  cell_type: 'code',
  metadata: {},
  source: '1',
  outputs: [],
  execution_count: null,
  ...more,
});

describe('the notebook format', () => {
  it('writes indentation, key order, lists of lines and the final newline as Jupyter does', () => {
    const text = minimal([code({ source: 'let a = 1;\n\na' })]);
    expect(writeNotebook(readNotebook(text))).to.equal(
      [
        '{',
        ' "cells": [',
        '  {',
        '   "cell_type": "code",',
        '   "execution_count": null,',
        '   "id": "a",',
        '   "metadata": {},',
        '   "outputs": [],',
        '   "source": [',
        '    "let a = 1;\\n",',
        '    "\\n",',
        '    "a"',
        '   ]',
        '  }',
        ' ],',
        ' "metadata": {},',
        ' "nbformat": 4,',
        ' "nbformat_minor": 5',
        '}',
        '',
      ].join('\n'),
    );
  });

  for (const [token, written] of [
    ['1.0', '1.0'],
    ['1e5', '100000.0'],
    ['0.00001', '1e-05'],
    ['0.0001', '0.0001'],
    ['1E22', '1e+22'],
    ['1e16', '1e+16'],
    ['123456789012345.5', '123456789012345.5'],
    ['-0.0', '-0.0'],
    ['-0', '0'],
    ['12345678901234567890123', '12345678901234567890123'],
    ['1.5e-7', '1.5e-07'],
    ['NaN', 'NaN'],
  ]) {
    it(`writes the number ${token} as Python does: ${written}`, () => {
      const text = `{"nbformat":4,"nbformat_minor":5,"metadata":{"x":${token}},"cells":[]}`;
      expect(writeNotebook(readNotebook(text))).to.include(`"x": ${written}\n`);
    });
  }

  it('sorts keys by code point, not by UTF-16 unit', () => {
    const text = minimal([], { metadata: { '\u{1F600}': 1, '\uffee': 2 } });
    const written = writeNotebook(readNotebook(text));
    expect(written.indexOf('\uffee')).to.be.below(written.indexOf('\u{1F600}'));
  });

  it('splits lines at every line end that Python knows and nowhere else', () => {
    expect(splitLines('a\r\nb\rc\vd\fe\x85f\u2028g\tx\x1ch')).to.deep.equal([
      'a\r\n',
      'b\r',
      'c\v',
      'd\f',
      'e\x85',
      'f\u2028',
      'g\tx\x1c',
      'h',
    ]);
    expect(splitLines('')).to.deep.equal([]);
    expect(splitLines('a\n')).to.deep.equal(['a\n']);
  });

  it('splits text and SVG into lines, but neither JSON nor images nor tracebacks', () => {
    const data = {
      'text/plain': 'a\nb',
      'image/svg+xml': '<svg>\n</svg>',
      'image/png': 'aaaa\n',
      'application/json': 'x\ny',
    };
    const outputs = [
      { output_type: 'display_data', data, metadata: {} },
      { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['l1\nl2'] },
    ];
    const written = JSON.parse(writeNotebook(readNotebook(minimal([code({ outputs })])))) as {
      cells: { outputs: { data?: object; traceback?: string[] }[] }[];
    };
    expect(written.cells[0]!.outputs[0]!.data).to.deep.equal({
      'application/json': 'x\ny',
      'image/png': 'aaaa\n',
      'image/svg+xml': ['<svg>\n', '</svg>'],
      'text/plain': ['a\n', 'b'],
    });
    expect(written.cells[0]!.outputs[1]!.traceback).to.deep.equal(['l1\nl2']);
  });

  it('gives the cells of an older notebook the same ids each time, and different cells different ids', () => {
    const cell = { cell_type: 'markdown', metadata: {}, source: ['# a'] };
    const text = minimal([cell, cell], { nbformat_minor: 2 });
    const [first, second] = readNotebook(text).cells;
    expect(readNotebook(text).cells.map((c) => c.id)).to.deep.equal([first!.id, second!.id]);
    expect(first!.id)
      .to.match(/^[0-9a-f]{8}$/)
      .and.not.equal(second!.id);
    expect(readNotebook(text).nbformat_minor).to.equal(5);
  });

  it('keeps a key named __proto__', () => {
    const text = minimal([]).replace('"metadata":{}', '"metadata":{"__proto__":{"a":1}}');
    expect(writeNotebook(readNotebook(text))).to.include('"__proto__": {');
  });

  for (const [what, text, message] of [
    [
      'a text that is not JSON',
      '{"nbformat": 4,\n "cells": [}',
      /not JSON: line 2, column 12: unexpected "}"/,
    ],
    ['an unresolved merge', '{"a": 1,\n<<<<<<< HEAD\n"b": 2}', /line 2.*unresolved merge/],
    ['a cut file', '{"nbformat": 4, "cells": [', /the text ends in the middle of a value/],
    ['JSON that is no object', '[1]', /holds a list, not a notebook object/],
    ['JSON that is no notebook', '{"a": 1}', /"nbformat" is missing/],
    [
      'nbformat 3',
      '{"nbformat": 3, "worksheets": []}',
      /"nbformat" is 3.*nbconvert --to notebook --nbformat 4/,
    ],
    ['a notebook without cells', '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', /\/ lacks "cells"/],
    [
      'an unknown kind of cell',
      minimal([code({ cell_type: 'heading' })]),
      /cell 1, id a: \/cells\/0 has the cell_type "heading"/,
    ],
    [
      'a source that is a number',
      minimal([code({ source: 5 })]),
      /\/cells\/0\/source must be a string or a list of strings, but is 5/,
    ],
    ['an unknown key in a cell', minimal([code({ prompt: 1 })]), /has the key "prompt"/],
    ['two cells with one id', minimal([code(), code()]), /cells 1 and 2 have the same id "a"/],
    ['a bad id', minimal([code({ id: 'a b' })]), /\/cells\/0\/id must be 1 to 64 letters/],
    [
      'an output without a type',
      minimal([code({ outputs: [{}] })]),
      /\/cells\/0\/outputs\/0 lacks "output_type"/,
    ],
    [
      'a tag with a comma',
      minimal([code({ metadata: { tags: ['a,b'] } })]),
      /\/cells\/0\/metadata\/tags must be a list/,
    ],
    [
      'times of a run that are no texts',
      minimal([code({ metadata: { execution: { 'iopub.status.busy': 5 } } })]),
      /\/cells\/0\/metadata\/execution\/iopub\.status\.busy must be a string, but is 5/,
    ],
    [
      'a mode of the editor that is a number',
      minimal([], { metadata: { language_info: { name: 'typescript', codemirror_mode: 1 } } }),
      /codemirror_mode must be a string or an object, but is 1/,
    ],
    [
      'a key with a slash',
      minimal([
        code({ outputs: [{ output_type: 'display_data', metadata: {}, data: { 'text/plain': 1 } }] }),
      ]),
      /data\/text~1plain must be/,
    ],
  ] as const) {
    it(`refuses ${what} and says where`, () => {
      expect(() => readNotebook(text)).to.throw(message);
    });
  }
});
