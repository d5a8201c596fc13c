import { expect } from 'chai';
import { readBibtex } from '../../src/report/bibtex.js';
import { Problems, type ReportError } from '../../src/report/problem.js';
import { Bibliography } from '../../src/report/references.js';
import { textOf } from '../../src/report/resolve.js';

const good = `A comment.
@article{lecun1998,
  author = "Yann LeCun and Bottou, Léon and others",
  title = {Gradient-based {Learning}},
  journal = {Proceedings of the IEEE}, volume = 86, pages = {2278--2324},
  year = 1998, doi = {10.1109/5.726791},
}
@book{goodfellow, author={Ian Goodfellow and Yoshua Bengio and Aaron Courville}, title={Deep Learning}, publisher={MIT Press}, year={2016}}
@misc{micrograd, author={Karpathy, Andrej}, title={micrograd}, year={2020}, url={https://example.org}}
`;

const place = { file: 'reports/report.md', line: 3 };

function problemsOf(problems: Problems): string[] {
  try {
    problems.throwIfAny();
    return [];
  } catch (error) {
    return (error as ReportError).message.split('\n');
  }
}

describe('references', () => {
  it('are numbered in the order of their first citation and printed with authors, title, place and year', () => {
    const problems = new Problems();
    const bibliography = new Bibliography(
      readBibtex(good, 'references.bib', problems),
      'references.bib',
      problems,
    );
    expect(
      ['goodfellow', 'lecun1998', 'goodfellow', 'micrograd'].map((key) => bibliography.cite(key, place)),
    ).to.deep.equal([1, 2, 1, 3]);
    const printed = bibliography.references().map(({ text }) => textOf(text).replaceAll('\u00a0', ' '));
    expect(printed).to.deep.equal([
      'I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, MIT Press, 2016.',
      'Y. LeCun, L. Bottou, et al., “Gradient-based Learning,” Proceedings of the IEEE, vol. 86, pp. 2278–2324, 1998. doi:10.1109/5.726791.',
      'A. Karpathy, “micrograd,” 2020. https://example.org.',
    ]);
    expect(problemsOf(problems)).to.deep.equal([]);
  });

  it('adds a problem for an unknown key, and names the nearest', () => {
    const problems = new Problems();
    const bibliography = new Bibliography(
      readBibtex(good, 'references.bib', problems),
      'references.bib',
      problems,
    );
    expect(bibliography.cite('lecun98', place)).to.equal(undefined);
    expect(problemsOf(problems)).to.deep.equal([
      'reports/report.md:3: references.bib has no entry "lecun98". Did you mean "lecun1998"?',
    ]);
  });

  for (const [title, text, message] of [
    ['a missing year', '\n@misc{a, author={A}, title={T}}', 'r.bib:2: the entry "a" has no year.'],
    [
      'a key used twice',
      '@misc{a, author={A}, title={T}, year=1}\n@misc{a, author={A}, title={T}, year=1}',
      'r.bib:2: the key "a" is used twice.',
    ],
    [
      'a TeX command',
      '@misc{a, author={A}, title={\\"o}, year=1}',
      'r.bib:1: the entry "a" contains the TeX command \\"o',
    ],
    ['an entry that never ends', '@misc{a, author={A}', 'r.bib:1: here no entry can be read'],
    ['what is no field', '@misc{a, author={A}, title={T}, year=1, what}', 'after the fields there is "what"'],
  ] as const) {
    it(`adds a problem for ${title}`, () => {
      const problems = new Problems();
      readBibtex(text, 'r.bib', problems);
      expect(problemsOf(problems).join('\n')).to.contain(message);
    });
  }
});
