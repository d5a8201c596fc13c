import type { Expression } from '../formula/ast.js';
import type { Interpretation } from '../formula/interpretation.js';

/** What people get wrong. */
export type Mistake =
  | 'sign lost'
  | 'factor missing'
  | 'term missing'
  | 'off-diagonal terms missing'
  | 'factor too many'
  | 'fraction upside down'
  | 'power in the wrong place'
  | 'transposed'
  | 'factors swapped'
  | 'upstream gradient forgotten'
  | 'sum over a broadcast axis missing'
  | 'index without a sum'
  | 'sum too many'
  | 'wrong range'
  | 'pulled out of a sum'
  | 'indices swapped'
  | 'wrong variable'
  | 'not conformable'
  | 'differs';

/** A formula with one change, and the mistake that the change undoes. */
export interface Repair {
  readonly mistake: Mistake;
  /** The mistake with what it is about: `wrong variable: X for Y`. */
  readonly note: string;
  readonly expression: Expression;
}

/** What repairs may use: the names, the indices of the left side, the shape of what is sought, a formula that holds. */
export interface Workshop {
  readonly meaning: Interpretation;
  readonly indices: readonly string[];
  readonly shape: readonly number[];
  readonly solution?: Expression;
}

export function repair(mistake: Mistake, about: string, expression: Expression): Repair {
  return { mistake, note: about === '' ? mistake : `${mistake}: ${about}`, expression };
}
