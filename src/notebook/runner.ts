import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

import { withBlasCell } from './blas-cell.js';
import { Compiler } from './compiler.js';
import { executeNotebook, type LocatedFailure } from './execute-notebook.js';
import { recordExecution } from './execution-record.js';
import { libraryCode } from './library-code.js';
import {
  failedPath,
  findNotebooks,
  loadNotebook,
  runnableCells,
  saveNotebook,
  UsageError,
  type NotebookFile,
} from './notebook-file.js';
import { refuseOutsideProject } from './project-boundary.js';
import { injectParameters, type ParameterValue } from './parameters.js';
import { defaultLimits, type SessionLimits } from './session-limits.js';

export interface RunOptions {
  /** Notebooks at a time; by default one a core. */
  readonly jobs?: number;
  readonly limits?: Partial<SessionLimits>;
  /** Milliseconds for all notebooks together. */
  readonly totalTime?: number;
  readonly allowErrors?: boolean;
  readonly keepGoing?: boolean;
  /** Where to write instead of in place: a file for one notebook, a folder for several. */
  readonly output?: string;
  /** Values for the cell with the tag `parameters`, typed by that cell. Needs `output`. */
  readonly parameters?: readonly ParameterValue[];
  /** Hand large matrix products to OpenBLAS; what comes out is claimed nowhere. Needs `output`. */
  readonly blas?: boolean;
  readonly events?: RunEvents;
  readonly signal?: AbortSignal;
}

export interface RunEvents {
  planned?(notebooks: readonly { path: string; cells: number }[]): void;
  cell?(path: string, number: number, count: number): void;
  finished?(result: NotebookResult): void;
}

export interface NotebookResult {
  readonly path: string;
  readonly status: 'passed' | 'failed' | 'stopped';
  readonly cells: number;
  readonly seconds: number;
  readonly failures: readonly LocatedFailure[];
  /** Why it failed although no cell did. */
  readonly problem?: string;
  /** The file that the outputs went to, when one was written. */
  readonly written?: string;
}

export interface RunResult {
  readonly notebooks: readonly NotebookResult[];
  /** 0 when every notebook passed, 1 otherwise. */
  readonly exitCode: 0 | 1;
}

/**
 * Executes notebooks in parallel, each in processes of its own, and writes the outputs back when all of its cells succeed.
 * A notebook that fails stays untouched; its outputs go to NAME.failed.ipynb. Throws UsageError before anything runs.
 */
export async function runNotebooks(paths: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const loaded = findNotebooks(paths).map(loadNotebook);
  if (options.parameters?.length && options.output === undefined) {
    throw new UsageError(
      'With parameters the outputs are others than the committed ones: say by --output where to write them.',
    );
  }
  if (options.blas && options.output === undefined) {
    throw new UsageError(
      'With OpenBLAS the outputs are not the same on every machine, so committed ones are not overwritten: say by --output where to write them.',
    );
  }
  const compilers = new CompilerPool();
  try {
    const files = await Promise.all(
      (options.blas ? loaded.map(withBlas) : loaded).map((file) =>
        withParameters(file, compilers, options.parameters ?? []),
      ),
    );
    return await runFiles(files, compilers, options);
  } finally {
    compilers.close();
  }
}

async function runFiles(
  files: readonly NotebookFile[],
  compilers: CompilerPool,
  options: RunOptions,
): Promise<RunResult> {
  const targets = new Map(files.map((file) => [file, targetOf(file, files.length, options.output)]));
  if (options.output === undefined) for (const target of targets.values()) refuseOutside(target);
  options.events?.planned?.(
    files.map(({ path, notebook }) => ({ path, cells: runnableCells(notebook).length })),
  );
  const results = new Map<NotebookFile, NotebookResult>();
  const queue = [...files].sort((a, b) => b.text.length - a.text.length); // what shows the most runs longest
  const library = libraryCode();
  const signal = limitedSignal(options);
  const worker = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const result = await runOne(file, targets.get(file)!, compilers, library, options, signal);
      results.set(file, result);
      options.events?.finished?.(result);
    }
  };
  const jobs = Math.max(1, Math.min(options.jobs ?? availableParallelism(), files.length));
  await Promise.all(Array.from({ length: jobs }, worker));
  const notebooks = files.map((file) => results.get(file)!);
  return { notebooks, exitCode: notebooks.every(({ status }) => status === 'passed') ? 0 : 1 };
}

function withBlas(file: NotebookFile): NotebookFile {
  return { ...file, notebook: withBlasCell(file.notebook) };
}

