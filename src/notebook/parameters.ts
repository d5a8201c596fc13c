import type { Compiler } from './compiler.js';
import { runnableCells, UsageError } from './notebook-file.js';
import { hasTag, type CodeCell, type Notebook } from './nbformat.js';

/** A value for a parameter: a text from the command line, or what a file holds. */
export interface ParameterValue {
  readonly name: string;
  readonly value: unknown;
  /** The text may also stand for a number, a boolean or JSON: the type of the parameter decides. */
  readonly fromText: boolean;
}

/**
 * A copy of a notebook with a cell that gives values to parameters, after the cell with the tag `parameters`, typed as that cell
 * types them. Throws UsageError when the notebook has no such cell or parameter, or when a value has another type.
 */
export async function injectParameters(
  path: string,
  original: Notebook,
  values: readonly ParameterValue[],
  compiler: Compiler,
): Promise<Notebook> {
  const notebook = structuredClone(original);
  notebook.cells = notebook.cells.filter((cell) => !hasTag(cell, 'injected-parameters'));
  const cells = runnableCells(notebook);
  const cell = cells.find((one) => hasTag(one, 'parameters'));
  if (!cell) {
    const given = values.map(({ name }) => name).join(', ');
    throw new UsageError(
      `${path}: no cell has the tag "parameters", so it takes none, and none of the name ${given}. ` +
        'Give that tag to the cell that declares them, or leave the option out.',
    );
  }
  const declarations = await declarationsAfter(path, cells.slice(0, cells.indexOf(cell) + 1), compiler);
  const lines: string[] = [];
  for (const value of values) lines.push(await assignment(path, value, declarations, compiler));
  const injected: CodeCell = {
    id: 'injected-parameters',
    cell_type: 'code',
    metadata: { tags: ['injected-parameters'] },
    source: lines.join('\n'),
    outputs: [],
    execution_count: null,
  };
  notebook.cells.splice(notebook.cells.indexOf(cell) + 1, 0, injected);
  return notebook;
}

interface Declarations {
  readonly all: string;
  readonly types: ReadonlyMap<string, { type: string; constant: boolean }>;
}

/** What the cells up to the parameters declare; only the names of the last one are parameters. */
async function declarationsAfter(
  path: string,
  cells: readonly CodeCell[],
  compiler: Compiler,
): Promise<Declarations> {
  let all = '';
  let declared: readonly string[] = [];
  for (const { source } of cells) {
    const review = await compiler.review(source, all);
    const [error] = review.cell.diagnostics;
    if (error)
      throw new UsageError(`${path}: the parameters cannot be read: TS${error.code}: ${error.message}`);
    all = review.cell.declarations;
    declared = review.declared;
  }
  const variables = (await compiler.variables(all)).filter(({ name }) => declared.includes(name));
  const inOneLine = variables.map((one) => ({ ...one, type: one.type.replaceAll(/\s+/g, ' ') }));
  return { all, types: new Map(inOneLine.map((variable) => [variable.name, variable])) };
}

/** `const epochs: number = 5;` — the first reading of the value that its type accepts. */
async function assignment(
  path: string,
  { name, value, fromText }: ParameterValue,
  declarations: Declarations,
  compiler: Compiler,
): Promise<string> {
  const parameter = declarations.types.get(name);
  if (!parameter) {
    const known = Array.from(declarations.types, ([one, { type }]) => `${one}: ${type}`).join(', ');
    throw new UsageError(
      `${path}: there is no parameter "${name}". ${known ? `There are ${known}.` : 'The cell declares none.'}`,
    );
  }
  const readings = fromText ? [...readingsOf(String(value)), value] : [value];
  let firstError = '';
  for (const reading of readings) {
    const line = `${parameter.constant ? 'const' : 'let'} ${name}: ${parameter.type} = ${literal(reading)};`;
    const [error] = (await compiler.compile(line, declarations.all)).diagnostics;
    if (!error) return line;
    firstError ||= `TS${error.code}: ${error.message}`;
  }
  throw new UsageError(
    `${path}: the parameter ${name}: ${parameter.type} cannot be ${literal(value)}: ${firstError}`,
  );
}

/** What a text can stand for beside itself; no number that cannot be held as it was typed. */
function readingsOf(text: string): unknown[] {
  const integer = /^(-?\d+)n?$/.exec(text)?.[1];
  const exact = (value: unknown) =>
    typeof value !== 'number' ||
    (integer === undefined ? Number.isFinite(value) : Number.isSafeInteger(value));
  return [...jsonOf(text).filter(exact), ...(integer === undefined ? [] : [BigInt(integer)])];
}

function jsonOf(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

function literal(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  return value === undefined ? 'undefined' : JSON.stringify(value);
}
