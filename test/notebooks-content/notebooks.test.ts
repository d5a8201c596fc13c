import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { experiments } from '../../src/experiment/definitions.js';
import { type CodeCell, hasTag, type Notebook, readNotebook } from '../../src/notebook/nbformat.js';
import { checkDigits } from '../../src/report/digits.js';
import { parseMarkdown } from '../../src/report/markdown-parser.js';
import { Problems } from '../../src/report/problem.js';
import { plainJson } from '../../src/report/shown.js';
import { readSource } from '../../src/report/source.js';

const folder = 'notebooks';
const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb') && !name.includes('.failed.'));
const texts = new Map(names.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]));
const notebooks = new Map([...texts].map(([name, text]) => [name, readNotebook(text)]));

/** Numbers that the report lets stand in prose. */
const { constants } = readSource(
  readFileSync('reports/report.md', 'utf8'),
  'reports/report.md',
  new Problems(),
);

/** What a cell has put out, with its mark for the report. */
interface Shown {
  readonly cell: CodeCell;
  readonly markdown: string;
  readonly mark?: { label: string; caption: string; alt: string; kind: string };
}

function shownIn(notebook: Notebook): Shown[] {
  return codeCells(notebook).flatMap((cell) =>
    cell.outputs.flatMap((output): Shown[] => {
      if (output.output_type !== 'display_data') return [];
      const { gradbook } = plainJson(output.metadata) as { gradbook?: NonNullable<Shown['mark']> };
      const { 'text/markdown': markdown = '' } = plainJson(output.data) as { 'text/markdown'?: string };
      return [{ cell, markdown, ...(gradbook && { mark: gradbook }) }];
    }),
  );
}

function codeCells(notebook: Notebook): CodeCell[] {
  return notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === 'code');
}

describe('the notebooks of the project', () => {
  for (const [name, notebook] of notebooks) {
    describe(name, () => {
      it('names the kernel that opens it, and is not too large for git', () => {
        const { kernelspec } = plainJson(notebook.metadata) as { kernelspec?: unknown };
        expect(kernelspec).to.deep.equal({
          display_name: 'TypeScript',
          language: 'typescript',
          name: 'tslab',
        });
        expect(Buffer.byteLength(texts.get(name)!)).to.be.lessThan(1_000_000);
      });

      it('was executed from top to bottom, and no cell failed', () => {
        const cells = codeCells(notebook);
        expect(cells.map((cell) => Number(cell.execution_count))).to.deep.equal(cells.map((_, k) => k + 1));
        for (const cell of cells) {
          const errors = cell.outputs.filter((output) => output.output_type === 'error');
          expect(errors, cell.id).to.deep.equal([]);
        }
      });

      it('types no number into its prose', () => {
        const problems = new Problems();
        for (const cell of notebook.cells) {
          if (cell.cell_type !== 'markdown') continue;
          const root = parseMarkdown(cell.source, { file: name, cell: cell.id });
          checkDigits(root, constants, problems);
        }
        problems.throwIfAny();
      });

      it('has shown no derivation that fails, and no check that differs unless that is its lesson', () => {
        for (const { cell, markdown, mark } of shownIn(notebook)) {
          if (mark?.kind === 'derivation') expect(markdown, cell.id).not.to.match(/\\times\\ |✗/);
          if (!hasTag(cell, 'shows-a-mistake')) expect(markdown, cell.id).not.to.include('DIFFERS');
        }
      });

      it('says of every figure what it shows, and gives every figure and table a caption', () => {
        for (const { cell, mark } of shownIn(notebook)) {
          if (mark === undefined) continue;
          expect(mark.label, cell.id).to.match(/^(fig|tab|eq)-[a-z0-9-]+$/);
          if (mark.kind !== 'derivation') expect(mark.caption, `${cell.id}: caption`).to.match(/\S.*\.$/);
          if (mark.kind !== 'table') expect(mark.alt, `${cell.id}: alternative text`).to.match(/\S.*\.$/s);
        }
      });
    });
  }

  it('give each label once', () => {
    const labels = [...notebooks.values()].flatMap(shownIn).flatMap(({ mark }) => mark?.label ?? []);
    expect(labels.length).to.be.greaterThan(20);
    expect([...new Set(labels)]).to.deep.equal(labels);
  });
});

describe('the notebooks of the questions', () => {
  const full = ['q1-division', 'q2-elementwise', 'q3-matmul', 'q4-expand', 'q8-normalize'];
  const live = ['q5-nodes', 'q6-definition', 'q7-backward'];
  const parts = ['question-text', 'derivation', 'check', 'picture', 'printed', 'exercise'];
  const cases = [
    ...full.map((name) => [name, parts] as const),
    ...live.map((name) => [name, ['question-text', 'printed-text', 'exercise']] as const),
  ];

  for (const [name, wanted] of cases) {
    it(`of ${name} have ${wanted.join(', ')}`, () => {
      const ids = notebooks.get(`${name}.ipynb`)!.cells.map((cell) => cell.id);
      for (const part of wanted)
        expect(
          ids.some((id) => id.startsWith(part)),
          part,
        ).to.equal(true);
    });
  }
});

describe('the errata', () => {
  const table = shownIn(notebooks.get('errata.ipynb')!).find(({ mark }) => mark?.label === 'tab-errata')!;
  const rows = table.markdown.split('\n').slice(2);

  it('number every error once, each with what was printed, what is correct, evidence and consequence', () => {
    expect(rows).to.have.length(29);
    rows.forEach((row, k) => {
      const cells = row.slice(2, -2).split(' | ');
      expect(Number(cells[0])).to.equal(k + 1);
      expect(cells).to.have.length(6);
      for (const cell of cells) expect(cell.trim(), row).not.to.equal('');
    });
  });

  it('name experiments that exist', () => {
    const named = [...table.markdown.matchAll(/`([\w.-]+)`/g)].map(([, name]) => name!);
    expect(named.length).to.be.greaterThan(8);
    for (const name of named) expect(Object.keys(experiments)).to.include(name);
  });

  it('name notebooks that exist', () => {
    const referred = [...table.markdown.matchAll(/\b(q\d+-[a-z]+)\b/g)].map(([, name]) => name!);
    for (const name of new Set(referred)) {
      expect(notebooks.has(`${name}.ipynb`), name).to.equal(true);
    }
  });
});
