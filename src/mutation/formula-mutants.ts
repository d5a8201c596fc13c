import type { AnyRecord } from '../autodiff/op.js';
import type { Equation, Expression } from '../formula/ast.js';
import { everySwap, named, negated, rewriteOnce, withoutFactor } from '../formula/build.js';
import { compareArrays } from '../formula/chain.js';
import { attempt, FormulaError } from '../formula/error.js';
import { evaluateSide, leftSide } from '../formula/evaluate.js';
import { Interpretation, type NumericArray } from '../formula/interpretation.js';
import type { Mutant, MutationKind } from './mutants.js';
import { parse } from '../formula/parser.js';
import { print } from '../formula/print.js';
import { type OpFormula, type Situation, situationsOf } from '../formula/situation.js';

const TOLERANCE = 1e-9; // of the equalities of a derivation

/**
 * Every mutant of every formula of an op: one place of one side changed. A mutant of the forward formula is caught when it
 * differs from the code's values, one of a derivation when it differs from the code's gradient.
 */
export function formulaMutants(op: AnyRecord): Mutant[] {
  return op.math.flatMap((formula, k) => {
    const situations = situationsOf(op, formula);
    const suffix = op.math.length > 1 ? ` (${k + 1})` : '';
    const chains = op.inputs.flatMap((input) => [
      { of: `${input}${suffix}`, latex: formula.gradient[input]!, input },
      ...(formula.matrix?.[input] === undefined
        ? []
        : [{ of: `${input}${suffix}, matrix`, latex: formula.matrix[input], input }]),
    ]);
    return [
      ...forwardMutants(formula, situations, `S${suffix}`),
      ...chains.flatMap(({ of, latex, input }) => {
        const equations = parsed(formula, latex);
        const left = equations[0]!.sides[0]!;
        return mutantsOf(of, equations, (_, mutated) => gradientDiffers(input, left, mutated, situations));
      }),
    ];
  });
}

/** Every mutant of a forward formula; of one that is wrong, those that are not caught would mend it. */
export function forwardMutants(formula: OpFormula, situations: readonly Situation[], of = 'S'): Mutant[] {
  return mutantsOf(of, parsed(formula, formula.forward), (side, mutated) =>
    forwardDiffers(formula, side, mutated, situations),
  );
}

function parsed({ functions = {} }: OpFormula, latex: string): readonly Equation[] {
  return parse(latex, Object.keys(functions)).equations;
}

function mutantsOf(
  of: string,
  equations: readonly Equation[],
  differs: (side: Expression, mutated: Expression) => boolean,
): Mutant[] {
  return equations
    .flatMap(({ sides }) => sides.slice(1))
    .flatMap((side) =>
      slipsIn(side).map(({ kind, change, expression }) => ({
        of,
        kind,
        change,
        caught: differs(side, expression),
      })),
    );
}

interface Slip {
  readonly kind: MutationKind;
  readonly change: string;
  readonly expression: Expression;
}

/** Every formula with one sign, one pair of indices, one factor or one sum otherwise. */
function slipsIn(side: Expression): Slip[] {
  const whole = slip('sign flipped', side, negated(side));
  return [whole, ...rewriteOnce(side, slipsAt, [])];
}

function slipsAt(node: Expression): Slip[] {
  switch (node.kind) {
    case 'negate':
      return [slip('sign flipped', node, node.operand)];
    case 'add':
      return node.terms.map((term, k) =>
        slip('sign flipped', node, { ...node, terms: node.terms.with(k, negated(term)) }),
      );
    case 'name':
      return everySwap(node.indices)
        .map((indices) => slip('indices swapped', node, { ...node, indices }))
        .filter(({ expression }) => print(expression) !== print(node));
    case 'product':
      return node.factors.map((_, k) => slip('factor dropped', node, withoutFactor(node, k)));
    case 'quotient':
      return [slip('factor dropped', node, node.numerator)];
    case 'elementwise':
      return [node.left, node.right].map((kept) => slip('factor dropped', node, kept));
    case 'transpose':
      return [slip('indices swapped', node, node.operand)];
    case 'reduce':
      return node.operation === 'sum' ? [slip('sum dropped', node, node.body)] : [];
    default:
      return [];
  }
}

function slip(kind: MutationKind, before: Expression, after: Expression): Slip {
  return { kind, change: `${print(before)} → ${print(after)}`, expression: after };
}

function gradientDiffers(
  input: string,
  left: Expression,
  mutated: Expression,
  situations: readonly Situation[],
): boolean {
  return differsSomewhere(situations, ({ meaning, code }) => {
    const interpretation = new Interpretation(meaning);
    return [evaluateSide(mutated, interpretation, leftSide(left, interpretation)), code[input]!];
  });
}

function forwardDiffers(
  { forward }: OpFormula,
  { span }: Expression,
  mutated: Expression,
  situations: readonly Situation[],
): boolean {
  const where = `${forward.slice(0, span.start)}${print(mutated)}${forward.slice(span.end)}`;
  return differsSomewhere(situations, ({ meaning, output }) => {
    const interpretation = new Interpretation({ ...meaning, where });
    const S = named('S', [], span);
    return [{ shape: interpretation.shape(S), values: interpretation.values(S) }, output];
  });
}

/** Whether two arrays differ in one of the situations, or one of them cannot be computed. */
function differsSomewhere(
  situations: readonly Situation[],
  arrays: (situation: Situation) => [NumericArray, NumericArray],
): boolean {
  return situations.some((situation) => {
    const computed = attempt(() => arrays(situation));
    if (computed instanceof FormulaError) return true;
    const [mutated, right] = computed;
    if (mutated.values.length !== right.values.length) return true;
    return compareArrays([mutated], [right]).worst > TOLERANCE;
  });
}
