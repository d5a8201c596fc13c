import { createRequire } from 'node:module';
import Module from 'node:module';
import { join } from 'node:path';

import type * as TypeScript from 'typescript';

import { cellBuilders } from './cell-builder.js';
import { placesToInspect, type CellCompletions } from './cell-help.js';
import { overlookedAwait } from './overlooked-await.js';
import { writeOutShorthands } from './shorthands.js';

import type {
  CellDiagnostic,
  CellPosition,
  CompiledCell,
  CompiledFile,
  ImportedFile,
  SourceMapJson,
} from './compiled-cell.js';

/**
 * The one file that knows tslab's insides. tslab's compiler host and its executor live in two processes of ours:
 * the compiler never runs a cell, and the session that runs cells never loads the TypeScript compiler.
 */

export interface CellCompiler {
  compile(source: string, declarations: string): CompiledCell;
  completions(source: string, declarations: string, offset: number): CellCompletions;
  /** Type and documentation of what stands at an offset, or of the function whose arguments it lies in. */
  quickInfo(source: string, declarations: string, offset: number): string | undefined;
  /** The type checker and the tree of the cell that was compiled last. */
  checked(): { checker: TypeScript.TypeChecker; file: TypeScript.SourceFile };
  /** tslab's own version of TypeScript. */
  readonly typescript: typeof TypeScript;
}

/** Starts tslab's converter for the current directory, with strict checking and source maps. Takes about a second. */
export function createCellCompiler(): CellCompiler {
  const maps = new Map<string, SourceMapJson[]>();
  const watches: TslabWatch[] = [];
  const cell = { earlier: '' };
  const compiledFiles = new Map<string, ImportedFile>(); // tslab hands each out only once
  const typescript = patchTypeScript(maps, watches, cell);
  const { createConverter } = require('tslab/dist/converter.js') as { createConverter: () => TslabConverter };
  const { getCodeMetadata } = require('tslab/dist/metadata.js') as {
    getCodeMetadata: (source: string) => TslabMetadata;
  };
  const converter = createConverter();
  const { printQuickInfo } = require('tslab/dist/inspect.js') as {
    printQuickInfo: (info: TypeScript.QuickInfo) => string;
  };
  return { compile, completions, quickInfo, checked, typescript };

  function compile(source: string, declarations: string): CompiledCell {
    const metadata = getCodeMetadata(source);
    if (metadata.module) {
      const diagnostics = converter.addModule(metadata.module, source, metadata).map(diagnosticOf);
      return { diagnostics, declarations, imported: [], isModule: true, awaits: false };
    }
    maps.clear();
    cell.earlier = declarations;
    const result = converter.convert(declarations, source);
    const diagnostics = joinChains(result.diagnostics).map(diagnosticOf);
    if (result.output === undefined) return { diagnostics, declarations, imported: [], awaits: false };
    const compiled = (code: string): CompiledFile => ({ code, maps: maps.get(code) ?? [] });
    for (const { path, data } of result.sideOutputs ?? [])
      compiledFiles.set(path, { path, ...compiled(data) });
    return {
      diagnostics,
      declarations: result.declOutput ?? '',
      program: compiled(result.output),
      imported: importedFiles(),
      ...(result.lastExpressionVar && { lastExpression: result.lastExpressionVar }),
      awaits: (result.hasToplevelAwait ?? false) || overlookedAwait(typescript, source),
    };
  }

  function completions(source: string, declarations: string, offset: number): CellCompletions {
    const { start, end, candidates } = converter.complete(declarations, source, offset);
    return { start, end, names: [...new Set(candidates)] };
  }

  function quickInfo(source: string, declarations: string, offset: number): string | undefined {
    for (const place of placesToInspect(source, offset)) {
      const info = converter.inspect(declarations, source, place);
      const text = info && printQuickInfo(info);
      if (text && text !== ofUnknownName) return text;
    }
    return undefined;
  }

  function importedFiles(): ImportedFile[] {
    return program()
      .getSourceFiles()
      .flatMap(({ fileName }) => compiledFiles.get(fileName.replace(/\.[jt]sx?$/, '.js')) ?? []);
  }

  function program() {
    return watches[0]!.getProgram().getProgram();
  }

  function checked() {
    const file = program().getSourceFile(join(process.cwd(), '__tslab__.ts').replaceAll('\\', '/'));
    if (!file) throw new Error('internal: tslab has no source file for the cell');
    return { checker: program().getTypeChecker(), file };
  }
}

export interface CellExecutor {
  /** Runs a compiled cell; true when it did not throw. */
  execute(cell: CompiledCell, scriptName: string): Promise<boolean>;
  interrupt(): void;
}

export interface ExecutorEvents {
  /** The value of a cell's last expression, unless null or undefined. */
  result(value: unknown): void;
  thrown(error: unknown): void;
  /** A cell called tslab's own display functions; an update replaces what was shown under its id. */
  display(
    data: Record<string, unknown>,
    metadata: Record<string, unknown>,
    id?: string,
    update?: boolean,
  ): void;
}
interface DisplayContent {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}

