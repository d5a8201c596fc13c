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
  const reasons = new Map(
    Object.entries(op.equivalentMutants ?? {}).flatMap(([reason, names]) =>
      names.map((name) => [name, reason]),
    ),
  );
  const counts = new Map<string, number>();
  const judged =
    (part: 'rule' | 'formula') =>
    (mutant: Mutant): JudgedMutant => {
      const name = `${mutant.of}: ${mutant.change}`;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      const own = count === 1 ? name : `${name} (${count})`;
      const reason = reasons.get(own);
      const verdict = mutant.caught ? 'caught' : reason === undefined ? 'missed' : 'equivalent';
      return {
        ...mutant,
        op: op.name,
        in: part,
        name: own,
        verdict,
        ...(verdict === 'equivalent' ? { reason: reason! } : {}),
      };
    };
  return [...ruleMutants(op).map(judged('rule')), ...formulaMutants(op).map(judged('formula'))];
}
