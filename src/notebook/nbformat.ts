import { createHash } from 'node:crypto';

import { JsonError, NumberToken, parseJson, type Json, type JsonObject } from './json.js';
import { writeJson } from './json-writer.js';
import { notebookProblems } from './notebook-rules.js';

export interface StreamOutput {
  output_type: 'stream';
  name: 'stdout' | 'stderr';
  text: string;
}
export interface DisplayOutput {
  output_type: 'display_data';
  data: JsonObject;
  metadata: JsonObject;
}
export interface ResultOutput {
  output_type: 'execute_result';
  execution_count: number | null;
  data: JsonObject;
  metadata: JsonObject;
}
export interface ErrorOutput {
  output_type: 'error';
  ename: string;
  evalue: string;
  traceback: string[];
}
export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

interface AnyCell {
  id: string;
  metadata: JsonObject;
  source: string;
}
export interface CodeCell extends AnyCell {
  cell_type: 'code';
  execution_count: number | null;
  outputs: Output[];
}
export interface TextCell extends AnyCell {
  cell_type: 'markdown' | 'raw';
  attachments?: JsonObject;
}
export type Cell = CodeCell | TextCell;

export interface Notebook {
  cells: Cell[];
  metadata: JsonObject;
  nbformat: 4;
  nbformat_minor: number;
}

/** A file that is no notebook that we can read; the message says what, where and what to do. */
class NotebookFormatError extends Error {
  override name = 'NotebookFormatError';
}

/** Reads the text of an nbformat 4 notebook, joins its lines and upgrades it to 4.5. Throws NotebookFormatError. */
export function readNotebook(text: string): Notebook {
  const raw = parse(text);
  const problems = notebookProblems(raw);
  if (problems.length > 0) {
    const more = problems.length > 5 ? `\n  … and ${problems.length - 5} more` : '';
    throw new NotebookFormatError(
      `not a valid nbformat 4 notebook:\n  ${problems.slice(0, 5).join('\n  ')}${more}\nOpen it in Jupyter and save it again, or mend the named places.`,
    );
  }
  const notebook = raw as unknown as Notebook;
  joinLines(notebook);
  dropTransient(notebook);
  addIds(notebook);
  return notebook;
}

/** The text of a notebook, byte for byte as Python's nbformat writes it. */
export function writeNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => {
    const written: Record<string, unknown> = { ...cell, source: splitLines(cell.source) };
    if (cell.cell_type === 'code') written.outputs = cell.outputs.map(splitOutput);
    else if (cell.attachments) {
      written.attachments = Object.fromEntries(
        Object.entries(cell.attachments).map(([name, bundle]) => [name, splitBundle(bundle as JsonObject)]),
      );
    }
    return written as JsonObject;
  });
  return writeJson({ ...notebook, cells }) + '\n';
}

/** Whether a cell carries a tag in its metadata. */
export function hasTag({ metadata }: Cell, tag: string): boolean {
  return Array.isArray(metadata.tags) && metadata.tags.includes(tag);
}

/** Lines with their ends, where Python's `splitlines` ends them. */
export function splitLines(text: string): string[] {
  return (
    text.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|.+$/gsu) ??
    []
  );
}

function parse(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const conflict = /^(<{7}|={7}|>{7})/m.test(text) ? ' It holds the marks of an unresolved merge.' : '';
    throw new NotebookFormatError(
      `not JSON: line ${error.line}, column ${error.column}: ${error.message}.${conflict} Restore the file, or export it again from Jupyter.`,
    );
  }
}

function joinLines(notebook: Notebook): void {
  for (const cell of notebook.cells) {
    cell.source = joined(cell.source);
    if (cell.cell_type === 'code') {
      for (const output of cell.outputs) {
        if (output.output_type === 'stream') output.text = joined(output.text);
        else if (output.output_type !== 'error') joinBundle(output.data);
      }
    } else {
      for (const bundle of Object.values(cell.attachments ?? {})) joinBundle(bundle as JsonObject);
    }
  }
}

function joined(text: unknown): string {
  return Array.isArray(text) ? text.join('') : (text as string);
}

function joinBundle(bundle: JsonObject): void {
  for (const [type, value] of Object.entries(bundle)) {
    const isJson = /^application\/(json$|.*\+json$)/s.test(type);
    if (!isJson && Array.isArray(value) && value.every((line) => typeof line === 'string')) {
      bundle[type] = value.join('');
    }
  }
}

function splitOutput(output: Output): Json {
  if (output.output_type === 'stream') return { ...output, text: splitLines(output.text) };
  if (output.output_type === 'error') return { ...output };
  return { ...output, data: splitBundle(output.data) };
}

function splitBundle(bundle: JsonObject): JsonObject {
  const isText = (type: string) =>
    type.startsWith('text/') || type === 'image/svg+xml' || type === 'application/javascript';
  return Object.fromEntries(
    Object.entries(bundle).map(([type, value]) => [
      type,
      typeof value === 'string' && isText(type) ? splitLines(value) : value,
    ]),
  );
}

function dropTransient(notebook: Notebook): void {
  for (const key of ['orig_nbformat', 'orig_nbformat_minor', 'signature'])
    Reflect.deleteProperty(notebook.metadata, key);
  for (const cell of notebook.cells) delete cell.metadata.trusted;
}

/** Cells have ids since 4.5; an older notebook gets ids that depend on its sources only. */
function addIds(notebook: Notebook): void {
  const minor = notebook.nbformat_minor as number | NumberToken;
  if (Number(minor) < 5) notebook.nbformat_minor = 5;
  const taken = new Set(notebook.cells.map((cell) => cell.id as string | undefined));
  for (const cell of notebook.cells) {
    for (let attempt = 0; !(cell.id as string | undefined); attempt++) {
      const id = createHash('sha256')
        .update(`${cell.cell_type} ${attempt}\n${cell.source}`)
        .digest('hex')
        .slice(0, 8);
      if (taken.has(id)) continue;
      cell.id = id;
      taken.add(id);
    }
  }
}
