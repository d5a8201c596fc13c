import { encodeRuns } from '../figures/published-run.js';
import { escapeXml } from '../figures/svg.js';
import { HtmlWriter, type HtmlOptions } from './html-blocks.js';
import { mathStyle, textFonts } from './page-fonts.js';
import { jsonInScript, pageScripts, securityPolicy } from './page-script.js';
import { pageStyle } from './page-style.js';
import type { FigureNode, Report, SectionNode } from './tree.js';

/** Sets the report as one self-contained HTML page: fonts, pictures, formulas and styles are inside. */
export async function renderHtml(report: Report, options: Omit<HtmlOptions, 'references'>): Promise<string> {
  const writer = new HtmlWriter({ ...options, references: report.references });
  const body = writer.blocks(report.body.children);
  const abstract = writer.blocks(report.abstract);
  const sections = report.body.children.filter((node): node is SectionNode => node.type === 'reportSection');
  const content = `<div class="page">
<header class="title">
<h1>${escapeXml(report.title)}</h1>
${report.subtitle === undefined ? '' : `<p class="subtitle">${escapeXml(report.subtitle)}</p>`}
<p class="byline">${report.authors.map(escapeXml).join(', ')}</p>
<p class="date">${escapeXml(report.date)}</p>
<section class="abstract" aria-labelledby="abstract"><h2 id="abstract">Abstract</h2>
${abstract}</section>
</header>
<nav class="toc" aria-labelledby="contents"><h2 id="contents">Contents</h2>
${contents(sections, writer)}</nav>
<main id="main">
${body}
</main>
<footer>Every number with a dotted line is bound to a claim that a notebook computes; point at it to see which.</footer>
</div>`;
  const [fonts, math, scripts] = await Promise.all([
    textFonts(textOf(content)),
    mathStyle(content),
    pageScripts(),
  ]);
  const styles = [fonts, math, pageStyle()];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${securityPolicy(scripts.main, styles)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(report.title)}</title>
<meta name="author" content="${escapeXml(report.authors.join(', '))}">
${styles.map((style) => `<style>${style}</style>`).join('\n')}
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
${content}
${data(report, scripts.trainer)}
<script>${scripts.main}</script>
</body>
</html>
`;
}

/** What the scripts work with: values to read off charts, the published runs, and the library where there is something to train. */
function data(report: Report, trainer: string): string {
  const figures = report.body.children.filter((node): node is FigureNode => node.type === 'reportFigure');
  const readings = figures.flatMap(({ label, reading }) =>
    reading === undefined ? [] : [[label, reading] as const],
  );
  const runs = figures.flatMap((figure) =>
    figure.runs.length === 0 ? [] : [[figure.label, encodeRuns(figure.runs)] as const],
  );
  const block = (id: string, value: unknown) =>
    `<script type="application/json" id="${id}">${jsonInScript(value)}</script>`;
  return [
    ...(readings.length === 0 ? [] : [block('readings', Object.fromEntries(readings))]),
    ...(runs.length === 0
      ? []
      : [
          block('published-runs', Object.fromEntries(runs)),
          `<script type="text/plain" id="trainer">${trainer}</script>`,
        ]),
  ].join('\n');
}

/** The sections and their subsections as a list of links. */
function contents(sections: readonly SectionNode[], writer: HtmlWriter): string {
  const item = ({ label, number, children }: SectionNode) =>
    `<a href="#${label}">${number === undefined ? '' : `${number}\u2002`}${writer.inline(children)}</a>`;
  const top = sections.flatMap((section, i) => (section.depth === 2 ? [i] : []));
  const entries = top.map((start, i) => {
    const inner = sections.slice(start + 1, top[i + 1] ?? sections.length).filter(({ depth }) => depth === 3);
    const list =
      inner.length === 0 ? '' : `<ol>${inner.map((section) => `<li>${item(section)}</li>`).join('')}</ol>`;
    return `<li>${item(sections[start]!)}${list}</li>`;
  });
  return `<ol>${entries.join('\n')}</ol>`;
}

function textOf(html: string): string {
  return html.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|quot);/g, '');
}
