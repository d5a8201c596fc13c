import { arquero } from '../experiment/arquero.js';
import { type Figure, figure, type VegaLiteSpec } from './figure.js';
import { textWidth } from './fonts.js';
import { inks, seriesColour, sizes } from './theme.js';
import { number } from './wording.js';
import { listOf, numbers, requireKinds } from '../tensor/arguments.js';
import { type OptionNames, requireOptions } from '../tensor/options.js';
import { ValueError } from '../tensor/error.js';

/** What stands beside a matrix. */
export interface HeatmapOptions {
  readonly title?: string;
  readonly rows?: readonly string[];
  readonly columns?: readonly string[];
  readonly rowTitle?: string;
  readonly columnTitle?: string;
  /** What the matrix is, for the alternative text; for example "Jacobian of divide with respect to X". */
  readonly what?: string;
  /** All that a reader is told who does not see the matrix, where its zeros and its range are not the point. */
  readonly alt?: string;
  /** The entry that is drawn strongest; the largest unless said. */
  readonly strongest?: number;
  /** How an entry is written; three significant digits by default. */
  readonly format?: (value: number) => string;
}

const heatmapOptions: OptionNames<HeatmapOptions> = {
  title: true,
  rows: true,
  columns: true,
  rowTitle: true,
  columnTitle: true,
  what: true,
  alt: true,
  strongest: true,
  format: true,
};

/**
 * Draws a matrix: positive entries blue, negative ones vermilion, stronger the further from zero. An entry that is exactly
 * zero is left blank, an entry that is no number is struck out; values are written into the cells while they fit.
 */
export function heatmap(matrix: readonly (readonly number[])[], options: HeatmapOptions = {}): Figure {
  requireKinds('heatmap', { matrix }, { matrix: listOf(numbers, 'the rows of the matrix in a list') });
  requireOptions('heatmap', options, heatmapOptions);
  const { height, width } = sizeOf(matrix);
  const { title, rowTitle = null, columnTitle = null, what = 'Matrix', format = number } = options;
  const rows = names(options.rows, height, 'row');
  const columns = names(options.columns, width, 'column');
  const entries = matrix.flatMap((line, i) =>
    line.map((value, j) => ({ row: rows[i]!, column: columns[j]!, value, text: format(value) })),
  );
  const widest = Math.max(...entries.map(({ text }) => textWidth(text, sizes.label)));
  const written = width <= 16 && height <= 24 && widest <= 60;
  const heads = Math.max(...columns.map((name) => textWidth(name, sizes.label)));
  const cell = written
    ? Math.ceil(Math.max(34, widest + 12, Math.min(90, heads + 12)))
    : Math.max(4, Math.min(22, Math.floor(520 / width), Math.floor(620 / height)));
  const step = { width: cell * width, height: (written ? Math.min(cell, 34) : cell) * height };
  const x = {
    field: 'column',
    type: 'ordinal',
    sort: null,
    title: columnTitle,
    axis: axis('top', columns, cell),
  };
  const y = { field: 'row', type: 'ordinal', sort: null, title: rowTitle, axis: axis('left', rows, 99) };
  return figure({
    ...(title === undefined ? {} : { title }),
    alt: options.alt ?? describe(what, matrix),
    table: arquero().from(entries.map(({ row, column, value }) => ({ row, column, value }))),
    spec: {
      ...step,
      encoding: { x, y },
      layer: layers(
        options.strongest ?? largest(matrix),
        written,
        format === number ? undefined : entries.filter(({ value }) => Number.isFinite(value)),
      ),
    },
  });
}

