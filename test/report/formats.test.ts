import { expect } from 'chai';
import type { RootContent } from 'mdast';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bars, dataTable, pictureGrid } from '../../src/figures/index.js';
import { buildReport } from '../../src/report/build-report.js';
import { parseMarkdown } from '../../src/report/markdown-parser.js';
import { Problems } from '../../src/report/problem.js';
import type { DerivationNode } from '../../src/report/tree.js';
import { TypstWriter } from '../../src/report/typst-blocks.js';
import { mathToTypst } from '../../src/report/typst-math.js';
import {
  claimOutput,
  head,
  makeProject,
  notebookText,
  output,
  shownOutput,
  type Project,
} from './project.js';

const body = `
## Results {#sec-results}

It costs #1 *and* \`a|b_c\` and \`"#\\\\x"\` of "$x_{ij} | y$": {{error|scientific:1}}, as [@fig-bars], [@tab-runs] and [@eq-derived] show, *first [@first]*, then [@key], at $x$.

::figure{label=fig-bars}

::figure{label=fig-pictures}

::table{label=tab-runs}

::derivation{label=eq-derived}

$$ #eq-one
\\begin{aligned} S &= X \\oslash Y && \\checkmark\\ \\text{holds} \\\\ &= \\lVert \\mathrm{diag}(x)\\rVert \\end{aligned}
$$

- one
- two

> said

## References {.unnumbered}

::references{}
`;

/** One pixel: red. */
const pixels = { channels: [1, 0, 0], width: 1, height: 1, lines: ['red'] };

const derivation = 'Shown\n\n$$S_{ij} = 1$$\n\n$$X = 2$$\n\n✓ $X$: checked\n\n$$Y = 3$$\n\n✓ $Y$: checked\n';

