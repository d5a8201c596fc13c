import type { Node, PhrasingContent, RootContent, Table } from 'mdast';
import { nameOf } from './collect.js';
import { placeOfNode } from './markdown-parser.js';
import type { Problems } from './problem.js';
import type {
  DerivationNode,
  EquationNode,
  FigureNode,
  ListingNode,
  Reference,
  SectionNode,
  TableNode,
} from './tree.js';
import { markOf, remarkOn } from './recorded.js';
import { isUnbroken, rowSpans } from './table-node.js';
import { columnWidths, isLong } from './table-widths.js';
import { mathToTypst } from './typst-math.js';

const PAGE = 60; // lines of a listing that fit on a page
const BESIDE = 870; // pixels: two figures that are wider in sum become too small to read side by side

/** What the writer of Typst needs beside the tree. */
export interface TypstOptions {
  readonly problems: Problems;
  readonly references: readonly Reference[];
}

/**
 * Writes nodes of the report as Typst. Every text is written as a string, so that no character of it can be taken for
 * markup; what stands around it is made of function calls.
 */
export class TypstWriter {
  /** What stands in an appendix does not float: its figures and long tables are what one looks for. */
  private inAppendix = false;

  constructor(private readonly options: TypstOptions) {}

  blocks(nodes: readonly RootContent[]): string {
    const written: string[] = [];
    for (let i = 0; i < nodes.length; i++) {
      const [node, next] = [nodes[i]!, nodes[i + 1]];
      const isPair = this.inAppendix && node.type === 'reportFigure' && next?.type === 'reportFigure';
      if (isPair && widthOf(node) + widthOf(next) <= BESIDE) {
        written.push(this.beside(node, next));
        i++;
      } else written.push(this.block(node));
    }
    return written.join('\n\n');
  }

  inline(nodes: readonly PhrasingContent[]): string {
    return nodes.map((node) => this.phrase(node)).join('');
  }

  private block(node: RootContent): string {
    switch (node.type) {
      case 'paragraph':
        return this.inline(node.children);
      case 'reportSection':
        return this.section(node);
      case 'reportReferences':
        return this.references();
      case 'list': {
        const items = node.children.map((item) => `[${this.blocks(item.children)}]`);
        return `#${node.ordered === true ? 'enum' : 'list'}(tight: ${node.spread !== true}, ${items.join(', ')})`;
      }
      case 'blockquote':
        return `#quote(block: true)[${this.blocks(node.children)}]`;
      case 'code':
        return codeBlock(node.value, node.lang ?? 'text');
      case 'table':
        return `#align(center, ${this.tableOf(node)})`;
      case 'thematicBreak':
        return '#line(length: 100%, stroke: 0.5pt)';
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
        return text(node.value);
      case 'emphasis':
        return `#emph[${this.inline(node.children)}]`;
      case 'strong':
        return `#strong[${this.inline(node.children)}]`;
      case 'delete':
        return `#strike[${this.inline(node.children)}]`;
      case 'inlineCode':
        return `#raw(${quoted(node.value)})`;
      case 'break':
        return '#linebreak()';
      case 'link':
        return `#link(${quoted(node.url)})[${this.inline(node.children)}]`;
      case 'inlineMath':
        return this.math(node.value, false, node);
      case 'reportNumber': {
        const { digits, exponent } = node.set;
        return (
          text(digits) +
          (exponent === undefined ? '' : `${text('\u00a0×\u00a010')}#super[${text(exponent)}]`) +
          text(markOf(node))
        );
      }
      case 'reportReference':
        return `#link(<${node.label}>)[${text(node.text.replace(' ', '\u00a0'))}]`;
      case 'reportCitation': {
        const links = node.numbers.map(
          (number, i) => `#link(<ref-${node.keys[i]!}>)[${text(String(number))}]`,
        );
        return text('[') + links.join(text(', ')) + text(']');
      }
      default:
        return this.unknown(node);
    }
  }

  private section({ depth, label, number, children }: SectionNode): string {
    const counted = number === undefined ? '' : `${text(number)}#h(0.8em)`;
    if (depth === 2) this.inAppendix = /^[A-Z]/.test(number ?? '');
    // What floats belongs before the references and the appendix.
    const flush = depth === 2 && !/^\d/.test(number ?? '') ? '#place.flush()\n' : '';
    return `${flush}#heading(level: ${depth - 1})[${counted}${this.inline(children)}] <${label}>`;
  }

  private references(): string {
    const items = this.options.references.map(
      ({ key, number, text: printed }) =>
        `[#[] <ref-${key}>${text(`[${number}]`)}], [${this.inline(printed)}]`,
    );
    return items.length === 0 ? '' : `#works(${items.join(', ')})`;
  }

  private equation(node: EquationNode): string {
    const formula = this.math(node.latex, true, node);
    if (node.numbered === undefined) return formula;
    const { number, label } = node.numbered;
    return `#[#set math.equation(numbering: _ => ${quoted(`(${number})`)})\n${formula} <${label}>]`;
  }

  private derivation({ label, number, children }: DerivationNode): string {
    return `#derivation(${quoted(`(${number})`)})[${this.chains(children)}] <${label}>`;
  }

