import type { Span } from './error.js';

/** A formula as a tree; every node knows the place in the text that it was read from. */
export type Expression =
  | NumberNode
  | NameNode
  | NegateNode
  | AddNode
  | ProductNode
  | ElementwiseNode
  | QuotientNode
  | PowerNode
  | CallNode
  | ReduceNode
  | DeltaNode
  | IndicatorNode
  | PartialNode
  | TransposeNode
  | OnesNode
  | EntryNode;

type Node<Kind extends string, Parts> = Readonly<Parts & { kind: Kind; span: Span }>;
type Expressions = readonly Expression[];

export type NumberNode = Node<'number', { value: number }>;

/** A named thing: `X`, `X_{ij}`, `S^\nabla_{kl}` (its name is `S^\nabla`), or an index such as `k'`. */
export type NameNode = Node<'name', { name: string; indices: Expressions }>;

export type NegateNode = Node<'negate', { operand: Expression }>;

/** A sum of terms; a difference is a sum with negated terms. */
export type AddNode = Node<'add', { terms: Expressions }>;

/** Factors side by side or with a dot: numbers in index notation, matrices in matrix notation. */
export type ProductNode = Node<'product', { factors: Expressions }>;

export type ElementwiseNode = Node<
  'elementwise',
  { operator: '\\odot' | '\\oslash'; left: Expression; right: Expression }
>;

export type QuotientNode = Node<'quotient', { numerator: Expression; denominator: Expression }>;

/** A power; `elementwise` for `X^{\odot 2}`, which takes the power of every entry of a matrix. */
export type PowerNode = Node<'power', { base: Expression; exponent: Expression; elementwise: boolean }>;

/** A function of its arguments; `derivative` for `f'`. */
export type CallNode = Node<'call', { name: string; derivative: boolean; operands: Expressions }>;

export type Operation = 'sum' | 'prod' | 'max' | 'min' | 'argmax' | 'argmin';

/** `\sum_{kl} …`, `\max_k …`; a range, if stated, holds for every index of the sum. */
export interface ReduceNode {
  readonly kind: 'reduce';
  readonly operation: Operation;
  readonly indices: readonly string[];
  readonly range?: { readonly from: Expression; readonly to: Expression };
  readonly conditions: readonly Condition[];
  readonly body: Expression;
  readonly span: Span;
}

/** `a = b`, `1 \le a \le n`: operands with a relation between each two. */
export interface Condition {
  readonly operands: Expressions;
  readonly relations: readonly Relation[];
}

export type Relation = '=' | '\\ne' | '<' | '\\le' | '>' | '\\ge';

export type DeltaNode = Node<'delta', { left: Expression; right: Expression }>;

/** `[X_{ij} > 0]`: 1 where all conditions are true and 0 elsewhere. */
export type IndicatorNode = Node<'indicator', { conditions: readonly Condition[] }>;

export type PartialNode = Node<'partial', { of: Expression; by: NameNode }>;

export type TransposeNode = Node<'transpose', { operand: Expression }>;

/** A column of ones, or next to `+`, `-`, `\odot`, `\oslash` ones of the other operand's shape. */
export type OnesNode = Node<'ones', { size?: Expression }>;

/** `(A B)_{ij}`: one entry of a matrix expression. */
export type EntryNode = Node<'entry', { matrix: Expression; indices: Expressions }>;

/** `a = b = c`. */
export interface Equation {
  readonly sides: Expressions;
  readonly span: Span;
}

/** `X \in \mathbb R^{n \times m}`: names for the sizes of a thing. */
export interface Declaration {
  readonly name: string;
  readonly sizes: Expressions;
  readonly span: Span;
}

/** The name of the gradient of the loss with respect to `name`. */
export function gradientName(name: string): string {
  return `${name}^\\nabla`;
}

/** Whether this is a name without subscripts, such as an index. */
export function isPlainName(node: Expression): node is NameNode {
  return node.kind === 'name' && node.indices.length === 0;
}

/** The parts of a node, from left to right. */
export function children(node: Expression): Expression[] {
  const found: Expression[] = [];
  mapChildren(node, (child) => {
    found.push(child);
    return child;
  });
  return found;
}

/** A copy of a node with every part replaced by `change(part)`. */
export function mapChildren(node: Expression, change: (child: Expression) => Expression): Expression {
  const all = (nodes: readonly Expression[]) => nodes.map(change);
  const conditions = (list: readonly Condition[]) =>
    list.map((one) => ({ ...one, operands: all(one.operands) }));
  switch (node.kind) {
    case 'number':
      return node;
    case 'name':
      return { ...node, indices: all(node.indices) };
    case 'negate':
    case 'transpose':
      return { ...node, operand: change(node.operand) };
    case 'add':
      return { ...node, terms: all(node.terms) };
    case 'product':
      return { ...node, factors: all(node.factors) };
    case 'elementwise':
    case 'delta':
      return { ...node, left: change(node.left), right: change(node.right) };
    case 'quotient':
      return { ...node, numerator: change(node.numerator), denominator: change(node.denominator) };
    case 'power':
      return { ...node, base: change(node.base), exponent: change(node.exponent) };
    case 'call':
      return { ...node, operands: all(node.operands) };
    case 'reduce': {
      const range = node.range && { range: { from: change(node.range.from), to: change(node.range.to) } };
      return { ...node, ...range, conditions: conditions(node.conditions), body: change(node.body) };
    }
    case 'indicator':
      return { ...node, conditions: conditions(node.conditions) };
    case 'partial':
      return { ...node, of: change(node.of), by: asName(change(node.by), node.by) };
    case 'ones':
      return node.size ? { ...node, size: change(node.size) } : node;
    case 'entry':
      return { ...node, matrix: change(node.matrix), indices: all(node.indices) };
  }
}

/** A copy of a node with other parts, in the order of `children`. */
export function withChildren(node: Expression, parts: readonly Expression[]): Expression {
  let k = 0;
  return mapChildren(node, () => parts[k++]!);
}

/** What a `\partial` is taken by stays a name, whatever a change makes of it. */
function asName(changed: Expression, before: NameNode): NameNode {
  return changed.kind === 'name' ? changed : before;
}
