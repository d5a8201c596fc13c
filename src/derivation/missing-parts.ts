import { children, type Expression, gradientName, mapChildren, type NameNode } from '../formula/ast.js';
import {
  entrywise,
  mentions,
  named,
  negated,
  number,
  product,
  type Propose,
  quotient,
  rewriteOnce,
  sum,
  withoutFactor,
  withoutSign,
} from '../formula/build.js';
import { freeIndices } from '../formula/extents.js';
import type { Interpretation } from '../formula/interpretation.js';
import { math, type Mistake, type Repair, repair, type Workshop } from './mistakes.js';
import { print } from '../formula/print.js';

/** The upstream gradient as a factor, of the whole and of the body of each sum. */
export function missingUpstream(expression: Expression, workshop: Workshop, matrix: boolean): Repair[] {
  const { meaning } = workshop;
  const names = meaning.upstream.map((name) => named(gradientName(name), [], expression.span));
  if (names.some((one) => mentions(expression, one.name))) return [];
  return names.flatMap((upstream) => {
    const ways = (node: Expression, scope: readonly string[]): Expression[] => {
      if (matrix) return [entrywise('\\odot', upstream, node), times(upstream, node), times(node, upstream)];
      return entriesOf(upstream, scope, meaning).map((entry) => times(entry, node));
    };
    return inPlaces(expression, workshop, (node, scope) =>
      ways(node, scope).map((way) => repair('upstream gradient forgotten', math(upstream), way)),
    );
  });
}

/** A name with every choice of different letters for its indices. */
function entriesOf(name: NameNode, letters: readonly string[], meaning: Interpretation): NameNode[] {
  const rank = meaning.shape(name).length;
  return arrangements(letters, rank).map((indices) => named(name.name, indices, name.span));
}

/** A sum over the indices that nothing binds; in matrix notation a product with ones. */
export function missingSums(expression: Expression, workshop: Workshop, matrix: boolean): Repair[] {
  const { meaning, indices, shape } = workshop;
  const { span } = expression;
  const upstream = meaning.upstream.map((name) => meaning.shape(named(gradientName(name), [], span)));
  const broadcast = upstream.some((outer) => isRepeated(shape, outer));
  const mistake: Mistake = broadcast ? 'sum over a broadcast axis missing' : 'index without a sum';
  if (matrix) {
    if (!broadcast) return [];
    const operands: Expression[] = [expression, { kind: 'transpose', operand: expression, span }];
    return operands.map((operand) => repair(mistake, '', times(operand, { kind: 'ones', span })));
  }
  const loose = freeIndices(expression, meaning).filter((index) => !indices.includes(index));
  if (loose.length === 0) return broadcast ? sumsOverOneEntry(expression, workshop) : [];
  return inPlaces(expression, workshop, (body) => {
    return [summed(mistake, loose, body)];
  });
}

/** A sum where one entry of the axis stands: `S^\nabla_{i1}`. */
function sumsOverOneEntry(expression: Expression, { meaning, indices }: Workshop): Repair[] {
  const letter = ['l', 'm', 'k', 'n', 'p', 'q'].find(
    (one) => !indices.includes(one) && !mentions(expression, one),
  );
  if (letter === undefined) return [];
  const opened = (node: Expression): Expression => {
    const inside = mapChildren(node, opened);
    if (inside.kind !== 'name' || !meaning.has(inside.name)) return inside;
    const letters = inside.indices.map((index) =>
      index.kind === 'number' ? named(letter, [], index.span) : index,
    );
    return { ...inside, indices: letters };
  };
  const body = opened(expression);
  if (print(body) === print(expression)) return [];
  return [summed('sum over a broadcast axis missing', [letter], body)];
}

function summed(mistake: Mistake, letters: readonly string[], body: Expression): Repair {
  return repair(mistake, `$\\sum_{${letters.join('')}}$ before ${math(body)}`, sum(letters, body));
}

/** A factor that stands before a sum and depends on its indices: it belongs inside. */
export function factorsBeforeSums(node: Expression, scope: readonly string[]): Repair[] {
  if (node.kind !== 'product') return [];
  const { factors } = node;
  return factors.flatMap((factor, k) => {
    if (factor.kind !== 'name' || factor.indices.length === 0) return [];
    return factors.flatMap((sum, at) => {
      if (sum.kind !== 'reduce' || sum.operation !== 'sum') return [];
      return arrangements([...sum.indices, ...scope], factor.indices.length).map((letters) => {
        const inside = named(factor.name, letters, factor.span);
        const around = { ...node, factors: factors.with(at, { ...sum, body: times(inside, sum.body) }) };
        const about = `${math(factor)} stands before the sum where ${math(inside)} belongs inside`;
        return repair('pulled out of a sum', about, withoutFactor(around, k));
      });
    });
  });
}

