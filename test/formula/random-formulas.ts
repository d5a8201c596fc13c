import type { Expression, NameNode, Relation } from '../../src/formula/ast.js';
import type { Meaning } from '../../src/formula/interpretation.js';
import { cubic, environment } from './samples.js';

const span = { text: '', start: 0, end: 0 };

/** What random formulas speak about; no two axes have the same length. */
export const world: Meaning = {
  environment: environment(
    {
      X: { shape: [3, 4] },
      'S^\\nabla': { shape: [3, 4] },
      "X'": { shape: [3, 4] },
      '\\hat{x}': { shape: [3] },
      v: { shape: [4] },
      W: { shape: [4, 4] },
      t: { shape: [3], labels: 4 },
      c: 2,
    },
    5,
  ),
  functions: { f: cubic, gelu: cubic },
};

const sizes: Readonly<Record<string, number>> = { i: 3, j: 4, k: 3, l: 4, "k'": 3, p: 4 };

/** Random formulas, the same for the same seed. */
export class Generator {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 69621 + 17) % 2147483647;
  }

  below(bound: number): number {
    this.#state = (this.#state * 48271) % 2147483647;
    return Math.floor((this.#state / 2147483647) * bound);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** A number in index notation that depends on the indices in scope. */
  scalar(scope: readonly string[], depth: number): Expression {
    const inner = () => this.scalar(scope, depth - 1);
    const list = (least: number) => Array.from({ length: least + this.below(2) }, inner);
    if (depth === 0) return this.leaf(scope);
    switch (this.below(12)) {
      case 0:
        return { kind: 'add', terms: list(2), span };
      case 1:
        return { kind: 'product', factors: list(2), span };
      case 2:
        return { kind: 'quotient', numerator: inner(), denominator: inner(), span };
      case 3:
        return {
          kind: 'power',
          base: inner(),
          exponent: { kind: 'number', value: this.below(4), span },
          elementwise: false,
          span,
        };
      case 4:
        return { kind: 'power', base: name('e'), exponent: inner(), elementwise: false, span };
      case 5: {
        const call = this.pick(['exp', 'log', 'tanh', 'sigma', 'sqrt', 'relu', 'f', 'gelu']);
        return {
          kind: 'call',
          name: call,
          derivative: call !== 'sqrt' && this.below(4) === 0,
          operands: [inner()],
          span,
        };
      }
      case 6:
        return { kind: 'call', name: this.pick(['max', 'min']), derivative: false, operands: list(2), span };
      case 7:
        return this.reduce(scope, depth);
      case 8:
        return this.indicator(scope, depth);
      case 9:
        return { kind: 'negate', operand: inner(), span };
      case 10:
        return {
          kind: 'entry',
          matrix: this.matrix(depth - 1, 3, 4),
          indices: [this.index(scope, 3), this.index(scope, 4)],
          span,
        };
      default:
        return { kind: 'partial', of: this.leaf(scope), by: this.entry(scope, 'X', [3, 4]), span };
    }
  }

  leaf(scope: readonly string[]): Expression {
    switch (this.below(6)) {
      case 0:
        return { kind: 'number', value: this.pick([0, 1, 2, 0.5, 16]), span };
      case 1:
        return name('c');
      case 2:
        return { kind: 'delta', left: this.index(scope, 3), right: this.index(scope, 4), span };
      case 3:
        return this.entry(scope, '\\hat{x}', [3]);
      default:
        return this.entry(scope, this.pick(['X', 'S^\\nabla', "X'"]), [3, 4]);
    }
  }

  /** An expression in matrix notation of a given shape. */
  matrix(depth: number, rows: number, columns: number): Expression {
    const inner = () => this.matrix(depth - 1, rows, columns);
    if (depth <= 0) {
      const fits = (['X', 'S^\\nabla', "X'"] as const).map((one) => name(one));
      if (rows === 3 && columns === 4) return this.pick(fits);
      if (rows === 4 && columns === 3) return { kind: 'transpose', operand: this.pick(fits), span };
      if (rows === 4 && columns === 4)
        return this.pick<Expression>([
          name('W'),
          { kind: 'call', name: 'diag', derivative: false, operands: [name('v')], span },
        ]);
      return {
        kind: 'product',
        factors: [ones(rows), { kind: 'transpose', operand: ones(columns), span }],
        span,
      };
    }
    switch (this.below(7)) {
      case 0:
        return { kind: 'add', terms: [inner(), this.below(2) ? inner() : { kind: 'ones', span }], span };
      case 1: {
        const between = this.pick([3, 4]);
        return {
          kind: 'product',
          factors: [this.matrix(depth - 1, rows, between), this.matrix(depth - 1, between, columns)],
          span,
        };
      }
      case 2:
        return {
          kind: 'elementwise',
          operator: this.pick(['\\odot', '\\oslash']),
          left: inner(),
          right: inner(),
          span,
        };
      case 3:
        return { kind: 'transpose', operand: this.matrix(depth - 1, columns, rows), span };
      case 4:
        return {
          kind: 'call',
          name: this.pick(['tanh', 'sigma', 'f']),
          derivative: this.below(3) === 0,
          operands: [inner()],
          span,
        };
      case 5:
        return {
          kind: 'quotient',
          numerator: inner(),
          denominator: this.pick<Expression>([name('c'), { kind: 'number', value: 3, span }]),
          span,
        };
      default:
        return { kind: 'negate', operand: inner(), span };
    }
  }

  private reduce(scope: readonly string[], depth: number): Expression {
    const free = Object.keys(sizes).filter((letter) => !scope.includes(letter));
    if (free.length === 0) return this.leaf(scope);
    const index = this.pick(free);
    const [from, to] = [1, sizes[index]!].map((value): Expression => ({ kind: 'number', value, span }));
    const inside = [...scope, index];
    const conditions =
      this.below(3) === 0
        ? [
            {
              operands: [name(index), this.index(inside, 4)],
              relations: [this.pick<Relation>(['\\ne', '<', '\\ge'])],
            },
          ]
        : [];
    const operation =
      conditions.length > 0
        ? this.pick(['sum', 'prod'] as const)
        : this.pick(['sum', 'prod', 'max', 'min'] as const);
    const body = this.scalar(inside, depth - 1);
    const range = conditions.length === 0 ? { range: { from: from!, to: to! } } : {};
    const anchor: Expression = this.entry(
      inside,
      sizes[index] === 3 ? '\\hat{x}' : 'v',
      [sizes[index]!],
      index,
    );
    const anchored: Expression = { kind: 'product', factors: [anchor, body], span };
    return { kind: 'reduce', operation, indices: [index], ...range, conditions, body: anchored, span };
  }

  private indicator(scope: readonly string[], depth: number): Expression {
    const relation = this.pick<Relation>(['=', '\\ne', '<', '\\le', '>', '\\ge']);
    const operands = this.below(2)
      ? [this.index(scope, 4), name(this.pick(scope))]
      : [this.scalar(scope, depth - 1), this.scalar(scope, depth - 1)];
    return { kind: 'indicator', conditions: [{ operands, relations: [relation] }], span };
  }

  /** An index for an axis: a letter of that length, a number, a label, or index arithmetic, which may point outside. */
  private index(scope: readonly string[], size: number): Expression {
    const fitting = scope.filter((letter) => sizes[letter] === size);
    const choice = this.below(8);
    if (choice === 0) return { kind: 'number', value: 1 + this.below(size), span };
    if (choice === 1 && size === 4 && scope.includes('i')) return this.entry(scope, 't', [3], 'i');
    if (choice === 2 && scope.length > 0) {
      const shifted: Expression = { kind: 'negate', operand: { kind: 'number', value: 1, span }, span };
      return { kind: 'add', terms: [name(this.pick(scope)), shifted], span };
    }
    if (choice === 3 && scope.length > 0) {
      return { kind: 'product', factors: [{ kind: 'number', value: 2, span }, name(this.pick(scope))], span };
    }
    return fitting.length > 0
      ? name(this.pick(fitting))
      : { kind: 'number', value: 1 + this.below(size), span };
  }

  private entry(scope: readonly string[], of: string, shape: readonly number[], fixed?: string): NameNode {
    return {
      kind: 'name',
      name: of,
      indices: shape.map((size) => (fixed ? name(fixed) : this.index(scope, size))),
      span,
    };
  }
}

function name(text: string): NameNode {
  return { kind: 'name', name: text, indices: [], span };
}

function ones(size: number): Expression {
  return { kind: 'ones', size: { kind: 'number', value: size, span }, span };
}
