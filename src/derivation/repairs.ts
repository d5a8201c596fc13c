import { children, type Expression, gradientName, mapChildren, type NameNode } from './ast.js';
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

type Propose = (node: Expression, scope: readonly string[]) => Repair[];

/** Every formula that differs from the given one by one usual mistake, the likeliest first. */
export function repairs(expression: Expression, workshop: Workshop): Repair[] {
  const { meaning, indices } = workshop;
  const matrix = notationOf(expression, meaning) === 'matrix';
  const everywhere = (propose: Propose) => rewriteOnce(expression, propose, indices);
  return [
    ...missingUpstream(expression, workshop, matrix),
    ...missingSums(expression, workshop, matrix),
    ...everywhere(signs),
    ...everywhere((node) => otherVariables(node, meaning)),
    ...(matrix ? everywhere(transposes) : []),
    ...(matrix ? transposes(expression) : everyIndexSwapped(expression, workshop)),
    ...(matrix ? everywhere(swappedFactors) : everywhere(otherIndices)),
    ...missingFactors(expression, workshop, matrix),
    ...everywhere(tooManyFactors),
  ];
}

/** All trees in which one node is replaced by one of its proposals. */
function rewriteOnce(node: Expression, propose: Propose, scope: readonly string[]): Repair[] {
  const inside = node.kind === 'reduce' ? [...scope, ...node.indices] : scope;
  const deeper = children(node).flatMap((child, position) =>
    rewriteOnce(child, propose, inside).map((repair) => {
      let k = 0;
      const expression = mapChildren(node, (old) => (k++ === position ? repair.expression : old));
      return { ...repair, expression };
    }),
  );
  return [...propose(node, scope), ...deeper];
}

function signs(node: Expression): Repair[] {
  const parts =
    node.kind === 'add' || node.kind === 'call'
      ? children(node)
      : node.kind === 'power'
        ? [node.exponent]
        : [];
  return parts.map((part) => {
    const expression = mapChildren(node, (child) => (child === part ? negated(child) : child));
    return { mistake: 'sign lost', note: `sign lost before ${print(withoutSign(part))}`, expression };
  });
}

function otherVariables(node: Expression, meaning: Interpretation): Repair[] {
  if (
    node.kind === 'call' &&
    !node.derivative &&
    !['sqrt', 'max', 'min', 'diag', 'onehot'].includes(node.name)
  ) {
    const expression = { ...node, derivative: true };
    return [
      {
        mistake: 'wrong variable',
        note: `wrong variable: ${print(node)} for ${print(expression)}`,
        expression,
      },
    ];
  }
  if (node.kind !== 'name' || !meaning.has(node.name) || meaning.isScalar(node.name)) return [];
  const rank = meaning.shape(node).length;
  const others = meaning.names.filter(
    (name) => name !== node.name && meaning.shape({ ...node, name }).length === rank,
  );
  return others.map((name) => {
    const expression = { ...node, name };
    if (name !== gradientName(node.name)) {
      return { mistake: 'wrong variable', note: `wrong variable: ${node.name} for ${name}`, expression };
    }
    const note = `upstream gradient forgotten: ${print(node)} stands where ${print(expression)} belongs`;
    return { mistake: 'upstream gradient forgotten', note, expression };
  });
}

function transposes(node: Expression): Repair[] {
  if (node.kind === 'number' || node.kind === 'ones') return [];
  const expression: Expression =
    node.kind === 'transpose' ? node.operand : { kind: 'transpose', operand: node, span: node.span };
  return [{ mistake: 'transposed', note: `transposed: ${print(node)} for ${print(expression)}`, expression }];
}

/** Two indices of the left side exchanged in the whole formula. */
function everyIndexSwapped(expression: Expression, { indices }: Workshop): Repair[] {
  return pairs(indices).map(([a, b]) => {
    const swap = (node: Expression): Expression => {
      const changed = mapChildren(node, swap);
      if (changed.kind !== 'name' || changed.indices.length > 0) return changed;
      return changed.name === a
        ? { ...changed, name: b }
        : changed.name === b
          ? { ...changed, name: a }
          : changed;
    };
    return {
      mistake: 'transposed',
      note: `transposed: ${a} and ${b} are exchanged`,
      expression: swap(expression),
    };
  });
}

