import type * as TypeScript from 'typescript';

/**
 * Makes builders for tslab's programs. TypeScript's own work out with every program what each of its files refers to, so as
 * to emit only what has changed; a cell is emitted once, and its program holds some 250 files.
 */
export function cellBuilders(
  typescript: typeof TypeScript,
): TypeScript.CreateProgram<TypeScript.BuilderProgram> {
  const ts = typescript as typeof TypeScript & Internals;
  return (roots, options, host, oldProgram, ...rest) => {
    const builder = ts.createAbstractBuilder(roots, options, host, oldProgram, ...rest);
    const program = builder.getProgram();
    for (const name of program.getRootFileNames()) bind(program.getSourceFile(name));
    return Object.assign(builder, { getAllDependencies });

    /** tslab reads what a cell declares before it asks for the type checker, which would bind every file. */
    function bind(file: TypeScript.SourceFile | undefined): void {
      if (file) ts.bindSourceFile(file, program.getCompilerOptions());
    }

    /** tslab looks for files that are compiled along with a cell; few cells import one. */
    function getAllDependencies(cell: TypeScript.SourceFile): readonly string[] {
      const alone = program.getSourceFiles().every((file) => file === cell || file.isDeclarationFile);
      if (alone) return [cell.fileName];
      return ts.BuilderState.getAllDependencies(ts.BuilderState.create(program), program, cell);
    }
  };
}

interface Internals {
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
  BuilderState: {
    create(program: TypeScript.Program): object;
    getAllDependencies(
      state: object,
      program: TypeScript.Program,
      file: TypeScript.SourceFile,
    ): readonly string[];
  };
}
