import { children, type Expression, gradientName, mapChildren } from '../formula/ast.js';
import {
  entrywise,
  mentions,
  named,
  negated,
  product,
  type Propose,
  quotient,
  rewriteOnce,
  sum,
  withoutSign,
} from '../formula/build.js';
import { freeIndices } from '../formula/extents.js';
import { type Mistake, type Repair, repair, type Workshop } from './mistakes.js';
import { print } from '../formula/print.js';

/** The upstream gradient as a factor, of the whole and of the body of each sum. */
export function missingUpstream(expression: Expression, workshop: Workshop, matrix: boolean): Repair[] {
  const { meaning } = workshop;
  const names = meaning.upstream.map((name) => named(gradientName(name), [], expression.span));
  if (names.some((one) => mentions(expression, one.name))) return [];
  return names.flatMap((upstream) => {
    const rank = meaning.shape(upstream).length;
    const ways = (node: Expression, scope: readonly string[]): Expression[] => {
      if (matrix) return [entrywise('\\odot', upstream, node), times(upstream, node), times(node, upstream)];
      return arrangements(scope, rank).map((letters) =>
        times(named(upstream.name, letters, node.span), node),
      );
    };
    return inPlaces(expression, workshop, (node, scope) => {
      return ways(node, scope).map((way) => repair('upstream gradient forgotten', upstream.name, way));
    });
  });
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
    return [repair(mistake, `\\sum_{${loose.join('')}} before ${print(body)}`, sum(loose, body))];
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
  const about = `\\sum_{${letter}} before ${print(body)}`;
  return [repair('sum over a broadcast axis missing', about, sum([letter], body))];
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
        const around = factors.with(at, { ...sum, body: times(inside, sum.body) });
        const rest = around.filter((_, other) => other !== k);
        const after: Expression = rest.length === 1 ? rest[0]! : { ...node, factors: rest };
        const about = `${print(factor)} stands before the sum where ${print(inside)} belongs inside`;
        return repair('pulled out of a sum', about, after);
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
      const rank = meaning.shape(name).length;
      if (matrix) return rank === shape.length ? [name] : [];
      return arrangements(scope, rank).map((letters) => named(name.name, letters, node.span));
    });
    const slopes = meaning.functionNames.flatMap((name) => {
      return known.map((operand) => slope(name, operand));
    });
    return [...known, ...slopes].flatMap((factor): Repair[] => {
      const more = matrix ? entrywise('\\odot', node, factor) : times(factor, node);
      const less = matrix ? entrywise('\\oslash', node, factor) : quotient(node, factor);
      const text = print(factor);
      return [repair('factor missing', text, more), repair('factor missing', `\\frac{1}{${text}}`, less)];
    });
  });
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
  const completed = terms.map((term) => {
    const more: Expression = { kind: 'add', terms: [...own, term], span: expression.span };
    return repair('term missing', print(term), more);
  });
  const factors = factorsIn(solution);
  const multiplied = inPlaces(expression, workshop, (node) =>
    factors.flatMap((factor) => [
      repair('factor missing', print(factor), times(factor, node)),
      repair('factor missing', `\\frac{1}{${print(factor)}}`, quotient(node, factor)),
    ]),
  );
  return [...completed, ...multiplied];
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
        propose(withoutSign(part), inside).map((repair) => {
          const changed = part.kind === 'negate' ? negated(repair.expression) : repair.expression;
          return { ...repair, expression: mapChildren(node, (child) => (child === part ? changed : child)) };
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