  /** The chains of two inputs stand side by side where both are narrow enough, each above its checks. */
  private chains([first, ...rest]: readonly RootContent[]): string {
    if (first === undefined) return '';
    const next = rest.findIndex(({ type }) => type === 'reportEquation');
    const [checks, others] = next < 0 ? [rest, []] : [rest.slice(0, next), rest.slice(next)];
    const after = others.slice(1).findIndex(({ type }) => type === 'reportEquation');
    const [second, ...secondChecks] = after < 0 ? others : others.slice(0, after + 1);
    if (first.type !== 'reportEquation' || checks.length === 0)
      return `#block(width: 100%, sticky: true)[${this.block(first)}]\n\n${this.chains(rest)}`;
    const parts = (equation: RootContent, checks: readonly RootContent[]) =>
      `[${this.block(equation)}], checks[${this.blocks(checks)}]`;
    if (second === undefined || secondChecks.length === 0)
      return `#chain(${parts(first, checks)})\n\n${this.chains(others)}`;
    const pair = `#pair((${parts(first, checks)}), (${parts(second, secondChecks)}))`;
    return `${pair}\n\n${this.chains(others.slice(1 + secondChecks.length))}`;
  }

  /** Two narrow figures side by side, drawn to one scale. */
  private beside(...pair: readonly FigureNode[]): string {
    const columns = pair.map((node) => `${widthOf(node)}fr`).join(', ');
    const cells = pair.map((node) => `[${this.figure(node)}]`).join(', ');
    return `#block(breakable: false, grid(columns: (${columns}), column-gutter: 2em, ${cells}))`;
  }

  private figure(node: FigureNode): string {
    const { label, number, caption, alt, origin } = node;
    const body = `picture(${quoted(`/figures/${label}.svg`)}, ${quoted(alt)}, ${widthOf(node)})`;
    const words = this.caption(`Figure ${number}.`, caption, nameOf(origin.notebook) + remarkOn(origin));
    return `#figure(${body}, kind: image, caption: ${words}, placement: ${this.inAppendix ? 'none' : 'auto'}, alt: ${quoted(alt)}) <${label}>`;
  }

  private table({ label, number, caption, table, origin }: TableNode): string {
    const words = this.caption(`Table ${number}.`, caption, nameOf(origin.notebook) + remarkOn(origin));
    const placement = this.inAppendix || isLong(table) ? 'none' : 'auto'; // what floats cannot go on over the next page
    const figure = `#figure(${this.tableOf(table)}, kind: table, caption: ${words}, placement: ${placement}) <${label}>`;
    return isLong(table) || !this.inAppendix ? figure : `#block(breakable: false)[${figure}]`;
  }

  private listing({ label, number, caption, code, language, file }: ListingNode): string {
    const words = this.caption(`Listing ${number}.`, caption, file);
    const figure = `#figure([${codeBlock(code, language)}], kind: raw, caption: ${words}) <${label}>`;
    return code.split('\n').length > PAGE ? figure : `#block(breakable: false)[${figure}]`;
  }

  private caption(name: string, caption: readonly PhrasingContent[], source: string): string {
    return `[#strong[${text(name)}] ${this.inline(caption)} #source[${text(`From ${source}.`)}]]`;
  }

  private tableOf(node: Table): string {
    const { align, children } = node;
    const [head, ...rows] = children.map((row) =>
      row.children.map((cell) => {
        const content = this.inline(cell.children);
        return isUnbroken(cell) && content !== '' ? `[#box[${content}]]` : `[${content}]`;
      }),
    );
    const sides = head!.map((_, j) =>
      align?.[j] === 'right' ? 'right' : align?.[j] === 'center' ? 'center' : 'left',
    );
    const strong = head!.map((cell) => `strong${cell}`);
    const widths = columnWidths(node);
    // Rows of several lines each are told apart by hairlines.
    const ruled = isLong(node) && widths.includes('fr');
    const spans = rowSpans(node);
    const body = rows.map((row, i) => {
      if (spans[i] === 0) return `${row.slice(1).join(', ')}, `;
      const line = ruled && i > 0 ? 'table.hline(stroke: 0.3pt + luma(200)), ' : '';
      return `${line}table.cell(rowspan: ${spans[i]!})${row.join(', ')}, `;
    });
    return (
      `${ruled ? 'ruled' : ''}(table(columns: (${widths},), align: (${sides.join(', ')},), table.hline(stroke: 0.8pt), ` +
      `table.header(${strong.join(', ')}), table.hline(stroke: 0.4pt), ` +
      `${body.join('')}table.hline(stroke: 0.8pt)))`
    );
  }

  private math(latex: string, display: boolean, node: Node): string {
    try {
      const formula = mathToTypst(latex);
      // A screen reader is given the formula as it was written.
      return `#math.equation(block: ${display}, alt: ${quoted(latex)}, $${formula}$)`;
    } catch (error) {
      this.options.problems.add(placeOfNode(node), `${(error as Error).message}.`);
      return '';
    }
  }

  private unknown(node: Node): string {
    this.options.problems.add(placeOfNode(node), `the PDF cannot set a "${node.type}".`);
    return '';
  }
}

/** The width of a figure in pixels. */
function widthOf({ svg }: FigureNode): number {
  return Number(/^<svg[^>]* width="([\d.]+)/.exec(svg.trim())?.[1] ?? 600);
}

/** A text as a Typst string. */
export function quoted(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}

function text(value: string): string {
  return `#${quoted(value.replace(/\s*\n\s*/g, ' '))}`;
}

function codeBlock(code: string, language: string): string {
  const lang = { typescript: 'ts', shellscript: 'sh' }[language] ?? language;
  return `#raw(block: true, lang: ${quoted(lang)}, ${quoted(code)})`;
}
