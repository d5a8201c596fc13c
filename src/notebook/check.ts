import { dirname, resolve } from 'node:path';

import { labelOf, outputRemarks } from './check-outputs.js';
import { Compiler } from './compiler.js';
import {
  findNotebooks,
  loadNotebook,
  runnableCells,
  UsageError,
  type NotebookFile,
} from './notebook-file.js';
import { hasTag, type CodeCell } from './nbformat.js';

/** Something about a notebook that its author should mend. */
export interface Finding {
  readonly path: string;
  /** The number of the code cell, as a run counts, and its id; none for the notebook as a whole. */
  readonly cell?: number;
  readonly id?: string;
  readonly line?: number;
  readonly message: string;
}

/** What notebooks and folders have that a committed notebook must not have, without running a cell. Throws UsageError. */
export async function checkNotebooks(
  paths: readonly string[],
): Promise<{ paths: string[]; findings: Finding[] }> {
  const found = findNotebooks(paths);
  const compilers = new Map<string, Compiler>();
  const findings: Finding[] = [];
  try {
    for (const path of found) {
      const folder = dirname(resolve(path));
      const compiler = compilers.get(folder) ?? new Compiler(folder);
      compilers.set(folder, compiler);
      findings.push(...(await checkNotebook(path, compiler)));
      if (!compiler.hasModules) continue;
      compiler.close();
      compilers.delete(folder);
    }
  } finally {
    for (const compiler of compilers.values()) compiler.close();
  }
  return { paths: found, findings };
}

/** The largest notebook that one should commit. */
const largest = 1_048_576;

async function checkNotebook(path: string, compiler: Compiler): Promise<Finding[]> {
  const file = readable(path);
  if ('message' in file) return [file];
  const { notebook, text } = file;
  const cells = runnableCells(notebook);
  const findings: Finding[] = [];
  const size = Buffer.byteLength(text);
  if (size > largest) {
    const megabytes = (size / largest).toFixed(1);
    findings.push({
      path,
      message: `it has ${megabytes} MB, more than the 1 MB that a notebook in git should have`,
    });
  }
  const order = orderRemark(cells);
  if (order) findings.push({ path, message: order });
  const labels = new Map<string, number>();
  cells.forEach((cell, index) => {
    const place = { path, cell: index + 1, id: cell.id };
    for (const message of outputRemarks(cell)) findings.push({ ...place, message });
    for (const label of cell.outputs.map(labelOf).filter((one) => one !== undefined)) {
      const before = labels.get(label);
      if (before !== undefined)
        findings.push({ ...place, message: `the label "${label}" was given in cell ${before} already` });
      labels.set(label, index + 1);
    }
  });
  findings.push(...(await sourceFindings(path, cells, compiler)));
  return findings.sort((a, b) => (a.cell ?? 0) - (b.cell ?? 0) || (a.line ?? 0) - (b.line ?? 0));
}

/** A file that is no notebook of ours is one finding; the other files are looked at all the same. */
function readable(path: string): NotebookFile | Finding {
  try {
    return loadNotebook(path);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { path, message: error.message.replace(`${path}: `, '') };
  }
}

/** Cells count 1, 2, 3 … when the notebook was executed from top to bottom in one go. */
function orderRemark(cells: readonly CodeCell[]): string | undefined {
  const ran = cells.filter((cell) => !hasTag(cell, 'skip-execution'));
  if (ran.every((cell) => cell.execution_count === null))
    return 'it was not executed: gradbook run writes its outputs';
  const wrong = cells.findIndex((cell, index) => ran.includes(cell) && cell.execution_count !== index + 1);
  if (wrong < 0) return undefined;
  const count = cells[wrong]!.execution_count;
  const found = count === null ? 'was not executed' : `was executed as number ${count}`;
  return `it was not executed from top to bottom: code cell ${wrong + 1} ${found}. gradbook run does it`;
}

async function sourceFindings(
  path: string,
  cells: readonly CodeCell[],
  compiler: Compiler,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const missing: { finding: Finding; name: string }[] = [];
  const definedIn = new Map<string, number>();
  let declarations = '';
  for (const [index, cell] of cells.entries()) {
    if (hasTag(cell, 'skip-execution')) continue;
    const place = { path, cell: index + 1, id: cell.id };
    const review = await compiler.review(cell.source, declarations);
    if (review.cell.diagnostics.length === 0) declarations = review.cell.declarations;
    for (const name of review.declared) definedIn.set(name, index + 1);
    for (const { line, message } of review.remarks) findings.push({ ...place, line, message });
    if (hasTag(cell, 'raises-exception')) continue;
    for (const { start, message, code, file } of review.cell.diagnostics) {
      const where =
        file === undefined ? { ...place, line: start.line + 1 } : { path: file, line: start.line + 1 };
      const finding = { ...where, message: `TS${code}: ${message}` };
      const name = /^Cannot find name '([^']+)'/.exec(message)?.[1];
      if (name === undefined) findings.push(finding);
      else missing.push({ finding, name });
    }
  }
  return [
    ...findings,
    ...missing.map(({ finding, name }) => hiddenState(finding, name, definedIn.get(name))),
  ];
}

/** A name that only a later cell defines: the notebook works for whoever ran its cells out of order. */
function hiddenState(finding: Finding, name: string, cell: number | undefined): Finding {
  if (cell === undefined || cell <= (finding.cell ?? 0)) return finding;
  return {
    ...finding,
    message: `it uses "${name}", which only code cell ${cell} defines: move that cell up`,
  };
}
