import ts from 'typescript';

const root = process.cwd();
const parsed = new Map<string, ts.SourceFile | undefined>();

/** The options of tsconfig.json, with some of them changed. */
export function compilerOptions(changed: ts.CompilerOptions = {}): ts.CompilerOptions {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  delete options.tsBuildInfoFile;
  return { ...options, incremental: false, ...changed };
}

/** A program of sources that need not exist as files, beside those that do. */
export function programOf(
  sources: Readonly<Record<string, string>>,
  options: ts.CompilerOptions = compilerOptions(),
  files: readonly string[] = [],
): ts.Program {
  const host = ts.createCompilerHost(options);
  const virtual = new Map(Object.entries(sources).map(([path, text]) => [`${root}/${path}`, text]));
  const read = (path: string): string | undefined => virtual.get(path) ?? host.readFile(path);
  const sourceOf = (path: string, language: ts.ScriptTarget | ts.CreateSourceFileOptions) => {
    const text = virtual.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, language);
    if (!parsed.has(path)) parsed.set(path, host.getSourceFile(path, language));
    return parsed.get(path);
  };
  return ts.createProgram([...virtual.keys(), ...files], options, {
    ...host,
    fileExists: (path) => virtual.has(path) || host.fileExists(path),
    readFile: read,
    getSourceFile: sourceOf,
  });
}

/** What the compiler finds wrong in each source: `TS2741: Property …`. */
export function complaints(sources: Readonly<Record<string, string>>): Record<string, string[]> {
  const program = programOf(sources, compilerOptions({ noUnusedLocals: false }));
  return Object.fromEntries(
    Object.keys(sources).map((path) => [
      path,
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(`${root}/${path}`))
        .map(({ code, messageText }) => `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
    ]),
  );
}
