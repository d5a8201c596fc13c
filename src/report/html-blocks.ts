import type { Node, PhrasingContent, RootContent, Table, TableCell } from 'mdast';
import { escapeXml, prefixIds } from '../figures/svg.js';
import type { Highlighter } from './code-highlight.js';
import { nameOf } from './collect.js';
import { placeOfNode } from './markdown-parser.js';
import { mathToHtml } from './math.js';
import { markOf, remarkOn } from './recorded.js';
import { isUnbroken, rowSpans } from './table-node.js';
import type { Problems } from './problem.js';
import type {
  CitationNode,
  DerivationNode,
  EquationNode,
  FigureNode,
  ListingNode,
  NumberNode,
  Reference,
  SectionNode,
  TableNode,
} from './tree.js';

/** What the writer of HTML needs beside the tree. */
export interface HtmlOptions {
  readonly highlight: Highlighter;
  readonly problems: Problems;
  /** The works that are cited. */
  readonly references: readonly Reference[];
  /** The path from the page to the project's root, for links to notebooks and sources. */
  readonly root: string;
}

/** Writes nodes of the report as HTML. */
export class HtmlWriter {
  private explored = false;

  constructor(private readonly options: HtmlOptions) {}

  blocks(nodes: readonly RootContent[]): string {
    return nodes.map((node) => this.block(node)).join('\n');
  }

