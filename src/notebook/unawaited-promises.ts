import type * as TypeScript from 'typescript';

type Api = typeof TypeScript;

/** A promise in a cell that nobody waits for. */
export interface UnawaitedPromise {
  readonly node: TypeScript.Node;
  readonly message: string;
}

/**
 * Finds the promises of a cell that nobody awaits: those that a statement drops, and calls of `show` whose promise is dropped
 * with `void`, kept in a name that the cell never reads, or returned to a caller that ignores what it gets.
 */
export function unawaitedPromises(
  ts: Api,
  checker: TypeScript.TypeChecker,
  file: TypeScript.SourceFile,
): UnawaitedPromise[] {
  const found: UnawaitedPromise[] = [];
  visit(file);
  return found;

  function visit(node: TypeScript.Node): void {
    if (ts.isExpressionStatement(node)) dropped(node.expression);
    else if (ts.isCallExpression(node)) {
      const callback = node.arguments.find((argument) => isIgnoredCallback(node, argument));
      if (callback) ignoring(node, callback);
      if (isShow(node)) kept(node);
    }
    ts.forEachChild(node, visit);
  }

  /** The parts of a statement whose value nobody gets. */
  function dropped(expression: TypeScript.Expression): void {
    if (ts.isParenthesizedExpression(expression)) dropped(expression.expression);
    else if (ts.isConditionalExpression(expression)) {
      dropped(expression.whenTrue);
      dropped(expression.whenFalse);
    } else if (ts.isVoidExpression(expression)) {
      if (isShow(expression.expression)) add(expression, expression.expression);
    } else if (ts.isBinaryExpression(expression)) {
      const { kind } = expression.operatorToken;
      const { CommaToken, AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken } = ts.SyntaxKind;
      if (kind === CommaToken) dropped(expression.left);
      const chained: readonly TypeScript.SyntaxKind[] = [
        CommaToken,
        AmpersandAmpersandToken,
        BarBarToken,
        QuestionQuestionToken,
      ];
      if (chained.includes(kind)) dropped(expression.right);
    } else if (!ts.isAwaitExpression(expression) && isPromise(checker.getTypeAtLocation(expression))) {
      add(expression, expression);
    }
  }

  /** `const p = show(x)` and `p = show(x)`, where the cell does not read `p`. */
  function kept(call: TypeScript.CallExpression): void {
    const { parent } = call;
    const name = ts.isVariableDeclaration(parent)
      ? parent.name
      : ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
        ? parent.left
        : undefined;
    if (name && ts.isIdentifier(name) && !isRead(checker.getSymbolAtLocation(name))) add(call, call);
  }

  /** A callback that gives a promise to a function that ignores it, such as `forEach`. */
  function isIgnoredCallback(call: TypeScript.CallExpression, argument: TypeScript.Expression): boolean {
    if (!ts.isArrowFunction(argument) && !ts.isFunctionExpression(argument)) return false;
    const wanted = checker.getContextualType(argument)?.getCallSignatures() ?? [];
    const ignores = wanted.some(
      (signature) => (checker.getReturnTypeOfSignature(signature).flags & ts.TypeFlags.Void) !== 0,
    );
    if (!ignores) return false;
    const given = checker.getTypeAtLocation(argument).getCallSignatures();
    if (!given.some((signature) => isPromise(checker.getReturnTypeOfSignature(signature)))) return false;
    return isForEach(call) || shows(argument);
  }

  function ignoring(call: TypeScript.CallExpression, callback: TypeScript.Expression): void {
    const name = nameOf(call.expression) ?? 'the function';
    const instead = isForEach(call)
      ? 'use for (const … of …) and await in it'
      : 'show in the cell itself, with await before it';
    found.push({ node: callback, message: `${name} does not await its callback: ${instead}` });
  }

  function isPromise(type: TypeScript.Type): boolean {
    if (type.getProperty('then')) return true;
    const element = checker.isArrayType(type) ? type.getNumberIndexType() : undefined;
    return element?.getProperty('then') !== undefined;
  }

  /** By its own name, whatever the cell calls it. */
  function isShow(node: TypeScript.Node): node is TypeScript.CallExpression {
    if (!ts.isCallExpression(node)) return false;
    const symbol = checker.getSymbolAtLocation(node.expression);
    const isAlias = symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    return (isAlias ? checker.getAliasedSymbol(symbol) : symbol)?.name === 'show';
  }

  function isForEach(call: TypeScript.CallExpression): boolean {
    return nameOf(call.expression) === 'forEach';
  }

  function nameOf(callee: TypeScript.Expression): string | undefined {
    if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
    return ts.isIdentifier(callee) ? callee.text : undefined;
  }

  function shows(node: TypeScript.Node): boolean {
    return isShow(node) || (ts.forEachChild(node, shows) ?? false);
  }

  function isRead(symbol: TypeScript.Symbol | undefined): boolean {
    const reads = (node: TypeScript.Node): boolean =>
      (ts.isIdentifier(node) && !isBinding(node) && checker.getSymbolAtLocation(node) === symbol) ||
      (ts.forEachChild(node, reads) ?? false);
    return symbol !== undefined && reads(file);
  }

  function isBinding(node: TypeScript.Identifier): boolean {
    const { parent } = node;
    if (ts.isVariableDeclaration(parent)) return parent.name === node;
    return (
      ts.isBinaryExpression(parent) &&
      parent.left === node &&
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
    );
  }

  function add(node: TypeScript.Node, promise: TypeScript.Expression): void {
    const text = promise.getText(file).replaceAll(/\s+/g, ' ');
    const shown = text.length > 40 ? `${text.slice(0, 37)}…` : text;
    const instead = checker.isArrayType(checker.getTypeAtLocation(promise))
      ? 'put await Promise.all(…) around it'
      : 'put await before it';
    found.push({ node, message: `nobody awaits ${shown}: ${instead}` });
  }
}
