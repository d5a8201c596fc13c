import type { PhrasingContent, Table, TableCell } from 'mdast';
import type { TableValue } from '../figures/table.js';
import { parseInline, placed } from './markdown-parser.js';
import type { Place } from './problem.js';

/** A table of values as a Markdown table: columns of numbers are set flush right. */
export function tableNode(
  columns: readonly string[],
  rows: readonly (readonly TableValue[])[],
  start: Place,
): Table {
  const cell = (value: TableValue): TableCell => {
    const text =
      typeof value === 'number' ? String(value).replace('-', '−') : value === null ? '' : String(value);
    return {
      type: 'tableCell',
      children:
        typeof value === 'string' ? parseInline(text, start) : [placed({ type: 'text', value: text }, start)],
    };
  };
  const numeric = (j: number) =>
    rows.length > 0 && rows.every((row) => typeof row[j] === 'number' || isNumeral(row[j]));
  const table: Table = {
    type: 'table',
    align: columns.map((_, j) => (numeric(j) ? 'right' : 'left')),
    children: [columns, ...rows].map((row) => ({ type: 'tableRow', children: row.map(cell) })),
  };
  return table;
}

/** Whether a cell holds one short word, such as a name with hyphens, that should not be broken. */
export function isOneWord({ children }: { readonly children: readonly PhrasingContent[] }): boolean {
  const [only, ...others] = children;
  return others.length === 0 && only?.type === 'text' && only.value.length <= 28 && !/\s/.test(only.value);
}

function isNumeral(value: TableValue | undefined): boolean {
  return value === null || (typeof value === 'string' && /^[−-]?[\d.,]+(?:e[−-]?\d+)?\s?%?$/.test(value));
}
