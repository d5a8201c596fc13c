import { likelyCause } from '../autodiff/gradient-comparison.js';
import { claimOn } from './claim.js';
import type { Derivation } from './derivation.js';
import { gradientOnDualNumbers, withoutGradient } from '../formula/evaluate.js';
import { forwardMutants } from '../mutation/formula-mutants.js';
import type { Mutant } from '../mutation/mutants.js';
import { mendingRuleMutants } from '../mutation/rule-mutants.js';
import { type Situation, situationsOf } from '../formula/situation.js';

/** For each gradient whose derivation fails, what is likely wrong: the rule in the code, or which side of the derivation. */
export function causesOf({ op, formulas }: Derivation): string[] {
  return formulas.flatMap(({ gradients, forward }, k) => {
    const formula = op.math[k]!;
    const situations = situationsOf(op, formula);
    if (!forward.holds) {
      const wrong = `${op.name}, S: the formula ${formula.forward} is not what the code computes`;
      return [`${wrong}${likely(forwardMutants(formula, situations))}`];
    }
    return gradients.flatMap(({ input, chain, matrix, holds }) => {
      if (holds) return [];
      const rule = causeInCode(input, situations);
      if (rule !== undefined) {
        const mended = likely(mendingRuleMutants(op, input));
        return [`${op.name}, ${input}: the rule of backward is wrong${rule}${mended}`];
      }
      const meanings = situations.map(({ meaning }) => withoutGradient(input, meaning));
      const wrong = [chain, ...(matrix === undefined ? [] : [matrix])]
        .flatMap(({ steps }) => steps.map(({ right }) => `${steps[0]!.left} = ${right}`))
        .map((side) => claimOn(op.name, input, side, meanings))
        .find((claim) => !claim.holds);
      return wrong === undefined ? [] : [`${op.name}, ${input}: ${wrong.diagnosis}`];
    });
  });
}

/** What is wrong with the code's gradient, when it is not that of the forward formula. */
function causeInCode(input: string, situations: readonly Situation[]): string | undefined {
  for (const { code, meaning } of situations) {
    const right = gradientOnDualNumbers(input, meaning).values;
    const gap = code[input]!.values.some(
      (value, k) => Math.abs(value - right[k]!) > 1e-7 * Math.max(1, Math.abs(right[k]!)),
    );
    if (gap) return likelyCause(code[input]!.values, right);
  }
  return undefined;
}

/** The first change after which nothing is wrong any more. */
function likely(mutants: readonly Mutant[]): string {
  const mending = mutants.find(({ caught }) => !caught);
  return mending === undefined
    ? ''
    : `; it would be right with ${mending.kind} in one place: ${mending.change}`;
}
