import type { Span } from './error.js';

/** What each kind of node holds; its expressions stand in the order in which they are read. */
interface Parts {
  number: { value: number };
  /** A named thing: `X`, `X_{ij}`, `S^\nabla_{kl}` (its name is `S^\nabla`), or an index such as `k'`. */
  name: { name: string; indices: Expressions };
  negate: { operand: Expression };
  /** A sum of terms; a difference is a sum with negated terms. */
  add: { terms: Expressions };
  /** Factors side by side or with a dot: numbers in index notation, matrices in matrix notation. */
  product: { factors: Expressions };
  elementwise: { operator: '\\odot' | '\\oslash'; left: Expression; right: Expression };
  quotient: { numerator: Expression; denominator: Expression };
  /** A power; `elementwise` for `X^{\odot 2}`, which takes the power of every entry of a matrix. */
  power: { base: Expression; exponent: Expression; elementwise: boolean };
  /** A function of its arguments; `derivative` for `f'`. */
  call: { name: string; derivative: boolean; operands: Expressions };
  /** `\sum_{kl} …`, `\max_k …`; a range, if stated, holds for every index of the sum. */
  reduce: {
    operation: Operation;
    indices: readonly string[];
    range?: { readonly from: Expression; readonly to: Expression };
    conditions: readonly Condition[];
    body: Expression;
  };
  delta: { left: Expression; right: Expression };
  /** `[X_{ij} > 0]`: 1 where all conditions are true and 0 elsewhere. */
  indicator: { conditions: readonly Condition[] };
  partial: { of: Expression; by: NameNode };
  transpose: { operand: Expression };
  /** A column of ones, or next to `+`, `-`, `\odot`, `\oslash` ones of the other operand's shape. */
  ones: { size?: Expression };
  /** `(A B)_{ij}`: one entry of a matrix expression. */
  entry: { matrix: Expression; indices: Expressions };
}

type Kind = keyof Parts;
type Expressions = readonly Expression[];

/** A node of one kind; every node knows the place in the text that it was read from. */
export type Node<Of extends Kind> = {
  [Each in Of]: Readonly<{ kind: Each } & Parts[Each] & { span: Span }>;
}[Of];

/** A formula as a tree. */
export type Expression = Node<Kind>;
export type NameNode = Node<'name'>;
export type ReduceNode = Node<'reduce'>;
export type CallNode = Node<'call'>;

export type Operation = 'sum' | 'prod' | 'max' | 'min' | 'argmax' | 'argmin';

/** `a = b`, `1 \le a \le n`: operands with a relation between each two. */
export interface Condition {
  readonly operands: Expressions;
  readonly relations: readonly Relation[];
}

export type Relation = '=' | '\\ne' | '<' | '\\le' | '>' | '\\ge';

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
export function children(node: Expression): Expressions {
  switch (node.kind) {
    case 'number':
      return [];
    case 'name':
      return node.indices;
    case 'negate':
    case 'transpose':
      return [node.operand];
    case 'add':
      return node.terms;
    case 'product':
      return node.factors;
    case 'elementwise':
    case 'delta':
      return [node.left, node.right];
    case 'quotient':
      return [node.numerator, node.denominator];
    case 'power':
      return [node.base, node.exponent];
    case 'call':
      return node.operands;
    case 'reduce': {
      const range = node.range === undefined ? [] : [node.range.from, node.range.to];
      return [...range, ...node.conditions.flatMap(({ operands }) => operands), node.body];
    }
    case 'indicator':
      return node.conditions.flatMap(({ operands }) => operands);
    case 'partial':
      return [node.of, node.by];
    case 'ones':
      return node.size === undefined ? [] : [node.size];
    case 'entry':
      return [node.matrix, ...node.indices];
  }
}

/** A node and all that stands in it. */
export function nodesIn(node: Expression, found: Expression[] = []): Expression[] {
  found.push(node);
  for (const child of children(node)) nodesIn(child, found);
  return found;
}

/** Whether a node, or one that stands in it, is of some kind. */
export function hasNode(node: Expression, isIt: (one: Expression) => boolean): boolean {
  if (isIt(node)) return true;
  for (const child of children(node)) if (hasNode(child, isIt)) return true;
  return false;
}

/** A node with every part replaced by `change(part)`; itself when that changes nothing. */
export function mapChildren(node: Expression, change: (child: Expression) => Expression): Expression {
  const parts = children(node);
  let changed: Expression[] | undefined;
  for (let k = 0; k < parts.length; k++) {
    const part = change(parts[k]!);
    if (part !== parts[k]) (changed ??= [...parts])[k] = part;
  }
  return changed === undefined ? node : withChildren(node, changed);
}

/** A copy of a node with other parts, in the order of `children`. */
export function withChildren(node: Expression, parts: Expressions): Expression {
  const [first, second] = parts as [Expression, Expression];
  switch (node.kind) {
    case 'number':
      return { ...node };
    case 'name':
      return { ...node, indices: parts };
    case 'negate':
    case 'transpose':
      return { ...node, operand: first };
    case 'add':
      return { ...node, terms: parts };
    case 'product':
      return { ...node, factors: parts };
    case 'elementwise':
    case 'delta':
      return { ...node, left: first, right: second };
    case 'quotient':
      return { ...node, numerator: first, denominator: second };
    case 'power':
      return { ...node, base: first, exponent: second };
    case 'call':
      return { ...node, operands: parts };
    case 'reduce': {
      const range = node.range && { from: first, to: second };
      const conditions = withOperands(node.conditions, parts.slice(range ? 2 : 0, -1));
      return { ...node, ...(range && { range }), conditions, body: parts.at(-1)! };
    }
    case 'indicator':
      return { ...node, conditions: withOperands(node.conditions, parts) };
    case 'partial': // what a derivative is taken by stays a name
      return { ...node, of: first, by: second.kind === 'name' ? second : node.by };
    case 'ones':
      return { ...node, ...(node.size && { size: first }) };
    case 'entry':
      return { ...node, matrix: first, indices: parts.slice(1) };
  }
}

function withOperands(conditions: readonly Condition[], parts: Expressions): Condition[] {
  let k = 0;
  return conditions.map((one) => ({ ...one, operands: one.operands.map(() => parts[k++]!) }));
}
