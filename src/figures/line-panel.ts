import { endLayer } from './end-labels.js';
import type { VegaLiteSpec } from './figure.js';
import { inks, seriesColour, seriesDash, sizes } from './theme.js';

/** One series of a panel: the values it has, by epoch. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
  /** Where trainings were stopped: each gets a cross. */
  readonly stops?: readonly { readonly epoch: number; readonly value: number }[];
}

/** What a panel of lines over epochs is made of. */
export interface LinePanel {
  readonly title: string;
  /** The column of the chart's table that is drawn, and the one that names the series. */
  readonly field: string;
  readonly colour: string;
  readonly series: readonly Series[];
  readonly domain: readonly [number, number];
  readonly format: string;
  readonly lastEpoch: number;
  readonly layers?: readonly VegaLiteSpec[];
  /** Whether each line's name is written at its end. */
  readonly labelled: boolean;
  readonly legend: VegaLiteSpec | null;
}

/** A Vega-Lite panel: lines over epochs, a cross where a training was stopped, an arrow where a line leaves the axis, names at the ends. */
function linePanel(panel: LinePanel): VegaLiteSpec {
  const { title, field, colour, series, domain, format, lastEpoch, labelled, legend } = panel;
  const names = series.map(({ name }) => name);
  const x = {
    field: 'epoch',
    type: 'quantitative',
    scale: { domain: [0, lastEpoch], nice: false },
    title: 'epoch',
  };
  const axisX = { ...x, axis: { tickCount: Math.min(lastEpoch, 5), format: 'd', labelFlush: false } };
  const y = { type: 'quantitative', scale: { domain, nice: false, zero: false }, title: null };
  const colourScale = {
    field: colour,
    type: 'nominal',
    scale: { domain: names, range: names.map((_, i) => seriesColour(i)) },
    legend,
  };
  const dashScale = {
    field: colour,
    type: 'nominal',
    scale: { domain: names, range: names.map((_, i) => seriesDash(i)) },
    legend,
  };
  return {
    width: sizes.panelWidth,
    height: sizes.panelHeight,
    title: { text: title },
    layer: [
      ...(panel.layers ?? []),
      {
        transform: [{ filter: `isValid(datum['${field}'])` }],
        mark: { type: 'line', clip: true },
        encoding: {
          x: axisX,
          y: { ...y, field, axis: { values: roundTicks(domain), format } },
          color: colourScale,
          strokeDash: dashScale,
        },
      },
      ...marks(stops(series, domain), x, y, colourScale),
      ...exits(exitsOf(series, domain[1]), x, colourScale),
      ...(series.length < 2 || !labelled ? [] : [endLayer(panel, colourScale)]),
    ],
  };
}

/** Puts panels side by side with their axes on one height. */
export function sideBySide(panels: readonly LinePanel[]): VegaLiteSpec {
  return { hconcat: panels.map(linePanel), bounds: 'flush', spacing: 62 };
}

/** The smallest interval of round numbers that holds `low` and `high`. */
export function roundDomain(low: number, high: number): [number, number] {
  const step = roundSteps(low, high)[0]!;
  return [tidy(Math.floor(low / step + 1e-9) * step), tidy(Math.ceil(high / step - 1e-9) * step)];
}

/** Round numbers from one end of an interval that `roundDomain` has made to the other, both ends among them. */
export function roundTicks([low, high]: readonly [number, number]): number[] {
  const whole = (share: number) => Math.abs(share - Math.round(share)) < 1e-6;
  const steps = roundSteps(low, high);
  const step = steps.find((size) => whole(low / size) && whole(high / size)) ?? steps[0]!;
  const count = Math.round((high - low) / step);
  return Array.from({ length: count + 1 }, (_, i) => tidy(low + i * step));
}

/** Steps of 1, 2 or 5 times a power of ten: the smallest that cuts an interval into five at most, and finer ones. */
function roundSteps(low: number, high: number): number[] {
  const span = high > low ? high - low : Math.abs(high) || 1;
  let power = 1;
  while (power > span) power /= 10;
  while (power * 10 <= span) power *= 10;
  const sizes = [10, 5, 2, 1, 0.5, 0.2, 0.1].map((factor) => tidy(factor * power));
  return sizes.filter((_, k) => span / (sizes[k + 1] ?? 0) > 5 + 1e-9);
}

/** Without the last digits, in which sums of steps go astray. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

interface Stop {
  readonly run: string;
  readonly epoch: number;
  readonly value: number;
}

/** Where trainings were stopped, unless the line has left the axis before. */
function stops(series: readonly Series[], [low, high]: readonly [number, number]): Stop[] {
  return series.flatMap(({ name, stops = [] }) =>
    stops
      .filter(({ value }) => value <= high)
      .map(({ epoch, value }) => ({ run: name, epoch, value: Math.max(low, value) })),
  );
}

function marks(
  values: readonly Stop[],
  x: VegaLiteSpec,
  y: VegaLiteSpec,
  color: VegaLiteSpec,
): VegaLiteSpec[] {
  if (values.length === 0) return [];
  const shape = 'M-1,-1L1,1M-1,1L1,-1';
  return [
    {
      data: { values },
      mark: { type: 'point', shape, size: 45, strokeWidth: 2, filled: false, opacity: 1, clip: false },
      encoding: { x, y: { ...y, field: 'value' }, color: { ...color, field: 'run' } },
    },
  ];
}

/** Where each series leaves the axis for the first time, between two epochs. */
function exitsOf(series: readonly Series[], high: number): { run: string; epoch: number }[] {
  return series.flatMap(({ name, points }) => {
    const first = points.findIndex(({ value }) => value > high);
    const after = points[first];
    if (after === undefined) return [];
    const before = points[first - 1] ?? after;
    const share = before === after ? 0 : (high - before.value) / (after.value - before.value);
    const epoch = before.epoch + share * (after.epoch - before.epoch);
    return [{ run: name, epoch: Math.round(epoch * 100) / 100 }];
  });
}

function exits(
  values: readonly { run: string; epoch: number }[],
  x: VegaLiteSpec,
  color: VegaLiteSpec,
): VegaLiteSpec[] {
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      mark: { type: 'point', shape: 'triangle-up', size: 60, filled: true, opacity: 1, clip: false },
      encoding: { x, y: { value: 5 }, color: { ...color, field: 'run' } },
    },
  ];
}

/** A legend below the panels, for series whose names do not fit at the ends of their lines. */
export function legendBelow(names: readonly string[]): VegaLiteSpec {
  return {
    orient: 'bottom',
    title: null,
    columns: names.length <= 4 ? names.length : 3,
    labelColor: inks.text.light,
    symbolType: 'stroke',
    symbolSize: 420,
    symbolOpacity: 1,
    labelLimit: 260,
    values: names,
  };
}
