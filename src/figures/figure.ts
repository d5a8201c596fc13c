import type { DataFrame } from '../experiment/data-frame.js';
import { GradbookError } from '../tensor/error.js';
import type { Displayable, MimeBundle } from '../tensor/display.js';
import { encodeRuns, type PublishedRun, runsType } from './published-run.js';
import { aTable } from './table.js';
import { chartConfig } from './theme.js';
import { aText, objectWith, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';

/** A Vega-Lite specification (version 5, which notebook front ends draw themselves). */
export type VegaLiteSpec = Readonly<Record<string, unknown>>;

/** A picture that can be shown in a notebook and embedded in the report. */
export interface Figure extends Displayable {
  readonly title?: string;
  /** What a reader who does not see the picture is told, computed from the data. */
  readonly alt: string;
  /** The chart's specification with its data, or `undefined` for a picture that is no chart. */
  readonly spec: VegaLiteSpec | undefined;
  /** The data of the chart, which is written beside it as CSV. */
  readonly table: DataFrame | undefined;
  toSvg(): Promise<string>;
  display(): Promise<MimeBundle>;
}

/** What `figure` needs: the spec must not carry `data`, which is the table. */
export interface ChartParts {
  readonly title?: string;
  readonly alt: string;
  readonly spec: VegaLiteSpec;
  readonly table: DataFrame;
  /** Trainings of the chart that a reader can repeat. */
  readonly published?: readonly PublishedRun[];
}

const chartParts = objectWith(
  {
    spec: objectWith({}, 'a Vega-Lite specification'),
    table: aTable,
    alt: aText,
  },
  'the parts of a chart, { spec, table, alt }',
);

/**
 * Makes a chart of a Vega-Lite spec and the table it draws; the table becomes the spec's only data source.
 * Throws when the spec brings data of its own or the alternative text is empty.
 */
export function figure(parts: ChartParts): Figure {
  requireKinds('figure', { parts }, { parts: chartParts });
  requireOptions('figure', parts, { title: true, alt: true, spec: true, table: true, published: true });
  const { spec, table, alt, title, published = [] } = parts;
  if ('data' in spec) {
    throw new GradbookError(
      'figure: the spec names data of its own, but the table is its data: remove "data".',
    );
  }
  const complete: VegaLiteSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    config: chartConfig,
    data: { values: rowsOf(table) },
    ...spec,
  };
  const toSvg = async () => {
    const { renderChart } = await import('./render.js');
    return renderChart(complete, { alt, ...(title === undefined ? {} : { title }) });
  };
  return picture({ spec: complete, table, alt, title, published, toSvg });
}

/** Makes a figure of a drawing that is no chart. */
export function drawing(parts: { alt: string; title?: string; toSvg: () => Promise<string> }): Figure {
  return picture({ ...parts, title: parts.title, spec: undefined, table: undefined, published: [] });
}

interface PictureParts {
  title: string | undefined;
  alt: string;
  spec: VegaLiteSpec | undefined;
  table: DataFrame | undefined;
  published: readonly PublishedRun[];
  toSvg: () => Promise<string>;
}

function picture({ title, alt, spec, table, published, toSvg }: PictureParts): Figure {
  if (alt.trim() === '') {
    throw new GradbookError('figure: the alternative text is empty: say what the picture shows.');
  }
  return {
    ...(title === undefined ? {} : { title }),
    alt,
    spec,
    table,
    toSvg,
    display: async () => ({
      ...(spec === undefined ? {} : { 'application/vnd.vegalite.v5+json': spec }),
      'image/svg+xml': await toSvg(),
      'text/plain': alt,
      ...(published.length === 0 ? {} : { [runsType]: encodeRuns(published) }),
    }),
  };
}

/** The rows of a table with what JSON cannot hold (NaN, infinities, undefined) as `null`. */
function rowsOf(table: DataFrame): Record<string, unknown>[] {
  const names = table.columnNames();
  return table.objects().map((row) => {
    const values = row as Record<string, unknown>;
    return Object.fromEntries(names.map((name) => [name, jsonValue(values[name])]));
  });
}

function jsonValue(value: unknown): unknown {
  if (value === undefined) return null;
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}
