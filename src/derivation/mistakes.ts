import type { Expression } from '../formula/ast.js';
import type { Interpretation } from '../formula/interpretation.js';
import { print } from '../formula/print.js';

/** What people get wrong. */
export type Mistake =
  | 'sign lost'
  | 'factor missing'
  | 'term missing'
  | 'term too many'
  | 'off-diagonal terms missing'
  | 'factor too many'
  | 'fraction upside down'
  | 'transposed'
  | 'factors swapped'
  | 'upstream gradient forgotten'
  | 'sum over a broadcast axis missing'
  | 'index without a sum'
  | 'sum too many'
  | 'pulled out of a sum'
  | 'indices swapped'
  | 'wrong variable'
  | 'not conformable'
  | 'differs';

/** A formula with one change, and the mistake that the change undoes. */
export interface Repair {
  readonly mistake: Mistake;
  /** What the mistake is about, with formulas between dollar signs: `$X$ for $Y$`; empty when there is no more to say. */
  readonly about: string;
  readonly expression: Expression;
}

/** What rules may use: the names, the indices of the left side, the shape of what is sought. */
export interface Workshop {
  readonly meaning: Interpretation;
  readonly indices: readonly string[];
  readonly shape: readonly number[];
  /** The attempt, whether it is in matrix notation, and where factors may be missing: itself, its terms, bodies of sums. */
  readonly whole: Expression;
  readonly matrix: boolean;
  readonly parts: ReadonlySet<Expression>;
  /** A formula that holds, when one is known. */
  readonly solution: Expression | undefined;
}

/** What may be put in the place of a node, given the indices that are bound there: each undoes one mistake. */
export type Rule = (node: Expression, scope: readonly string[], workshop: Workshop) => Repair[];

export function repair(mistake: Mistake, about: string, expression: Expression): Repair {
  return { mistake, about, expression };
}

/** A repair that puts one thing in the place of another. */
export function exchange(mistake: Mistake, before: Expression, after: Expression): Repair {
  return repair(mistake, `${math(before)} for ${math(after)}`, after);
}

/** A formula as it stands in what is said about a mistake. */
export function math(node: Expression): string {
  return `$${print(node)}$`;
}

/** `$\sum_{kl}$ before $X_{kl}$`, for a sum that is missing or too many. */
export function sumBefore(letters: readonly string[], body: Expression): string {
  return `$\\sum_{${letters.join('')}}$ before ${math(body)}`;
}
