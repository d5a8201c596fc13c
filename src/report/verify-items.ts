import { type CodeCell, hasTag, type Notebook } from '../notebook/nbformat.js';
import { claimType } from '../notebook/claim.js';
import type { Claim } from './claims.js';
import type { Collected, Origin } from './collect.js';
import { type ClaimComparison, compareClaims } from './compare-claims.js';
import { describeDifference, difference, inWords, ulpsBetween } from './compare-values.js';
import { figureFiles } from './figure-files.js';
import { plainJson } from './shown.js';
import { type Item, nearUlps, type Status, unfinished } from './verification.js';

/** What stands in the project, and what was made again; a notebook that was left out or failed is not in `fresh`. */
export interface Both {
  readonly committed: Collected;
  readonly claims: readonly Claim[];
  readonly fresh: Collected;
  /** Notebooks that a quick verification leaves out. */
  readonly left: ReadonlySet<string>;
  /** The text of a committed file in `reports/figures/`. */
  readonly readFigureFile: (name: string) => string | undefined;
}

/** Compares every claim in `claims.json` with what the notebooks' outputs say, and with what they compute now. */
export function claimItems(both: Both): Item[] {
  const { committed, claims, fresh } = both;
  return compareClaims(claims, fresh.claims.values()).map((comparison): Item => {
    const { name } = comparison;
    const made = comparison.fresh ?? comparison.committed!;
    const item = { kind: 'claim', name, notebook: made.notebook, cell: made.cell } as const;
    const shown = committed.claims.get(name);
    const { committed: written } = comparison;
    if (written !== undefined && shown !== undefined && !Object.is(written.value, shown.value)) {
      const detail = `claims.json says ${String(written.value)}, but the notebook's output ${String(shown.value)}`;
      return { ...item, status: 'outside', detail };
    }
    const absent = comparison.fresh === undefined ? absence(both, made) : undefined;
    if (absent !== undefined && comparison.status !== 'recorded') return { ...item, ...absent };
    return { ...item, ...statusOf(comparison) };
  });
}

/**
 * Compares the files beside the report: each figure's picture, data and spec, and each table's data. What is not made again
 * must at least be what the committed notebook shows.
 */
export function figureItems(both: Both): Item[] {
  const { committed, fresh, readFigureFile } = both;
  const before = filesByLabel(committed);
  const after = filesByLabel(fresh);
  return [...new Set([...before.keys(), ...after.keys()])].sort().map((label): Item => {
    const made = originOf(fresh, label) ?? originOf(committed, label)!;
    const item = { kind: kindOf(label), name: label, notebook: made.notebook, cell: made.cell } as const;
    const recorded = tagged(committed, made, 'recorded');
    const again = recorded ? undefined : after.get(label);
    for (const [name, text] of again ?? before.get(label) ?? []) {
      const found = readFigureFile(name);
      const path = `reports/figures/${name}`;
      if (found === undefined) return { ...item, status: 'missing', detail: `${path} does not exist` };
      if (found !== text) return { ...item, ...fileDifference(path, found, text) };
    }
    if (recorded) return { ...item, status: 'recorded' };
    return again === undefined ? { ...item, ...absence(both, made) } : { ...item, status: 'identical' };
  });
}

/** Compares the outputs of each cell, claims apart: those are judged by their own tolerance. */
export function outputItems({ committed, fresh }: Both): Item[] {
  return [...committed.notebooks].flatMap(([path, notebook]) => {
    const again = fresh.notebooks.get(path);
    if (again === undefined) return [];
    const cells = new Map(codeCells(again).map((cell) => [cell.id, cell]));
    return codeCells(notebook)
      .filter((cell) => otherOutputs(cell).length + otherOutputs(cells.get(cell.id)).length > 0)
      .map((cell): Item => {
        const item = { kind: 'output', name: cell.id, notebook: path, cell: cell.id } as const;
        if (hasTag(cell, 'recorded')) return { ...item, status: 'recorded' };
        if (hasTag(cell, 'skip-execution'))
          return { ...item, status: 'skipped', why: 'the cell is never executed' };
        const found = difference(otherOutputs(cell), otherOutputs(cells.get(cell.id)));
        if (found === undefined) return { ...item, status: 'identical' };
        return { ...item, status: near(found.largest), detail: describeDifference(found) };
      });
  });
}