describe('the other formats of the report', () => {
  let project: Project;
  const read = (path: string) => readFileSync(join(project.root, path));

  before(async () => {
    const outputs = [
      await shownOutput(
        bars([{ label: 'plane', value: 0.5 }], { measure: 'accuracy' }),
        'fig-bars',
        'A [caption] of $a_b$.',
      ),
      await shownOutput(
        dataTable(
          ['a_b', 'n'],
          [
            ['$x|y$', 1],
            ['p*q', 2],
          ],
        ),
        'tab-runs',
        'Runs.',
      ),
      await shownOutput(pictureGrid([pixels], { what: 'Pictures' }), 'fig-pictures', 'Pictures.'),
      output({ 'text/markdown': derivation }, { gradbook: { label: 'eq-derived', kind: 'table' } }),
      claimOutput('error', 2.13e-11),
    ];
    project = makeProject({
      'notebooks/q1.ipynb': notebookText([{ id: 'a', outputs }]),
      'reports/report.md': `${head.replace('2-8-2', '"#1"')}${body}`,
      'reports/references.bib':
        '@misc{key, author={A. Author}, title={A # title}, year={2020}}\n@misc{first, author={F. First}, title={First}, year={2019}}',
    });
    await buildReport({ root: project.root });
  });
  after(() => project.remove());

  it('writes Markdown that GitHub shows: anchors, pictures, math fences, tables, links', () => {
    const text = read('reports/README.md').toString();
    expect(text).to.contain(
      '<a id="fig-bars"></a>\n\n![Bars of accuracy: plane 0.5.](figures/fig-bars.svg)\n\n**Figure 1.** A \\[caption] of $`a_b`$.',
    );
    expect(text).to.contain(
      'as [Figure\u00a01](#fig-bars), [Table\u00a01](#tab-runs) and [Equation\u00a01](#eq-derived)',
    );
    expect(text).to.contain('“$`x_{ij} \\vert  y`$”: 2.1\u00a0×\u00a010<sup>−11</sup>');
    expect(text).to.contain('```math\nS_{ij} = 1\n```').and.to.contain('\\tag{2}\n```');
    expect(text).to.match(/\| a_b\s+\|\s+n \|/);
    expect(text).to.contain('[<a href="#ref-key">2</a>]').and.to.contain('\\[2] A.');
  });

  it('numbers works in the order in which a reader meets them, also inside of emphasis', () => {
    expect(read('reports/report.html').toString()).to.match(
      /<em>first \[<a class="ref" href="#ref-first">1<.*\[<a class="ref" href="#ref-key">2</,
    );
  });

  it('keeps a short formula in the page and the full stop behind it on one line', () => {
    expect(read('reports/report.html').toString()).to.match(
      /at <span class="word"><span class="katex">(?:(?!class="word").)*<\/span>\.<\/span><\/p>/,
    );
  });

  it('makes a PDF with the title, and the same bytes when it is built again', async () => {
    const before = read('reports/report.pdf');
    expect(before.subarray(0, 5).toString()).to.equal('%PDF-');
    expect(before.includes('pdfuaid:part>1<') || before.toString('latin1').includes('pdfuaid')).to.equal(
      true,
    );
    await buildReport({ root: project.root });
    expect(read('reports/report.pdf').equals(before)).to.equal(true);
  });

  it('carries pictures with their pixels', () => {
    const image = /<image [^>]*href="data:image\/png;base64,[A-Za-z0-9+/=]+"/;
    expect(read('reports/report.html').toString()).to.match(image);
    expect(read('reports/figures/fig-pictures.svg').toString()).to.match(image);
    expect(
      read('reports/report.pdf')
        .toString('latin1')
        .match(/\/Subtype ?\/Image/g),
    ).to.have.length(1);
  });

  it('refuses a formula that only HTML can set', async () => {
    const failing = makeProject({
      'notebooks/q1.ipynb': notebookText([{ id: 'a', outputs: [claimOutput('a', 1)] }]),
      'reports/report.md': `${head}So $\\htmlClass{a}{x}$.\n`,
    });
    const failure = await buildReport({ root: failing.root }).then(() => 'none', String);
    failing.remove();
    expect(failure).to.contain('reports/report.md');
  });
});

describe('a derivation in the PDF', () => {
  const written = (markdown: string) => {
    const { children } = parseMarkdown(markdown, { file: 'x' });
    const parts = children.map((node) =>
      node.type === 'math' ? { type: 'reportEquation', latex: node.value, numbered: undefined } : node,
    ) as RootContent[];
    const node = { type: 'reportDerivation', label: 'eq-a', number: '1', children: parts };
    return new TypstWriter({ problems: new Problems(), references: [] }).blocks([node as DerivationNode]);
  };
  const count = (text: string, part: string) => text.split(part).length - 1;

  it('has the chains of two inputs with their checks side by side, and a single one by itself', () => {
    const two = written(derivation);
    expect([count(two, '#pair('), count(two, '#chain('), count(two, 'checks[')]).to.deep.equal([1, 0, 2]);
    const three = written(`${derivation}\n$$Z = 4$$\n\n✓ $Z$: checked\n`);
    expect([count(three, '#pair('), count(three, '#chain('), count(three, 'checks[')]).to.deep.equal([
      1, 1, 3,
    ]);
  });

  it('loses none of its parts', () => {
    const bare = written('$$a$$\n\n$$b$$\n\n✓ c\n\n$$d$$\n');
    for (const part of ['alt: "a"', 'alt: "b"', '#"✓ c"', 'alt: "d"']) expect(count(bare, part)).to.equal(1);
  });
});

describe('mathToTypst', () => {
  for (const [latex, typst] of [
    ['60{,}000', '60 "," 000'],
    ['\\mathrm{onehot}(t)', 'op("onehot")(t)'],
    ['\\frac{S^\\nabla_{ij}}{Y_{ij}}', '(S_(i j)^nabla)/(Y_(i j))'],
  ] as const) {
    it(`turns ${latex} into ${typst}`, () => {
      expect(mathToTypst(latex).replace(/\s+/g, ' ')).to.equal(typst);
    });
  }
});
