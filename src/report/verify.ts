import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { changeByHand } from '../notebook/execution-record.js';
import { hasTag, readNotebook, writeNotebook } from '../notebook/nbformat.js';
import { type NotebookResult, type RunEvents, runNotebooks } from '../notebook/runner.js';
import type { runTrial } from '../experiment/trial.js';
import { committedClaims, githubMarkdownOf, readNotebooks } from './build-report.js';
import { collect, type Collected, type NotebookFile } from './collect.js';
import { describeDifference, difference } from './compare-values.js';
import { verdictOn } from './page/verdict.js';
import { Problems } from './problem.js';
import { explained } from './reasons.js';
import { copyProject } from './project-copy.js';
import { type Engine, failedItems, type Item, type Verification } from './verification.js';
import { claimItems, figureItems, outputItems } from './verify-items.js';

export interface VerifyOptions {
  /** The project's root; the working folder by default. */
  readonly root?: string;
  /** Leave out notebooks with a cell tagged `slow`, but train the runs again that their figures carry. */
  readonly quick?: boolean;
  readonly jobs?: number;
  readonly events?: RunEvents;
  /** Told what is done next. */
  readonly onStage?: (text: string) => void;
}

/**
 * Executes the notebooks of a project again in a copy of it, with an empty store of runs, and compares claims, figures,
 * tables and outputs with what stands in the project. Nothing in the project is changed.
 * @throws GradbookError when there is nothing to compare with, or the copy cannot be compiled.
 */
export async function verify(options: VerifyOptions = {}): Promise<Verification> {
  const { root = '.', quick = false, onStage } = options;
  const notebooks = readNotebooks(root);
  const committed = collected(notebooks);
  const left = new Set(
    quick
      ? [...committed.notebooks].flatMap(([path, { cells }]) =>
          cells.some((cell) => hasTag(cell, 'slow')) ? [path] : [],
        )
      : [],
  );
  onStage?.('copying and compiling the project');
  const copy = copyProject(root);
  try {
    onStage?.('executing the notebooks');
    const chosen = notebooks.filter(({ path }) => !left.has(path));
    const results = await executeIn(copy.root, chosen, options);
    const fresh = collected(
      chosen
        .filter(({ path }) => results.get(path)?.status === 'passed')
        .map(({ path }) => fileIn(copy.root, path)),
    );
    const both = {
      committed,
      fresh,
      left,
      claims: committedClaims(root),
      readFigureFile: reader(join(root, 'reports/figures')),
    };
    onStage?.('comparing');
    const items = [
      ...[...committed.notebooks].map(([path, notebook]) =>
        notebookItem(path, results.get(path), changeByHand(notebook, join(root, path))),
      ),
      ...claimItems(both),
      ...figureItems(both),
      ...outputItems(both),
      ...(quick ? await runItems(copy.root, committed, left, onStage) : []),
      ...reportItems(root),
    ];
    const told = explained(root, items, committed, fresh);
    return { quick, engine: thisEngine(), items: told, failed: failedItems(told) };
  } finally {
    copy.remove();
  }
}

/** What executed notebooks have left. Throws a ReportError for notebooks that cannot be compared. */
function collected(files: readonly NotebookFile[]): Collected {
  const problems = new Problems();
  const found = collect(files, problems);
  problems.throwIfAny();
  return found;
}

/** Executes notebooks without their outputs, so that none can survive, with a store of runs that is empty. */
async function executeIn(
  root: string,
  notebooks: readonly NotebookFile[],
  { jobs, events }: VerifyOptions,
): Promise<Map<string, NotebookResult>> {
  if (notebooks.length === 0) return new Map();
  for (const { path, text } of notebooks) writeFileSync(join(root, path), writeNotebook(bare(text)));
  const before = process.env.GRADBOOK_STORE;
  process.env.GRADBOOK_STORE = join(root, '.gradbook', 'runs');
  try {
    const paths = notebooks.map(({ path }) => join(root, path));
    const run = await runNotebooks(paths, { ...(jobs && { jobs }), ...(events && { events }) });
    return new Map(
      run.notebooks.map((result) => [result.path.slice(root.length + 1).replaceAll('\\', '/'), result]),
    );
  } finally {
    if (before === undefined) delete process.env.GRADBOOK_STORE;
    else process.env.GRADBOOK_STORE = before;
  }
}

function bare(text: string) {
  const notebook = readNotebook(text);
  for (const cell of notebook.cells) if (cell.cell_type === 'code') cell.outputs = [];
  return notebook;
}

function notebookItem(path: string, result: NotebookResult | undefined, change: string | undefined): Item {
  const item = { kind: 'notebook', name: path, notebook: path } as const;
  if (change !== undefined && result?.status !== 'failed')
    return { ...item, status: 'outside', detail: change };
  if (result === undefined) return { ...item, status: 'skipped', detail: 'a cell is tagged slow' };
  if (result.status === 'passed')
    return { ...item, status: 'identical', detail: `executed, ${result.cells} cells` };
  const [failure] = result.failures;
  const detail =
    failure === undefined
      ? (result.problem ?? 'it was stopped')
      : `cell ${failure.id}: ${failure.name}: ${failure.message}`;
  return { ...item, status: 'outside', detail };
}

/** Trains the runs again that the figures of the notebooks left out carry, by the code of the copy. */
async function runItems(
  root: string,
  committed: Collected,
  left: ReadonlySet<string>,
  onStage: VerifyOptions['onStage'],
): Promise<Item[]> {
  const figures = [...committed.figures.values()].filter(
    ({ origin, runs }) => left.has(origin.notebook) && runs.length > 0,
  );
  const compiled = join(root, 'dist/experiment/trial.js');
  const module = existsSync(compiled) ? pathToFileURL(compiled).href : '../experiment/trial.js';
  const trial = (await import(module)) as { runTrial: typeof runTrial };
  const items = new Map<string, Item>();
  for (const { label, origin, runs } of figures) {
    for (const { experiment, seed, run } of runs) {
      const name = `${experiment.name}, seed ${seed}`;
      if (items.has(name)) continue;
      onStage?.(`training ${name} again`);
      const { identical, text } = verdictOn(run, await trial.runTrial({ experiment, seed }));
      const item = {
        kind: 'run',
        name,
        notebook: origin.notebook,
        cell: origin.cell,
        detail: `${text} (${label})`,
      } as const;
      items.set(name, { ...item, status: identical ? 'identical' : 'outside' });
    }
  }
  return [...items.values()];
}

/** Sets the report again from the notebooks as they stand here and compares what the repository shows of it. */
function reportItems(root: string): Item[] {
  if (!existsSync(join(root, 'reports/report.md'))) return [];
  const item = { kind: 'report', name: 'reports/README.md' } as const;
  const committed = reader(root)(item.name);
  if (committed === undefined) return [{ ...item, status: 'missing', detail: 'run "gradbook report"' }];
  try {
    const found = difference(committed, githubMarkdownOf(root));
    if (found === undefined) return [{ ...item, status: 'identical' }];
    return [{ ...item, status: 'outside', detail: describeDifference(found) }];
  } catch (error) {
    return [{ ...item, status: 'outside', detail: `the report cannot be set: ${(error as Error).message}` }];
  }
}

function thisEngine(): Engine {
  const { node, v8 } = process.versions;
  return { node, v8, platform: process.platform, architecture: process.arch };
}

function fileIn(root: string, path: string): NotebookFile {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

function reader(folder: string): (name: string) => string | undefined {
  return (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined);
}
