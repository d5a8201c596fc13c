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

/** The parts of a node, from left to right: the expressions in its fields. */
export function children(node: object, found: Expression[] = []): Expression[] {
  for (const field of Object.values(node) as unknown[]) {
    if (typeof field !== 'object' || field === null) continue;
    if ('kind' in field) found.push(field as Expression);
    else children(field, found);
  }
  return found;
}

/** A node and all that stands in it. */
export function nodesIn(node: Expression, found: Expression[] = []): Expression[] {
  found.push(node);
  for (const child of children(node)) nodesIn(child, found);
  return found;
}

/** A copy of a node with every part replaced by `change(part)`; its parts are the expressions in its fields, in their order. */
export function mapChildren(node: Expression, change: (child: Expression) => Expression): Expression {
  const replaced = (field: unknown): unknown => {
    if (Array.isArray(field)) return field.map(replaced);
    if (typeof field !== 'object' || field === null) return field;
    return 'kind' in field ? change(field as Expression) : mapFields(field, replaced);
  };
  const copy = { ...mapFields(node, replaced), span: node.span } as Expression;
  if (node.kind !== 'partial' || copy.kind !== 'partial') return copy;
  const isName = (copy.by as Expression).kind === 'name';
  return isName ? copy : { ...copy, by: node.by }; // what a derivative is taken by stays a name
}

function mapFields(object: object, change: (field: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([name, field]) => [name, change(field)]));
}

/** A copy of a node with other parts, in the order of `children`. */
export function withChildren(node: Expression, parts: readonly Expression[]): Expression {
  let k = 0;
  return mapChildren(node, () => parts[k++]!);
}
