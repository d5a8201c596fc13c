import { expect } from 'chai';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bars, dataTable, graph, heatmap } from '../../src/figures/index.js';
import { buildReport } from '../../src/report/build-report.js';
import {
  claimOutput,
  head,
  makeProject,
  notebookText,
  output,
  shownOutput,
  type FixtureCell,
  type Project,
} from './project.js';

const picture = () => bars([{ label: 'plane', value: 0.57 }], { measure: 'accuracy' });

async function cells(value: number | null = 0.9945): Promise<FixtureCell[]> {
  return [
    { id: 'answer', tags: ['result'], markdown: '## Answer\n\nThe quotient is $X \\oslash Y$.' },
    {
      id: 'train',
      outputs: [
        await shownOutput(picture(), 'fig-bars', 'Accuracy, where $a > 0.5$.'),
        await shownOutput(picture(), 'fig-twin', 'The same picture again.'),
        await shownOutput(
          graph({ nodes: [{ id: 'a', kind: 'tensor', label: 'a' }], edges: [] }),
          'fig-graph',
          'A graph.',
        ),
        await shownOutput(
          dataTable(
            ['name', 'accuracy'],
            [
              ['ReLU, $f$', 0.5],
              ['a|b', -1],
            ],
          ),
          'tab-runs',
          'All runs.',
        ),
        claimOutput('relu.accuracy', value, { kind: 'statistical', tolerance: 0.01 }),
        output({ 'text/markdown': 'Shown by **code**, 3 times.' }),
      ],
    },
  ];
}

const body = `
## Results {#sec-results}

It ends at {{relu.accuracy|percent:1}}, see [@fig-bars; @tab-runs] and [@sec-results].

::figure{label=fig-bars}

::figure{label=fig-twin}

::table{label=tab-runs}

$$ #eq-relu
f(x) = \\max(x, 0)
$$

By [@eq-relu] and [@lst-twice].

::listing{file=src/twice.ts symbol=twice label=lst-twice}

::cell{notebook=q1 cell=result}

::cell{notebook=q1 cell=train}
`;

const source = '/** Twice. */\nexport const twice = (x: number) => 2 * x;\n';

