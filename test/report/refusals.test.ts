import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { heatmap } from '../../src/figures/index.js';
import { buildReport } from '../../src/report/build-report.js';
import { claimOutput, head, notebookText, output, shownOutput, type Project } from './project.js';
import { cells, picture, smallProject } from './small-report.js';

describe('buildReport refuses', () => {
  let project: Project;
  beforeEach(async () => {
    project = await smallProject();
  });
  afterEach(() => project.remove());

  const failure = () =>
    buildReport({ root: project.root }).then(
      () => 'no failure',
      (error: unknown) => (error as Error).message,
    );

  for (const [title, text, message] of [
    [
      'an unknown claim',
      '{{relu.acuracy}}',
      'report.md:9: no notebook makes the claim "relu.acuracy". Did you mean "relu.accuracy"?',
    ],
    [
      'a claim in a format that does not suit it',
      '{{relu.accuracy|integer}}',
      'report.md:9: {{relu.accuracy|integer}}: 0.9945 is no integer',
    ],
    ['braces that are no claim', 'a {{ b', 'report.md:9: a "{{" or "}}" stands alone'],
    [
      'an unknown figure',
      '::figure{label=fig-bar}',
      'report.md:9: no notebook shows a figure "fig-bar". Did you mean "fig-bars"?',
    ],
    ['an unknown table', '::table{label=tab-x}', 'no notebook shows a table "tab-x"'],
    [
      'a reference to nothing',
      'See\n[@fig-nothing].',
      'report.md:10: nothing in the report has the label "fig-nothing"',
    ],
    [
      'a figure embedded twice',
      '::figure{label=fig-bars}\n\n::figure{label=fig-bars}',
      'report.md:11: the label "fig-bars" stands for two things',
    ],
    ['a directive without its label', '::figure{}', 'report.md:9: the directive lacks label=…'],
    ['an unknown directive', '::video{label=fig-bars}', 'there is no directive "::video"'],
    [
      'a file that is not there',
      '::listing{file=src/x.ts symbol=x label=lst-x}',
      'there is no file "src/x.ts" to list',
    ],
    [
      'a file outside the project',
      '::listing{file=../x.ts symbol=x label=lst-x}',
      'there is no file "../x.ts" to list',
    ],
    [
      'a symbol that is not there',
      '::listing{file=src/twice.ts symbol=twce label=lst-x}',
      'src/twice.ts declares no "twce". Did you mean "twice"?',
    ],
    ['an unknown notebook', '::cell{notebook=q2 cell=a}', 'there is no notebook "q2". Did you mean "q1"?'],
    [
      'an unknown cell',
      '::cell{notebook=q1 cell=anser}',
      'notebooks/q1.ipynb has no cell with the id or tag "anser". Did you mean "answer"',
    ],
    [
      'a formula that cannot be set',
      'So $\\nosuch{x}$.',
      'report.md:9: the formula "\\nosuch{x}" cannot be set',
    ],
    [
      'a character without a glyph',
      'A snowman ☃.',
      'report.md:9: no font of the report has a glyph for "☃" (U+2603)',
    ],
    ['raw HTML', '<b>x</b>', 'report.md:9: '],
    ['code in an unknown language', '```cobol\nx\n```', 'report.md:9: code cannot be coloured as "cobol"'],
    ['a title inside the text', '# Title', 'report.md:9: headings of sections have two to four "#"'],
    ['an unknown attribute of a heading', '## Title {.big}', 'a heading does not know ".big"'],
  ] as const) {
    it(title, async () => {
      project.write('reports/report.md', `${head}${text}\n`);
      expect(await failure()).to.contain(message);
      expect(existsSync(join(project.root, 'reports/report.html'))).to.equal(false);
    });
  }

  for (const [title, cell, message] of [
    [
      'a label used twice',
      { id: 'again', outputs: [shownOutput(picture(), 'fig-bars', '')] },
      'cell again: the label "fig-bars" is used twice',
    ],
    [
      'a claim made twice with different values',
      { id: 'again', outputs: [claimOutput('relu.accuracy', 0.5)] },
      'cell again: the claim "relu.accuracy" is 0.5 here, but 0.9945 in',
    ],
    [
      'a claim that is NaN',
      { id: 'again', outputs: [claimOutput('lost', null)] },
      'cell again: a claim cannot be used: the value of "lost" is not a finite number',
    ],
    [
      'a figure without alternative text',
      {
        id: 'again',
        outputs: [
          output({ 'image/svg+xml': '<svg></svg>' }, { gradbook: { label: 'fig-x', kind: 'figure' } }),
        ],
      },
      'cell again: the figure "fig-x" has no alternative text',
    ],
    [
      'a figure that would run a script',
      {
        id: 'again',
        outputs: [
          output(
            { 'image/svg+xml': '<svg><script>1</script></svg>' },
            { gradbook: { label: 'fig-x', alt: 'x' } },
          ),
        ],
      },
      'contains an active element',
    ],
    [
      'a figure that would fetch something',
      {
        id: 'again',
        outputs: [
          output(
            { 'image/svg+xml': '<svg><use href="http://x"/></svg>' },
            { gradbook: { label: 'fig-x', alt: 'x' } },
          ),
        ],
      },
      'contains a link to something outside',
    ],
    ['a cell that was not executed', { id: 'again', count: null }, 'cell again: the cell was not executed'],
    [
      'a cell that failed',
      { id: 'again', outputs: [{ output_type: 'error', ename: 'Error', evalue: 'x', traceback: [] }] },
      'cell again: the cell failed with Error: x',
    ],
    [
      'a label of another form',
      { id: 'again', outputs: [shownOutput(heatmap([[1]]), 'bars', '')] },
      'the label "bars" must be "fig-", "tab-" or "eq-"',
    ],
    [
      'a digit in the text of a cell that is not embedded',
      { id: 'again', markdown: '## Remark\n\nIt is 7.' },
      'notebooks/q1.ipynb:3, cell again: "7" is typed by hand',
    ],
    [
      'a digit in the text of an embedded cell',
      { id: 'again', tags: ['result'], markdown: 'It is 7.' },
      'notebooks/q1.ipynb:1, cell again: "7" is typed by hand',
    ],
  ] as const) {
    it(title, async () => {
      const given: readonly (object | Promise<object>)[] = 'outputs' in cell ? cell.outputs : [];
      const outputs = await Promise.all(given.map((one) => Promise.resolve(one)));
      project.write('notebooks/q1.ipynb', notebookText([...(await cells()), { ...cell, outputs }]));
      expect(await failure()).to.contain(message);
    });
  }
});
