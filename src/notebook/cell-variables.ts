import type * as TypeScript from 'typescript';

/** A variable that a cell declares, with its type as TypeScript writes it; literals are widened. */
export interface CellVariable {
  readonly name: string;
  readonly type: string;
  readonly constant: boolean;
}

/** The variables in the declarations that a compiled cell hands on. */
export function variablesOf(typescript: typeof TypeScript, declarations: string): CellVariable[] {
  const file = typescript.createSourceFile('cells.d.ts', declarations, typescript.ScriptTarget.Latest, true);
  return file.statements.filter(typescript.isVariableStatement).flatMap(({ declarationList }) =>
    declarationList.declarations.map(({ name, type, initializer }) => ({
      name: name.getText(file),
      type: type ? widened(type.getText(file)) : literalType(initializer?.getText(file) ?? ''),
      constant: (declarationList.flags & typescript.NodeFlags.Const) !== 0,
    })),
  );
}

/** `const epochs = 20` is meant as a number, although TypeScript remembers that it is 20. */
function widened(type: string): string {
  return type === 'true' || type === 'false' ? 'boolean' : type;
}

function literalType(literal: string): string {
  if (/^["'`]/.test(literal)) return 'string';
  if (/^-?[\d.]+n$/.test(literal)) return 'bigint';
  return /^(true|false)$/.test(literal) ? 'boolean' : 'number';
}
