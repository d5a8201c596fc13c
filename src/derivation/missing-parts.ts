import { children, type Expression, gradientName, type NameNode } from '../formula/ast.js';
import {
  entrywise,
  mentions,
  named,
  negated,
  number,
  product,
  quotient,
  sum,
  withoutFactor,
} from '../formula/build.js';
import { freeIndices } from '../formula/extents.js';
import type { Interpretation } from '../formula/interpretation.js';
import { math, type Mistake, repair, type Rule, sumBefore } from './mistakes.js';

/** The upstream gradient as a factor. */
export const missingUpstream: Rule = (node, scope, { meaning, whole, matrix, parts }) => {
  const names = meaning.upstream.map((name) => named(gradientName(name), [], node.span));
  if (!parts.has(node) || names.some(({ name }) => mentions(whole, name))) return [];
  return names.flatMap((name) => {
    const ways = matrix
      ? [entrywise('\\odot', name, node), times(name, node), times(node, name)]
      : entriesOf(name, scope, meaning).map((entry) => times(entry, node));
    return ways.map((way) => repair('upstream gradient forgotten', math(name), way));
  });
};

/** A sum over the indices that nothing binds; in matrix notation a product with ones. */
export const missingSums: Rule = (node, _, { meaning, indices, shape, whole, matrix, parts }) => {
  if (!parts.has(node)) return [];
  const { span } = node;
  const upstream = meaning.upstream.map((name) => meaning.shape(named(gradientName(name), [], span)));
  const broadcast = upstream.some((outer) => isRepeated(shape, outer));
  const mistake: Mistake = broadcast ? 'sum over a broadcast axis missing' : 'index without a sum';
  if (matrix) {
    if (!broadcast || node !== whole) return [];
    const operands: Expression[] = [node, { kind: 'transpose', operand: node, span }];
    return operands.map((operand) => repair(mistake, '', times(operand, { kind: 'ones', span })));
  }
  const loose = freeIndices(whole, meaning).filter((index) => !indices.includes(index));
  return loose.length === 0 ? [] : [repair(mistake, sumBefore(loose, node), sum(loose, node))];
};

/** Whether a tensor of one shape is repeated to another: along new axes, or along one of length 1. */
function isRepeated(shape: readonly number[], outer: readonly number[]): boolean {
  if (outer.length !== shape.length) return outer.length > shape.length;
  const fits = shape.every((length, axis) => length === 1 || length === outer[axis]);
  return fits && shape.some((length, axis) => length !== outer[axis]);
}

/** A factor that stands before a sum and depends on its indices: it belongs inside. */
export const factorsBeforeSums: Rule = (node, scope) => {
  if (node.kind !== 'product') return [];
  return node.factors.flatMap((factor, k) =>
    node.factors.flatMap((reduced, at) => {
      if (factor.kind !== 'name' || factor.indices.length === 0) return [];
      if (reduced.kind !== 'reduce' || reduced.operation !== 'sum') return [];
      return arrangements([...reduced.indices, ...scope], factor.indices.length).map((letters) => {
        const inside = named(factor.name, letters, factor.span);
        const factors = node.factors.with(at, { ...reduced, body: times(inside, reduced.body) });
        const about = `${math(factor)} stands before the sum where ${math(inside)} belongs inside`;
        return repair('pulled out of a sum', about, withoutFactor({ ...node, factors }, k));
      });
    }),
  );
};

/** A term of the formula that holds. */
export const missingTerms: Rule = (node, _, { whole, solution }) => {
  if (node !== whole || solution?.kind !== 'add') return [];
  const own = node.kind === 'add' ? node.terms : [node];
  return solution.terms.map((term) =>
    repair('term missing', math(term), { kind: 'add', terms: [...own, term], span: node.span }),
  );
};

/**
 * A factor or a divisor: a name, its logarithm or exponential, the derivative of a given function at it, or what is a factor
 * or a divisor somewhere in the formula that holds.
 */
export const missingFactors: Rule = (node, scope, { meaning, shape, matrix, parts, solution }) => {
  if (!parts.has(node)) return [];
  const { span } = node;
  const names = meaning.names.filter((name) => !meaning.isScalar(name));
  const arrays = names.map((name) => named(name, [], span));
  const known = matrix
    ? arrays.filter((name) => meaning.shape(name).length === shape.length)
    : arrays.flatMap((name) => entriesOf(name, scope, meaning));
  const calls = (name: string, derivative: boolean) =>
    known.map((operand): Expression => ({ kind: 'call', name, derivative, operands: [operand], span }));
  const slopes = meaning.functionNames.flatMap((name) => calls(name, true));
  const others = solution ? factorsIn(solution) : [];
  const factors = [...known, ...slopes, ...calls('log', false), ...calls('exp', false), ...others];
  return [
    ...factors.map((factor) => {
      const more = matrix ? entrywise('\\odot', node, factor) : times(factor, node);
      return repair('factor missing', math(factor), more);
    }),
    ...[...known, ...others].map((factor) => {
      const less = matrix ? entrywise('\\oslash', node, factor) : quotient(node, factor);
      return repair('factor missing', math(quotient(number(1, span), factor)), less);
    }),
  ];
};

/** What is multiplied or divided by somewhere in a formula, but for plain names and numbers. */
function factorsIn(node: Expression): Expression[] {
  const parts = node.kind === 'product' || node.kind === 'quotient' ? children(node) : [];
  const own = parts.filter(({ kind }) => kind !== 'name' && kind !== 'number' && kind !== 'product');
  return [...own, ...children(node).flatMap((child) => factorsIn(child))];
}

/** A name with every choice of different letters for its indices. */
function entriesOf(name: NameNode, letters: readonly string[], meaning: Interpretation): NameNode[] {
  const rank = meaning.shape(name).length;
  return arrangements(letters, rank).map((indices) => named(name.name, indices, name.span));
}

/** Every way to put `length` different letters in a row. */
export function arrangements(letters: readonly string[], length: number): string[][] {
  if (length === 0) return [[]];
  const without = (letter: string) => letters.filter((other) => other !== letter);
  return letters.flatMap((letter) =>
    arrangements(without(letter), length - 1).map((rest) => [letter, ...rest]),
  );
}

/** A product; the sign of the right factor goes in front. */
function times(left: Expression, right: Expression): Expression {
  if (right.kind === 'negate') return negated(times(left, right.operand));
  return right.kind === 'product' ? { ...right, factors: [left, ...right.factors] } : product(left, right);
}
