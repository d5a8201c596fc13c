import type { AnyRecord } from '../autodiff/op.js';
import { formulaMutants } from './formula-mutants.js';
import { ruleMutants } from './rule-mutants.js';
import { kind, requireKinds } from '../tensor/arguments.js';

/** What is changed; a `factor dropped` may also be a term, a `step dropped` is a reshape, an exponential and the like. */
export type MutationKind =
  'sign flipped' | 'inputs swapped' | 'indices swapped' | 'factor dropped' | 'sum dropped' | 'step dropped';

/** A wrong version of a rule or a formula, and whether a check tells it from the right one. */
export interface Mutant {
  /** Which rule or formula: `X`, `X, fused`, `X, matrix`, `S` for the forward formula. */
  readonly of: string;
  readonly kind: MutationKind;
  /** What stood there and what stands there instead: `multiply(gradient, Y) → gradient`. */
  readonly change: string;
  readonly caught: boolean;
}

/** A mutant with the verdict on it. */
export interface JudgedMutant extends Mutant {
  readonly op: string;
  readonly in: 'rule' | 'formula';
  /** By what it is excused: `X: multiply(gradient, Y) → multiply(Y, gradient)`. */
  readonly name: string;
  /** Whether it is caught, excused by its name in the record, or neither. */
  readonly verdict: 'caught' | 'equivalent' | 'missed';
  /** Why an equivalent mutant computes the same. */
  readonly reason?: string;
}

const anOp = kind(
  'an op, such as divide, or its record',
  (given) =>
    (typeof given === 'function' || (typeof given === 'object' && given !== null)) && 'backward' in given,
);

/**
 * Changes every rule and every formula of an op in every place, one at a time, and asks the checks what they notice.
 * @throws GradbookError when a rule is wrong before anything is changed.
 * @example mutants(divide).filter(({ verdict }) => verdict === 'missed')
 */
export function mutants(op: AnyRecord): JudgedMutant[] {
  requireKinds('mutants', { op }, { op: anOp });
  const counts = new Map<string, number>();
  const all = [
    ...ruleMutants(op).map((mutant) => ({ ...mutant, in: 'rule' as const })),
    ...formulaMutants(op).map((mutant) => ({ ...mutant, in: 'formula' as const })),
  ];
  return all.map((mutant): JudgedMutant => {
    const text = `${mutant.of}: ${mutant.change}`;
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    const judged = { ...mutant, op: op.name, name: count === 1 ? text : `${text} (${count})` };
    if (mutant.caught) return { ...judged, verdict: 'caught' };
    const listed = Object.entries(op.equivalentMutants ?? {});
    const reason = listed.find(([, names]) => names.includes(judged.name))?.[0];
    return reason === undefined
      ? { ...judged, verdict: 'missed' }
      : { ...judged, verdict: 'equivalent', reason };
  });
}
