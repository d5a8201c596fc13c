import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { staleness } from '../notebook/execution-record.js';
import { libraryCode } from '../notebook/library-code.js';
import { GradbookError } from '../tensor/error.js';
import { readBibtex } from './bibtex.js';
import { type Claim, readClaims, writeClaims } from './claims.js';
import { loadHighlighter } from './code-highlight.js';
import { collect, type Collected, type NotebookFile } from './collect.js';
import { type ClaimComparison, compareClaims, failures } from './compare-claims.js';
import { checkCellDigits } from './embed.js';
import { figureFiles } from './figure-files.js';
import { checkReportGlyphs } from './glyphs.js';
import { renderGithubMarkdown } from './github-markdown.js';
import { renderHtml } from './html.js';
import { renderPdf } from './pdf.js';
import { Problems } from './problem.js';
import { publish, type Published } from './publish.js';
import { Bibliography } from './references.js';
import { resolveReport } from './resolve.js';
import { readSource } from './source.js';
import type { Report } from './tree.js';

/** What a build of the report reads and writes. */
export interface BuildOptions {
  /** The project's root, which holds `notebooks/` and `reports/`; the working folder by default. */
  readonly root?: string;
  /** Replace the committed claims even when some lie outside their tolerance or are made no more, or when there are none. */
  readonly accept?: boolean;
}

/** What a build has found and written. */
export interface BuildResult {
  readonly comparisons: readonly ClaimComparison[];
  /** Claims outside their tolerance or made no more; when there are any and they were not accepted, nothing was written. */
  readonly failed: readonly ClaimComparison[];
  readonly published: Published | undefined;
  readonly counts: {
    readonly figures: number;
    readonly tables: number;
    readonly claims: number;
    readonly htmlBytes: number;
  };
}

/**
 * Builds the report from `reports/report.md` and the outputs of the executed notebooks. The claims are compared with the
 * committed ones before anything is replaced. Throws a ReportError that lists every problem; what was there is then untouched.
 */
export async function buildReport({ root = '.', accept = false }: BuildOptions = {}): Promise<BuildResult> {
  if (!accept) requireCommittedClaims(root);
  const { report, collected, problems } = readReport(root, checkCurrent);
  const setting = renderPdf(report, problems); // meanwhile, the page is made
  const page = loadHighlighter().then((highlight) => renderHtml(report, { highlight, problems, root: '..' }));
  const [html, { pdf, complaints }] = await Promise.all([page, setting]);
  for (const complaint of complaints) problems.add({ file: sourcePath }, complaint);
  problems.throwIfAny();
  const output = new Map<string, string | Uint8Array>([
    ['report.html', html],
    ['report.pdf', pdf],
    ['README.md', renderGithubMarkdown(report)],
    ['claims.json', writeClaims(collected.claims.values())],
  ]);
  const files = figureFiles(collected.figures.values(), collected.tables.values());
  for (const [name, text] of files) output.set(`figures/${name}`, text);
  const comparisons = compareClaims(committedClaims(root), collected.claims.values());
  const failed = failures(comparisons);
  const published =
    failed.length > 0 && !accept ? undefined : publish(join(root, folder), output, ['figures']);
  const counts = {
    figures: collected.figures.size,
    tables: collected.tables.size,
    claims: collected.claims.size,
    htmlBytes: Buffer.byteLength(html),
  };
  return { comparisons, failed, published, counts };
}

/** The report as GitHub shows it, from the notebooks and the text of a project, of whatever age. Throws a ReportError. */
export function githubMarkdownOf(root: string): string {
  return renderGithubMarkdown(readReport(root).report);
}

/** The report with everything resolved, and what its notebooks have left. Throws a ReportError that lists every problem. */
function readReport(
  root: string,
  check?: typeof checkCurrent,
): { report: Report; collected: Collected; problems: Problems } {
  const problems = new Problems();
  const collected = collect(readNotebooks(root), problems);
  check?.(root, collected, problems);
  problems.throwIfAny();
  const source = readSource(readText(root, sourcePath), sourcePath, problems);
  checkCellDigits(collected, source.constants, problems);
  const entries = readBibtex(readInside(root, referencesPath) ?? '', referencesPath, problems);
  const bibliography = new Bibliography(entries, referencesPath, problems);
  const readSourceFile = (path: string) => readInside(root, path);
  const report = resolveReport(source, { collected, readSourceFile, bibliography }, problems);
  problems.throwIfAny();
  checkReportGlyphs(report, problems);
  problems.throwIfAny();
  return { report, collected, problems };
}

/** Adds a problem for every notebook whose outputs are not those of its cells and of the library as they stand. */
function checkCurrent(root: string, { notebooks }: Collected, problems: Problems): void {
  const library = libraryCode();
  for (const [file, notebook] of notebooks) {
    const reason = staleness(notebook, join(root, file), library);
    if (reason === undefined) continue;
    problems.add({ file }, `${reason}: run "gradbook run ${file}", or all notebooks by "gradbook start".`);
  }
}

const folder = 'reports';
const sourcePath = 'reports/report.md';
const referencesPath = 'reports/references.bib';
const claimsPath = 'reports/claims.json';

/** The notebooks of a project, sorted by name. Throws a GradbookError when there is none. */
export function readNotebooks(root: string): NotebookFile[] {
  const directory = join(root, 'notebooks');
  const names = existsSync(directory) ? readdirSync(directory) : [];
  const notebooks = names.filter((name) => name.endsWith('.ipynb') && !name.endsWith('.failed.ipynb')).sort();
  if (notebooks.length === 0) {
    throw new GradbookError(
      `${directory}: there is no notebook here: run the command in the project's root folder.`,
    );
  }
  return notebooks.map((name) => ({
    path: `notebooks/${name}`,
    text: readFileSync(join(directory, name), 'utf8'),
  }));
}

function readText(root: string, path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    throw new GradbookError(`${join(root, path)}: the file cannot be read: it is the source of the report.`);
  }
}

/** A file of the project; nothing outside it can be listed. */
function readInside(root: string, path: string): string | undefined {
  if (path.startsWith('/') || path.split('/').includes('..')) return undefined;
  const full = join(root, path);
  return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
}

/** A list of claims that was lost must not make every claim a new one, which nothing could contradict. */
function requireCommittedClaims(root: string): void {
  if (existsSync(join(root, claimsPath))) return;
  throw new GradbookError(
    `${claimsPath} is not there, so no claim could be compared with the committed one: restore it from git, or, when this ` +
      'report is built for the first time, run the command with --accept to take the claims as they are.',
  );
}

/** The claims in `reports/claims.json`; none when there is no such file. */
export function committedClaims(root: string): Claim[] {
  const path = join(root, claimsPath);
  return existsSync(path) ? readClaims(readFileSync(path, 'utf8'), claimsPath) : [];
}
