import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DataTable, type Figure } from '../../src/figures/index.js';
import { claimType } from '../../src/notebook/claim.js';
import { recordExecution } from '../../src/notebook/execution-record.js';
import { libraryCode } from '../../src/notebook/library-code.js';
import { writeClaims } from '../../src/report/claims.js';
import { readNotebook, writeNotebook } from '../../src/notebook/nbformat.js';

/** A cell of a made-up notebook. */
export interface FixtureCell {
  readonly id: string;
  readonly markdown?: string;
  readonly outputs?: readonly object[];
  readonly tags?: readonly string[];
  /** `null` for a cell that was not executed. */
  readonly count?: number | null;
}

/** The text of a notebook with these cells, executed by the library as it stands. */
export function notebookText(cells: readonly FixtureCell[]): string {
  const written = cells.map(({ id, markdown, outputs = [], tags, count = 1 }) => {
    const metadata = tags === undefined ? {} : { tags };
    if (markdown !== undefined) return { cell_type: 'markdown', id, metadata, source: markdown };
    return { cell_type: 'code', execution_count: count, id, metadata, outputs, source: 'void 0;' };
  });
  const kernelspec = { display_name: 'TypeScript', language: 'typescript', name: 'tslab' };
  const text = JSON.stringify({ cells: written, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
  const notebook = readNotebook(text);
  recordExecution(notebook, 'notebooks/made-up.ipynb', libraryCode());
  return writeNotebook(notebook);
}

/** The output of a cell that has made a claim. */
export function claimOutput(name: string, value: unknown, rest: object = { kind: 'deterministic' }): object {
  return output({ 'text/plain': `claim ${name}`, [claimType]: { name, value, ...rest } }, {});
}

/** The output of a cell that has shown a figure or a table under a label. */
export async function shownOutput(
  shown: Figure | DataTable,
  label: string,
  caption: string,
): Promise<object> {
  const kind = 'kind' in shown ? 'table' : 'figure';
  const alt = 'alt' in shown ? shown.alt : '';
  return output(await shown.display(), { gradbook: { label, caption, alt, kind } });
}

/** The output of a cell that has shown a bundle. */
export function output(data: object, metadata: object = {}): object {
  return { output_type: 'display_data', data, metadata };
}

/** A project in a temporary folder. */
export interface Project {
  readonly root: string;
  write(path: string, text: string): void;
  remove(): void;
}

/** Makes a project of files by their paths; no claims were committed unless they are among them. */
export function makeProject(files: Readonly<Record<string, string>>): Project {
  const root = mkdtempSync(join(tmpdir(), 'gradbook-report-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries({ 'reports/claims.json': writeClaims([]), ...files }))
    write(path, text);
  return { root, write, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** A head that every report needs. */
export const head = `---
title: A report
authors: [The authors]
date: 18 November 2020
abstract: |
  What was done.
constants: [2-8-2]
---
`;
