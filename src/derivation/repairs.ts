import { children, type Expression, gradientName, mapChildren } from './ast.js';
import { mentions, named, negated, pairs, product, quotient, sum, withoutSign } from './build.js';
import { freeIndices, notationOf } from './extents.js';
import type { Interpretation } from './interpretation.js';
import { print } from './print.js';

/** What people get wrong. */
export type Mistake =
  | 'sign lost'
  | 'factor missing'
  | 'factor too many'
  | 'transposed'
  | 'factors swapped'
  | 'upstream gradient forgotten'
  | 'sum over a broadcast axis missing'
  | 'index without a sum'
  | 'indices swapped'
  | 'wrong variable'
  | 'not conformable'
  | 'differs';

/** A formula with one change, and the mistake that the change undoes. */
export interface Repair {
  readonly mistake: Mistake;
  /** The mistake with what it is about: `wrong variable: X for Y`. */
  readonly note: string;
  readonly expression: Expression;
}

/** What repairs may use: the names, the indices of the left side, and the shape of what is sought. */
export interface Workshop {
  readonly meaning: Interpretation;
  readonly indices: readonly string[];
  readonly shape: readonly number[];
}

type Propose<Change> = (node: Expression, scope: readonly string[]) => Change[];

/** Every formula that differs from the given one by one usual mistake, the likeliest first. */
export function repairs(expression: Expression, workshop: Workshop): Repair[] {
  const { meaning, indices } = workshop;
  const matrix = notationOf(expression, meaning) === 'matrix';
  const everywhere = (propose: Propose<Repair>) => rewriteOnce(expression, propose, indices);
  return [
    ...missingUpstream(expression, workshop, matrix),
    ...missingSums(expression, workshop, matrix),
    ...everywhere(signs),
    ...everywhere((node) => otherVariables(node, meaning)),
    ...(matrix ? everywhere(entryByEntry) : []),
    ...(matrix ? everywhere(transposes) : []),
    ...(matrix ? transposes(expression) : everyIndexSwapped(expression, workshop)),
    ...(matrix ? everywhere(swappedFactors) : everywhere(otherIndices)),
    ...missingFactors(expression, workshop, matrix),
    ...everywhere(tooManyFactors),
  ];
}

/** All trees in which one node is replaced by one of its proposals. */
export function rewriteOnce<Change extends { readonly expression: Expression }>(
  node: Expression,
  propose: Propose<Change>,
  scope: readonly string[],
): Change[] {
  const inside = node.kind === 'reduce' ? [...scope, ...node.indices] : scope;
  const deeper = children(node).flatMap((child, position) =>
    rewriteOnce(child, propose, inside).map((change) => {
      let k = 0;
      const expression = mapChildren(node, (old) => (k++ === position ? change.expression : old));
      return { ...change, expression };
    }),
  );
  return [...propose(node, scope), ...deeper];
}

function signs(node: Expression): Repair[] {
  const inCall = node.kind === 'add' || node.kind === 'call';
  const parts = inCall ? children(node) : node.kind === 'power' ? [node.exponent] : [];
  return parts.map((part) => {
    const changed = mapChildren(node, (child) => (child === part ? negated(child) : child));
    return repair('sign lost', `before ${print(withoutSign(part))}`, changed);
  });
}

/** Another name with as many axes, or the derivative of a function instead of the function. */
function otherVariables(node: Expression, meaning: Interpretation): Repair[] {
  if (node.kind === 'call' && !node.derivative && meaning.isFunction(node.name)) {
    return [exchange('wrong variable', node, { ...node, derivative: true })];
  }
  if (node.kind !== 'name' || !meaning.has(node.name) || meaning.isScalar(node.name)) return [];
  const rank = meaning.shape(node).length;
  const others = meaning.names.map((name) => ({ ...node, name }));
  return others
    .filter((other) => other.name !== node.name && meaning.shape(other).length === rank)
    .map((other) => {
      if (other.name !== gradientName(node.name)) {
        return repair('wrong variable', `${node.name} for ${other.name}`, other);
      }
      const about = `${print(node)} stands where ${print(other)} belongs`;
      return repair('upstream gradient forgotten', about, other);
    });
}

