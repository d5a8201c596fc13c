import type { CellCompletions } from './cell-help.js';
import type { CompiledCell } from './compiled-cell.js';
import type { Compiler } from './compiler.js';

/** The programs of the cells of one session: each is compiled with what the cells before it declared. */
export class CellPrograms {
  private declarations = '';
  private ahead: { source: string; declarations: string; program: Promise<CompiledCell> } | undefined;

  constructor(private readonly compiler: Compiler) {}

  /** The program of the next cell, which may be under way already. */
  async of(source: string): Promise<CompiledCell> {
    const { ahead } = this;
    this.ahead = undefined;
    if (ahead?.source === source && ahead.declarations === this.declarations) return ahead.program;
    return this.compiler.compile(source, this.declarations);
  }

  /** Compiles the cell that will follow on a cell, if that one succeeds. */
  compileAhead(source: string, { declarations }: CompiledCell): void {
    const program = this.compiler.compile(source, declarations);
    program.catch(() => undefined);
    this.ahead = { source, declarations, program };
  }

  /** A cell has succeeded: what it declared stands for the cells that follow. */
  succeeded({ declarations }: CompiledCell): void {
    this.declarations = declarations;
  }

  /** The names that can stand at an offset of the next cell. */
  completions(source: string, offset: number): Promise<CellCompletions> {
    return this.compiler.completions(source, this.declarations, offset);
  }

  /** Type and documentation of what stands at an offset of the next cell; undefined when nothing is known. */
  quickInfo(source: string, offset: number): Promise<string | undefined> {
    return this.compiler.quickInfo(source, this.declarations, offset);
  }
}