  inline(nodes: readonly PhrasingContent[]): string {
    const phrases = nodes.map((node) => this.phrase(node));
    nodes.forEach((node, i) => {
      if (node.type !== 'inlineMath' || node.value.length > shortFormula) return;
      // A browser would begin a line with the power of ten of a formula, or with the full stop behind it.
      const [stops = ''] = /^[.,;:?!)”’]+/.exec(phrases[i + 1] ?? '') ?? [];
      phrases[i] = `<span class="word">${phrases[i]!}${stops}</span>`;
      if (stops !== '') phrases[i + 1] = phrases[i + 1]!.slice(stops.length);
    });
    return phrases.join('');
  }

  private block(node: RootContent): string {
    switch (node.type) {
      case 'paragraph':
        return `<p>${this.inline(node.children)}</p>`;
      case 'reportSection':
        return this.section(node);
      case 'reportReferences':
        return this.references();
      case 'list':
        return this.list(node.children, node.ordered === true, node.spread === true);
      case 'blockquote':
        return `<blockquote>${this.blocks(node.children)}</blockquote>`;
      case 'code':
        return `<div class="code">${this.code(node.value, node.lang ?? undefined, node)}</div>`;
      case 'table':
        return `<div class="scroll" tabindex="0">${this.tableOf(node)}</div>`;
      case 'thematicBreak':
        return '<hr>';
      case 'reportEquation':
        return this.equation(node);
      case 'reportDerivation':
        return this.derivation(node);
      case 'reportFigure':
        return this.figure(node);
      case 'reportTable':
        return this.table(node);
      case 'reportListing':
        return this.listing(node);
      default:
        return this.unknown(node);
    }
  }

  private phrase(node: PhrasingContent): string {
    switch (node.type) {
      case 'text':
        return escapeXml(node.value);
      case 'emphasis':
        return `<em>${this.inline(node.children)}</em>`;
      case 'strong':
        return `<strong>${this.inline(node.children)}</strong>`;
      case 'delete':
        return `<del>${this.inline(node.children)}</del>`;
      case 'inlineCode':
        return `<code>${escapeXml(node.value)}</code>`;
      case 'break':
        return '<br>';
      case 'link':
        return `<a href="${escapeXml(node.url)}">${this.inline(node.children)}</a>`;
      case 'inlineMath':
        return this.math(node.value, false, node);
      case 'reportNumber':
        return number(node);
      case 'reportReference':
        return `<a class="ref" href="#${node.label}">${escapeXml(node.text.replace(' ', '\u00a0'))}</a>`;
      case 'reportCitation':
        return citation(node);
      default:
        return this.unknown(node);
    }
  }

  private section({ depth, label, number, children }: SectionNode): string {
    const counted = number === undefined ? '' : `<span class="number">${number}</span> `;
    return `<h${depth} id="${label}">${counted}${this.inline(children)}</h${depth}>`;
  }

  private references(): string {
    const items = this.options.references.map(
      ({ key, text }) => `<li id="ref-${key}">${this.inline(text)}</li>`,
    );
    return `<ol class="references">${items.join('\n')}</ol>`;
  }

  private list(items: { children: RootContent[] }[], ordered: boolean, spread: boolean): string {
    const tag = ordered ? 'ol' : 'ul';
    const content = ({ children }: { children: RootContent[] }) => {
      const [only] = children;
      return !spread && only?.type === 'paragraph'
        ? this.inline(only.children) + this.blocks(children.slice(1))
        : this.blocks(children);
    };
    return `<${tag}>${items.map((item) => `<li>${content(item)}</li>`).join('')}</${tag}>`;
  }

  private equation(node: EquationNode): string {
    const { latex, numbered } = node;
    const label = numbered === undefined ? '' : ` id="${numbered.label}"`;
    const number = numbered === undefined ? '' : `<span class="number">(${numbered.number})</span>`;
    return `<div class="equation"${label}><div class="formula" tabindex="0">${this.math(latex, true, node)}</div>${number}</div>`;
  }

  private derivation({ label, number, children }: DerivationNode): string {
    return `<div class="derivation" id="${label}"><div>${this.blocks(children)}</div><span class="number">(${number})</span></div>`;
  }

  private figure({ label, number, caption, svg, wide, files, origin, runs }: FigureNode): string {
    const links = files.map(
      (file) => `<a href="figures/${file}">${file.replace(/^.*\./, '').toUpperCase()}</a>`,
    );
    const made = `<a href="${this.options.root}/${origin.notebook}">${nameOf(origin.notebook)}</a>`;
    const source = `<span class="source">From ${made}${remarkOn(origin)}; ${links.join(', ')}.</span>`;
    // The page brings the rules for dark screens once for all pictures.
    const picture = prefixIds(svg.trim(), label).replace(/<style>[\s\S]*?<\/style>/g, '');
    const width = /^<svg[^>]* width="([\d.]+)/.exec(svg.trim())?.[1] ?? '600';
    return (
      `<figure id="${label}"${wide ? ' class="wide"' : ''}><div class="plot" tabindex="0" style="--width:${width}px">${picture}</div>` +
      `<figcaption><span class="label">Figure ${number}.</span> ${this.inline(caption)} ${source}</figcaption>` +
      (runs.length === 0 ? '' : `<div class="rerun" data-rerun="${label}" hidden></div>`) +
      `</figure>${runs.length === 0 ? '' : this.explorer()}`
    );
  }

  /** A place for the reader's own trainings, after the first figure with runs; scripts fill it. */
  private explorer(): string {
    if (this.explored) return '';
    this.explored = true;
    return (
      '<section class="explorer" id="explore" aria-labelledby="explore-title" hidden><p id="explore-title"><b>Try it.</b> ' +
      'Train a network of your own, by the same library, in this page. The line is the true boundary between the classes; ' +
      'the tinted ground is where the network answers class one. The address of the page keeps the settings.</p></section>'
    );
  }

  private table({ label, number, caption, table, origin }: TableNode): string {
    const made = `<a href="${this.options.root}/${origin.notebook}">${nameOf(origin.notebook)}</a>`;
    return (
      `<figure id="${label}" class="table"><figcaption><span class="label">Table ${number}.</span> ${this.inline(caption)}` +
      ` <span class="source">From ${made}${remarkOn(origin)}.</span></figcaption>` +
      `<div class="scroll" tabindex="0">${this.tableOf(table)}</div></figure>`
    );
  }

  private listing(node: ListingNode): string {
    const { label, number, caption, code, language, file, firstLine } = node;
    const source = `<a href="${this.options.root}/${file}">${escapeXml(file)}</a>, from line ${firstLine}`;
    return (
      `<figure id="${label}" class="listing"><figcaption><span class="label">Listing ${number}.</span> ${this.inline(caption)}` +
      ` <span class="source">From ${source}.</span></figcaption><div class="code">${this.code(code, language, node)}</div></figure>`
    );
  }

  private tableOf(table: Table): string {
    const { align, children } = table;
    const cell = (tag: string, content: TableCell, j: number, span = 1) => {
      const side = align?.[j];
      const letters = lengthOf(content);
      const size = letters > longCell ? 'long' : letters > shortCell ? 'phrase' : undefined;
      const classes = [
        side === 'right' || side === 'center' ? side : undefined,
        isUnbroken(content) ? 'word' : size,
      ];
      const names = classes.filter((name) => name !== undefined).join(' ');
      const attribute = names === '' ? '' : ` class="${names}"`;
      const reach = `${tag === 'th' ? ' scope="col"' : ''}${span > 1 ? ` rowspan="${span}"` : ''}`;
      return `<${tag}${reach}${attribute}>${this.inline(content.children)}</${tag}>`;
    };
    const [head, ...rows] = children;
    const spans = rowSpans(table);
    const body = rows.map(({ children: [first, ...others] }, i) => {
      const start = spans[i] === 0 ? '<tr class="on">' : `<tr>${cell('td', first!, 0, spans[i])}`;
      return `${start}${others.map((content, j) => cell('td', content, j + 1)).join('')}</tr>`;
    });
    const widest = head!.children.map((_, j) =>
      Math.max(...children.map((row) => lengthOf(row.children[j]!))),
    );
    const long = widest.filter((letters) => letters > longCell);
    const letters = widest.reduce((sum, letters) => sum + Math.min(letters, longCell), 0);
    const broad = long.length > 1 || letters > broadTable;
    return `<table${broad ? ' class="broad"' : ''}><thead><tr>${head!.children.map((content, j) => cell('th', content, j)).join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
  }

  private math(latex: string, display: boolean, node: Node): string {
    return this.attempt(node, () => mathToHtml(latex, display));
  }

  private code(code: string, language: string | undefined, node: Node): string {
    return this.attempt(node, () => this.options.highlight(code, language));
  }

  private attempt(node: Node, make: () => string): string {
    try {
      return make();
    } catch (error) {
      this.options.problems.add(placeOfNode(node), `${(error as Error).message}.`);
      return '';
    }
  }

  private unknown(node: Node): string {
    this.options.problems.add(placeOfNode(node), `the report cannot set a "${node.type}".`);
    return '';
  }
}

function number(node: NumberNode): string {
  const { set, claim } = node;
  const power = set.exponent === undefined ? '' : `\u00a0×\u00a010<sup>${escapeXml(set.exponent)}</sup>`;
  const unit = claim.unit === undefined ? '' : ` ${claim.unit}`;
  const how =
    claim.recorded === undefined
      ? claim.kind
      : `recorded on ${claim.recorded.machine}, ${claim.recorded.date}`;
  const title = `${claim.name} = ${String(claim.value)}${unit} (${how}), made in ${nameOf(claim.notebook)}`;
  return `<data class="claim" value="${escapeXml(String(claim.value))}" title="${escapeXml(title)}">${escapeXml(set.digits)}${power}</data>${markOf(node)}`;
}

/** A formula in a line with more characters of LaTeX may have to be broken. */
const shortFormula = 36;

/** Two columns with more characters would be squeezed on a narrow screen. */
const longCell = 32;

/** A cell with fewer characters is narrow by itself. */
const shortCell = 12;

/** A table with more characters side by side does not fit into the column of text. */
const broadTable = 90;

function lengthOf(node: { readonly value?: string; readonly children?: readonly object[] }): number {
  return (node.value?.length ?? 0) + (node.children ?? []).reduce((sum, child) => sum + lengthOf(child), 0);
}

function citation({ keys, numbers }: CitationNode): string {
  return `[${numbers.map((number, i) => `<a class="ref" href="#ref-${escapeXml(keys[i]!)}">${number}</a>`).join(', ')}]`;
}
