import { SourceMap, type SourceMapPayload } from 'node:module';

import { linesBeforeCode, linesBeforeSource, type CompiledFile } from './compiled-cell.js';

/** A place in a file or a cell; line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Positions of the program of a cell, as it runs. */
export function cellPositions(program: CompiledFile): SourcePositions {
  return new SourcePositions(program, { code: linesBeforeCode, source: linesBeforeSource });
}

/** Positions of a file that a cell imports. */
export function filePositions(file: CompiledFile): SourcePositions {
  return new SourcePositions(file, { code: 0, source: 0 });
}

/** Positions of a cell that tslab keeps as a module, by its comment `@module`. */
export function moduleCellPositions(file: CompiledFile): SourcePositions {
  return new SourcePositions(file, { code: 0, source: linesBeforeSource });
}

/** Leads from a place in running code back to the place in the source that a person wrote. */
export class SourcePositions {
  private readonly maps: SourceMap[];
  private readonly lines: number;

  /** `added` counts the lines that stand before the compiled code and before the source. */
  constructor(
    file: CompiledFile,
    private readonly added: { readonly code: number; readonly source: number },
  ) {
    this.maps = file.maps.map((map) => new SourceMap(map as unknown as SourceMapPayload));
    this.lines = file.code.trimEnd().split('\n').length;
  }

  /** The place in the source, or undefined for code that the compiler added. */
  original({ line, column }: Place): Place | undefined {
    let place = { line: line - 1 - this.added.code, column: column - 1 };
    if (place.line >= this.lines) return undefined;
    for (const map of this.maps) {
      const entry = map.findEntry(place.line, place.column);
      if (!('originalLine' in entry)) return undefined;
      place = { line: entry.originalLine, column: entry.originalColumn };
    }
    place.line -= this.added.source;
    return place.line < 0 ? undefined : { line: place.line + 1, column: place.column + 1 };
  }
}
