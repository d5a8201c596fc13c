import { readingOf } from './chart-reading.js';
import type { Node, Parent, PhrasingContent, Root, RootContent } from 'mdast';
import type { Claim } from './claims.js';
import type { Collected } from './collect.js';
import { checkDigits } from './digits.js';
import { embedCells } from './embed.js';
import { declaredSymbols, extractSymbol } from '../notebook/listing.js';
import { parseInline, parseMarkdown, placed, placeOfNode } from './markdown-parser.js';
import { Numbering } from './numbering.js';
import { type Place, type Problems, suggest } from './problem.js';
import type { Bibliography } from './references.js';
import { withRecordingNotes } from './recorded.js';
import { resolveText } from './resolve-text.js';
import { tableNode } from './table-node.js';
import type { ReportSource } from './source.js';
import type { EquationNode, Report, SectionNode } from './tree.js';

/** What the source refers to. */
export interface Materials {
  readonly collected: Collected;
  /** The text of a file of the project, or `undefined` when there is none. */
  readonly readSourceFile: (path: string) => string | undefined;
  readonly bibliography: Bibliography;
}

/**
 * Puts into the report what its source names: figures, tables, listings, cells of notebooks, numbers of claims; numbers
 * sections, figures, tables, listings and equations, and resolves references to them. Problems are added with their place.
 */
export function resolveReport(
  source: ReportSource,
  { collected, readSourceFile, bibliography }: Materials,
  problems: Problems,
): Report {
  const { constants } = source;
  for (const node of [source.body, ...source.abstract]) checkDigits(node, constants, problems);
  const embedded = embedCells(source.body.children, { collected, problems });
  const numbering = new Numbering(problems);
  const blocks = new Blocks(collected, readSourceFile, numbering, problems);
  const body: Root = { ...source.body, children: blocks.resolve(embedded) };
  const claims = new Map<string, Claim>();
  const cite = bibliography.cite.bind(bibliography);
  const context = { numbering, claims: collected.claims, used: claims, cite, problems };
  resolveText(body, context);
  const abstract: Root = { type: 'root', children: source.abstract };
  resolveText(abstract, context);
  return {
    title: source.title,
    subtitle: source.subtitle,
    authors: source.authors,
    date: source.date,
    abstract: withRecordingNotes(abstract.children),
    body: { ...body, children: withRecordingNotes(body.children) },
    references: bibliography.references(),
    claims: [...claims.values()],
  };
}

interface Directive extends Parent {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | null | undefined>> | null;
}

/** Turns directives, equations and headings into blocks of the report. */
class Blocks {
  constructor(
    private readonly collected: Collected,
    private readonly readSourceFile: (path: string) => string | undefined,
    private readonly numbering: Numbering,
    private readonly problems: Problems,
  ) {}

  resolve(nodes: readonly RootContent[]): RootContent[] {
    return nodes.flatMap((node) => {
      const resolved = this.block(node);
      return resolved === undefined ? [] : [placed(resolved, placeOfNode(node))];
    });
  }

  private block(node: RootContent): RootContent | undefined {
    const place = placeOfNode(node);
    switch (node.type as string) {
      case 'heading':
        return this.section(node as RootContent & { depth: number; children: PhrasingContent[] }, place);
      case 'math':
        return this.equation(node as RootContent & { value: string; meta?: string | null }, place);
      case 'leafDirective':
        return this.directive(node as unknown as Directive, place);
      case 'containerDirective':
        this.problems.add(place, `there is no block ":::${(node as unknown as Directive).name}".`);
        return undefined;
      case 'html':
        if (!/^<!--[\s\S]*-->$/.test((node as { value: string }).value.trim())) {
          this.problems.add(place, 'HTML cannot be set in every format: use Markdown.');
        }
        return undefined;
      default:
        if ('children' in node) (node as Parent).children = this.resolve(node.children);
        return node;
    }
  }

  private section(
    node: { depth: number; children: PhrasingContent[] },
    place: Place,
  ): SectionNode | undefined {
    if (node.depth < 2 || node.depth > 4) {
      this.problems.add(
        place,
        'headings of sections have two to four "#"; the title stands at the head of the file.',
      );
      return undefined;
    }
    const { attributes, children } = takeAttributes(node.children);
    const depth = node.depth as 2 | 3 | 4;
    const { label, number } = this.numbering.section(depth, attributes, textOf(children), place);
    return { type: 'reportSection', depth, label, number, children };
  }

  private equation({ value, meta }: { value: string; meta?: string | null }, place: Place): EquationNode {
    const label = /^#(eq-[a-z0-9-]+)$/.exec(meta?.trim() ?? '')?.[1];
    if (meta !== undefined && meta !== null && label === undefined) {
      this.problems.add(
        place,
        `after "$$" only a label such as "#eq-loss" may stand, but there is "${meta}".`,
      );
    }
    const numbered =
      label === undefined ? undefined : { label, number: this.numbering.next('eq', label, place) };
    return { type: 'reportEquation', latex: value, numbered };
  }