/** `\odot` and `\oslash` where a product or a fraction of matrices stands. */
function entryByEntry(node: Expression): Repair[] {
  if (node.kind !== 'product' && node.kind !== 'quotient') return [];
  const operator = node.kind === 'product' ? '\\odot' : '\\oslash';
  const after = children(node).reduce((left, right) => entrywise(operator, left, right));
  return [exchange('not conformable', node, after)];
}

function transposes(node: Expression): Repair[] {
  if (node.kind === 'number' || node.kind === 'ones') return [];
  const { span } = node;
  const after: Expression =
    node.kind === 'transpose' ? node.operand : { kind: 'transpose', operand: node, span };
  return [exchange('transposed', node, after)];
}

/** Two indices of the left side exchanged in the whole formula. */
function everyIndexSwapped(expression: Expression, { indices }: Workshop): Repair[] {
  return pairs(indices).map(([a, b]) => {
    const other = new Map([
      [a, b],
      [b, a],
    ]);
    const swap = (node: Expression): Expression => {
      const changed = mapChildren(node, swap);
      const letter =
        changed.kind === 'name' && changed.indices.length === 0 ? other.get(changed.name) : undefined;
      return letter === undefined ? changed : named(letter, [], changed.span);
    };
    return repair('transposed', `${a} and ${b} are exchanged`, swap(expression));
  });
}

/** Two indices of a name exchanged, or one replaced by another that is bound here. */
function otherIndices(node: Expression, scope: readonly string[]): Repair[] {
  if (node.kind !== 'name' && node.kind !== 'delta') return [];
  const before = node.kind === 'name' ? node.indices : [node.left, node.right];
  const swapped = node.kind === 'name' ? everySwap(before) : [];
  const replaced = before.flatMap((index, axis) => {
    if (index.kind !== 'name' || index.indices.length > 0) return [];
    const others = scope.filter((letter) => letter !== index.name);
    return others.map((letter) => before.with(axis, named(letter, [], index.span)));
  });
  return [...swapped, ...replaced].map((list) => {
    const after =
      node.kind === 'name' ? { ...node, indices: list } : { ...node, left: list[0]!, right: list[1]! };
    return exchange('indices swapped', node, after);
  });
}

function swappedFactors(node: Expression): Repair[] {
  if (node.kind !== 'product') return [];
  return everySwap(node.factors).map((factors) => exchange('factors swapped', node, { ...node, factors }));
}

/** The upstream gradient as a factor, of the whole and of the body of each sum. */
function missingUpstream(expression: Expression, workshop: Workshop, matrix: boolean): Repair[] {
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
function missingSums(expression: Expression, workshop: Workshop, matrix: boolean): Repair[] {
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
  if (loose.length === 0) return [];
  return inPlaces(expression, workshop, (body) => {
    return [repair(mistake, `\\sum_{${loose.join('')}} before ${print(body)}`, sum(loose, body))];
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
function missingFactors(expression: Expression, workshop: Workshop, matrix: boolean): Repair[] {
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

function tooManyFactors(node: Expression): Repair[] {
  const without = (rest: Expression, dropped: Expression) => repair('factor too many', print(dropped), rest);
  if (node.kind === 'quotient') return [without(node.numerator, node.denominator)];
  if (node.kind === 'elementwise') {
    const first = node.operator === '\\odot' ? [without(node.right, node.left)] : [];
    return [without(node.left, node.right), ...first];
  }
  if (node.kind !== 'product') return [];
  return node.factors.map((dropped) => {
    const factors = node.factors.filter((factor) => factor !== dropped);
    return without(factors.length === 1 ? factors[0]! : { ...node, factors }, dropped);
  });
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
  return right.kind === 'negate' ? negated(product(left, right.operand)) : product(left, right);
}

function entrywise(operator: '\\odot' | '\\oslash', left: Expression, right: Expression): Expression {
  return { kind: 'elementwise', operator, left, right, span: left.span };
}

function repair(mistake: Mistake, about: string, expression: Expression): Repair {
  return { mistake, note: about === '' ? mistake : `${mistake}: ${about}`, expression };
}

/** A repair that puts one thing in the place of another. */
function exchange(mistake: Mistake, before: Expression, after: Expression): Repair {
  return repair(mistake, `${print(before)} for ${print(after)}`, after);
}

/** A list with each two of its items exchanged. */
export function everySwap<T>(list: readonly T[]): T[][] {
  return pairs([...list.keys()]).map(([a, b]) => list.with(a, list[b]!).with(b, list[a]!));
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
