import { expect } from 'chai';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildReport } from '../../src/report/build-report.js';
import { head, makeProject, notebookText, type Project } from './project.js';
import { cells, smallProject } from './small-report.js';

describe('buildReport', () => {
  let project: Project;
  beforeEach(async () => {
    project = await smallProject();
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