/** Two indices of a name exchanged, or one replaced by another that is bound here. */
function otherIndices(node: Expression, scope: readonly string[]): Repair[] {
  if (node.kind !== 'name' && node.kind !== 'delta') return [];
  const before = node.kind === 'name' ? node.indices : [node.left, node.right];
  const rebuilt = (list: readonly Expression[]): Expression => {
    return node.kind === 'name' ? { ...node, indices: list } : { ...node, left: list[0]!, right: list[1]! };
  };
  const swapped = pairs(before.map((_, axis) => axis)).map(([a, b]) => {
    return rebuilt(before.map((index, axis) => (axis === a ? before[b]! : axis === b ? before[a]! : index)));
  });
  const replaced = before.flatMap((index, axis) => {
    if (index.kind !== 'name' || index.indices.length > 0) return [];
    const others = scope.filter((letter) => letter !== index.name);
    return others.map((letter) =>
      rebuilt(before.map((old, k) => (k === axis ? { ...index, name: letter } : old))),
    );
  });
  return [...(node.kind === 'name' ? swapped : []), ...replaced].map((expression) => {
    return {
      mistake: 'indices swapped',
      note: `indices swapped: ${print(node)} for ${print(expression)}`,
      expression,
    };
  });
}

function swappedFactors(node: Expression): Repair[] {
  if (node.kind !== 'product') return [];
  return pairs(node.factors.map((_, k) => k)).map(([a, b]) => {
    const { factors } = node;
    const changed = factors.map((factor, k) => (k === a ? factors[b]! : k === b ? factors[a]! : factor));
    const expression: Expression = { ...node, factors: changed };
    return {
      mistake: 'factors swapped',
      note: `factors swapped: ${print(node)} for ${print(expression)}`,
      expression,
    };
  });
}

/** The upstream gradient as a factor, of the whole and of the body of each sum. */
function missingUpstream(expression: Expression, workshop: Workshop, matrix: boolean): Repair[] {
  const { meaning } = workshop;
  const names = meaning.upstream.map((name) => gradientName(name));
  if (names.some((name) => mentions(expression, name))) return [];
  return names.flatMap((name) => {
    const mistake = {
      mistake: 'upstream gradient forgotten' as const,
      note: `upstream gradient forgotten: ${name}`,
    };
    const rank = meaning.shape(named(name, [], expression)).length;
    return inPlaces(expression, workshop, (node, scope) => {
      const factors = arrangements(scope, matrix ? 0 : rank).map((letters) => named(name, letters, node));
      const changed = factors.map((factor) => times(factor, node));
      const ways = matrix
        ? [entrywise('\\odot', factors[0]!, node), ...changed, times(node, factors[0]!)]
        : changed;
      return ways.map((result) => ({ ...mistake, expression: result }));
    });
  });
}

/** A sum over the indices that nothing binds; in matrix notation a product with ones. */
function missingSums(expression: Expression, workshop: Workshop, matrix: boolean): Repair[] {
  const { meaning, indices, shape } = workshop;
  const { span } = expression;
  const widest = Math.max(
    ...meaning.upstream.map((name) => meaning.shape(named(name, [], expression)).length),
  );
  const mistake: Mistake =
    shape.length < widest ? 'sum over a broadcast axis missing' : 'index without a sum';
  if (matrix) {
    if (shape.length >= widest) return [];
    const ones: Expression = { kind: 'ones', span };
    const operands: Expression[] = [expression, { kind: 'transpose', operand: expression, span }];
    return operands.map((operand) => ({ mistake, note: mistake, expression: times(operand, ones) }));
  }
  const loose = freeIndices(expression, meaning).filter((index) => !indices.includes(index));
  if (loose.length === 0) return [];
  return inPlaces(expression, workshop, (body) => {
    const sum: Expression = { kind: 'reduce', operation: 'sum', indices: loose, conditions: [], body, span };
    return [
      { mistake, note: `${mistake}: \\sum_{${loose.join('')}} before ${print(body)}`, expression: sum },
    ];
  });
}

