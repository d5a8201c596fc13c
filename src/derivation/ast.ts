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

interface Placed {
  readonly span: Span;
}

export interface NumberNode extends Placed {
  readonly kind: 'number';
  readonly value: number;
}

/** A named thing: `X`, `X_{ij}`, `S^\nabla_{kl}` (its name is `S^\nabla`), or an index such as `k'`. */
export interface NameNode extends Placed {
  readonly kind: 'name';
  readonly name: string;
  readonly indices: readonly Expression[];
}

export interface NegateNode extends Placed {
  readonly kind: 'negate';
  readonly operand: Expression;
}

/** A sum of terms; a difference is a sum with negated terms. */
export interface AddNode extends Placed {
  readonly kind: 'add';
  readonly terms: readonly Expression[];
}

/** Factors side by side or with a dot: numbers in index notation, matrices in matrix notation. */
export interface ProductNode extends Placed {
  readonly kind: 'product';
  readonly factors: readonly Expression[];
}

export interface ElementwiseNode extends Placed {
  readonly kind: 'elementwise';
  readonly operator: '\\odot' | '\\oslash';
  readonly left: Expression;
  readonly right: Expression;
}

export interface QuotientNode extends Placed {
  readonly kind: 'quotient';
  readonly numerator: Expression;
  readonly denominator: Expression;
}

export interface PowerNode extends Placed {
  readonly kind: 'power';
  readonly base: Expression;
  readonly exponent: Expression;
  /** `X^{\odot 2}`: every entry of a matrix to the power. */
  readonly elementwise: boolean;
}

/** A function of its arguments; `derivative` for `f'`. */
export interface CallNode extends Placed {
  readonly kind: 'call';
  readonly name: string;
  readonly derivative: boolean;
  readonly operands: readonly Expression[];
}

export type Operation = 'sum' | 'prod' | 'max' | 'min' | 'argmax' | 'argmin';

/** `\sum_{kl} …`, `\max_k …`; `from` and `to` hold for every index of a sum that states them. */
export interface ReduceNode extends Placed {
  readonly kind: 'reduce';
  readonly operation: Operation;
  readonly indices: readonly string[];
  readonly range?: { readonly from: Expression; readonly to: Expression };
  readonly conditions: readonly Condition[];
  readonly body: Expression;
}

/** `a = b`, `1 \le a \le n`: operands with a relation between each two. */
export interface Condition extends Placed {
  readonly operands: readonly Expression[];
  readonly relations: readonly Relation[];
}

export type Relation = '=' | '\\ne' | '<' | '\\le' | '>' | '\\ge';

export interface DeltaNode extends Placed {
  readonly kind: 'delta';
  readonly left: Expression;
  readonly right: Expression;
}

/** `[X_{ij} > 0]`: 1 where all conditions are true and 0 elsewhere. */
export interface IndicatorNode extends Placed {
  readonly kind: 'indicator';
  readonly conditions: readonly Condition[];
}

export interface PartialNode extends Placed {
  readonly kind: 'partial';
  readonly of: Expression;
  readonly by: NameNode;
}

export interface TransposeNode extends Placed {
  readonly kind: 'transpose';
  readonly operand: Expression;
}

/** A column of ones, or next to `+`, `-`, `\odot`, `\oslash` ones of the other operand's shape. */
export interface OnesNode extends Placed {
  readonly kind: 'ones';
  readonly size?: Expression;
}

/** `(A B)_{ij}`: one entry of a matrix expression. */
export interface EntryNode extends Placed {
  readonly kind: 'entry';
  readonly matrix: Expression;
  readonly indices: readonly Expression[];
}

/** `a = b = c`. */
export interface Equation extends Placed {
  readonly sides: readonly Expression[];
}

/** `X \in \mathbb R^{n \times m}`: names for the sizes of a thing. */
export interface Declaration extends Placed {
  readonly name: string;
  readonly sizes: readonly Expression[];
}

/** The name of the gradient of the loss with respect to `name`. */
export function gradientName(name: string): string {
  return `${name}^\\nabla`;
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

/** What a `\partial` is taken by stays a name, whatever a change makes of it. */
function asName(changed: Expression, before: NameNode): NameNode {
  return changed.kind === 'name' ? changed : before;
}
