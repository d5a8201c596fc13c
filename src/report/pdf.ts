import { readFileSync } from 'node:fs';
import { moduleBeside, startThread } from '../experiment/thread.js';
import { fontFile } from '../figures/fonts.js';
import { families } from './page-fonts.js';
import type { Problems } from './problem.js';
import type { FigureNode, Report } from './tree.js';
import { quoted, TypstWriter } from './typst-blocks.js';
import type { TypstJob, TypstResult } from './typst-thread.js';

/**
 * Sets the report as a PDF with Typst, in a thread of its own: vector figures, tagged for screen readers, the same bytes every
 * time. What Typst refuses or warns about comes with it; `problems` gets what cannot be written for Typst.
 */
export function renderPdf(report: Report, problems: Problems): Promise<TypstResult> {
  const job: TypstJob = {
    source: typstSource(report, problems),
    fonts: fonts(),
    files: figuresIn(report).map(({ label, svg }) => ({ path: `/figures/${label}.svg`, content: svg })),
  };
  const thread = startThread(moduleBeside(import.meta.url, 'typst-thread'), job);
  return new Promise((resolve, reject) => {
    thread.once('message', resolve).once('error', reject);
    thread.once('exit', (code) => reject(new Error(`internal: the thread of Typst ended with code ${code}`)));
  });
}

/** The report as Typst source. */
export function typstSource(report: Report, problems: Problems): string {
  const writer = new TypstWriter({ problems, references: report.references });
  const authors = report.authors.map(quoted).join(', ');
  return `${template}
#set document(title: ${quoted(report.title)}, author: (${authors},), date: ${typstDate(report.date)})
#titleblock(${quoted(report.title)}, ${report.subtitle === undefined ? 'none' : quoted(report.subtitle)}, ${quoted(report.authors.join(', '))}, ${quoted(report.date)})[${writer.blocks(report.abstract)}]

${writer.blocks(report.body.children)}
`;
}

function fonts(): Buffer[] {
  const faces: [string, string][] = [
    ...['400Regular', '400Regular_Italic', '700Bold', '700Bold_Italic'].map((style): [string, string] => [
      'stix-two-text',
      style,
    ]),
    ...['400Regular', '400Regular_Italic', '600SemiBold'].map((style): [string, string] => [
      'ibm-plex-sans',
      style,
    ]),
    ['ibm-plex-mono', '400Regular'],
  ];
  return faces.map(([family, style]) => readFileSync(fontFile(family, style)));
}

function figuresIn({ body }: Report): FigureNode[] {
  return body.children.filter((node): node is FigureNode => node.type === 'reportFigure');
}

/** "18 November 2020" as a Typst date; any other form leaves the document without one. */
function typstDate(date: string): string {
  const months =
    'January February March April May June July August September October November December'.split(' ');
  const [, day, name, year] = /^(\d{1,2}) (\w+) (\d{4})$/.exec(date) ?? [];
  const month = months.indexOf(name ?? '') + 1;
  return month === 0 ? 'none' : `datetime(year: ${year!}, month: ${month}, day: ${day!})`;
}

const template = `
#set page(paper: "a4", margin: (x: 27mm, top: 22mm, bottom: 26mm), numbering: "1", number-align: center)
#set text(font: ("${families.serif}", "${families.sans}"), size: 10pt, lang: "en", fallback: false, number-type: "lining", hyphenate: true, costs: (orphan: 400%, widow: 400%))
#set par(justify: true, leading: 0.62em, spacing: 0.95em)
#show math.equation: set text(font: "New Computer Modern Math", size: 1.05em, fallback: true)
#show raw: set text(font: "${families.mono}", size: 0.94em)
#show raw.where(block: true): it => block(width: 100%, fill: luma(246), inset: 8pt, radius: 2pt, breakable: true, align(left, text(size: 0.825em, it)))
#set heading(numbering: none)
#show heading: set text(font: "${families.serif}", hyphenate: false)
#show heading.where(level: 1): set text(size: 14.5pt)
#show heading.where(level: 1): set block(above: 1.8em, below: 0.85em, sticky: true)
#show heading.where(level: 2): set text(size: 11.8pt)
#show heading.where(level: 2): set block(above: 1.4em, below: 0.7em, sticky: true)
#show heading.where(level: 3): set text(size: 10pt, style: "italic", weight: "regular")
#show link: set text(fill: rgb("#0b4f80"))
#set figure(numbering: none, supplement: none, gap: 0.8em)
#set figure.caption(separator: none)
#show figure.caption: it => block(width: 100%, sticky: true, align(left, text(font: "${families.sans}", size: 8.4pt, it.body)))
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.where(kind: raw): set figure.caption(position: top)
#show figure.where(kind: raw): set block(breakable: true)
#show figure.where(kind: table): set block(breakable: true)
#set place(clearance: 1.6em)
#set table.cell(breakable: false)
#set table(stroke: none, inset: (x: 4.5pt, y: 2.8pt))
#show table: set text(font: "${families.sans}", size: 8pt, hyphenate: false)
#show table: it => { show regex("\\S{17,}"): set text(hyphenate: true); it }
#show table: set par(justify: false, linebreaks: "optimized")
#set list(indent: 0.6em)
#set enum(indent: 0.6em)
#let source(body) = text(fill: luma(90), hyphenate: false, body)
#let picture(path, alt, width) = layout(size => image(path, alt: alt, width: calc.min(size.width, width * 0.62pt)))
#let checks(body) = block(above: 0.6em, text(size: 8.6pt, par(justify: false, body)))
#let derivation(number, body) = grid(columns: (1fr, auto), align: (left, right + top), column-gutter: 1em, {
  show math.equation: set text(size: 0.95em)
  body
}, number)
#let checks(body) = text(size: 8.4pt, par(justify: false, body))
#let chain(formulas, checked) = block(breakable: false, formulas + block(above: 0.7em, checked))
#let pair(one, other) = layout(size => {
  let half = (size.width - 2em.to-absolute()) / 2
  if calc.max(measure(one.first()).width, measure(other.first()).width) > half { chain(..one) + chain(..other) }
  else { block(breakable: false, grid(columns: (1fr, 1fr), column-gutter: 2em, row-gutter: 0.7em, one.first(), other.first(), one.last(), other.last())) }
})
#let ruled(body) = { set par(leading: 0.75em); set table(inset: (x: 4.5pt, y: 3.8pt)); body }
#let works(..items) = grid(columns: (auto, 1fr), column-gutter: 0.7em, row-gutter: 0.75em, ..items)
#let titleblock(title, subtitle, authors, date, abstract) = {
  set align(center)
  set par(justify: false)
  block(below: 0.9em, text(size: 19pt, weight: "bold", hyphenate: false, title))
  if subtitle != none { block(width: 76%, below: 1.3em, text(size: 12pt, style: "italic", hyphenate: false, subtitle)) }
  block(below: 0.5em, text(size: 11pt, authors))
  block(below: 2em, text(size: 9.5pt, fill: luma(90), date))
  block(width: 86%, below: 2.4em)[
    #align(center, strong[Abstract])
    #set text(size: 9.6pt)
    #align(left, abstract)
  ]
}
`;