/** Starts tslab's executor for the current directory without its compiler: cells come compiled. */
export function createCellExecutor(events: ExecutorEvents): CellExecutor {
  replaceModule('tslab/dist/metadata.js', { getCodeMetadata: () => ({}) });
  replaceModule('tslab/dist/jupyter.js', {
    lastWriteDisplayData: ({ data, metadata, transient }: DisplayContent, update?: boolean) =>
      events.display(data, metadata, transient.display_id, update),
  });
  const { createExecutor } = require('tslab/dist/executor.js') as { createExecutor: TslabCreateExecutor };
  const handedOut = new Map<string, string>(); // what tslab gets again, it executes again
  let next: TslabConversion = { diagnostics: [] };
  const executor = createExecutor(
    process.cwd(),
    { node: { convert: () => next }, close: () => undefined },
    { log: (value) => events.result(value), error: (error) => events.thrown(error) },
  );
  return {
    execute(cell, scriptName) {
      const unknown = cell.imported.filter(({ path, code }) => handedOut.get(path) !== code);
      for (const { path, code } of unknown) handedOut.set(path, code);
      next = {
        diagnostics: [],
        declOutput: cell.declarations,
        ...(cell.program && { output: `\n${cell.program.code}\n//# sourceURL=${scriptName}` }),
        ...(cell.lastExpression && { lastExpressionVar: cell.lastExpression }),
        hasToplevelAwait: cell.awaits,
        sideOutputs: unknown.map(({ path, code }) => ({ path, data: code })),
      };
      return executor.execute('');
    },
    interrupt: () => executor.interrupt(),
  };
}

/** What TypeScript says of a name that nobody has declared. */
const ofUnknownName = 'any';

interface TslabDiagnostic {
  start: CellPosition;
  end: CellPosition;
  messageText: string;
  code: number;
  fileName?: string;
}
interface TslabConversion {
  output?: string;
  declOutput?: string;
  diagnostics: TslabDiagnostic[];
  lastExpressionVar?: string;
  hasToplevelAwait?: boolean;
  sideOutputs?: { path: string; data: string }[];
}
interface TslabMetadata {
  module?: string;
}
interface TslabConverter {
  convert(declarations: string, source: string): TslabConversion;
  addModule(name: string, source: string, metadata: TslabMetadata): TslabDiagnostic[];
  complete(
    declarations: string,
    source: string,
    offset: number,
  ): { start: number; end: number; candidates: string[] };
  inspect(declarations: string, source: string, offset: number): TypeScript.QuickInfo | undefined;
}
type TslabCreateExecutor = (
  directory: string,
  converters: { node: { convert(): TslabConversion }; close(): void },
  console: { log(value: unknown): void; error(error: unknown): void },
) => { execute(source: string): Promise<boolean>; interrupt(): void };

const require = createRequire(import.meta.url);

function replaceModule(name: string, exports: object): void {
  const path = require.resolve(name);
  const module = new Module(path);
  Object.assign(module, { filename: path, loaded: true, exports: { __esModule: true, ...exports } });
  require.cache[path] = module;
}

/** tslab loads its own TypeScript: it is given a copy that checks strictly, watches no files and keeps source maps. */
function patchTypeScript(
  maps: Map<string, SourceMapJson[]>,
  watches: TslabWatch[],
  cell: { readonly earlier: string },
): typeof TypeScript {
  const name = '@tslab/typescript-for-tslab';
  const fromTslab = createRequire(require.resolve('tslab/dist/converter.js'));
  const path = fromTslab.resolve(name);
  const original = fromTslab(name) as typeof TypeScript;
  const { createWatchCompilerHost, createWatchProgram } = original as unknown as TslabWatching;
  const unwatched = () => ({ close: () => undefined });
  Object.assign(original.sys, { watchFile: unwatched, watchDirectory: unwatched });
  const patched = {
    ...original,
    createWatchCompilerHost: (
      roots: unknown,
      options: object,
      system: unknown,
      _: null,
      ...rest: unknown[]
    ) =>
      createWatchCompilerHost(
        roots,
        { ...options, strict: true, types: ['node'], inlineSourceMap: true },
        system,
        cellBuilders(original),
        ...rest,
      ),
    createWatchProgram: (host: unknown) => {
      const watch = createWatchProgram(host);
      watches.push(watch);
      return watch;
    },
    transpileModule: (code: string, options: TypeScript.TranspileOptions) => {
      const first = /\n?\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(code);
      const plain = first ? code.slice(0, first.index) : code;
      const compilerOptions = { ...options.compilerOptions, sourceMap: true };
      const transformers = { before: [writeOutShorthands(original, cell.earlier)] };
      const result = original.transpileModule(plain, { ...options, compilerOptions, transformers });
      const outputText = result.outputText.replace(/\/\/# sourceMappingURL=\S+\s*$/, '');
      if (first && result.sourceMapText)
        maps.set(outputText, [parseMap(result.sourceMapText), decodeMap(first[1]!)]);
      return { outputText };
    },
  };
  require.cache[path]!.exports = patched;
  return patched as unknown as typeof TypeScript;
}

interface TslabWatch {
  getProgram(): { getProgram(): TypeScript.Program };
}
interface TslabWatching {
  createWatchCompilerHost: (roots: unknown, options: object, ...rest: unknown[]) => unknown;
  createWatchProgram: (host: unknown) => TslabWatch;
}

function parseMap(text: string): SourceMapJson {
  return JSON.parse(text) as SourceMapJson;
}

function decodeMap(base64: string): SourceMapJson {
  return parseMap(Buffer.from(base64, 'base64').toString());
}

/** tslab hands out a chain of messages as several diagnostics at one place: they are one again. */
function joinChains(diagnostics: readonly TslabDiagnostic[]): TslabDiagnostic[] {
  const joined: TslabDiagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const last = joined.at(-1);
    const samePlace =
      last &&
      last.start.line === diagnostic.start.line &&
      last.start.character === diagnostic.start.character &&
      last.end.line === diagnostic.end.line &&
      last.end.character === diagnostic.end.character &&
      diagnostic.fileName === undefined;
    if (samePlace) last.messageText += `\n  ${diagnostic.messageText}`;
    else joined.push({ ...diagnostic });
  }
  return joined;
}

function diagnosticOf({ start, end, messageText, code, fileName }: TslabDiagnostic): CellDiagnostic {
  return { start, end, message: messageText, code, ...(fileName !== undefined && { file: fileName }) };
}
