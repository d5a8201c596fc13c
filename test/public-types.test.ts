import { expect } from 'chai';
import { createRequire } from 'node:module';
import { posix } from 'node:path';
import current from 'typescript';
import { compilerOptions, programOf } from './typescript.js';

const root = process.cwd();
const declarations = `${root}/public-types`; // where the built package would lie; nothing is written

/** The TypeScript of tslab, which compiles the cells of notebooks. */
const tslab = createRequire(import.meta.url)('@tslab/typescript-for-tslab') as typeof current;

const cell = `
  import { checkGradient, derivation, divide, mlp, sgd, synth, tensor, train, valueAndGradient } from './public-types/index.js';
  const X = tensor([[1, 2], [3, 4]], { name: 'X' }), Y = tensor([[2, 2], [4, 8]], { name: 'Y' });
  export const numbers: Float64Array | Float32Array | Int32Array = divide(X, Y).data();
  export const gradient = valueAndGradient((named) => divide(named.X, named.X), { X }).gradients.X.value;
  export const holds: boolean = checkGradient(divide, { X, Y }).assert().holds && derivation(divide).holds;
  export async function run(): Promise<number> {
    const model = mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid' });
    const options = { data: synth({ seed: 0 }), model, optimizer: sgd({ rate: 0.001 }), epochs: 20, batchSize: 128 };
    return (await train(options)).history[0]!.validationLoss;
  }
`;
const wrongCell = `
  import { mlp, tensor, valueAndGradient } from './public-types/index.js';
  mlp({ input: 2, hidden: [8], output: 2, activation: 'swish' });
  tensor(['1']);
  valueAndGradient(({ X }) => X, { X: tensor(1) }).gradients.Y;
`;

describe('the types of the package, as a notebook sees them', () => {
  let program: current.Program;
  before(() => {
    program = cellsOf({ 'cell.ts': cell, 'wrong-cell.ts': wrongCell });
  });

  it('are read by the compiler of tslab without an error, in our own files and in a cell', () => {
    expect(tslab.version).to.match(/^5\.0\./);
    const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(declarations));
    expect(own.length).to.be.greaterThan(50);
    expect(
      [...own.map(({ fileName }) => fileName), `${root}/cell.ts`].flatMap(complaintsAbout),
    ).to.deep.equal([]);
  });

  it('need the declarations of no other package, which every cell would have to read', () => {
    const packages = program.getSourceFiles().flatMap(({ fileName }) => packageOf(fileName) ?? []);
    const ofNode = ['@tslab/typescript-for-tslab', '@types/node', 'undici-types'];
    expect([...new Set(packages)].filter((name) => !ofNode.includes(name))).to.deep.equal([]);
    expect(packages).to.include('@types/node');
  });

  it('refuse what is wrong in a cell', () => {
    expect(complaintsAbout(`${root}/wrong-cell.ts`).map((line) => line.replace(/^.*: /, ''))).to.deep.equal(['TS2322', 'TS2322', 'TS2339']); // prettier-ignore
  });

  it('say something of every exported value: none is, holds, takes or returns any', () => {
    const checker = program.getTypeChecker();
    const index = checker.getSymbolAtLocation(program.getSourceFile(`${declarations}/index.d.ts`)!)!;
    const values = checker
      .getExportsOfModule(index)
      .map((symbol) => (symbol.flags & tslab.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
      .filter((symbol) => symbol.flags & tslab.SymbolFlags.Value);
    expect(values.length).to.be.greaterThan(60);
    const found: string[] = [];
    const seen = new Set<current.Type>();
    const visit = (type: current.Type, path: string): void => {
      if (type.flags & tslab.TypeFlags.Any) found.push(path);
      if (seen.has(type)) return;
      seen.add(type);
      if (type.isUnionOrIntersection()) for (const part of type.types) visit(part, path);
      if (!(type.flags & tslab.TypeFlags.Object)) return;
      checker
        .getTypeArguments(type as current.TypeReference)
        .forEach((part, k) => visit(part, `${path}<${k}>`));
      for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
        if (!isOwn(signature.declaration)) continue;
        visit(signature.getReturnType(), `${path}()`);
        for (const parameter of signature.parameters) {
          visit(checker.getTypeOfSymbol(parameter), `${path}(${parameter.name})`);
        }
      }
      for (const property of type.getProperties()) {
        if (isOwn(property.valueDeclaration) && !isPrivate(property.valueDeclaration!))
          visit(checker.getTypeOfSymbol(property), `${path}.${property.name}`);
      }
    };
    for (const symbol of values) visit(checker.getTypeOfSymbol(symbol), symbol.name);
    expect(found).to.deep.equal([]);
    expect(seen.size).to.be.greaterThan(500);
  });

  function complaintsAbout(path: string): string[] {
    const source = program.getSourceFile(path);
    return tslab
      .getPreEmitDiagnostics(program, source)
      .map(({ code, messageText }) => `${posix.relative(root, path)}: ${tslab.flattenDiagnosticMessageText(messageText, ' ')}: TS${code}`); // prettier-ignore
  }
});

const isOwn = (node: current.Node | undefined): boolean =>
  node?.getSourceFile().fileName.startsWith(declarations) ?? false;

function packageOf(path: string): string | undefined {
  return /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

/** Private members are declared without a type. */
function isPrivate(node: current.Node): boolean {
  const { name } = node as current.NamedDeclaration;
  const modifiers = tslab.canHaveModifiers(node) ? (tslab.getModifiers(node) ?? []) : [];
  return (
    (name !== undefined && tslab.isPrivateIdentifier(name)) ||
    modifiers.some(({ kind }) => kind === tslab.SyntaxKind.PrivateKeyword)
  );
}

/** A program of tslab's compiler for cells that import the declarations of src/index.ts. */
function cellsOf(cells: Readonly<Record<string, string>>): current.Program {
  const virtual = new Map(Object.entries(cells).map(([path, text]) => [`${root}/${path}`, text]));
  const emitting = compilerOptions({
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true,
    rootDir: `${root}/src`,
    outDir: declarations,
  });
  programOf({}, emitting, [`${root}/src/index.ts`]).emit(undefined, (path, text) => virtual.set(path, text));
  const { options } = tslab.convertCompilerOptionsFromJson(
    {
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      esModuleInterop: true,
      target: 'es2020',
      module: 'commonjs',
      moduleResolution: 'node',
      lib: ['es2022'],
      types: ['node'],
    },
    root,
  );
  const host = tslab.createCompilerHost(options);
  return tslab.createProgram(
    [...Object.keys(cells)].map((path) => `${root}/${path}`),
    options,
    {
      ...host,
      fileExists: (path) => virtual.has(path) || host.fileExists(path),
      directoryExists: () => true,
      readFile: (path) => virtual.get(path) ?? host.readFile(path),
      getSourceFile: (path, language) => {
        const text = virtual.get(path) ?? host.readFile(path);
        return text === undefined ? undefined : tslab.createSourceFile(path, text, language);
      },
    },
  );
}
