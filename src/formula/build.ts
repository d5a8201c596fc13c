import { children, type Expression, hasNode, isPlainName, mapChildren, withChildren } from './ast.js';
import type { NameNode, Node, ReduceNode } from './ast.js';
import type { Span } from './error.js';

export function number(value: number, span: Span): Expression {
  return { kind: 'number', value, span };
}

/** A name with letters as its indices. */
export function named(text: string, letters: readonly string[], span: Span): NameNode {
  return { kind: 'name', name: text, indices: letters.map((letter) => named(letter, [], span)), span };
}

let made = 0;

/** Names for indices that no formula can contain. */
export function freshNames(count: number): string[] {
  return Array.from({ length: count }, () => `#${made++}`);
}

export function product(left: Expression, right: Expression, span = left.span): Expression {
  return { kind: 'product', factors: [left, right], span };
}

export function quotient(numerator: Expression, denominator: Expression, span = numerator.span): Expression {
  return { kind: 'quotient', numerator, denominator, span };
}

export function sum(indices: readonly string[], body: Expression, range?: ReduceNode['range']): Expression {
  const { span } = body;
  return { kind: 'reduce', operation: 'sum', indices, ...(range && { range }), conditions: [], body, span };
}

/** The same with the other sign. */
export function negated(node: Expression): Expression {
  return node.kind === 'negate' ? node.operand : { kind: 'negate', operand: node, span: node.span };
}

export function withoutSign(node: Expression): Expression {
  return node.kind === 'negate' ? node.operand : node;
}

/** A copy of a node with one of its parts replaced. */
export function withPart(node: Expression, position: number, part: Expression): Expression {
  return withChildren(node, children(node).with(position, part));
}

/** A product without one of its factors. */
export function withoutFactor(node: Node<'product'>, position: number): Expression {
  const factors = node.factors.filter((_, other) => other !== position);
  return factors.length === 1 ? factors[0]! : { ...node, factors };
}

/** Whether a name stands anywhere in an expression, also as an index that a sum binds. */
export function mentions(node: Expression, text: string): boolean {
  return hasNode(node, (one) =>
    one.kind === 'reduce' ? one.indices.includes(text) : one.kind === 'name' && one.name === text,
  );
}

/** A formula with other letters for its indices, all exchanged at once. */
export function renamed(node: Expression, letters: ReadonlyMap<string, string>): Expression {
  if (!isPlainName(node)) return mapChildren(node, (child) => renamed(child, letters));
  const letter = letters.get(node.name) ?? node.name;
  return letter === node.name ? node : named(letter, [], node.span);
}

/** Each two items of a list. */
export function pairs<T>(list: readonly T[]): [T, T][] {
  return list.flatMap((first, k) => list.slice(k + 1).map((second): [T, T] => [first, second]));
}

/** Changes of a node, given the indices that are bound around it. */
export type Propose<Change> = (node: Expression, scope: readonly string[]) => Change[];

/** All trees in which one node is replaced by one of its proposals. */
export function rewriteOnce<Change extends { readonly expression: Expression }>(
  node: Expression,
  propose: Propose<Change>,
  scope: readonly string[],
  around = (expression: Expression) => expression,
  found: Change[] = [],
): Change[] {
  for (const change of propose(node, scope)) found.push({ ...change, expression: around(change.expression) });
  const inside = node.kind === 'reduce' ? [...scope, ...node.indices] : scope;
  const parts = children(node);
  for (let k = 0; k < parts.length; k++)
    rewriteOnce(parts[k]!, propose, inside, (part) => around(withPart(node, k, part)), found);
  return found;
}

export function entrywise(operator: '\\odot' | '\\oslash', left: Expression, right: Expression): Expression {
  return { kind: 'elementwise', operator, left, right, span: left.span };
}

/** A list with each two of its items exchanged. */
export function everySwap<T>(list: readonly T[]): T[][] {
  return pairs([...list.keys()]).map(([a, b]) => list.with(a, list[b]!).with(b, list[a]!));
}
