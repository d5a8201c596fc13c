import type { ErrorOutput } from './nbformat.js';
import type { Place } from './positions.js';
import type { StackFrame, ThrownValue } from './session-messages.js';
import { describeFrame } from './stack-frames.js';
import type { CellDiagnostic } from './compiled-cell.js';

/** Why a cell failed, in the words that its reader sees. */
export interface CellFailure {
  readonly name: string;
  readonly message: string;
  /** The number of the cell whose code failed: another one than the cell that ran, when the error came late. */
  readonly cell: number;
  readonly place?: Place;
  readonly traceback: readonly string[];
  /** The session cannot run another cell. */
  readonly fatal: boolean;
}

/** A cell as it is counted and read in its notebook. */
export interface CellSource {
  readonly number: number;
  readonly source: string;
}

type FindSource = (cell: number) => string | undefined;

/** The failure of a cell that does not compile; the first error leads, all are listed. */
export function compileFailure(cell: CellSource, diagnostics: readonly CellDiagnostic[]): CellFailure {
  const first = diagnostics[0]!;
  const traceback = diagnostics.flatMap((diagnostic) => {
    const head = `TS${diagnostic.code}: ${diagnostic.message}`;
    if (diagnostic.file !== undefined) {
      return [
        head,
        `    at ${diagnostic.file}:${diagnostic.start.line + 1}:${diagnostic.start.character + 1}`,
      ];
    }
    const place = placeIn(cell.source, diagnostic);
    return [
      head,
      ...codeFrame(cell.source, place, widthOf(diagnostic)),
      `    at cell ${cell.number}:${describePlace(place)}`,
    ];
  });
  return {
    name: `TS${first.code}`,
    message: first.message,
    cell: cell.number,
    ...(first.file === undefined && { place: placeIn(cell.source, first) }),
    traceback,
    fatal: false,
  };
}

/** The failure of a cell that threw, or that ran when code of an earlier cell did. */
export function thrownFailure(running: CellSource, error: ThrownValue, sourceOf: FindSource): CellFailure {
  const origin = error.frames.find((frame) => frame.cell !== undefined);
  const cell = origin?.cell ?? running.number;
  const traceback = thrownLines(error, sourceOf);
  if (cell !== running.number) {
    traceback.push(
      `(code of cell ${cell}, which had ended, failed while cell ${running.number} was running)`,
    );
  }
  return {
    name: error.name,
    message: error.message,
    cell,
    ...(origin?.place && { place: origin.place }),
    traceback,
    fatal: false,
  };
}

/** The failure of a cell before which code that an earlier cell had left behind failed. */
export function failedBefore(cell: CellSource, failure: CellFailure): CellFailure {
  const note = `(this came to light before cell ${cell.number} began)`;
  return { ...failure, traceback: [...failure.traceback, note] };
}

/** A failure that is no error of the code: a limit, an exit, lost output. */
export function sessionFailure(
  cell: CellSource,
  name: string,
  message: string,
  frames: readonly StackFrame[] = [],
): CellFailure {
  const origin = frames.find((frame) => frame.cell === cell.number);
  const frame = origin?.place ? codeFrame(cell.source, origin.place) : [];
  const where = origin?.place ? [`    at cell ${cell.number}:${describePlace(origin.place)}`] : [];
  return {
    name,
    message,
    cell: cell.number,
    ...(origin?.place && { place: origin.place }),
    traceback: [`${name}: ${message}`, ...frame, ...where],
    fatal: true,
  };
}

/** The failure as a notebook stores it. */
export function errorOutput({ name, message, traceback }: CellFailure): ErrorOutput {
  return { output_type: 'error', ename: name, evalue: message, traceback: [...traceback] };
}

/** The lines around a place, the place marked. */
function codeFrame(source: string, { line, column }: Place, width = 1): string[] {
  const lines = source.split(/\r\n|\n|\r/);
  const first = Math.max(1, line - 2);
  const last = Math.min(lines.length, line + 2);
  const margin = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1]!;
    frame.push(`${number === line ? '>' : ' '} ${String(number).padStart(margin)} | ${text}`.trimEnd());
    if (number !== line) continue;
    const before = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
    frame.push(
      `  ${' '.repeat(margin)} | ${before}${'^'.repeat(Math.max(1, Math.min(width, text.length - column + 1)))}`,
    );
  }
  return frame;
}

function thrownLines(error: ThrownValue, sourceOf: FindSource): string[] {
  const lines = [error.message ? `${error.name}: ${error.message}` : error.name];
  const origin = error.frames.find((frame) => frame.cell !== undefined);
  const source = origin?.cell === undefined ? undefined : sourceOf(origin.cell);
  if (source !== undefined && origin?.place) lines.push(...codeFrame(source, origin.place));
  lines.push(...foldedFrames(error.frames));
  if (error.cause) {
    const [head, ...rest] = thrownLines(error.cause, sourceOf);
    lines.push(`caused by ${head!}`, ...rest);
  }
  return lines;
}

/** Every frame of the notebook, but one line for any run of library frames: their lines change with each build. */
function foldedFrames(frames: readonly StackFrame[]): string[] {
  const lines: string[] = [];
  frames.forEach((frame, index) => {
    if (!frame.library) lines.push(`    at ${describeFrame(frame)}`);
    else if (!frames[index - 1]?.library)
      lines.push(`    at ${frame.function || 'code'} (${packageOf(frame.file ?? '')})`);
  });
  return lines;
}

function packageOf(file: string): string {
  const installed = /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1];
  return installed ?? 'library';
}

/** An error at the end of the text is reported in what tslab adds after it: it belongs to the last line. */
function placeIn(source: string, { start }: CellDiagnostic): Place {
  const lines = source.split(/\r\n|\n|\r/);
  if (start.line < lines.length) return { line: start.line + 1, column: start.character + 1 };
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

function widthOf({ start, end }: CellDiagnostic): number {
  return end.line === start.line ? end.character - start.character : Infinity;
}

function describePlace({ line, column }: Place): string {
  return `${line}:${column}`;
}
