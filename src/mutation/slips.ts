import type { Expression } from '../formula/ast.js';
import { everySwap, negated, withoutFactor, withPart } from '../formula/build.js';
import { print } from '../formula/print.js';

/** One place of a formula changed. */
export interface Slip {
  readonly kind: 'sign flipped' | 'indices swapped' | 'factor dropped' | 'sum dropped';
  /** What the change is about: the term with the sign, the factor or the sum that is dropped. */
  readonly part: Expression;
  readonly expression: Expression;
}

/**
 * What a node becomes with one sign, one pair of indices, one factor or one sum otherwise. Formulas are made wrong by it, and
 * it is tried whether an attempt becomes right by it.
 */
export function slipsAt(node: Expression): Slip[] {
  switch (node.kind) {
    case 'negate':
      return [slip('sign flipped', node.operand, node.operand)];
    case 'add':
      return node.terms.map((term, k) => slip('sign flipped', term, withPart(node, k, negated(term))));
    case 'name':
      return everySwap(node.indices)
        .map((indices) => slip('indices swapped', node, { ...node, indices }))
        .filter(({ expression }) => print(expression) !== print(node));
    case 'transpose':
      return [slip('indices swapped', node, node.operand)];
    case 'product':
      return node.factors.map((factor, k) => slip('factor dropped', factor, withoutFactor(node, k)));
    case 'quotient':
      return [slip('factor dropped', node.denominator, node.numerator)];
    case 'elementwise':
      return [slip('factor dropped', node.right, node.left), slip('factor dropped', node.left, node.right)];
    case 'reduce':
      return node.operation === 'sum' ? [slip('sum dropped', node, node.body)] : [];
    default:
      return [];
  }
}

function slip(kind: Slip['kind'], part: Expression, expression: Expression): Slip {
  return { kind, part, expression };
}
