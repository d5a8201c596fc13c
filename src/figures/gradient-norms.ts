import { arquero } from '../experiment/arquero.js';
import { type Figure, figure, type VegaLiteSpec } from './figure.js';
import { legendBelow } from './line-panel.js';
import { epochBands } from '../experiment/statistics.js';
import type { Run } from '../training/run.js';
import { seriesColour, seriesDash, sizes } from './theme.js';
import { listed, number } from './wording.js';
import { requireOptions } from '../tensor/options.js';
import { requireKinds } from '../tensor/arguments.js';
import { someVariants } from './run.js';
import { ValueError } from '../tensor/error.js';

/** Trainings of one variant that differ in their seed. */
export interface GradientVariant {
  readonly name: string;
  readonly runs: readonly Run[];
}

interface Row {
  readonly variant: string;
  readonly layer: string;
  readonly epoch: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/**
 * Draws the norm of each layer's gradient by epoch, on a logarithmic scale, one panel a layer: the median over the runs as a
 * line, the interquartile range as a band. Throws unless all runs have the same layers.
 */
export function gradientNorms(
  variants: readonly GradientVariant[],
  options: { readonly title?: string } = {},
): Figure {
  requireKinds('gradientNorms', { variants }, { variants: someVariants });
  requireOptions('gradientNorms', options, { title: true });
  const { title } = options;
  const layers = layersOf(variants);
  const rows = variants.flatMap(({ name, runs }) =>
    layers.flatMap((layer) =>
      epochBands(runs, ({ gradientNorms }) => gradientNorms[layer]).map(
        ({ epoch, low, median, high }): Row => ({ variant: name, layer, epoch, low, median, high }),
      ),
    ),
  );
  const drawn = rows.filter(({ low }) => low > 0);
  const names = variants.map(({ name }) => name);
  const ticks = ticksAround(drawn);
  return figure({
    ...(title === undefined ? {} : { title }),
    alt: describe(rows, names, layers),
    table: arquero().from(drawn),
    spec: {
      hconcat: layers.map((layer, k) => panel(layer, k + 1, names, ticks)),
      bounds: 'flush',
      spacing: 62,
    },
  });
}

function layersOf(variants: readonly GradientVariant[]): string[] {
  const found = variants.flatMap(({ name, runs }) =>
    runs.map(({ history }) => ({ name, layers: Object.keys(history.at(-1)?.gradientNorms ?? {}) })),
  );
  const [first] = found;
  if (first === undefined || first.layers.length === 0)
    throw new ValueError('gradientNorms: there is no run with gradients to draw: give at least one.');
  const odd = found.find(({ layers }) => layers.join() !== first.layers.join());
  if (odd === undefined) return first.layers;
  throw new ValueError(
    `gradientNorms: ${first.name} has the layers ${first.layers.join(', ')}, but ${odd.name} has ${odd.layers.join(', ') || 'none'}: draw them apart.`,
  );
}

/** 1, 2 and 5 times powers of ten, from the last below all values to the first above them. */
function ticksAround(rows: readonly Row[]): number[] {
  const low = Math.min(...rows.map((row) => row.low));
  const high = Math.max(...rows.map((row) => row.high));
  const ticks = Array.from({ length: 37 }, (_, k) => k - 18).flatMap((exponent) =>
    ['1', '2', '5'].map((digit) => Number(`${digit}e${exponent}`)),
  );
  const first = Math.max(
    0,
    ticks.findLastIndex((tick) => tick <= low),
  );
  return ticks.slice(first, ticks.findIndex((tick, k) => tick >= high && k > first) + 1);
}

function panel(
  layer: string,
  position: number,
  names: readonly string[],
  ticks: readonly number[],
): VegaLiteSpec {
  const x = { field: 'epoch', type: 'quantitative', title: 'epoch', scale: { nice: false } };
  const y = {
    type: 'quantitative',
    scale: { type: 'log', domain: [ticks[0], ticks.at(-1)], nice: false },
    title: null,
  };
  const colour = {
    field: 'variant',
    type: 'nominal',
    scale: { domain: names, range: names.map((_, i) => seriesColour(i)) },
    legend: names.length > 1 ? legendBelow(names) : null,
  };
  const dash = { ...colour, scale: { domain: names, range: names.map((_, i) => seriesDash(i)) } };
  return {
    width: sizes.panelWidth,
    height: sizes.panelHeight,
    title: { text: `Gradient of layer ${position}` },
    transform: [{ filter: { field: 'layer', equal: layer } }],
    layer: [
      {
        mark: { type: 'area', fillOpacity: 0.18, line: false },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: colour },
      },
      {
        mark: { type: 'line' },
        encoding: {
          x: { ...x, axis: { tickCount: 5, format: 'd' } },
          y: { ...y, field: 'median', axis: { values: ticks, format: '~g' } },
          color: colour,
          strokeDash: dash,
        },
      },
    ],
  };
}

function describe(rows: readonly Row[], names: readonly string[], layers: readonly string[]): string {
  const sentences = names.map((name) => {
    const parts = layers.map((layer, k) => {
      const own = rows.filter((row) => row.variant === name && row.layer === layer);
      const lowest = own.reduce((least, row) => (row.median < least.median ? row : least));
      return `${number(own[0]!.median)} in the first epoch and ${number(lowest.median)} at the lowest, in epoch ${lowest.epoch}, for layer ${k + 1}`;
    });
    return `${name}: median ${listed(parts)}.`;
  });
  return `Norm of the gradient of each layer by epoch, median and interquartile range, on a logarithmic scale. ${sentences.join(' ')}`;
}