/** Whether a tensor of one shape is repeated to another: along new axes, or along one of length 1. */
function isRepeated(shape: readonly number[], outer: readonly number[]): boolean {
  if (outer.length !== shape.length) return outer.length > shape.length;
  return shape.every((length, axis) => length === 1 || length === outer[axis]) && !sameSizes(shape, outer);
}

function sameSizes(shape: readonly number[], other: readonly number[]): boolean {
  return shape.every((length, axis) => length === other[axis]);
}

/** A factor or a divisor that is known: a name, or the derivative of a given function. */
export function missingFactors(expression: Expression, workshop: Workshop, matrix: boolean): Repair[] {
  const { meaning, shape } = workshop;
  const names = meaning.names.map((name) => named(name, [], expression.span));
  const arrays = names.filter((name) => meaning.shape(name).length > 0);
  return inPlaces(expression, workshop, (node, scope) => {
    const known = arrays.flatMap((name): Expression[] => {
      if (!matrix) return entriesOf(name, scope, meaning);
      return meaning.shape(name).length === shape.length ? [name] : [];
    });
    const slopes = meaning.functionNames.flatMap((name) => known.map((operand) => slope(name, operand)));
    return [...known, ...slopes].flatMap((factor) =>
      matrix
        ? [
            missing(factor, entrywise('\\odot', node, factor)),
            missing(inverse(factor), entrywise('\\oslash', node, factor)),
          ]
        : multiplied(node, factor),
    );
  });
}

function missing(factor: Expression, expression: Expression): Repair {
  return repair('factor missing', math(factor), expression);
}

/** A formula times and over a factor. */
function multiplied(node: Expression, factor: Expression): Repair[] {
  return [missing(factor, times(factor, node)), missing(inverse(factor), quotient(node, factor))];
}

function inverse(factor: Expression): Expression {
  return quotient(number(1, factor.span), factor);
}

function slope(name: string, operand: Expression): Expression {
  return { kind: 'call', name, derivative: true, operands: [operand], span: operand.span };
}

/** A term or a factor of the formula that holds. */
export function missingParts(expression: Expression, workshop: Workshop): Repair[] {
  const { solution } = workshop;
  if (solution === undefined) return [];
  const own = expression.kind === 'add' ? expression.terms : [expression];
  const terms = solution.kind === 'add' ? solution.terms : [];
  const completed = terms.map((term) =>
    repair('term missing', math(term), { kind: 'add', terms: [...own, term], span: expression.span }),
  );
  const factors = factorsIn(solution);
  const scaled = inPlaces(expression, workshop, (node) =>
    factors.flatMap((factor) => multiplied(node, factor)),
  );
  return [...completed, ...scaled];
}

/** What is multiplied or divided by somewhere in a formula, but for plain names and numbers. */
function factorsIn(node: Expression): Expression[] {
  const parts =
    node.kind === 'product'
      ? node.factors
      : node.kind === 'quotient'
        ? [node.numerator, node.denominator]
        : [];
  const own = parts.filter(({ kind }) => kind !== 'name' && kind !== 'number' && kind !== 'product');
  return [...own, ...children(node).flatMap(factorsIn)];
}

/** Changes of the whole, of the body of each sum and of each term, under the sign that the term has. */
function inPlaces(expression: Expression, { indices }: Workshop, propose: Propose<Repair>): Repair[] {
  const deeper = rewriteOnce(
    expression,
    (node, scope) => {
      if (node.kind !== 'reduce' && node.kind !== 'add') return [];
      const parts = node.kind === 'add' ? node.terms : [node.body];
      const inside = node.kind === 'add' ? scope : [...node.indices, ...scope];
      return parts.flatMap((part) =>
        propose(withoutSign(part), inside).map((change) => {
          const changed = part.kind === 'negate' ? negated(change.expression) : change.expression;
          return { ...change, expression: mapChildren(node, (child) => (child === part ? changed : child)) };
        }),
      );
    },
    indices,
  );
  return [...propose(expression, indices), ...deeper];
}

/** A product; the sign of the right factor goes in front. */
function times(left: Expression, right: Expression): Expression {
  if (right.kind === 'negate') return negated(times(left, right.operand));
  return right.kind === 'product' ? { ...right, factors: [left, ...right.factors] } : product(left, right);
}

/** Every way to put `length` different letters in a row. */
function arrangements(letters: readonly string[], length: number): string[][] {
  if (length === 0) return [[]];
  return letters.flatMap((letter) =>
    arrangements(
      letters.filter((other) => other !== letter),
      length - 1,
    ).map((rest) => [letter, ...rest]),
  );
}
