import { children, type Expression, gradientName, isPlainName, mapChildren } from '../formula/ast.js';
import {
  entrywise,
  everySwap,
  mentions,
  named,
  negated,
  pairs,
  product,
  quotient,
  renamed,
  rewriteOnce,
  withoutSign,
  withPart,
} from '../formula/build.js';
import { notationOf } from '../formula/extents.js';
import type { Interpretation } from '../formula/interpretation.js';
import { print } from '../formula/print.js';
import { slipsAt } from '../mutation/slips.js';
import {
  factorsBeforeSums,
  missingFactors,
  missingSums,
  missingTerms,
  missingUpstream,
} from './missing-parts.js';
import { exchange, math, repair, type Repair, type Rule, sumBefore, type Workshop } from './mistakes.js';

/** Every formula that differs from the given one by one usual mistake, the likeliest first. */
export function repairs(whole: Expression, given: Omit<Workshop, 'whole' | 'matrix' | 'parts'>): Repair[] {
  const matrix = notationOf(whole, given.meaning) === 'matrix';
  const workshop = { ...given, whole, matrix, parts: new Set([whole, ...partsOf(whole)]) };
  const propose = (node: Expression, scope: readonly string[]) =>
    rules.flatMap((rule, rank) => rule(node, scope, workshop).map((one) => ({ ...one, rank })));
  return rewriteOnce(whole, propose, given.indices).sort((one, other) => one.rank - other.rank);
}

/** Terms and bodies of sums, without their signs. */
function partsOf(node: Expression): Expression[] {
  const parts = node.kind === 'add' ? node.terms : node.kind === 'reduce' ? [node.body] : [];
  return [...parts.map(withoutSign), ...children(node).flatMap(partsOf)];
}

/** Whether a delta or a condition compares a thing with itself, as `[i = i]` does: nobody means that. */
export function comparesWithItself(node: Expression): boolean {
  const conditions = node.kind === 'indicator' ? node.conditions : [];
  const compared = node.kind === 'delta' ? [children(node)] : conditions.map(({ operands }) => operands);
  const twice = (operands: readonly Expression[]) => new Set(operands.map(print)).size < operands.length;
  return compared.some(twice) || children(node).some(comparesWithItself);
}

