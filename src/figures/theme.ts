/** A colour on a light page and its counterpart on a dark one. */
export interface Ink {
  readonly name: string;
  readonly light: string;
  readonly dark: string;
}

/** The family that every figure is set in; its files are named in `fonts.ts`. */
export const fontFamily = 'IBM Plex Sans';

/** What text, rules and grids are drawn with. */
export const inks = {
  text: { name: 'text', light: '#1f2328', dark: '#e6e8eb' },
  muted: { name: 'muted', light: '#5a626c', dark: '#a6aeb8' },
  rule: { name: 'rule', light: '#8c949e', dark: '#7a828c' },
  grid: { name: 'grid', light: '#e4e7eb', dark: '#363c44' },
  /** Ground under data, as the region of a class. */
  tint: { name: 'tint', light: '#d3e5f1', dark: '#1f3546' },
} as const satisfies Record<string, Ink>;

/**
 * Colours of series, in the order in which they are given out. They follow Okabe and Ito, whose hues stay apart under the
 * common kinds of colour blindness; each is darkened for white paper and lightened for a dark page to a contrast above 3.
 */
export const seriesInks: readonly Ink[] = [
  { name: 'blue', light: '#0072b2', dark: '#56a9e0' },
  { name: 'vermilion', light: '#cc5500', dark: '#f08d4f' },
  { name: 'green', light: '#00805e', dark: '#35bd97' },
  { name: 'purple', light: '#98478a', dark: '#d58fc8' },
  { name: 'ochre', light: '#947000', dark: '#dcb23c' },
  { name: 'slate', light: '#48566a', dark: '#9fb0c8' },
];

/** Dashes that tell series apart without colour, in the same order. */
const seriesDashes: readonly (readonly number[])[] = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [4, 2],
  [1, 0],
];

/** The light colour of the series at `index`; after the last one they begin again. */
export function seriesColour(index: number): string {
  return seriesInks[index % seriesInks.length]!.light;
}

/** The dash of the series at `index`. */
export function seriesDash(index: number): readonly number[] {
  return seriesDashes[index % seriesDashes.length]!;
}

/** Sizes in pixels, made for a figure about 680 pixels wide. */
export const sizes = { label: 11.5, title: 12.5, line: 1.75, panelWidth: 270, panelHeight: 210 } as const;

/** The Vega-Lite configuration that every chart carries, so that it looks the same wherever its spec is drawn. */
export const chartConfig: Readonly<Record<string, unknown>> = {
  background: 'transparent',
  font: fontFamily,
  padding: 4,
  view: { stroke: null },
  range: { category: seriesInks.map(({ light }) => light) },
  axis: {
    domainColor: inks.rule.light,
    tickColor: inks.rule.light,
    gridColor: inks.grid.light,
    labelColor: inks.muted.light,
    titleColor: inks.text.light,
    labelFontSize: sizes.label,
    titleFontSize: sizes.title,
    titleFontWeight: 400,
    titlePadding: 8,
    labelPadding: 4,
    labelFlush: false,
    tickSize: 4,
    domainWidth: 1,
    gridWidth: 1,
  },
  axisX: { grid: false },
  axisY: { domain: false, ticks: false },
  header: {
    labelColor: inks.text.light,
    labelFontSize: sizes.title,
    labelFontWeight: 600,
    titleColor: inks.text.light,
    titleFontSize: sizes.title,
  },
  legend: {
    labelColor: inks.text.light,
    labelFontSize: sizes.label,
    titleColor: inks.muted.light,
    titleFontSize: sizes.label,
    titleFontWeight: 400,
    symbolStrokeWidth: 2,
    symbolSize: 90,
  },
  title: {
    color: inks.text.light,
    fontSize: sizes.title,
    fontWeight: 600,
    anchor: 'start',
    offset: 10,
    subtitleColor: inks.muted.light,
    subtitleFontSize: sizes.label,
  },
  text: { color: inks.text.light, fontSize: sizes.label },
  line: { strokeWidth: sizes.line, strokeCap: 'round', strokeJoin: 'round' },
};

/** The style rules that recolour a figure on a dark screen; print and everything that knows no style sheet keep the light colours. */
export function darkRules(scope = ''): string {
  const rules = [...Object.values(inks), ...seriesInks]
    .map(({ name, dark }) => `${scope}.gf-${name}{fill:${dark}}${scope}.gs-${name}{stroke:${dark}}`)
    .join('');
  return `@media screen and (prefers-color-scheme:dark){${rules}}`;
}
