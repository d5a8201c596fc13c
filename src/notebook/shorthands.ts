import type * as TypeScript from 'typescript';

type Api = typeof TypeScript;

/**
 * Writes `{ X }` out as `{ X: exports.X }` where X was declared in an earlier cell. tslab refers to names of earlier cells
 * as `exports.X`, but overlooks them in this shorthand, so that X would not be defined.
 */
export function writeOutShorthands(
  ts: Api,
  declarations: string,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const earlier = namesIn(ts, ts.createSourceFile('earlier.d.ts', declarations, ts.ScriptTarget.Latest));
  return (context) => (file) => {
    const visitWithin =
      (own: ReadonlySet<string>) =>
      (node: TypeScript.Node): TypeScript.Node => {
        if (
          ts.isShorthandPropertyAssignment(node) &&
          earlier.has(node.name.text) &&
          !own.has(node.name.text)
        ) {
          const cell = ts.factory.createIdentifier('exports');
          const value = ts.factory.createPropertyAccessExpression(cell, node.name.text);
          return ts.factory.createPropertyAssignment(node.name, value);
        }
        const inside = ts.isFunctionLike(node) ? new Set([...own, ...namesIn(ts, node)]) : own;
        return ts.visitEachChild(node, visitWithin(inside), context);
      };
    return visitWithin(namesIn(ts, file))(file) as TypeScript.SourceFile;
  };
}

/** The names that a file or a function binds, without those that functions inside it bind for themselves. */
function namesIn(ts: Api, scope: TypeScript.Node): Set<string> {
  const names = new Set<string>();
  const visit = (node: TypeScript.Node): void => {
    const { name } = node as { name?: TypeScript.Node };
    if (name !== undefined && ts.isIdentifier(name) && binds(ts, node)) names.add(name.text);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(scope, visit);
  return names;
}

function binds(ts: Api, node: TypeScript.Node): boolean {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isBindingElement(node) ||
    ts.isParameter(node) ||
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isImportSpecifier(node) ||
    ts.isImportClause(node) ||
    ts.isNamespaceImport(node)
  );
}