describe('buildReport', () => {
  let project: Project;
  beforeEach(async () => {
    project = makeProject({
      'notebooks/q1.ipynb': notebookText(await cells()),
      'reports/report.md': head + body,
      'src/twice.ts': source,
    });
  });
  afterEach(() => project.remove());

  const build = (accept = false) => buildReport({ root: project.root, accept });
  const read = (path: string) => readFileSync(join(project.root, path), 'utf8');
  const failure = () =>
    build().then(
      () => 'no failure',
      (error: unknown) => (error as Error).message,
    );

  it('sets numbers, figures, tables, equations, listings and embedded cells, and numbers them', async () => {
    await build();
    const html = read('reports/report.html');
    expect(html).to.match(
      /<data class="claim" value="0.9945" title="relu.accuracy = 0.9945 \(statistical\), made in q1">99.5%<\/data>/,
    );
    expect(html).to.contain(
      'see <a class="ref" href="#fig-bars">Figure\u00a01</a> and <a class="ref" href="#tab-runs">Table\u00a01</a>',
    );
    expect(html).to.match(/<figure id="fig-bars"><div class="plot"[^>]*><svg/);
    expect(html).to.contain('<span class="label">Table 1.</span> All runs.');
    expect(html).to.contain('<td class="right word">−1</td>').and.to.contain('<td class="word">a|b</td>');
    expect(html).to.match(/<div class="equation" id="eq-relu">.*<span class="number">\(1\)<\/span>/);
    expect(html).to.contain('By <a class="ref" href="#eq-relu">Equation\u00a01</a>');
    expect(html).to.match(/<figure id="lst-twice" class="listing">/);
    expect(html).to.contain('<p>The quotient is ').and.not.to.contain('>Answer<');
    expect(html).to.contain('Shown by <strong>code</strong>, 3 times.');
  });

  it('refuses a project whose list of claims was lost, unless a first list is to be accepted', async () => {
    rmSync(join(project.root, 'reports/claims.json'));
    expect(await failure()).to.match(/^reports\/claims\.json is not there.*--accept/);
    expect(existsSync(join(project.root, 'reports/report.html'))).to.equal(false);
    const { comparisons, failed } = await build(true);
    expect([failed.length, new Set(comparisons.map(({ status }) => status))]).to.deep.equal([
      0,
      new Set(['new']),
    ]);
    expect((await build()).comparisons.every(({ status }) => status === 'identical')).to.equal(true);
  });

  it('makes a page that needs nothing from outside', async () => {
    await build();
    const html = read('reports/report.html');
    expect(html).not.to.match(/<script[^>]* src|<link|src="(?!data:)|@import|fetch\(|XMLHttpRequest/);
    expect(html).to.match(
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/,
    );
    expect(
      [...html.matchAll(/url\(([^)]{1,30})/g)].every(
        ([, url]) => url!.startsWith('data:') || url!.startsWith('#'),
      ),
    ).to.equal(true);
    expect(Buffer.byteLength(html)).to.be.below(2.5e6);
  });

  it('uses each id once and no link leads nowhere', async () => {
    await build();
    const html = read('reports/report.html');
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).to.include(id);
    for (const [, id] of html.matchAll(/aria-labelledby="([^" ]+)/g)) expect(ids).to.include(id);
  });

  it('gives the same bytes when it is built again, and then writes nothing', async () => {
    const first = await build();
    const before = read('reports/report.html');
    const second = await build();
    expect(first.published!.written).to.include('report.html');
    expect(second.published).to.deep.include({ written: [], removed: [] });
    expect(read('reports/report.html')).to.equal(before);
  });

  it('writes each figure with its data and a spec that reads them, and removes figures that are no more', async () => {
    project.write('reports/figures/fig-old.svg', '<svg/>');
    project.write('reports/figures/notes.txt', 'kept');
    const { published } = await build();
    expect(published!.removed).to.deep.equal(['figures/fig-old.svg']);
    expect(existsSync(join(project.root, 'reports/figures/notes.txt'))).to.equal(true);
    expect(read('reports/figures/fig-bars.csv')).to.equal('label,value\nplane,0.57\n');
    const spec = JSON.parse(read('reports/figures/fig-bars.json')) as { data: object };
    expect(spec.data).to.deep.equal({
      url: 'fig-bars.csv',
      format: { type: 'csv', parse: { label: 'string', value: 'number' } },
    });
    expect(read('reports/figures/fig-bars.svg')).to.match(/^<svg .*<\/svg>\n$/s);
    expect(existsSync(join(project.root, 'reports/figures/fig-graph.csv'))).to.equal(false);
    expect(read('reports/figures/tab-runs.csv')).to.equal('name,accuracy\n"ReLU, $f$",0.5\na|b,-1\n');
  });

  it('replaces nothing when a claim has left its tolerance, unless that is accepted', async () => {
    await build();
    const before = [read('reports/report.html'), read('reports/claims.json')];
    project.write('notebooks/q1.ipynb', notebookText(await cells(0.9)));
    const { failed, published } = await build();
    expect(failed.map(({ name }) => name)).to.deep.equal(['relu.accuracy']);
    expect(published).to.equal(undefined);
    expect([read('reports/report.html'), read('reports/claims.json')]).to.deep.equal(before);
    expect((await build(true)).published!.written).to.include('claims.json');
    expect(read('reports/claims.json')).to.contain('"value":0.9,');
  });

  it('leaves the report as it was when the build fails', async () => {
    await build();
    const before = read('reports/report.html');
    writeFileSync(join(project.root, 'reports/report.md'), `${head}It ends at 12.\n`);
    expect(await failure()).to.contain('reports/report.md:9: "12" is typed by hand');
    expect(read('reports/report.html')).to.equal(before);
  });

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
    it(`stops at ${title}`, async () => {
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
    it(`stops at ${title}`, async () => {
      const given: readonly (object | Promise<object>)[] = 'outputs' in cell ? cell.outputs : [];
      const outputs = await Promise.all(given.map((one) => Promise.resolve(one)));
      project.write('notebooks/q1.ipynb', notebookText([...(await cells()), { ...cell, outputs }]));
      expect(await failure()).to.contain(message);
    });
  }

  it('tells all problems at once', async () => {
    project.write('reports/report.md', `${head}Some 12 and {{nothing}}.\n\n::figure{label=fig-none}\n`);
    expect((await failure()).split('\n')).to.have.length(3);
  });

  it('stops at a notebook whose outputs are not what its cells give now, and leaves the report as it was', async () => {
    await build();
    const before = read('reports/report.html');
    const notebook = read('notebooks/q1.ipynb');
    const tell = 'run "gradbook run notebooks/q1.ipynb", or all notebooks by "gradbook start".';
    project.write('reports/report.md', `${head}Other text.\n`);
    project.write('notebooks/q1.ipynb', notebook.replaceAll('0.9945', '0.9946'));
    expect(await failure()).to.equal(
      `notebooks/q1.ipynb: its cells or their outputs were changed after it was executed: ${tell}`,
    );
    project.write('notebooks/q1.ipynb', notebook.replace(/"library": "\w+"/, '"library": "0"'));
    expect(await failure()).to.equal(
      `notebooks/q1.ipynb: the library was changed after it was executed: ${tell}`,
    );
    project.write('notebooks/q1.ipynb', notebook.replace(/"gradbook": \{\s*"cells"[^}]*\},/, ''));
    expect(await failure()).to.equal(
      `notebooks/q1.ipynb: it does not say with which code it was executed: ${tell}`,
    );
    expect(read('reports/report.html')).to.equal(before);
  });

  it('says when there is no notebook and when there is no report', async () => {
    const empty = makeProject({ 'reports/report.md': head });
    expect(await buildReport({ root: empty.root }).catch(String)).to.contain('there is no notebook here');
    empty.write('notebooks/q1.ipynb', '{');
    expect(await buildReport({ root: empty.root }).catch(String)).to.contain('notebooks/q1.ipynb: ');
    empty.remove();
  });

  it('finds fault with the head: what it lacks, what it does not know, what is not YAML', async () => {
    project.write('reports/report.md', '---\ntitel: x\n---\n');
    expect(await failure())
      .to.contain('report.md:2: the head has no field "titel"')
      .and.to.contain('the head lacks "date"');
    project.write('reports/report.md', '---\ntitle: [\n---\n');
    expect(await failure()).to.contain('the head is not YAML');
    project.write('reports/report.md', 'No head.\n');
    expect(await failure()).to.contain('does not begin with a head');
  });
});
