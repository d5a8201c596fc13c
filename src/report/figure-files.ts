import type { CollectedFigure, CollectedTable } from './collect.js';

/** Files that are to be written: the name in the folder of figures, and the text. */
export type NamedFiles = ReadonlyMap<string, string>;

/** For every figure its picture, and for a chart its data as CSV and its spec, which reads them; for every table its CSV. */
export function figureFiles(
  figures: Iterable<CollectedFigure>,
  tables: Iterable<CollectedTable>,
): NamedFiles {
  const files = new Map<string, string>();
  for (const { label, svg, spec } of figures) {
    files.set(`${label}.svg`, `${svg.trim()}\n`);
    if (spec === undefined) continue;
    const rows = dataOf(spec);
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    files.set(
      `${label}.csv`,
      writeCsv(
        columns,
        rows.map((row) => columns.map((name) => row[name])),
      ),
    );
    files.set(
      `${label}.json`,
      `${JSON.stringify({ ...spec, data: dataSource(label, columns, rows) }, undefined, 1)}\n`,
    );
  }
  for (const { label, columns, rows } of tables) files.set(`${label}.csv`, writeCsv(columns, rows));
  return files;
}

/** Values separated by commas, one row a line, as RFC 4180 has it but with plain line ends. */
function writeCsv(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

type Row = Readonly<Record<string, unknown>>;

function dataOf(spec: Readonly<Record<string, unknown>>): Row[] {
  const { values } = (spec['data'] ?? {}) as { values?: Row[] };
  return Array.isArray(values) ? values : [];
}

/** The data of a spec that stands beside its CSV file, with the types that CSV does not keep. */
function dataSource(label: string, columns: readonly string[], rows: readonly Row[]): object {
  const parse = Object.fromEntries(columns.map((name) => [name, typeOf(rows.map((row) => row[name]))]));
  return { url: `${label}.csv`, format: { type: 'csv', parse } };
}

function typeOf(values: readonly unknown[]): string {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.length > 0 && present.every((value) => typeof value === 'number')) return 'number';
  return present.length > 0 && present.every((value) => typeof value === 'boolean') ? 'boolean' : 'string';
}

function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
