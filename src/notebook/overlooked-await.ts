import type * as TypeScript from 'typescript';

/** tslab overlooks two kinds of top-level await: `await (…)`, which it takes for a call, and `for await (…)`. */
export function overlookedAwait(typescript: typeof TypeScript, source: string): boolean {
  if (!/\bawait\b/.test(source)) return false;
  const visit = (node: TypeScript.Node): true | undefined => {
    if (typescript.isIdentifier(node)) return node.text === 'await' ? true : undefined;
    if (typescript.isForOfStatement(node) && node.awaitModifier) return true;
    return typescript.isFunctionLike(node) ? undefined : typescript.forEachChild(node, visit);
  };
  const file = typescript.createSourceFile('cell.ts', source, typescript.ScriptTarget.Latest);
  return typescript.forEachChild(file, visit) ?? false;
}
