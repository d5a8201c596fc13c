import type { PhrasingContent } from 'mdast';
import type { BibEntry } from './bibtex.js';
import { placed } from './markdown-parser.js';
import { type Place, type Problems, suggest } from './problem.js';
import type { Reference } from './tree.js';

/** Numbers works in the order in which they are first cited. */
export class Bibliography {
  private readonly cited: BibEntry[] = [];

  constructor(
    private readonly entries: ReadonlyMap<string, BibEntry>,
    private readonly file: string,
    private readonly problems: Problems,
  ) {}

  /** The number of a work; adds a problem and returns `undefined` when there is none with this key. */
  cite(key: string, place: Place): number | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) {
      this.problems.add(place, `${this.file} has no entry "${key}".${suggest(key, this.entries.keys())}`);
      return undefined;
    }
    if (!this.cited.includes(entry)) this.cited.push(entry);
    return this.cited.indexOf(entry) + 1;
  }

  /** The cited works, as they are printed. */
  references(): Reference[] {
    return this.cited.map((entry, index) => ({
      key: entry.key,
      number: index + 1,
      text: printed(entry).map((node) => settle(node, { file: this.file, line: entry.line })),
    }));
  }
}

/** A work in the manner of the IEEE: authors, title, where it appeared, year, address. */
function printed({ type, fields }: BibEntry): PhrasingContent[] {
  const { author = '', title = '', year = '', publisher, howpublished, institution, doi, url } = fields;
  const container = fields['journal'] ?? fields['booktitle'];
  const details = [
    fields['volume'] === undefined ? undefined : `vol. ${fields['volume']}`,
    fields['number'] === undefined ? undefined : `no. ${fields['number']}`,
    fields['pages'] === undefined ? undefined : `pp. ${fields['pages'].replace(/-+/g, '–')}`,
    publisher ?? institution ?? howpublished,
    year,
  ].filter((part) => part !== undefined);
  const own: PhrasingContent[] = type === 'book' ? [emphasis(title), text(', ')] : [text(`“${title},” `)];
  const place: PhrasingContent[] =
    container === undefined
      ? []
      : [text(type === 'inproceedings' ? 'in ' : ''), emphasis(container), text(', ')];
  const address = doi === undefined ? url : `https://doi.org/${doi}`;
  const shown = doi === undefined ? url : `doi:${doi}`;
  const link: PhrasingContent[] =
    address === undefined
      ? []
      : [text(' '), { type: 'link', url: address, children: [text(shown!)] }, text('.')];
  return [text(`${authors(author)}, `), ...own, ...place, text(`${details.join(', ')}.`), ...link];
}

/** "Last, First and …" as "F. Last, …". */
function authors(field: string): string {
  const names = field.split(/\s+and\s+/).map((name) => {
    if (name === 'others') return 'et al.';
    const [last, first] = name.includes(',') ? name.split(/,\s*/) : lastAndFirst(name);
    const initials = (first ?? '')
      .split(/[\s.]+/)
      .filter((part) => part !== '')
      .map((part) => `${Array.from(part)[0]!}.`);
    return [...initials, last!].join('\u00a0');
  });
  if (names.length < 2) return names.join('');
  return names.at(-1) === 'et al.'
    ? names.join(', ')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}

function lastAndFirst(name: string): [last: string, first: string] {
  const parts = name.split(' ');
  return [parts.at(-1)!, parts.slice(0, -1).join(' ')];
}

function text(value: string): PhrasingContent & { type: 'text' } {
  return { type: 'text', value };
}

function emphasis(value: string): PhrasingContent {
  return { type: 'emphasis', children: [text(value)] };
}

function settle(node: PhrasingContent, place: Place): PhrasingContent {
  if ('children' in node) for (const child of node.children) settle(child, place);
  return placed(node, place);
}
