import type {
  Blockquote,
  Html,
  List,
  ListItem,
  Paragraph,
  Parent,
  PhrasingContent,
  Root,
  RootContent,
} from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import { nameOf } from './collect.js';
import { markOf, remarkOn } from './recorded.js';
import type {
  CitationNode,
  DerivationNode,
  EquationNode,
  FigureNode,
  ListingNode,
  NumberNode,
  Report,
  SectionNode,
  TableNode,
} from './tree.js';

/**
 * Sets the report as Markdown that GitHub shows: pictures from `figures/`, formulas in `math` fences, references as links.
 * It stands in `reports/`, beside the source that it is made of.
 */
export function renderGithubMarkdown(report: Report): string {
  const body = report.body.children.flatMap((node) =>
    node.type === 'reportReferences' ? references(report) : block(node),
  );
  const head: RootContent[] = [
    html('<!-- Made by "gradbook report" from report.md and the notebooks: edit these. -->'),
    { type: 'heading', depth: 1, children: [text(report.title)] },
    ...(report.subtitle === undefined
      ? []
      : [paragraph({ type: 'emphasis', children: [text(report.subtitle)] })]),
    paragraph(text(`${report.authors.join(', ')}, ${report.date}`)),
    { type: 'heading', depth: 2, children: [text('Abstract')] },
    ...report.abstract.flatMap(block),
    { type: 'heading', depth: 2, children: [text('Contents')] },
    contents(report.body.children),
  ];
  const tree: Root = {
    type: 'root',
    children: [...head, ...body],
  };
  return writer.stringify(tree);
}

const writer = unified()
  .use(remarkGfm)
  .use(remarkStringify, { bullet: '-', emphasis: '*', rule: '-', resourceLink: true });

function block(node: RootContent): RootContent[] {
  switch (node.type) {
    case 'reportSection':
      return section(node);
    case 'reportEquation':
      return equation(node);
    case 'reportDerivation':
      return derivation(node);
    case 'reportFigure':
      return figure(node);
    case 'reportTable':
      return table(node);
    case 'reportListing':
      return listing(node);
    default:
      return [copy(node)];
  }
}

/** A node of plain Markdown, with what stands inside it made plain too. */
function copy(node: RootContent): RootContent {
  if (!('children' in node)) return node;
  const children = (node as Parent).children;
  const blocks = ['blockquote', 'listItem'].includes(node.type);
  const inner = blocks ? children.flatMap(block) : children.map((child) => phrase(child as PhrasingContent));
  return { ...(node as List | ListItem | Blockquote), children: inner } as RootContent;
}

function phrase(node: PhrasingContent): PhrasingContent {
  switch (node.type) {
    case 'inlineMath':
      // Between dollars alone, GitHub would read underscores and backslashes as Markdown.
      return html(`$\`${node.value.replaceAll('|', '\\vert ')}\`$`);
    case 'reportNumber':
      return number(node);
    case 'reportReference':
      return { type: 'link', url: `#${node.label}`, children: [text(node.text.replace(' ', '\u00a0'))] };
    case 'reportCitation':
      return citation(node);
    default:
      return 'children' in node ? (copy(node) as PhrasingContent) : node;
  }
}

function inline(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  return nodes.map(phrase);
}

function section({ depth, label, number, children }: SectionNode): RootContent[] {
  const counted: PhrasingContent[] = number === undefined ? [] : [text(`${number} `)];
  return [anchor(label), { type: 'heading', depth, children: [...counted, ...inline(children)] }];
}

function equation({ latex, numbered }: EquationNode): RootContent[] {
  const tag = numbered === undefined ? '' : `\n\\tag{${numbered.number}}`;
  const fence: RootContent = { type: 'code', lang: 'math', value: `${latex}${tag}` };
  return numbered === undefined ? [fence] : [anchor(numbered.label), fence];
}

function derivation({ label, number, children }: DerivationNode): RootContent[] {
  return [anchor(label), paragraph(text(`(${number})`)), ...children.flatMap(block)];
}

function figure({ label, number, caption, alt, files, origin }: FigureNode): RootContent[] {
  const links = files
    .slice(1)
    .flatMap((file): PhrasingContent[] => [
      text(', '),
      { type: 'link', url: `figures/${file}`, children: [text(file.replace(/^.*\./, '').toUpperCase())] },
    ]);
  return [
    anchor(label),
    paragraph({ type: 'image', url: `figures/${label}.svg`, alt }),
    paragraph(
      bold(`Figure ${number}.`),
      text(' '),
      ...inline(caption),
      text(' From '),
      notebookLink(origin.notebook),
      text(remarkOn(origin)),
      ...links,
      text('.'),
    ),
  ];
}

function table({ label, number, caption, table, origin }: TableNode): RootContent[] {
  return [
    anchor(label),
    paragraph(
      bold(`Table ${number}.`),
      text(' '),
      ...inline(caption),
      text(' From '),
      notebookLink(origin.notebook),
      text(`${remarkOn(origin)}.`),
    ),
    copy(table),
  ];
}

function listing({ label, number, caption, code, language, file, firstLine }: ListingNode): RootContent[] {
  const source: PhrasingContent = { type: 'link', url: `../${file}#L${firstLine}`, children: [text(file)] };
  return [
    anchor(label),
    paragraph(bold(`Listing ${number}.`), text(' '), ...inline(caption), text(' From '), source, text('.')),
    { type: 'code', lang: language, value: code },
  ];
}

function contents(nodes: readonly RootContent[]): List {
  const sections = nodes.filter(
    (node): node is SectionNode => node.type === 'reportSection' && node.depth === 2,
  );
  const item = ({ label, number, children }: SectionNode): ListItem => ({
    type: 'listItem',
    spread: false,
    children: [
      paragraph({
        type: 'link',
        url: `#${label}`,
        children: [...(number === undefined ? [] : [text(`${number} `)]), ...inline(children)] as never,
      }),
    ],
  });
  return { type: 'list', ordered: false, spread: false, children: sections.map(item) };
}

function references({ references: works }: Report): RootContent[] {
  return works.flatMap(({ key, number, text: printed }) => [
    anchor(`ref-${key}`),
    paragraph(text(`[${number}] `), ...inline(printed)),
  ]);
}

function citation({ keys, numbers }: CitationNode): PhrasingContent {
  return html(`[${numbers.map((number, i) => `<a href="#ref-${keys[i]!}">${number}</a>`).join(', ')}]`);
}

function number(node: NumberNode): PhrasingContent {
  const { set } = node;
  return set.exponent === undefined
    ? text(set.digits + markOf(node))
    : html(`${set.digits}\u00a0×\u00a010<sup>${set.exponent}</sup>${markOf(node)}`);
}

function notebookLink(path: string): PhrasingContent {
  return { type: 'link', url: `../${path}`, children: [text(nameOf(path))] };
}

function anchor(label: string): Html {
  return html(`<a id="${label}"></a>`);
}

function html(value: string): Html {
  return { type: 'html', value };
}

function text(value: string): PhrasingContent & { type: 'text' } {
  return { type: 'text', value };
}

function bold(value: string): PhrasingContent {
  return { type: 'strong', children: [text(value)] };
}

function paragraph(...children: PhrasingContent[]): Paragraph {
  return { type: 'paragraph', children };
}
