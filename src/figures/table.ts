import type { DataFrame } from '../experiment/data-frame.js';
import type { Displayable, MimeBundle } from '../tensor/display.js';
import { aList, aText, kind, type Kind, listOf, requireKinds } from '../tensor/arguments.js';
import { ValueError } from '../tensor/error.js';

/** An entry of a table: a text may hold inline Markdown and math. */
export type TableValue = string | number | boolean | null;

/** A table that can be shown in a notebook and embedded in the report. */
export interface DataTable extends Displayable {
  readonly kind: 'table';
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableValue[])[];
  display(): MimeBundle;
}

export const aTable = kind(
  'a table of arquero',
  (given) =>
    typeof given === 'object' &&
    given !== null &&
    ['columnNames', 'objects'].every(
      (name) => typeof (given as Record<string, unknown>)[name] === 'function',
    ),
);

/** The MIME type under which an executed notebook carries a table's entries. */
export const tableType = 'application/vnd.gradbook.table+json';

/**
 * Makes a table of its column names and rows, or of an arquero table. Throws when a row has not one entry a column, or an
 * entry is NaN or infinite, which no later run could be compared with.
 */
export function dataTable(columns: readonly string[], rows: readonly (readonly TableValue[])[]): DataTable;
export function dataTable(table: DataFrame): DataTable;
export function dataTable(
  source: readonly string[] | DataFrame,
  given?: readonly (readonly TableValue[])[],
): DataTable {
  requireKinds('dataTable', { columns: source }, { columns: columnsOrTable });
  const columns = 'columnNames' in source ? source.columnNames() : source;
  const rows = 'columnNames' in source ? rowsOf(source, columns) : given!;
  requireKinds('dataTable', { rows }, { rows: listOf(aList, 'the rows in a list, an entry a column') });
  rows.forEach((row, i) => checkRow(row, i, columns));
  return {
    kind: 'table',
    columns,
    rows,
    display: () => ({
      'text/plain': plain(columns, rows),
      'text/markdown': markdown(columns, rows),
      [tableType]: { columns, rows },
    }),
  };
}

const columnNames = listOf(aText, 'the names of the columns, or a table of arquero');
const columnsOrTable: Kind = {
  words: columnNames.words,
  refusal: (given, name) =>
    typeof given === 'object' && given !== null && 'columnNames' in given
      ? aTable.refusal(given, name)
      : columnNames.refusal(given, name),
};

function rowsOf(table: DataFrame, columns: readonly string[]): TableValue[][] {
  return table
    .objects()
    .map((row) => columns.map((name) => ((row as Record<string, unknown>)[name] ?? null) as TableValue));
}

function checkRow(row: readonly TableValue[], index: number, columns: readonly string[]): void {
  if (row.length !== columns.length) {
    throw new ValueError(
      `dataTable: row ${index} has ${row.length} entries, but there are ${columns.length} columns.`,
    );
  }
  const lost = row.findIndex((value) => typeof value === 'number' && !Number.isFinite(value));
  if (lost >= 0) {
    throw new ValueError(
      `dataTable: row ${index} has ${String(row[lost])} in the column "${columns[lost]!}": say it in words instead.`,
    );
  }
}

function written(value: TableValue): string {
  return value === null ? '' : String(value);
}

function plain(columns: readonly string[], rows: readonly (readonly TableValue[])[]): string {
  const lines = [columns, ...rows].map((row) => row.map(written));
  const widths = columns.map((_, j) => Math.max(...lines.map((line) => line[j]!.length)));
  return lines
    .map((line) =>
      line
        .map((text, j) => text.padEnd(widths[j]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function markdown(columns: readonly string[], rows: readonly (readonly TableValue[])[]): string {
  const line = (entries: readonly TableValue[]) =>
    `| ${entries.map((entry) => escapeBar(written(entry))).join(' | ')} |`;
  const numeric = (j: number) => rows.length > 0 && rows.every((row) => typeof row[j] === 'number');
  const rule = `| ${columns.map((_, j) => (numeric(j) ? '---:' : '---')).join(' | ')} |`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

function escapeBar(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
