import { arquero } from '../experiment/arquero.js';
import { type Figure, figure, type VegaLiteSpec } from './figure.js';
import { legendBelow } from './line-panel.js';
import { seriesColour, seriesDash, sizes } from './theme.js';
import { number } from './wording.js';
import { requireOptions } from '../tensor/options.js';
import { aNumber, anyNumber, aText, listOf, objectWith, requireKinds } from '../tensor/arguments.js';
import { ValueError } from '../tensor/error.js';

/** Values after some steps of a training; step 0 is before the first. */
export interface StepSeries {
  readonly name: string;
  readonly points: readonly { readonly step: number; readonly value: number }[];
}

export interface StepPanel {
  readonly title: string;
  readonly series: readonly StepSeries[];
  /** How a value is written; a d3 format such as '.0%'. */
  readonly format?: string;
  /** Draws the values on a logarithmic axis. */
  readonly logarithmic?: boolean;
}

const somePoints = listOf(
  objectWith({ step: aNumber, value: anyNumber }, 'a point, { step, value }'),
  'the points in a list',
);
const someSeries = listOf(
  objectWith({ name: aText, points: somePoints }, 'a series, { name, points }'),
  'the series of a panel',
);
const somePanels = listOf(
  objectWith({ title: aText, series: someSeries }, 'a panel, { title, series }'),
  'the panels in a list',
);

/**
 * Draws what happens within a training, panel beside panel: lines over steps on an axis that is stretched at its beginning,
 * since most happens there.
 * @throws ValueError for a panel without a point, or a value that its axis cannot show.
 */
export function stepLines(panels: readonly StepPanel[], options: { readonly title?: string } = {}): Figure {
  requireKinds('stepLines', { panels }, { panels: somePanels });
  requireOptions('stepLines', options, { title: true });
  const { title } = options;
  if (panels.length === 0) throw new ValueError('stepLines: there is no panel to draw: give at least one.');
  for (const panel of panels) requireDrawable(panel);
  const rows = panels.flatMap((panel) =>
    panel.series.flatMap(({ name, points }) =>
      points.map(({ step, value }) => ({ panel: panel.title, series: name, step, value })),
    ),
  );
  const last = Math.max(...rows.map(({ step }) => step));
  return figure({
    ...(title === undefined ? {} : { title }),
    alt: panels.map(describe).join(' '),
    table: arquero().from(rows),
    spec: {
      hconcat: panels.map((panel) => panelSpec(panel, last)),
      bounds: 'flush',
      spacing: 62,
      resolve: { scale: { color: 'independent', strokeDash: 'independent' } },
    },
  });
}

function panelSpec(
  { title, series, format = '~g', logarithmic = false }: StepPanel,
  last: number,
): VegaLiteSpec {
  const names = series.map(({ name }) => name);
  const looks = (pick: (index: number) => unknown) => ({
    field: 'series',
    type: 'nominal',
    scale: { domain: names, range: names.map((_, k) => pick(k)) },
    legend: legendBelow(names),
  });
  const values = [0, 1, 10, 100, 1000, 10_000].filter((step) => step <= last);
  return {
    width: sizes.panelWidth,
    height: sizes.panelHeight,
    title: { text: title },
    transform: [{ filter: `datum.panel === ${JSON.stringify(title)}` }],
    mark: { type: 'line', point: { size: 22, filled: true, opacity: 1 } },
    encoding: {
      x: {
        field: 'step',
        type: 'quantitative',
        title: 'steps',
        scale: { type: 'symlog', domain: [0, last], nice: false },
        axis: { values, format: ',d' },
      },
      y: {
        field: 'value',
        type: 'quantitative',
        title: null,
        ...(logarithmic
          ? decades(series, format)
          : { scale: { zero: true }, axis: { format, tickCount: 5 } }),
      },
      color: looks(seriesColour),
      strokeDash: looks(seriesDash),
    },
  };
}

/** A logarithmic axis from one power of ten to another, with a line at each. */
function decades(series: readonly StepSeries[], format: string): VegaLiteSpec {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  let power = 1;
  while (power > lowest) power /= 10;
  while (power * 10 <= lowest) power *= 10;
  const powers = [power];
  while (powers.at(-1)! < highest) powers.push(powers.at(-1)! * 10);
  const domain = [powers[0]!, powers.at(-1)!];
  return { scale: { type: 'log', domain, nice: false }, axis: { format, values: powers } };
}

function requireDrawable({ title, series, logarithmic = false }: StepPanel): void {
  const points = series.flatMap((one) => one.points.map((point) => ({ ...point, name: one.name })));
  if (points.length === 0) throw new ValueError(`stepLines: the panel "${title}" has no point: give it one.`);
  const bad = points.find(({ value }) => !Number.isFinite(value) || (logarithmic && value <= 0));
  if (bad === undefined) return;
  throw new ValueError(
    `stepLines: in "${title}", ${bad.name} is ${bad.value} after step ${bad.step}, which ` +
      `${logarithmic ? 'a logarithmic axis' : 'an axis'} cannot show: leave it out.`,
  );
}

function describe({ title, series }: StepPanel): string {
  const courses = series
    .filter(({ points }) => points.length > 0)
    .map(({ name, points }) => {
      const [first, end] = [points[0]!, points.at(-1)!];
      const highest = points.reduce((best, point) => (point.value > best.value ? point : best));
      return (
        `${name} ${number(first.value)} after ${first.step} steps, ${number(end.value)} after ${end.step}, at most ` +
        `${number(highest.value)} after ${highest.step}`
      );
    });
  return `${title}: ${courses.join('; ')}.`;
}
