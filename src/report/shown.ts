import { dangerIn } from './safe-svg.js';
import { decodeRuns, type PublishedRun, runsType } from '../figures/published-run.js';
import { tableType, type TableValue } from '../figures/table.js';
import { claimType } from '../notebook/claim.js';
import { type Json, NumberToken } from '../notebook/json.js';
import type { CodeCell } from '../notebook/nbformat.js';

/** A figure as a cell has shown it. */
export interface ShownFigure {
  readonly type: 'figure';
  readonly label: string;
  readonly caption: string;
  readonly alt: string;
  readonly svg: string;
  /** The Vega-Lite spec with its data, of a chart. */
  readonly spec: Readonly<Record<string, unknown>> | undefined;
  /** Trainings that a reader can repeat. */
  readonly runs: readonly PublishedRun[];
}

/** A table as a cell has shown it. */
export interface ShownTable {
  readonly type: 'table';
  readonly label: string;
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableValue[])[];
}

/** Markdown that a cell has shown under a label, such as an executed derivation. */
export interface ShownBlock {
  readonly type: 'block';
  readonly label: string;
  readonly markdown: string;
}

/** A claim as a cell has made it, not yet checked. */
export interface ShownClaim {
  readonly type: 'claim';
  readonly claim: unknown;
}

export type ShownItem = ShownFigure | ShownTable | ShownBlock | ShownClaim;

const chartType = 'application/vnd.vegalite.v5+json';

/** The labelled figures and tables and the claims among a cell's outputs. */
export function shownItems(cell: CodeCell, complain: (message: string) => void): ShownItem[] {
  return cell.outputs.flatMap((output): ShownItem[] => {
    if (output.output_type !== 'display_data' && output.output_type !== 'execute_result') return [];
    const data = plainJson(output.data) as Record<string, unknown>;
    if (claimType in data) return [{ type: 'claim', claim: data[claimType] }];
    const { gradbook } = plainJson(output.metadata) as { gradbook?: Label };
    if (gradbook?.label === undefined) return [];
    const item = itemOf(gradbook, data, complain);
    return item === undefined ? [] : [item];
  });
}

/** JSON as it was read from a notebook, with its number tokens as numbers. */
export function plainJson(value: Json): unknown {
  if (value instanceof NumberToken) return value.valueOf();
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plainJson(entry)]));
}

interface Label {
  readonly label: string;
  readonly caption?: string;
  readonly alt?: string;
  readonly kind?: string;
}

/** What was shown under a label, by the beginning of the label. */
function itemOf(
  label: Label,
  data: Record<string, unknown>,
  complain: (message: string) => void,
): ShownItem | undefined {
  const kind = /^(fig|tab|eq)-[a-z0-9][a-z0-9-]*$/.exec(label.label)?.[1];
  if (kind === 'fig') return figureOf(label, data, complain);
  if (kind === 'tab') return tableOf(label, data, complain);
  if (kind === 'eq') return blockOf(label, data, complain);
  complain(
    `the label "${label.label}" must be "fig-", "tab-" or "eq-" followed by small letters, digits and "-".`,
  );
  return undefined;
}

function figureOf(
  { label, caption = '', alt = '' }: Label,
  data: Record<string, unknown>,
  complain: (message: string) => void,
): ShownFigure | undefined {
  const svg = data['image/svg+xml'];
  if (typeof svg !== 'string') {
    complain(`the figure "${label}" has no image/svg+xml: show an object that draws one.`);
    return undefined;
  }
  const danger = dangerIn(svg);
  if (danger !== undefined) {
    complain(`the figure "${label}" contains ${danger}, which a picture in the report must not.`);
    return undefined;
  }
  if (alt.trim() === '') complain(`the figure "${label}" has no alternative text: say what it shows.`);
  const spec = data[chartType] as Readonly<Record<string, unknown>> | undefined;
  return { type: 'figure', label, caption, alt, svg, spec, runs: runsOf(label, data, complain) };
}

function runsOf(
  label: string,
  data: Record<string, unknown>,
  complain: (message: string) => void,
): readonly PublishedRun[] {
  if (data[runsType] === undefined) return [];
  try {
    return decodeRuns(data[runsType]);
  } catch (error) {
    complain(`the figure "${label}" carries runs that cannot be read: ${(error as Error).message}.`);
    return [];
  }
}

function tableOf(
  { label, caption = '' }: Label,
  data: Record<string, unknown>,
  complain: (message: string) => void,
): ShownTable | undefined {
  const { columns, rows } = (data[tableType] ?? {}) as Partial<ShownTable>;
  if (!Array.isArray(columns) || !Array.isArray(rows)) {
    complain(`the table "${label}" has no ${tableType} with columns and rows.`);
    return undefined;
  }
  const uneven = rows.findIndex((row) => !Array.isArray(row) || row.length !== columns.length);
  if (uneven >= 0) {
    complain(
      `row ${uneven + 1} of the table "${label}" does not have the ${columns.length} entries that its columns ask for.`,
    );
    return undefined;
  }
  return { type: 'table', label, caption, columns: columns.map(String), rows };
}

function blockOf(
  { label }: Label,
  data: Record<string, unknown>,
  complain: (message: string) => void,
): ShownBlock | undefined {
  const markdown = data['text/markdown'] ?? data['text/latex'];
  if (typeof markdown === 'string') return { type: 'block', label, markdown };
  complain(`what is shown as "${label}" has neither text/markdown nor text/latex.`);
  return undefined;
}
