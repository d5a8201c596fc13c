import type * as TypeScript from 'typescript';

import { linesBeforeSource, type CompiledCell } from './compiled-cell.js';
import type { CellCompiler } from './tslab-adapter.js';
import { unawaitedPromises } from './unawaited-promises.js';

/** Something in a cell that its author should mend although the compiler accepts it. */
export interface CellRemark {
  readonly line: number;
  readonly message: string;
}

export interface CellReview {
  readonly cell: CompiledCell;
  /** The top-level names that the cell declares. */
  readonly declared: readonly string[];
  readonly remarks: readonly CellRemark[];
}

/** Compiles a cell and looks for promises that nobody awaits and for loops that are slow at top level. */
export function reviewCell(compiler: CellCompiler, source: string, declarations: string): CellReview {
  const cell = compiler.compile(source, declarations);
  const { checker, file } = compiler.checked();
  const reviewer = new Reviewer(compiler.typescript, checker, file);
  const declared = reviewer.declaredNames();
  return { cell, declared, remarks: cell.diagnostics.length > 0 ? [] : reviewer.remarks(new Set(declared)) };
}

/** A loop below this length costs nothing that a reader would notice. */
const longLoop = 10_000;

class Reviewer {
  private readonly found: CellRemark[] = [];

  constructor(
    private readonly ts: typeof TypeScript,
    private readonly checker: TypeScript.TypeChecker,
    private readonly file: TypeScript.SourceFile,
  ) {}

  declaredNames(): string[] {
    const names: string[] = [];
    const bind = (name: TypeScript.BindingName): void => {
      if (this.ts.isIdentifier(name)) names.push(name.text);
      else for (const element of name.elements) if (this.ts.isBindingElement(element)) bind(element.name);
    };
    for (const statement of this.file.statements) {
      if (this.ts.isVariableStatement(statement)) {
        for (const { name } of statement.declarationList.declarations) bind(name);
      } else if (
        (this.ts.isFunctionDeclaration(statement) ||
          this.ts.isClassDeclaration(statement) ||
          this.ts.isEnumDeclaration(statement) ||
          this.ts.isInterfaceDeclaration(statement) ||
          this.ts.isTypeAliasDeclaration(statement)) &&
        statement.name
      ) {
        names.push(statement.name.text);
      }
    }
    return names;
  }

  remarks(topLevel: ReadonlySet<string>): CellRemark[] {
    for (const { node, message } of unawaitedPromises(this.ts, this.checker, this.file)) {
      this.remark(node, message);
    }
    this.findLoops(this.file, topLevel);
    return this.found;
  }

  /** tslab keeps top-level names in an object behind a proxy; a write to one costs half a microsecond. */
  private findLoops(node: TypeScript.Node, topLevel: ReadonlySet<string>): void {
    if (this.ts.isFunctionLike(node) || this.ts.isClassDeclaration(node)) return;
    const loop =
      this.ts.isForStatement(node) ||
      this.ts.isForOfStatement(node) ||
      this.ts.isWhileStatement(node) ||
      this.ts.isDoStatement(node);
    const name = loop && this.isLong(node) ? this.assignedName(node, topLevel) : undefined;
    if (name !== undefined) {
      this.remark(
        node,
        `the loop assigns the top-level name "${name}", which is about 500 times slower than in a function: ` +
          'put the loop into a function, or use a library function',
      );
      return;
    }
    this.ts.forEachChild(node, (child) => this.findLoops(child, topLevel));
  }

  private isLong(node: TypeScript.Node): boolean {
    if (this.ts.isForOfStatement(node) && this.ts.isArrayLiteralExpression(node.expression)) return false;
    if (!this.ts.isForStatement(node) || !node.condition) return !this.waits(node);
    const bound = this.ts.isBinaryExpression(node.condition) ? node.condition.right.getText(this.file) : '';
    const value = Number(bound.replaceAll('_', ''));
    return (Number.isNaN(value) || value >= longLoop) && !this.waits(node);
  }

  /** A loop that awaits spends its time elsewhere. */
  private waits(node: TypeScript.Node): boolean {
    return (
      this.ts.forEachChild(node, (child) => this.ts.isAwaitExpression(child) || this.waits(child)) ?? false
    );
  }

  private assignedName(node: TypeScript.Node, topLevel: ReadonlySet<string>): string | undefined {
    if (this.ts.isFunctionLike(node)) return undefined;
    const target = this.assignmentTarget(node);
    if (target && this.ts.isIdentifier(target) && this.isTopLevel(target, topLevel)) return target.text;
    return this.ts.forEachChild(node, (child) => this.assignedName(child, topLevel));
  }

  private assignmentTarget(node: TypeScript.Node): TypeScript.Expression | undefined {
    const { SyntaxKind } = this.ts;
    if (this.ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken;
      return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment ? node.left : undefined;
    }
    if (this.ts.isPostfixUnaryExpression(node)) return node.operand;
    const steps: readonly TypeScript.SyntaxKind[] = [SyntaxKind.PlusPlusToken, SyntaxKind.MinusMinusToken];
    return this.ts.isPrefixUnaryExpression(node) && steps.includes(node.operator) ? node.operand : undefined;
  }

  /** Declared at top level of this cell or of an earlier one, not within the loop or a block. */
  private isTopLevel(name: TypeScript.Identifier, topLevel: ReadonlySet<string>): boolean {
    const declaration = this.checker.getSymbolAtLocation(name)?.declarations?.[0];
    if (!declaration) return false;
    if (declaration.getSourceFile() !== this.file)
      return declaration.getSourceFile().fileName.endsWith('__prev__.d.ts');
    const statement = declaration.parent.parent;
    return (
      topLevel.has(name.text) && statement.parent === this.file && this.ts.isVariableStatement(statement)
    );
  }

  private remark(node: TypeScript.Node, message: string): void {
    const { line } = this.file.getLineAndCharacterOfPosition(node.getStart(this.file));
    this.found.push({ line: line + 1 - linesBeforeSource, message });
  }
}
