import { hasTag, readNotebook, type CodeCell, type Notebook } from '../notebook/nbformat.js';
import { claimProblem, type Claim } from './claims.js';
import { type Problems, suggest } from './problem.js';
import { shownItems, type ShownBlock, type ShownFigure, type ShownTable } from './shown.js';

/** Where an output of a notebook was made. */
export interface Origin {
  /** A path from the project's root. */
  readonly notebook: string;
  readonly cell: string;
  /** The cell is tagged `recorded`: it shows what was measured once. */
  readonly measuredOnce?: boolean;
}

/** A figure that a notebook has shown under a label. */
export interface CollectedFigure extends ShownFigure {
  readonly origin: Origin;
}

/** A table that a notebook has shown under a label. */
export interface CollectedTable extends ShownTable {
  readonly origin: Origin;
}

/** Markdown that a notebook has shown under a label. */
export interface CollectedBlock extends ShownBlock {
  readonly origin: Origin;
}

/** A notebook's file: its path from the project's root, and its text. */
export interface NotebookFile {
  readonly path: string;
  readonly text: string;
}

/** What executed notebooks have left in their outputs. */
export interface Collected {
  readonly claims: ReadonlyMap<string, Claim>;
  readonly figures: ReadonlyMap<string, CollectedFigure>;
  readonly tables: ReadonlyMap<string, CollectedTable>;
  readonly blocks: ReadonlyMap<string, CollectedBlock>;
  readonly notebooks: ReadonlyMap<string, Notebook>;
}

/**
 * Reads claims, figures and tables out of the outputs of executed notebooks; nothing is executed. Problems are added:
 * a notebook that cannot be read or was not executed, a cell that failed, a label used twice, a claim made twice with
 * different values, a figure without alternative text.
 */
export function collect(files: readonly NotebookFile[], problems: Problems): Collected {
  const claims = new Map<string, Claim>();
  const figures = new Map<string, CollectedFigure>();
  const tables = new Map<string, CollectedTable>();
  const blocks = new Map<string, CollectedBlock>();
  const notebooks = new Map<string, Notebook>();
  const labels = new Map<string, Origin>();
  for (const { path, text } of files) {
    const notebook = readable(path, text, problems);
    if (notebook === undefined) continue;
    notebooks.set(path, notebook);
    for (const cell of codeCells(notebook)) {
      const measuredOnce = hasTag(cell, 'recorded');
      const origin: Origin = { notebook: path, cell: cell.id, ...(measuredOnce && { measuredOnce }) };
      const complain = (message: string) => problems.add({ file: path, cell: cell.id }, message);
      checkExecuted(cell, complain);
      for (const item of shownItems(cell, complain)) {
        if (item.type === 'claim') {
          addClaim(claims, { ...(item.claim as Claim), notebook: path, cell: cell.id }, complain);
          continue;
        }
        const first = labels.get(item.label);
        if (first !== undefined) {
          complain(
            `the label "${item.label}" is used twice; it first labels an output of ${first.notebook}, cell ${first.cell}.`,
          );
          continue;
        }
        labels.set(item.label, origin);
        if (item.type === 'figure') figures.set(item.label, { ...item, origin });
        else if (item.type === 'block') blocks.set(item.label, { ...item, origin });
        else tables.set(item.label, { ...item, origin });
      }
    }
  }
  return { claims, figures, tables, blocks, notebooks };
}

/** A notebook by its path or by the name of its file without `.ipynb`; adds a problem and returns `undefined` when there is none. */
export function findNotebook(
  { notebooks }: Collected,
  name: string,
): [path: string, notebook: Notebook] | undefined {
  return [...notebooks].find(([path]) => path === name || nameOf(path) === name);
}

/** The name of a notebook's file without folder and ending. */
export function nameOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.ipynb$/, '');
}

/** The end of a sentence that names the notebooks nearest to a mistyped name. */
export function suggestNotebook({ notebooks }: Collected, name: string): string {
  return suggest(name, [...notebooks.keys()].map(nameOf));
}

function readable(path: string, text: string, problems: Problems): Notebook | undefined {
  try {
    return readNotebook(text);
  } catch (error) {
    problems.add({ file: path }, (error as Error).message);
    return undefined;
  }
}

function codeCells(notebook: Notebook): CodeCell[] {
  return notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === 'code');
}

function checkExecuted(cell: CodeCell, complain: (message: string) => void): void {
  if (cell.source.trim() === '') return;
  if (cell.execution_count === null)
    complain('the cell was not executed: run the notebook with "gradbook run" first.');
  const tags = (cell.metadata as { tags?: unknown }).tags;
  if (Array.isArray(tags) && tags.includes('raises-exception')) return;
  const error = cell.outputs.find((output) => output.output_type === 'error');
  if (error !== undefined)
    complain(`the cell failed with ${error.ename}: ${error.evalue}: mend it and run the notebook again.`);
}

function addClaim(claims: Map<string, Claim>, claim: Claim, complain: (message: string) => void): void {
  const problem = claimProblem(claim);
  if (problem !== undefined) {
    complain(`a claim cannot be used: ${problem}.`);
    return;
  }
  const first = claims.get(claim.name);
  if (first !== undefined && !Object.is(first.value, claim.value)) {
    complain(
      `the claim "${claim.name}" is ${String(claim.value)} here, but ${String(first.value)} in ${first.notebook}, cell ${first.cell}: make each claim once.`,
    );
    return;
  }
  if (first === undefined) claims.set(claim.name, claim);
}