  private directive({ name, attributes, children }: Directive, place: Place): RootContent | undefined {
    const options = Object.fromEntries(
      Object.entries(attributes ?? {}).map(([key, value]) => [key, value ?? '']),
    );
    const caption = children.length === 0 ? undefined : (children as PhrasingContent[]);
    switch (name) {
      case 'figure':
        return this.figure(this.options(options, ['label'], ['width'], place), caption, place);
      case 'table':
        return this.table(this.options(options, ['label'], [], place), caption, place);
      case 'derivation':
        return this.derivation(this.options(options, ['label'], [], place), place);
      case 'references':
        this.options(options, [], [], place);
        return { type: 'reportReferences' };
      case 'listing':
        return this.listing(this.options(options, ['file', 'symbol', 'label'], [], place), caption, place);
      default:
        this.problems.add(
          place,
          `there is no directive "::${name}": use ::figure, ::table, ::derivation, ::listing, ::references or ::cell.`,
        );
        return undefined;
    }
  }

  /** The options of a directive; adds a problem for one that is missing or unknown. */
  private options<K extends string, O extends string>(
    given: Readonly<Record<string, string>>,
    needed: readonly K[],
    optional: readonly O[],
    place: Place,
  ): (Record<K, string> & Partial<Record<O, string>>) | undefined {
    const missing = needed.filter((key) => (given[key] ?? '') === '');
    const unknown = Object.keys(given).filter((key) => ![...needed, ...optional].includes(key as K & O));
    for (const key of missing) this.problems.add(place, `the directive lacks ${key}=….`);
    for (const key of unknown) this.problems.add(place, `the directive does not know "${key}".`);
    return missing.length === 0 ? (given as Record<K, string> & Partial<Record<O, string>>) : undefined;
  }

  private figure(
    options: { label: string; width?: string } | undefined,
    caption: PhrasingContent[] | undefined,
    place: Place,
  ): RootContent | undefined {
    if (options === undefined) return undefined;
    const { label, width } = options;
    const found = this.collected.figures.get(label);
    if (found === undefined) {
      this.problems.add(
        place,
        `no notebook shows a figure "${label}".${suggest(label, this.collected.figures.keys())}`,
      );
      return undefined;
    }
    const { alt, svg, spec, origin, runs } = found;
    return {
      type: 'reportFigure',
      label,
      number: this.numbering.next('fig', label, place),
      caption: caption ?? parseInline(found.caption, { file: origin.notebook, cell: origin.cell }),
      alt,
      svg,
      origin,
      wide: width === 'wide',
      runs,
      reading: readingOf(spec),
      files: spec === undefined ? [`${label}.svg`] : [`${label}.svg`, `${label}.csv`, `${label}.json`],
    };
  }

  private table(
    options: { label: string } | undefined,
    caption: PhrasingContent[] | undefined,
    place: Place,
  ): RootContent | undefined {
    if (options === undefined) return undefined;
    const { label } = options;
    const found = this.collected.tables.get(label);
    if (found === undefined) {
      this.problems.add(
        place,
        `no notebook shows a table "${label}".${suggest(label, this.collected.tables.keys())}`,
      );
      return undefined;
    }
    const start = { file: found.origin.notebook, cell: found.origin.cell };
    return {
      type: 'reportTable',
      label,
      number: this.numbering.next('tab', label, place),
      caption: caption ?? parseInline(found.caption, start),
      table: tableNode(found.columns, found.rows, start),
      origin: found.origin,
    };
  }

  private derivation(options: { label: string } | undefined, place: Place): RootContent | undefined {
    if (options === undefined) return undefined;
    const { label } = options;
    const found = this.collected.blocks.get(label);
    if (found === undefined) {
      this.problems.add(
        place,
        `no notebook shows a derivation "${label}".${suggest(label, this.collected.blocks.keys())}`,
      );
      return undefined;
    }
    const { origin, markdown } = found;
    const { children } = parseMarkdown(markdown, { file: origin.notebook, cell: origin.cell });
    const number = this.numbering.next('eq', label, place);
    return { type: 'reportDerivation', label, number, children: this.resolve(children), origin };
  }

  private listing(
    options: { file: string; symbol: string; label: string } | undefined,
    caption: PhrasingContent[] | undefined,
    place: Place,
  ): RootContent | undefined {
    if (options === undefined) return undefined;
    const { file, symbol, label } = options;
    const text = this.readSourceFile(file);
    if (text === undefined) {
      this.problems.add(place, `there is no file "${file}" to list.`);
      return undefined;
    }
    const extract = extractSymbol(text, symbol);
    if (extract === undefined) {
      this.problems.add(place, `${file} declares no "${symbol}".${suggest(symbol, declaredSymbols(text))}`);
      return undefined;
    }
    const number = this.numbering.next('lst', label, place);
    const own: PhrasingContent[] = [placed({ type: 'inlineCode', value: symbol }, place)];
    return {
      type: 'reportListing',
      label,
      number,
      caption: caption ?? own,
      language: 'typescript',
      file,
      ...extract,
    };
  }
}

/** Takes `{#sec-name .unnumbered}` from the end of a heading. */
function takeAttributes(children: PhrasingContent[]): { attributes: string[]; children: PhrasingContent[] } {
  const last = children.at(-1);
  const match = last?.type === 'text' ? /\s*\{([#.][^{}]*)\}\s*$/.exec(last.value) : null;
  if (last?.type !== 'text' || match === null) return { attributes: [], children };
  last.value = last.value.slice(0, match.index);
  return { attributes: match[1]!.split(/\s+/), children };
}

/** The plain text of nodes. */
export function textOf(nodes: readonly Node[]): string {
  return nodes
    .map((node) =>
      'value' in node ? String(node.value) : 'children' in node ? textOf((node as Parent).children) : '',
    )
    .join('');
}
