import { compare, likelyCause } from '../autodiff/gradient-comparison.js';
import { gradientOnDualNumbers, withoutGradient } from '../formula/evaluate.js';
import { type Situation, situationsOf } from '../formula/situation.js';
import { forwardMutants } from '../mutation/formula-mutants.js';
import type { Mutant } from '../mutation/mutants.js';
import { mendingRuleMutants } from '../mutation/rule-mutants.js';
import { claimsOn } from './claim.js';
import type { Derivation } from './derivation.js';

/** For each gradient whose derivation fails, what is likely wrong: the rule in the code, or which side of the derivation. */
export function causesOf({ op, formulas }: Derivation): string[] {
  return formulas.flatMap(({ gradients, forward }, k) => {
    const formula = op.math[k]!;
    const situations = situationsOf(op, formula);
    if (!forward.holds) {
      const mending = forwardMutants(formula, situations).filter(({ caught }) => !caught);
      return `${op.name}, S: the formula ${formula.forward} is not what the code computes${likely(mending)}`;
    }
    return gradients.flatMap(({ input, chains, holds }) => {
      if (holds) return [];
      const rule = causeInCode(input, situations);
      if (rule !== undefined)
        return `${op.name}, ${input}: the rule of backward is wrong${rule}${likely(mendingRuleMutants(op, input))}`;
      const meanings = situations.map(({ meaning }) => withoutGradient(input, meaning));
      const wrong = chains
        .flatMap(({ steps }) => steps.map(({ right }) => `${steps[0]!.left} = ${right}`))
        .map((side) => claimsOn(op.name, [input], meanings)(input, side))
        .find((claim) => !claim.holds);
      return wrong === undefined ? [] : `${op.name}, ${input}: ${wrong.diagnosis}`;
    });
  });
}

/** What is wrong with the code's gradient, when it is not that of the forward formula. */
function causeInCode(input: string, situations: readonly Situation[]): string | undefined {
  for (const { code, meaning } of situations) {
    const { shape, values } = gradientOnDualNumbers(input, meaning);
    const own = code[input]!.values;
    if (compare(shape, own, values).relative > 1e-7) return likelyCause(own, values);
  }
  return undefined;
}

/** The first change after which nothing is wrong any more. */
function likely([mending]: readonly Mutant[]): string {
  return mending === undefined
    ? ''
    : `; it would be right with ${mending.kind} in one place: ${mending.change}`;
}
