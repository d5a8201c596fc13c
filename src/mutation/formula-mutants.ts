import type { AnyRecord } from '../autodiff/op.js';
import type { Expression } from '../formula/ast.js';
import { named, negated, rewriteOnce } from '../formula/build.js';
import { compareArrays } from '../formula/chain.js';
import { orError, FormulaError } from '../formula/error.js';
import { evaluateSide, leftSide } from '../formula/evaluate.js';
import { Interpretation, type NumericArray } from '../formula/interpretation.js';
import { parse } from '../formula/parser.js';
import { print } from '../formula/print.js';
import { type OpFormula, type Situation, situationsOf } from '../formula/situation.js';
import type { Mutant } from './mutants.js';
import { slipsAt } from './slips.js';

const TOLERANCE = 1e-9; // of the equalities of a derivation

/**
 * Every mutant of every formula of an op: one place of one side changed. A mutant of the forward formula is caught when it
 * differs from the code's values, one of a derivation when it differs from the code's gradient.
 */
export function formulaMutants(op: AnyRecord): Mutant[] {
  return op.math.flatMap((formula, k) => {
    const situations = situationsOf(op, formula);
    const suffix = op.math.length > 1 ? ` (${k + 1})` : '';
    const gradients = op.inputs.flatMap((input) => {
      const mutantsIn = (of: string, latex: string): Mutant[] =>
        mutantsOf(of, latex, formula, situations, (mutated, { meaning, code }, left) => {
          const interpretation = new Interpretation(meaning);
          return [evaluateSide(mutated, interpretation, leftSide(left, interpretation)), code[input]!];
        });
      const matrix = formula.matrix?.[input];
      return [
        ...mutantsIn(`${input}${suffix}`, formula.gradient[input]!),
        ...(matrix === undefined ? [] : mutantsIn(`${input}${suffix}, matrix`, matrix)),
      ];
    });
    return [...forwardMutants(formula, situations, `S${suffix}`), ...gradients];
  });
}

/** Every mutant of a forward formula; of one that is wrong, those that are not caught would mend it. */
export function forwardMutants(formula: OpFormula, situations: readonly Situation[], of = 'S'): Mutant[] {
  const { forward } = formula;
  return mutantsOf(of, forward, formula, situations, (mutated, { meaning, output }, _, { span }) => {
    const where = `${forward.slice(0, span.start)}${print(mutated)}${forward.slice(span.end)}`;
    const interpretation = new Interpretation({ ...meaning, where });
    const S = named('S', [], span);
    return [{ shape: interpretation.shape(S), values: interpretation.values(S) }, output];
  });
}

/** Every mutant of a formula; it is caught where the two arrays differ or one of them cannot be computed. */
function mutantsOf(
  of: string,
  latex: string,
  { functions = {} }: OpFormula,
  situations: readonly Situation[],
  arrays: (
    mutated: Expression,
    at: Situation,
    left: Expression,
    side: Expression,
  ) => [NumericArray, NumericArray],
): Mutant[] {
  const { equations } = parse(latex, Object.keys(functions));
  const left = equations[0]!.sides[0]!;
  const sides = equations.flatMap((equation) => equation.sides.slice(1));
  return sides.flatMap((side) =>
    changesOf(side).map(({ kind, change, expression: mutated }) => {
      const caught = situations.some((situation) => {
        const computed = orError(() => arrays(mutated, situation, left, side));
        if (computed instanceof FormulaError) return true;
        const [found, right] = computed;
        return (
          found.values.length !== right.values.length || compareArrays([found], [right]).worst > TOLERANCE
        );
      });
      return { of, kind, change, caught };
    }),
  );
}

/** A side with the other sign, or with one slip in one place. */
function changesOf(side: Expression) {
  const told = (before: Expression, after: Expression) => `${print(before)} → ${print(after)}`;
  const negation = negated(side);
  const whole = { kind: 'sign flipped', change: told(side, negation), expression: negation } as const;
  const inside = rewriteOnce(
    side,
    (node) => slipsAt(node).map((slip) => ({ ...slip, change: told(node, slip.expression) })),
    [],
  );
  return [whole, ...inside];
}
