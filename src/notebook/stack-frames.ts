import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Place, SourcePositions } from './positions.js';
import type { StackFrame } from './session-messages.js';

/** Makes every stack of this process name cells by their number and the lines of their own source. */
export class StackFrames {
  private readonly scripts = new Map<string, { cell?: number; positions: SourcePositions }>();
  private readonly known = new WeakMap<object, readonly StackFrame[]>();

  /** `hidden` are the files whose frames say nothing to a reader: ours and tslab's. */
  constructor(private readonly hidden: readonly string[]) {
    this.install();
  }

  /** Puts it into place, again when a cell has put something else there. */
  install(): void {
    Error.stackTraceLimit = 50;
    Error.prepareStackTrace = (error, sites) => {
      const frames = sites.map((site) => this.frameOf(site)).filter((frame) => frame !== undefined);
      this.known.set(error, frames);
      return [headOf(error), ...frames.map((frame) => `    at ${describeFrame(frame)}`)].join('\n');
    };
  }

  addCell(cell: number, script: string, positions: SourcePositions): void {
    this.scripts.set(script, { cell, positions });
  }

  addFile(path: string, positions: SourcePositions): void {
    this.scripts.set(path, { positions });
  }

  /** The frames of an error, innermost first; none for a thrown value that is no error. */
  of(error: unknown): readonly StackFrame[] {
    if (typeof error !== 'object' || error === null) return [];
    Reflect.get(error, 'stack');
    return this.known.get(error) ?? [];
  }

  private frameOf(site: NodeJS.CallSite): StackFrame | undefined {
    const script = site.getScriptNameOrSourceURL();
    if (!script || script.startsWith('node:') || script.startsWith('evalmachine.')) return undefined;
    const path = script.startsWith('file:') ? fileURLToPath(script) : script;
    if (this.hidden.some((folder) => path.startsWith(folder))) return undefined;
    const place = { line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1 };
    const name = functionName(site);
    const source = this.scripts.get(script);
    const original = source?.positions.original(place);
    if (source?.cell !== undefined) {
      return original && { function: name, cell: source.cell, library: false, place: original };
    }
    const shown = relative(process.cwd(), path) || path;
    return { function: name, file: shown, library: !source, place: original ?? place };
  }
}

/** One line of a stack: `f (cell 3:6:7)`. */
export function describeFrame({ function: name, cell, file, place }: StackFrame): string {
  const where = (cell === undefined ? (file ?? '') : `cell ${cell}`) + (place ? describePlace(place) : '');
  return name ? `${name} (${where})` : where;
}

function describePlace({ line, column }: Place): string {
  return `:${line}:${column}`;
}

function functionName(site: NodeJS.CallSite): string {
  const name = site.getFunctionName();
  if (!name) return '';
  const type = site.isToplevel() ? null : site.getTypeName();
  const owner = type && type !== 'Object' && !name.includes('.') ? `${type}.` : '';
  return `${site.isAsync() ? 'async ' : ''}${site.isConstructor() ? 'new ' : owner}${name}`;
}

function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}
