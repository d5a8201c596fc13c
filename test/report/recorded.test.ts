import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchChart, benchTable } from '../../src/figures/index.js';
import { buildReport } from '../../src/report/build-report.js';
import { readSource } from '../../src/report/source.js';
import { Problems } from '../../src/report/problem.js';
import { collect } from '../../src/report/collect.js';
import { resolveReport } from '../../src/report/resolve.js';
import { Bibliography } from '../../src/report/references.js';
import { typstSource } from '../../src/report/pdf.js';
import { sampleRecord } from '../figures/bench-record.sample.js';
import { claimOutput, head, makeProject, notebookText, type Project, shownOutput } from './project.js';

const body = `
## Speed {#sec-speed}

It takes {{bench.step|fixed:1}} µs.

::figure{label=fig-bench}

::table{label=tab-bench}

## The rest {#sec-rest}

It is {{sure|integer}}.
`;
const note =
  '† Measured once, on A machine, 18 November 2020, and recorded; such a number is not computed again when the report is verified.';

describe('what was measured once', () => {
  let project: Project;
  let notebook: string;
  const read = (path: string) => readFileSync(join(project.root, path), 'utf8');

  before(async () => {
    const recorded = { machine: 'A machine', date: '18 November 2020' };
    const outputs = [
      claimOutput('bench.step', 12.34, { kind: 'recorded', unit: 'µs', recorded }),
      await shownOutput(benchChart(sampleRecord), 'fig-bench', 'Times.'),
      await shownOutput(benchTable(sampleRecord), 'tab-bench', 'Times.'),
    ];
    notebook = notebookText([
      { id: 'times', tags: ['recorded'], outputs },
      { id: 'sure', outputs: [claimOutput('sure', 7, { kind: 'exact' })] },
    ]);
    project = makeProject({ 'notebooks/speed.ipynb': notebook, 'reports/report.md': head + body });
    await buildReport({ root: project.root });
  });
  after(() => project.remove());

  it('is marked in the page, with a note below the section that says where and when', () => {
    const html = read('reports/report.html');
    expect(html).to.contain(
      'title="bench.step = 12.34 µs (recorded on A machine, 18 November 2020), made in speed">12.3</data>† µs.',
    );
    expect(html).to.match(new RegExp(`<p>${note.replaceAll('.', '\\.')}</p>\\n<h2 id="sec-rest">`));
    expect(html.split('† Measured once')).to.have.length(2);
    expect(html.split('</a> (recorded, not verified)')).to.have.length(3);
  });

  it('is marked in the Markdown and in the PDF too', () => {
    const markdown = read('reports/README.md');
    expect(markdown).to.contain('It takes 12.3† µs.').and.to.contain(note);
    expect(markdown.split('(../notebooks/speed.ipynb) (recorded, not verified)')).to.have.length(3);
    const problems = new Problems();
    const source = readSource(head + body, 'reports/report.md', problems);
    const collected = collect([{ path: 'notebooks/speed.ipynb', text: notebook }], problems);
    const bibliography = new Bibliography(new Map(), 'none', problems);
    const report = resolveReport(
      source,
      { collected, readSourceFile: () => undefined, bibliography },
      problems,
    );
    const typst = typstSource(report, problems);
    expect(typst).to.contain('#"12.3"#"†"').and.to.contain(`#"${note}"`);
    expect(typst.split('From speed (recorded, not verified).')).to.have.length(3);
    expect(() => problems.throwIfAny()).not.to.throw();
  });

  it('is kept in claims.json with the machine and the date', () => {
    expect(read('reports/claims.json')).to.contain(
      '"kind":"recorded","recorded":{"machine":"A machine","date":"18 November 2020"}',
    );
  });
});
