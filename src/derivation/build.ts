import { children, type Expression, type NameNode, type ReduceNode } from './ast.js';
import type { Span } from './error.js';

export function number(value: number, span: Span): Expression {
  return { kind: 'number', value, span };
}

/** A name with letters as its indices. */
export function named(text: string, letters: readonly string[], span: Span): NameNode {
  return { kind: 'name', name: text, indices: letters.map((letter) => named(letter, [], span)), span };
}

export function product(left: Expression, right: Expression, span = left.span): Expression {
  return { kind: 'product', factors: [left, right], span };
}

export function quotient(numerator: Expression, denominator: Expression, span = numerator.span): Expression {
  return { kind: 'quotient', numerator, denominator, span };
}

export function sum(indices: readonly string[], body: Expression, range?: ReduceNode['range']): Expression {
  const { span } = body;
  return { kind: 'reduce', operation: 'sum', indices, conditions: [], body, span, ...(range && { range }) };
}

/** The same with the other sign. */
export function negated(node: Expression): Expression {
  return node.kind === 'negate' ? node.operand : { kind: 'negate', operand: node, span: node.span };
}

export function withoutSign(node: Expression): Expression {
  return node.kind === 'negate' ? node.operand : node;
}

/** Whether a name stands anywhere in an expression, also as an index that a sum binds. */
export function mentions(node: Expression, text: string): boolean {
  if (node.kind === 'name' && node.name === text) return true;
  if (node.kind === 'reduce' && node.indices.includes(text)) return true;
  return children(node).some((child) => mentions(child, text));
}

/** Each two items of a list. */
export function pairs<T>(list: readonly T[]): [T, T][] {
  return list.flatMap((first, k) => list.slice(k + 1).map((second): [T, T] => [first, second]));
}