const rules: readonly Rule[] = [
  missingUpstream,
  missingSums,
  // A term that should not be there; one that stands twice is a factor of 2 instead.
  (node) => {
    if (node.kind !== 'add') return [];
    const texts = node.terms.map(print);
    return node.terms.flatMap((dropped, k) => {
      if (texts.indexOf(texts[k]!) !== texts.lastIndexOf(texts[k]!)) return [];
      const terms = node.terms.filter((term) => term !== dropped);
      return [repair('term too many', math(dropped), terms.length === 1 ? terms[0]! : { ...node, terms })];
    });
  },
  // The sign of a term, an argument or an exponent.
  (node) =>
    children(node).flatMap((part, k) => {
      const signed = node.kind === 'add' || node.kind === 'call' || (node.kind === 'power' && k === 1);
      const about = `before ${math(withoutSign(part))}`;
      return signed ? [repair('sign lost', about, withPart(node, k, negated(part)))] : [];
    }),
  // Another name with as many axes, or the derivative of a function instead of the function.
  (node, _, { meaning }) => {
    if (node.kind === 'call' && !node.derivative && meaning.isFunction(node.name))
      return [exchange('wrong variable', node, { ...node, derivative: true })];
    if (node.kind !== 'name') return [];
    return namesLike(node.name, meaning).map((name) => {
      const other = { ...node, name };
      const about = `${math(node)} stands where ${math(other)} belongs`;
      if (name === gradientName(node.name)) return repair('upstream gradient forgotten', about, other);
      return repair('wrong variable', `$${node.name}$ for $${name}$`, other);
    });
  },
  // Another name in all the places where one stands.
  (node, _, { whole, meaning }) => {
    const names = node === whole ? meaning.names.filter((name) => mentions(node, name)) : [];
    const changes = names.flatMap((from) => namesLike(from, meaning).map((to) => [from, to] as const));
    return changes.map(([from, to]) => {
      const mistake = to === gradientName(from) ? 'upstream gradient forgotten' : 'wrong variable';
      return repair(mistake, `$${from}$ for $${to}$`, withName(node, from, to));
    });
  },
  // \odot and \oslash where a product or a fraction of matrices stands.
  (node, _, { matrix }) => {
    if (!matrix || (node.kind !== 'product' && node.kind !== 'quotient')) return [];
    if (children(node).some((part) => part.kind === 'ones')) return []; // a product with ones is a sum
    const operator = node.kind === 'product' ? '\\odot' : '\\oslash';
    const after = children(node).reduce((left, right) => entrywise(operator, left, right));
    return [exchange('not conformable', node, after)];
  },
  // A transposition, in index notation that of the left side.
  (node, _, { whole, matrix, indices }) => {
    const { span } = node;
    if (matrix && node.kind === 'transpose') return [exchange('transposed', node, node.operand)];
    if (matrix && node.kind !== 'number' && node.kind !== 'ones')
      return [exchange('transposed', node, { kind: 'transpose', operand: node, span })];
    return (matrix || node !== whole ? [] : pairs(indices)).map(([a, b]) => {
      const other = new Map([[a, b], [b, a]]); // prettier-ignore
      return repair('transposed', `$${a}$ and $${b}$ are exchanged`, renamed(node, other));
    });
  },
  (node, _, { matrix }) => {
    if (!matrix || node.kind !== 'product') return [];
    return everySwap(node.factors).map((factors) => exchange('factors swapped', node, { ...node, factors }));
  },
  // Two indices of a name exchanged, or one letter among indices replaced by another that is bound here.
  (node, scope) => {
    if (node.kind !== 'name' && node.kind !== 'delta' && node.kind !== 'indicator') return [];
    const swapped = slipsAt(node).map(({ expression }) => expression);
    const others = [...swapped, ...otherLetters(node, scope)];
    return others.map((after) => exchange('indices swapped', node, after));
  },
  // A factor that should not be there, or belongs below the line, or above it.
  (node) =>
    slipsAt(node).flatMap(({ kind, part, expression: rest }) => {
      if (kind !== 'factor dropped') return [];
      const dropped = repair(part.kind === 'ones' ? 'sum too many' : 'factor too many', math(part), rest);
      const turned = (about: string, after: Expression) => repair('fraction upside down', about, after);
      if (node.kind === 'elementwise') {
        const operator = node.operator === '\\odot' ? '\\oslash' : '\\odot';
        return [dropped, turned(`$${node.operator}$ for $${operator}$`, { ...node, operator })];
      }
      const above = turned(`${math(part)} belongs above the line`, product(rest, part));
      const below = turned(`${math(part)} belongs below the line`, quotient(rest, part));
      return [dropped, node.kind === 'quotient' ? above : below];
    }),
  (node) => {
    if (node.kind !== 'quotient') return [];
    return [exchange('fraction upside down', node, quotient(node.denominator, node.numerator))];
  },
  factorsBeforeSums,
  missingFactors,
  missingTerms,
];

/** Other names with as many axes. */
function namesLike(name: string, meaning: Interpretation): string[] {
  if (!meaning.has(name) || meaning.isScalar(name)) return [];
  const rank = (one: string) => meaning.shape(named(one, [], { text: one, start: 0, end: 0 })).length;
  return meaning.names.filter((other) => other !== name && rank(other) === rank(name));
}

/** A formula with another name wherever one stands. */
function withName(node: Expression, from: string, to: string): Expression {
  const changed = mapChildren(node, (child) => withName(child, from, to));
  return changed.kind === 'name' && changed.name === from ? { ...changed, name: to } : changed;
}

/** A node with one letter of an index otherwise, also in index arithmetic such as `i+a-1`. */
function otherLetters(node: Expression, scope: readonly string[]): Expression[] {
  return children(node).flatMap((index, position) => {
    const arithmetic = index.kind === 'add' || index.kind === 'negate' || index.kind === 'product';
    const letters = isPlainName(index) ? scope.filter((letter) => letter !== index.name) : [];
    const others = arithmetic
      ? otherLetters(index, scope)
      : letters.map((letter) => named(letter, [], index.span));
    return others.map((other) => withPart(node, position, other));
  });
}

/** A sum, or one of its indices, that should not be there; other indices of the left side may be free then. */
export function tooManySums(node: Expression): Repair[] {
  if (node.kind !== 'reduce' || node.operation !== 'sum') return [];
  const { indices, body } = node;
  const without = (letters: readonly string[], after: Expression) =>
    repair('sum too many', sumBefore(letters, body), after);
  const one = (letter: string) =>
    without([letter], { ...node, indices: indices.filter((other) => other !== letter) });
  return [without(indices, body), ...(indices.length > 1 ? indices.map(one) : [])];
}
