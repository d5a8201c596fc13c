import type { TopLevelSpec } from 'vega-lite';
import { textWidth } from './fonts.js';
import type { VegaLiteSpec } from './figure.js';
import { type Description, finishSvg } from './svg.js';

/**
 * Draws a Vega-Lite spec as an SVG picture: no browser, no system fonts, the same bytes every time.
 * Text is measured in the font that draws it, since Vega's own guess drops ticks and misplaces labels.
 * Throws when Vega-Lite warns about the spec or the font lacks a character.
 */
export async function renderChart(spec: VegaLiteSpec, description: Description): Promise<string> {
  const { vega, vegaLite } = await loadVega();
  const problems: string[] = [];
  const logger = vega.logger(vega.Warn);
  logger.warn = logger.error = (...messages: unknown[]) => {
    problems.push(messages.map(String).join(' '));
    return logger;
  };
  // The picture as a whole has a description; one for each mark would only swell it.
  const silent = { ...spec, config: { ...(spec.config as object), aria: false } };
  const { spec: compiled } = vegaLite.compile(silent as unknown as TopLevelSpec, { logger });
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logger });
  try {
    await view.runAsync();
    vega.resetSVGDefIds();
    const svg = await view.toSVG();
    if (problems.length > 0) throw new Error(`internal: Vega warns about the chart: ${problems.join('; ')}`);
    return finishSvg(svg, description);
  } finally {
    view.finalize();
  }
}

/** Loaded on first use: both packages have a top-level await, which a notebook's `require` refuses. */
async function loadVega() {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const { textMetrics } = vega as unknown as {
    textMetrics: { width: (item: TextItem, text: unknown) => number };
  };
  textMetrics.width = measure;
  return { vega, vegaLite };
}

interface TextItem {
  fontSize?: number;
  fontWeight?: number | string;
  fontStyle?: string;
}

function measure(item: TextItem, text: unknown): number {
  const weight = item.fontWeight === 'bold' ? 700 : Number(item.fontWeight ?? 400) || 400;
  const face = { weight, italic: item.fontStyle === 'italic' };
  const line =
    text === null || text === undefined ? '' : typeof text === 'string' ? text : JSON.stringify(text);
  return textWidth(line, item.fontSize ?? 11, face);
}