function statusOf({
  status,
  committed,
  fresh,
  difference: distance,
}: ClaimComparison): Pick<Item, 'status' | 'detail'> {
  if (committed === undefined)
    return { status, detail: `${String(fresh!.value)} now, but not in claims.json` };
  const [a, b] = [committed.value, fresh?.value];
  if (status !== 'outside' && status !== 'within tolerance') return { status };
  const values = `${String(a)} committed, ${String(b)} now`;
  if (typeof a !== 'number' || typeof b !== 'number') return { status, detail: values };
  const ulps = ulpsBetween(a, b);
  const allowed = committed.tolerance === undefined ? 'no tolerance' : `tolerance ${committed.tolerance}`;
  const detail = `${values} (${inWords(ulps)}, ${Number(distance!.toPrecision(3))}; ${allowed})`;
  return { status: status === 'outside' ? near(ulps) : status, detail };
}

function near(ulps: number): Status {
  return ulps <= nearUlps ? 'within ulp' : 'outside';
}

/** Why something that was committed was not made again. */
function absence({ committed, fresh, left }: Both, made: Origin): Pick<Item, 'status' | 'detail'> {
  if (left.has(made.notebook)) return { status: 'skipped' };
  if (tagged(committed, made, 'skip-execution'))
    return { status: 'skipped', detail: 'its cell is never executed' };
  const notebook = committed.notebooks.has(made.notebook)
    ? made.notebook
    : `${made.notebook}, which is no more`;
  const detail = fresh.notebooks.has(made.notebook) ? 'does not make it any more' : unfinished;
  return { status: 'missing', detail: `${notebook} ${detail}` };
}

function tagged({ notebooks }: Collected, { notebook, cell }: Origin, tag: string): boolean {
  const found = notebooks.get(notebook)?.cells.find(({ id }) => id === cell);
  return found !== undefined && hasTag(found, tag);
}

function filesByLabel({ figures, tables }: Collected): Map<string, [name: string, text: string][]> {
  const byLabel = new Map<string, [string, string][]>();
  for (const [name, text] of figureFiles(figures.values(), tables.values())) {
    const label = name.replace(/\.\w+$/, '');
    byLabel.set(label, [...(byLabel.get(label) ?? []), [name, text]]);
  }
  return byLabel;
}

function originOf({ figures, tables }: Collected, label: string): Origin | undefined {
  return (figures.get(label) ?? tables.get(label))?.origin;
}

function kindOf(label: string): 'figure' | 'table' {
  return label.startsWith('tab-') ? 'table' : 'figure';
}

/** Data are compared number by number, so that the distance is told; pictures and specs as texts. */
function fileDifference(path: string, committed: string, fresh: string): Pick<Item, 'status' | 'detail'> {
  const found = path.endsWith('.csv')
    ? difference(rowsOfCsv(committed), rowsOfCsv(fresh))
    : difference(committed, fresh);
  if (found === undefined) return { status: 'outside', detail: `${path}: the bytes differ` };
  return { status: near(found.largest), detail: `${path}: ${describeDifference(found)}` };
}

function rowsOfCsv(text: string): Record<string, unknown>[] {
  const [head = '', ...lines] = text.split('\n');
  const columns = head.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((field, k) => [columns[k] ?? String(k), valueOf(field)])),
  );
}

function valueOf(field: string): unknown {
  return /^-?\d/.test(field) && String(Number(field)) === field ? Number(field) : field;
}

function codeCells({ cells }: Notebook): CodeCell[] {
  return cells.filter((cell): cell is CodeCell => cell.cell_type === 'code');
}

function otherOutputs(cell: CodeCell | undefined): unknown[] {
  const outputs = (cell?.outputs ?? []).filter((output) => !('data' in output && claimType in output.data));
  return outputs.map((output) => plainJson(output as never));
}
