/** A source map as JSON, version 3. */
export interface SourceMapJson {
  readonly version: number;
  readonly sources: string[];
  readonly mappings: string;
}

/** A position in a cell, counted from 0. */
export interface CellPosition {
  readonly line: number;
  readonly character: number;
}

export interface CellDiagnostic {
  readonly start: CellPosition;
  readonly end: CellPosition;
  readonly message: string;
  /** TypeScript's error number, as in TS2322. */
  readonly code: number;
  /** The file it is in, when that is not the cell itself. */
  readonly file?: string;
}

/** JavaScript of a cell or of a file that it imports, with the maps that lead back to the source, last step first. */
export interface CompiledFile {
  readonly code: string;
  readonly maps: readonly SourceMapJson[];
}

export interface ImportedFile extends CompiledFile {
  readonly path: string;
}

export interface CompiledCell {
  readonly diagnostics: readonly CellDiagnostic[];
  /** What the next cell must be told of the names declared so far. */
  readonly declarations: string;
  readonly program?: CompiledFile;
  /** Every file beside the notebook, and every module of a cell, that the cell needs; the session has got some before. */
  readonly imported: readonly ImportedFile[];
  /** The compiler keeps this cell as a module, which any cell can import from now on. */
  readonly isModule?: boolean;
  readonly lastExpression?: string;
  readonly awaits: boolean;
}

/** Lines that tslab puts before a cell's own source. */
export const linesBeforeSource = 1;

/** Lines that stand before the compiled code in the script that is run. */
export const linesBeforeCode = 1;
