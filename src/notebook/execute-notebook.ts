import { sessionFailure, type CellFailure } from './cell-failure.js';
import type { Compiler } from './compiler.js';
import { forgetExecution } from './execution-record.js';
import { runnableCells } from './notebook-file.js';
import { hasTag, type CodeCell, type Notebook } from './nbformat.js';
import type { SessionLimits } from './session-limits.js';
import { Session } from './session.js';

export interface ExecuteOptions {
  readonly limits: SessionLimits;
  /** Errors are outputs like others, and the run goes on: the notebook has not failed. */
  readonly allowErrors?: boolean;
  /** Run the cells after a failing one too; the notebook has failed all the same. */
  readonly keepGoing?: boolean;
  /** Called as each cell begins. */
  readonly onCell?: (number: number, count: number) => void;
  /** Ends the run of the notebook when it fires. */
  readonly signal?: AbortSignal;
}

export interface ExecutedNotebook {
  /** The notebook with the outputs of the cells that ran. */
  readonly notebook: Notebook;
  readonly failures: readonly LocatedFailure[];
  readonly cells: number;
}

/** A failure and the cell it stands in. */
export interface LocatedFailure extends CellFailure {
  readonly id: string;
}

/** Executes a notebook in a fresh session; the notebook that was given stays as it is. */
export async function executeNotebook(
  original: Notebook,
  compiler: Compiler,
  options: ExecuteOptions,
): Promise<ExecutedNotebook> {
  const notebook = structuredClone(original);
  const cells = runnableCells(notebook);
  const session = new Session(compiler, options.limits);
  const abort = () => session.close();
  options.signal?.addEventListener('abort', abort);
  try {
    const failures = await runCells(cells, session, options);
    forgetRun(notebook);
    cells.forEach((cell, index) => {
      if (hasTag(cell, 'skip-execution')) return;
      cell.outputs = session.outputsOf(index + 1);
      if (cell.outputs.length > 0 || session.hasRun(index + 1)) cell.execution_count = index + 1;
    });
    return { notebook, failures, cells: cells.length };
  } finally {
    options.signal?.removeEventListener('abort', abort);
    session.close();
  }
}

async function runCells(
  cells: readonly CodeCell[],
  session: Session,
  options: ExecuteOptions,
): Promise<LocatedFailure[]> {
  const failures: LocatedFailure[] = [];
  const found = (failure: CellFailure) =>
    failures.push({ ...failure, id: cells[failure.cell - 1]?.id ?? '' });
  const source = (index: number) => {
    const cell = cells[index];
    return cell && { number: index + 1, source: cell.source };
  };
  for (const [index, cell] of cells.entries()) {
    if (hasTag(cell, 'skip-execution')) continue;
    options.onCell?.(index + 1, cells.length);
    const failure = await session.execute(source(index)!, source(index + 1));
    if (options.signal?.aborted) return failures;
    if (failure?.fatal) {
      found(failure);
      return failures;
    }
    const expected = hasTag(cell, 'raises-exception');
    if (failure && !expected && !options.allowErrors) found(failure);
    if (!failure && expected) found(session.report(missingError(source(index)!)));
    if (failures.length > 0 && !options.keepGoing) return failures;
  }
  const late = await session.drain();
  if (late) found(late);
  return failures;
}

function missingError(cell: { number: number; source: string }): CellFailure {
  const message =
    'The cell has the tag raises-exception, but it raised none. Remove the tag, or mend the cell.';
  return { ...sessionFailure(cell, 'NoException', message), fatal: false };
}

/** What belongs to a run and not to the notebook: outputs, counts, times. */
function forgetRun(notebook: Notebook): void {
  forgetExecution(notebook);
  for (const cell of notebook.cells) {
    if (cell.cell_type !== 'code' || hasTag(cell, 'skip-execution')) continue;
    cell.outputs = [];
    cell.execution_count = null;
    delete cell.metadata.execution;
  }
}
