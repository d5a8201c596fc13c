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
    const text = value === null ? '' : withSigns(String(value));
    return {
      type: 'tableCell',
      children:
        typeof value === 'string' || text.startsWith('$')
          ? parseInline(text, start)
          : [placed({ type: 'text', value: text }, start)],
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

/** How many rows the first cell of each row reaches down: over those that leave theirs empty, which get 0. */
export function rowSpans({ align, children }: Table): number[] {
  const spans = children.slice(1).map(() => 1);
  if (align?.[0] === 'right') return spans; // an empty cell among numbers is a number that is absent
  for (let i = spans.length - 1; i > 0; i--) {
    if (children[i + 1]!.children[0]!.children.length > 0) continue;
    spans[i - 1]! += spans[i]!;
    spans[i] = 0;
  }
  return spans;
}

/** Whether a cell holds one short word, such as a name with hyphens, or a few numbers, such as "9 of 10", which should not be broken. */
export function isUnbroken({ children }: { readonly children: readonly PhrasingContent[] }): boolean {
  const [only, ...others] = children;
  if (others.length > 0 || only?.type !== 'text') return false;
  return /\s/.test(only.value) ? /^(?=.*\d).{1,16}$/.test(only.value) : only.value.length <= 28;
}

/** Numbers as they are printed rather than programmed: "−0.07", a formula for "-2.4e-2", and six digits inside of a sentence. */
function withSigns(text: string): string {
  const [, digits, exponent] = /^[−-]?([\d.]+)e[+]?([−-]?\d+)$/.exec(text) ?? [];
  if (digits !== undefined)
    return `$${/^[−-]/.test(text) ? '-' : ''}${digits} \\times 10^{${exponent!.replace('−', '-')}}$`;
  if (!/^[\d., to%-]+$/.test(text))
    return text.replace(/\d+\.\d{8,}/g, (digits) => Number(digits).toPrecision(6));
  return text.replace(/(^| )-(?=\d)/g, '$1−');
}

function isNumeral(value: TableValue | undefined): boolean {
  const numeral = /^(?:[−-]?[\d.,]+(?:e[−-]?\d+)?\s?%?|\$-?[\d.]+(?: \\times 10\^\{-?\d+\})?\$)$/;
  return value === null || (typeof value === 'string' && numeral.test(value));
}
