import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { bars, dataTable } from '../../src/figures/index.js';
import { buildReport } from '../../src/report/build-report.js';
import { head, makeProject, notebookText, output, shownOutput, type Project } from './project.js';

const evil = '<img src="x" onerror="alert(1)"><script>alert(2)</script>';
const source = `${head}
## Results {#sec-results}

::cell{notebook=q1 cell=text}

::table{label=tab-a}

::figure{label=fig-a}
`;

interface Outputs {
  readonly text?: object;
  readonly value?: string;
  readonly caption?: string;
  readonly label?: string;
}

async function project({
  text,
  value = 'a',
  caption = 'A caption.',
  label = 'a',
}: Outputs): Promise<Project> {
  const bundle = text ?? { 'text/markdown': 'Said.' };
  const picture = bars([{ label, value: 0.5 }], { measure: 'accuracy' });
  return makeProject({
    'notebooks/q1.ipynb': notebookText([
      { id: 'text', outputs: [output(bundle)] },
      { id: 'table', outputs: [await shownOutput(dataTable(['name'], [[value]]), 'tab-a', caption)] },
      { id: 'figure', outputs: [await shownOutput(picture, 'fig-a', 'A figure.')] },
    ]),
    'reports/report.md': source,
  });
}

/** The page and the Markdown that a build has written, or the message by which it was refused. */
async function built(made: Project): Promise<string> {
  try {
    await buildReport({ root: made.root });
    return ['report.html', 'README.md']
      .map((name) => readFileSync(join(made.root, 'reports', name), 'utf8'))
      .join('\n');
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  } finally {
    made.remove();
  }
}

describe('outputs of notebooks, which the report never trusts', () => {
  it('are embedded as Markdown; HTML among them is left out', async () => {
    const text = { 'text/html': evil, 'text/plain': 'plain words', 'text/markdown': 'Said in *Markdown*.' };
    const written = await built(await project({ text }));
    expect(written).to.include('Said in <em>Markdown</em>.');
    expect(written).not.to.match(/alert\(|plain words/);
  });

  it('are refused when they have nothing but HTML', async () => {
    const written = await built(await project({ text: { 'text/html': evil } }));
    expect(written).to.match(/^refused: [^]*cell text of notebooks\/q1\.ipynb shows nothing as Markdown/);
  });

  for (const [what, outputs, message] of [
    ['HTML in Markdown', { text: { 'text/markdown': evil } }, /HTML cannot be set/],
    ['HTML in a line of Markdown', { text: { 'text/markdown': `Said ${evil} here.` } }, /HTML/],
    ['HTML in a table', { value: `b ${evil}` }, /html/i],
    ['HTML in a caption', { caption: `Said ${evil}.` }, /html/i],
    [
      'a link that acts',
      { text: { 'text/markdown': '[here](javascript:alert(1))' } },
      /a link may begin with https:.*"javascript:alert\(1\)"/,
    ],
    ['a link that acts, in a table', { value: '[here](JavaScript:alert(1))' }, /a link may begin with/],
    ['a link that carries a page', { caption: 'See [it](data:text/html,1).' }, /a link may begin with/],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const written = await built(await project(outputs));
      expect(written)
        .to.match(/^refused: /)
        .and.to.match(message);
    });
  }

  it('may link to pages, and to places in the project', async () => {
    const markdown = '[a](https://example.org/a:b), [b](../src/index.ts) and [c](#sec-results).';
    const written = await built(await project({ text: { 'text/markdown': markdown } }));
    expect(written)
      .to.include('<a href="https://example.org/a:b">')
      .and.to.include('<a href="../src/index.ts">');
  });

  it('cannot end the script that carries the data of a chart', async () => {
    const written = await built(await project({ label: '</script><script>alert(3)</script>' }));
    expect(written).not.to.match(/^refused/);
    expect(written).not.to.match(/(?<!\\)<script>alert\(3/);
  });

  it('leave the project through no link that stands in the place of a file or folder', async () => {
    const other = mkdtempSync(join(tmpdir(), 'gradbook-outside-'));
    const made = await project({});
    mkdirSync(join(made.root, 'reports'), { recursive: true });
    symlinkSync(other, join(made.root, 'reports/figures'));
    made.write('package.json', '{}');
    const error = await buildReport({ root: made.root }).catch(String);
    expect(error).to.match(/reports\/figures is a link to .* outside of the project/);
    expect(readdirSync(other)).to.deep.equal([]);
    made.remove();
    rmSync(other, { recursive: true });
  });
});