async function withParameters(
  file: NotebookFile,
  compilers: CompilerPool,
  values: readonly ParameterValue[],
): Promise<NotebookFile> {
  if (values.length === 0) return file;
  const compiler = compilers.take(dirname(resolve(file.path)));
  try {
    return { ...file, notebook: await injectParameters(file.path, file.notebook, values, compiler) };
  } finally {
    compilers.give(compiler);
  }
}

interface Target {
  readonly passed: string;
  readonly failed: string;
}

async function runOne(
  file: NotebookFile,
  target: Target,
  compilers: CompilerPool,
  library: string,
  options: RunOptions,
  signal: AbortSignal | undefined,
): Promise<NotebookResult> {
  const start = performance.now();
  const { path } = file;
  const result = { path, cells: runnableCells(file.notebook).length };
  const done = (
    rest: Pick<NotebookResult, 'status' | 'failures' | 'problem' | 'written'>,
  ): NotebookResult => ({
    ...result,
    ...rest,
    seconds: (performance.now() - start) / 1000,
  });
  if (signal?.aborted) return done({ status: 'stopped', failures: [] });
  const compiler = compilers.take(dirname(resolve(path)));
  try {
    const executed = await executeNotebook(file.notebook, compiler, {
      limits: { ...defaultLimits, ...options.limits },
      allowErrors: options.allowErrors ?? false,
      keepGoing: options.keepGoing ?? false,
      onCell: (number, count) => options.events?.cell?.(path, number, count),
      ...(signal && { signal }),
    });
    if (signal?.aborted) return done({ status: 'stopped', failures: [] });
    const { failures, notebook } = executed;
    if (options.output === undefined) refuseOutside(target);
    const problem = problemOf(file);
    if (failures.length > 0 || problem !== undefined) {
      saveNotebook(target.failed, notebook);
      return done({ status: 'failed', failures, written: target.failed, ...(problem && { problem }) });
    }
    recordExecution(notebook, path, library);
    saveNotebook(target.passed, notebook);
    rmSync(failedPath(path), { force: true });
    return done({ status: 'passed', failures, written: target.passed });
  } catch (error) {
    const problem = (error as Error).message.replace(`${path}: `, '');
    return done({ status: 'failed', failures: [], problem });
  } finally {
    compilers.give(compiler);
  }
}

/** Checked before the run, and again after it: a cell can put a link where a file was. */
function refuseOutside({ passed, failed }: Target): void {
  for (const path of [passed, failed]) {
    refuseOutsideProject(path, 'Run that file itself, or give --output.');
  }
}

/** What happened to the file itself during the run. */
function problemOf({ path, text }: NotebookFile): string | undefined {
  if (!existsSync(path)) return 'The file was removed while it ran, so it was not written again.';
  if (readFileSync(path, 'utf8') === text) return undefined;
  return 'The file was changed while it ran, so it was not overwritten. Run it again.';
}

function targetOf({ path }: NotebookFile, count: number, output: string | undefined): Target {
  if (output === undefined) return { passed: path, failed: failedPath(path) };
  const isFolder = statSync(output, { throwIfNoEntry: false })?.isDirectory() ?? !output.endsWith('.ipynb');
  if (!isFolder && count > 1) {
    throw new UsageError(`--output ${output}: ${count} notebooks cannot go to one file. Give a folder.`);
  }
  const written = isFolder ? join(output, basename(path)) : output;
  return { passed: written, failed: written };
}

/** Fires when the run is to stop: from outside, or because its total time is over. */
function limitedSignal({ signal, totalTime }: RunOptions): AbortSignal | undefined {
  const signals = [signal, totalTime === undefined ? undefined : AbortSignal.timeout(totalTime)];
  const given = signals.filter((one) => one !== undefined);
  return given.length > 0 ? AbortSignal.any(given) : undefined;
}

/** Compilers are slow to start, so the notebooks of a folder use one another's. */
class CompilerPool {
  private readonly idle: Compiler[] = [];
  private readonly all: Compiler[] = [];

  take(directory: string): Compiler {
    const index = this.idle.findIndex((compiler) => compiler.directory === directory);
    const found = index >= 0 ? this.idle.splice(index, 1)[0] : undefined;
    if (found?.alive) return found;
    const compiler = new Compiler(directory);
    this.all.push(compiler);
    return compiler;
  }

  give(compiler: Compiler): void {
    if (compiler.hasModules) compiler.close();
    else this.idle.push(compiler);
  }

  close(): void {
    for (const compiler of this.all) compiler.close();
  }
}
