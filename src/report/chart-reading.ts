import type { Point, Reading } from './page/reading.js';

/** What a reader may ask of a chart of lines over epochs, or `undefined` for a chart of another kind. */
export function readingOf(spec: Readonly<Record<string, unknown>> | undefined): Reading | undefined {
  const { hconcat, data } = (spec ?? {}) as { hconcat?: Panel[]; data?: { values?: Row[] } };
  const rows = data?.values;
  if (!Array.isArray(hconcat) || !Array.isArray(rows)) return undefined;
  const lines = hconcat.map(lineOf);
  if (lines.some((line) => line === undefined)) return undefined;
  const found = lines as Line[];
  const { names, colours } = found[0]!;
  if (new Set(colours).size < names.length) return undefined;
  return {
    panels: found.map(({ title, width, height, epochs, percent }) => ({
      title,
      width,
      height,
      epochs,
      percent,
    })),
    series: names.map((name, k) => ({ name, colour: colours[k]!, points: pointsOf(name, rows, found) })),
  };
}

type Row = Readonly<Record<string, unknown>>;

interface Layer {
  readonly mark?: { readonly type?: string };
  readonly encoding?: {
    readonly x?: { readonly field?: string; readonly scale?: { readonly domain?: [number, number] } };
    readonly y?: { readonly field?: string; readonly axis?: { readonly format?: string } };
    readonly color?: {
      readonly field?: string;
      readonly scale?: { readonly domain?: string[]; readonly range?: string[] };
    };
  };
}

interface Panel {
  readonly width?: number;
  readonly height?: number;
  readonly title?: { readonly text?: string };
  readonly layer?: readonly Layer[];
}

interface Line {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly epochs: [number, number];
  readonly percent: boolean;
  readonly field: string;
  readonly colour: string;
  readonly names: readonly string[];
  readonly colours: readonly string[];
}

/** The layer of a panel that draws a line per series, with scales that say where its values lie. */
function lineOf({ width, height, title, layer = [] }: Panel): Line | undefined {
  for (const { mark, encoding } of layer) {
    const [epochs, field] = [encoding?.x?.scale?.domain, encoding?.y?.field];
    const { field: colour, scale: { domain: names, range: colours } = {} } = encoding?.color ?? {};
    if (mark?.type !== 'line' || encoding?.x?.field !== 'epoch') continue;
    if (!width || !height || !epochs || !field || !colour || !names || !colours) continue;
    const percent = encoding.y?.axis?.format?.endsWith('%') ?? false;
    return { title: title?.text ?? field, width, height, epochs, percent, field, colour, names, colours };
  }
  return undefined;
}

function pointsOf(name: string, rows: readonly Row[], lines: readonly Line[]): Point[] {
  return rows
    .filter((row) => row[lines[0]!.colour] === name)
    .map((row) => ({
      epoch: Number(row['epoch']),
      values: lines.map(({ field }) =>
        typeof row[field] === 'number' ? Number(row[field].toPrecision(5)) : null,
      ),
    }));
}
