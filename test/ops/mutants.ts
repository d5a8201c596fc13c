import ts from 'typescript';

/** A change of a program that a check must notice. */
export interface Mutant {
  readonly op: string;
  readonly input: string;
  readonly kind: 'sign flipped' | 'inputs swapped' | 'factor dropped' | 'sum dropped';
  /** What stood there and what stands there now. */
  readonly change: string;
  readonly text: string;
}

/** Every mutant of every backward and fused rule in the source text of an op file. */
export function mutantsOf(text: string): Mutant[] {
  const file = ts.createSourceFile('ops.ts', text, ts.ScriptTarget.ES2022, true);
  return rulesOf(file).flatMap(({ op, input, body }) =>
    editsOf(body).map(({ kind, node, replacement }) => ({
      op,
      input,
      kind,
      change: `${node.getText()} → ${replacement}`,
      text: text.slice(0, node.getStart()) + replacement + text.slice(node.getEnd()),
    })),
  );
}

interface Rule {
  readonly op: string;
  readonly input: string;
  readonly body: ts.Node;
}

/** The functions inside `backward: { … }` and `fused: { … }` of each exported op. */
function rulesOf(file: ts.SourceFile): Rule[] {
  const rules: Rule[] = [];
  const visit = (node: ts.Node, op: string): void => {
    if (ts.isPropertyAssignment(node) && ['backward', 'fused'].includes(node.name.getText())) {
      if (ts.isObjectLiteralExpression(node.initializer)) {
        for (const rule of node.initializer.properties) {
          if (!ts.isPropertyAssignment(rule) || !ts.isArrowFunction(rule.initializer)) continue;
          rules.push({ op, input: rule.name.getText(), body: rule.initializer.body });
        }
      }
    }
    ts.forEachChild(node, (child) => visit(child, op));
  };
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const declaration of statement.declarationList.declarations) {
      visit(declaration, declaration.name.getText().replace(/Op$/, ''));
    }
  }
  return rules;
}

interface Edit {
  readonly kind: Mutant['kind'];
  readonly node: ts.Node;
  readonly replacement: string;
}

const products = ['multiply', 'divide', 'matmul'];
const sums = ['sumTo', 'rowSum', 'sum'];

function editsOf(body: ts.Node): Edit[] {
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
      edits.push(...editsOfCall(node, node.expression.text));
    if (ts.isPropertyAccessExpression(node) && /Backward$/.test(node.name.text)) {
      const call = node.parent as ts.CallExpression;
      const [upstream, second, ...rest] = call.arguments.map((argument) => argument.getText());
      const swapped = [second, upstream, ...rest].join(', ');
      edits.push({ kind: 'inputs swapped', node: call, replacement: `${node.getText()}(${swapped})` });
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  if (!ts.isBlock(body))
    edits.push({ kind: 'sign flipped', node: body, replacement: `negate(${body.getText()})` });
  else edits.push(...negatedReturns(body));
  return edits;
}

function editsOfCall(node: ts.CallExpression, name: string): Edit[] {
  const [first, second, ...rest] = node.arguments.map((argument) => argument.getText());
  const call = (...operands: (string | undefined)[]): string =>
    `${name}(${[...operands, ...rest].join(', ')})`;
  const edits: Edit[] = [];
  if (name === 'negate') edits.push({ kind: 'sign flipped', node, replacement: first! });
  if (name === 'subtract') edits.push({ kind: 'sign flipped', node, replacement: call(second, first) });
  if (products.includes(name)) {
    edits.push(
      { kind: 'factor dropped', node, replacement: first! },
      { kind: 'factor dropped', node, replacement: second! },
    );
    edits.push({ kind: 'inputs swapped', node, replacement: call(second, first) });
  }
  if (sums.includes(name)) edits.push({ kind: 'sum dropped', node, replacement: first! });
  return edits;
}

function negatedReturns(body: ts.Block): Edit[] {
  return body.statements.filter(ts.isReturnStatement).map(({ expression }) => ({
    kind: 'sign flipped',
    node: expression!,
    replacement: `negate(${expression!.getText()})`,
  }));
}