function layers(
  peak: number,
  written: boolean,
  entries: readonly { row: string; column: string; text: string }[] | undefined,
): VegaLiteSpec[] {
  const strength = {
    field: 'strength',
    type: 'quantitative',
    scale: { domain: [0, peak], range: [0.08, 0.62], clamp: true },
    legend: null,
  };
  const sign = { condition: { test: 'datum.value < 0', value: seriesColour(1) }, value: seriesColour(0) };
  const label: VegaLiteSpec =
    entries === undefined
      ? { text: { field: 'value', type: 'quantitative', format: '.3~g' } }
      : { text: { field: 'text', type: 'nominal' } };
  const ink = { condition: { test: 'datum.value === 0', value: inks.muted.light }, value: inks.text.light };
  return [
    written ? { mark: { type: 'rect', fillOpacity: 0, stroke: inks.grid.light, strokeWidth: 1 } } : frame,
    {
      transform: [
        { filter: 'isValid(datum.value) && datum.value !== 0' },
        { calculate: 'abs(datum.value)', as: 'strength' },
      ],
      mark: { type: 'rect' },
      encoding: { color: sign, fillOpacity: strength },
    },
    {
      transform: [{ filter: '!isValid(datum.value)' }],
      mark: {
        type: 'point',
        shape: 'M-1,-1L1,1M-1,1L1,-1',
        size: 60,
        strokeWidth: 2,
        opacity: 1,
        color: inks.text.light,
      },
    },
    ...(written
      ? [
          {
            ...(entries === undefined
              ? { transform: [{ filter: 'isValid(datum.value)' }] }
              : { data: { values: entries } }),
            mark: { type: 'text' },
            encoding:
              entries === undefined
                ? { ...label, color: ink }
                : { ...label, color: { value: inks.text.light } },
          },
        ]
      : []),
  ];
}

/** One outline around a matrix whose cells are too many to outline each. */
const frame: VegaLiteSpec = {
  data: { values: [{}] },
  mark: { type: 'rect', fillOpacity: 0, stroke: inks.rule.light },
  encoding: { x: { value: 0 }, x2: { value: 'width' }, y: { value: 0 }, y2: { value: 'height' } },
};

function axis(orient: string, labels: readonly string[], room: number): VegaLiteSpec {
  const widest = Math.max(...labels.map((label) => textWidth(label, sizes.label)));
  return {
    orient,
    domain: false,
    ticks: false,
    grid: false,
    labelAngle: orient === 'top' && widest > room - 4 ? -90 : 0,
    labelOverlap: labels.length > 24 ? 'greedy' : false,
  };
}

function largest(matrix: readonly (readonly number[])[]): number {
  return Math.max(...matrix.flat().filter(Number.isFinite).map(Math.abs), 0) || 1;
}

function sizeOf(matrix: readonly (readonly number[])[]): { height: number; width: number } {
  const width = matrix[0]?.length ?? 0;
  const uneven = matrix.findIndex((row) => row.length !== width);
  if (width === 0)
    throw new ValueError('heatmap: the matrix has no entries: give at least one row with one column.');
  if (uneven >= 0) {
    throw new ValueError(
      `heatmap: row ${uneven} has ${matrix[uneven]!.length} entries, but row 0 has ${width}.`,
    );
  }
  return { height: matrix.length, width };
}

function names(given: readonly string[] | undefined, count: number, what: string): readonly string[] {
  if (given === undefined) return Array.from({ length: count }, (_, i) => String(i));
  if (given.length !== count || new Set(given).size !== count) {
    throw new ValueError(
      `heatmap: ${count} ${what}s need ${count} different names, but there are ${new Set(given).size}.`,
    );
  }
  return given;
}

function describe(what: string, matrix: readonly (readonly number[])[]): string {
  const values = matrix.flat();
  const finite = values.filter(Number.isFinite);
  const zeros = values.filter((value) => value === 0).length;
  const lost = values.length - finite.length;
  const range =
    finite.length === 0
      ? ''
      : ` Entries run from ${number(Math.min(...finite))} to ${number(Math.max(...finite))}.`;
  const numbers = lost === 0 ? '' : ` ${lost} are not finite.`;
  return `${what}, ${matrix.length} by ${matrix[0]!.length}: ${zeros} of ${values.length} entries are zero.${range}${numbers}`;
}