/** A factor or a divisor that is known: a name, or the derivative of a given function. */
function missingFactors(expression: Expression, workshop: Workshop, matrix: boolean): Repair[] {
  const { meaning, shape } = workshop;
  const names = meaning.names
    .map((name) => named(name, [], expression))
    .filter((name) => meaning.shape(name).length > 0);
  return inPlaces(expression, workshop, (node, scope) => {
    const known = names.flatMap((name): Expression[] => {
      const rank = meaning.shape(name).length;
      if (matrix) return rank === shape.length ? [name] : [];
      return arrangements(scope, rank).map((letters) => named(name.name, letters, node));
    });
    const { span } = node;
    const slopes = meaning.functionNames.flatMap((name) =>
      known.map((operand): Expression => ({
        kind: 'call',
        name,
        derivative: true,
        operands: [operand],
        span,
      })),
    );
    return [...known, ...slopes].flatMap((factor): Repair[] => {
      const over: Expression = { kind: 'quotient', numerator: node, denominator: factor, span };
      const more = matrix ? entrywise('\\odot', node, factor) : times(factor, node);
      const less = matrix ? entrywise('\\oslash', node, factor) : over;
      const missing = (note: string, result: Expression): Repair => {
        return { mistake: 'factor missing', note: `factor missing: ${note}`, expression: result };
      };
      return [missing(print(factor), more), missing(`\\frac{1}{${print(factor)}}`, less)];
    });
  });
}

/** Changes of the whole, of the body of each sum and of each term, under the sign that the term has. */
function inPlaces(expression: Expression, { indices }: Workshop, propose: Propose): Repair[] {
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

function tooManyFactors(node: Expression): Repair[] {
  const without = (expression: Expression, dropped: Expression): Repair => {
    return { mistake: 'factor too many', note: `factor too many: ${print(dropped)}`, expression };
  };
  if (node.kind === 'elementwise')
    return [
      without(node.left, node.right),
      ...(node.operator === '\\odot' ? [without(node.right, node.left)] : []),
    ];
  if (node.kind === 'quotient') return [without(node.numerator, node.denominator)];
  if (node.kind !== 'product') return [];
  return node.factors.map((dropped) => {
    const factors = node.factors.filter((factor) => factor !== dropped);
    return without(factors.length === 1 ? factors[0]! : { ...node, factors }, dropped);
  });
}

function mentions(node: Expression, name: string): boolean {
  return (
    (node.kind === 'name' && node.name === name) || children(node).some((child) => mentions(child, name))
  );
}

function named(name: string, letters: readonly string[], { span }: Expression): NameNode {
  const indices = letters.map((letter): NameNode => ({ kind: 'name', name: letter, indices: [], span }));
  return { kind: 'name', name, indices, span };
}

function times(left: Expression, right: Expression): Expression {
  const [first, second] = right.kind === 'negate' ? [left, right.operand] : [left, right];
  const product: Expression = { kind: 'product', factors: [first, second], span: left.span };
  return right.kind === 'negate' ? negated(product) : product;
}

function entrywise(operator: '\\odot' | '\\oslash', left: Expression, right: Expression): Expression {
  return { kind: 'elementwise', operator, left, right, span: left.span };
}

/** The same with the other sign. */
export function negated(node: Expression): Expression {
  return node.kind === 'negate' ? node.operand : { kind: 'negate', operand: node, span: node.span };
}

function withoutSign(node: Expression): Expression {
  return node.kind === 'negate' ? node.operand : node;
}

function pairs<T>(list: readonly T[]): [T, T][] {
  return list.flatMap((first, k) => list.slice(k + 1).map((second): [T, T] => [first, second]));
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
