import { type Arithmetic, builtIn, dual, type ScalarFunction } from './arithmetic.js';
import { type CallNode, type Condition, type Expression, gradientName } from './ast.js';
import type { NameNode, PartialNode, ReduceNode, Relation } from './ast.js';
import { type Fault, FormulaError, type Span } from './error.js';
import { extent, fixedRange, isIndex, partnersOf } from './extents.js';
import type { Interpretation } from './interpretation.js';
import { readMatrix } from './matrix-notation.js';

/** The values of the indices, each in its slot; indices count from 1, as on paper. */
export type Frame = number[];
export type Evaluate<T> = (frame: Frame) => T;

/** An index in scope: its slot, and its first and last value where they do not depend on other indices. */
interface IndexVariable {
  readonly slot: number;
  readonly from?: number;
  readonly to?: number;
}
export type Scope = ReadonlyMap<string, IndexVariable>;

/** A name whose entry at `flat` has slope 1 when a formula is differentiated by it. */
interface Seed<T> {
  readonly name: string;
  readonly entry: (flat: number) => T;
}

const lossNames = new Set(['\\ell', 'l', 'L', '\\mathcal{L}']);
const constants: Readonly<Record<string, number>> = { e: Math.E, '\\pi': Math.PI };

const compare: Readonly<Record<Relation, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '\\ne': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '\\le': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '\\ge': (a, b) => a >= b,
};

/** A scope in which indices run over the axes of a shape. */
export function scopeOf(indices: readonly string[], shape: readonly number[]): Scope {
  return new Map(indices.map((index, slot) => [index, { slot, from: 1, to: shape[slot]! }]));
}

/** Makes closures of formulas in index notation, on plain or on dual numbers. */
export class Compiler<T> {
  readonly #definitions = new Map<string, (flat: number) => T>();

  constructor(
    readonly meaning: Interpretation,
    readonly arithmetic: Arithmetic<T>,
    readonly seed?: Seed<T>,
  ) {}

  /** The number that an expression stands for, given the values of the indices in scope. */
  compile(node: Expression, scope: Scope): Evaluate<T> {
    const { constant, add, multiply, divide, negate, power } = this.arithmetic;
    const inner = (part: Expression) => this.compile(part, scope);
    switch (node.kind) {
      case 'number': {
        const value = constant(node.value);
        return () => value;
      }
      case 'name':
        return this.#name(node, scope);
      case 'negate': {
        const operand = inner(node.operand);
        return (frame) => negate(operand(frame));
      }
      case 'add':
        return node.terms.map(inner).reduce((left, right) => (frame) => add(left(frame), right(frame)));
      case 'product':
        return node.factors
          .map(inner)
          .reduce((left, right) => (frame) => multiply(left(frame), right(frame)));
      case 'quotient': {
        const [top, bottom] = [inner(node.numerator), inner(node.denominator)];
        return (frame) => divide(top(frame), bottom(frame));
      }
      case 'power': {
        const exponent = inner(node.exponent);
        if (this.#isEuler(node.base))
          return (frame) => this.arithmetic.apply(builtIn['exp']!, exponent(frame));
        const base = inner(node.base);
        return (frame) => power(base(frame), exponent(frame));
      }
      case 'call':
        return this.#call(node, scope);
      case 'reduce':
        return this.#reduce(node, scope);
      case 'delta': {
        const [left, right] = [this.index(node.left, scope), this.index(node.right, scope)];
        const [one, zero] = [constant(1), constant(0)];
        return (frame) => (left(frame) === right(frame) ? one : zero);
      }
      case 'indicator': {
        const holds = this.#conditions(node.conditions, scope);
        const [one, zero] = [constant(1), constant(0)];
        return (frame) => (holds(frame) ? one : zero);
      }
      case 'partial':
        return this.#partial(node, scope);
      case 'entry': {
        const matrix = readMatrix(node.matrix, this.meaning);
        const single = node.indices.length === 1 && matrix.sizes.length === 2 && matrix.sizes[1]!.value === 1;
        const indices = single ? [...node.indices, one(node.span)] : node.indices;
        if (indices.length !== matrix.sizes.length) {
          fail('rank', `what has these ${indices.length} indices has ${matrix.sizes.length} axes`, node.span);
        }
        return inner(matrix.entry(indices));
      }
      case 'elementwise':
        return fail(
          'syntax',
          `${node.operator} belongs to matrix notation: numbers are multiplied and divided`,
          node.span,
        );
      case 'transpose':
      case 'ones':
        return fail(
          'syntax',
          'this belongs to matrix notation: write indices, or one entry as in (A B)_{ij}',
          node.span,
        );
    }
  }

  /** The whole number that an index expression stands for. */
  index(node: Expression, scope: Scope): Evaluate<number> {
    const inner = (part: Expression) => this.index(part, scope);
    switch (node.kind) {
      case 'number':
        return () => node.value;
      case 'negate': {
        const operand = inner(node.operand);
        return (frame) => -operand(frame);
      }
      case 'add':
        return node.terms.map(inner).reduce((left, right) => (frame) => left(frame) + right(frame));
      case 'product':
        return node.factors.map(inner).reduce((left, right) => (frame) => left(frame) * right(frame));
      case 'reduce':
        if (node.operation.startsWith('arg')) return this.#best(node, scope).index;
        break;
      case 'name': {
        const variable = node.indices.length === 0 ? scope.get(node.name) : undefined;
        if (variable) return (frame) => frame[variable.slot]!;
        if (node.indices.length === 0 && !this.meaning.isScalar(node.name))
          return this.#freeIndex(node, scope);
        const at = this.#position(node, scope);
        const values = this.meaning.values(node);
        const first = node.indices.length === 0 ? 0 : 1;
        return (frame) => whole(values[at(frame)]!, node) + first;
      }
    }
    return fail(
      'syntax',
      'expected an index: a letter, a whole number, their sum, a label such as t_k, or an argmax',
      node.span,
    );
  }

  #name(node: NameNode, scope: Scope): Evaluate<T> {
    const { constant } = this.arithmetic;
    if (node.indices.length === 0) {
      if (scope.has(node.name)) {
        fail(
          'syntax',
          `the index ${node.name} stands here like a number: expected it in a subscript`,
          node.span,
        );
      }
      const value = this.meaning.has(node.name) ? undefined : constants[node.name];
      if (value !== undefined) return () => constant(value);
    }
    const at = this.#position(node, scope);
    const entry = this.#entries(node);
    const zero = constant(0);
    return (frame) => {
      const flat = at(frame);
      return flat < 0 ? zero : entry(flat);
    };
  }

  /** How to get at the entries of a name: the seed and what depends on it carry slopes. */
  #entries(node: NameNode): (flat: number) => T {
    if (this.seed?.name === node.name) return this.seed.entry;
    const definition = this.seed && this.meaning.definition(node.name);
    if (!definition) {
      const values = this.meaning.values(node);
      return (flat) => this.arithmetic.constant(values[flat]!);
    }
    const known = this.#definitions.get(node.name);
    if (known) return known;
    this.#definitions.set(node.name, () => fail('syntax', `${node.name} is defined by itself`, node.span));
    const { indices, shape, body } = definition;
    const evaluate = this.compile(body, scopeOf(indices, shape));
    const frame: Frame = [];
    const entry = (flat: number) => {
      unflatten(flat, shape, frame);
      return evaluate(frame);
    };
    this.#definitions.set(node.name, entry);
    return entry;
  }

  /** The place of an entry in row-major order, or -1 outside; only index arithmetic may point outside. */
  #position(node: NameNode, scope: Scope): Evaluate<number> {
    const shape = this.meaning.shape(node);
    if (node.indices.length !== shape.length) {
      const axes = shape.length === 1 ? '1 axis' : `${shape.length} axes`;
      fail(
        'rank',
        `${node.name} has ${axes} and stands here with ${node.indices.length || 'no'} indices`,
        node.span,
      );
    }
    const parts = node.indices.map((index, axis) => {
      const at = this.index(index, scope);
      const size = shape[axis]!;
      const variable =
        index.kind === 'name' && index.indices.length === 0 ? scope.get(index.name) : undefined;
      if (variable) {
        const outside = (variable.from ?? 1) < 1 || (variable.to ?? size) > size;
        if (outside)
          fail('index-size', outsideMessage(index as NameNode, variable, node, axis, size), index.span);
      }
      return { at, size, strict: variable !== undefined && variable.to === undefined, span: index.span };
    });
    return (frame) => {
      let flat = 0;
      for (const { at, size, strict, span } of parts) {
        const position = at(frame) - 1;
        if (position < 0 || position >= size) {
          if (strict)
            fail('index-size', `this index runs to ${position + 1}, but the axis has ${size}`, span);
          return -1;
        }
        flat = flat * size + position;
      }
      return flat;
    };
  }

  #call(node: CallNode, scope: Scope): Evaluate<T> {
    const { value, apply } = this.arithmetic;
    const operands = node.operands.map((operand) => this.compile(operand, scope));
    if (node.name === 'max' || node.name === 'min') {
      const better = compare[node.name === 'max' ? '>' : '<'];
      return operands.reduce((left, right) => (frame) => {
        const [first, second] = [left(frame), right(frame)];
        return better(value(second), value(first)) ? second : first;
      });
    }
    if (operands.length !== 1) fail('syntax', 'this function takes one argument', node.span);
    const { value: f, derivative } = this.meaning.function(node);
    if (node.derivative && this.seed) {
      fail('value', 'a formula with the derivative of a function cannot be differentiated here', node.span);
    }
    const function_: ScalarFunction = { value: node.derivative ? derivative : f, derivative };
    return (frame) => apply(function_, operands[0]!(frame));
  }

  #conditions(conditions: readonly Condition[], scope: Scope): Evaluate<boolean> {
    const checks = conditions.map(({ operands, relations }) => {
      const onIndices = operands.some((operand) => isIndex(operand, scope));
      const sides = operands.map((operand): Evaluate<number> => {
        if (onIndices) return this.index(operand, scope);
        const side = this.compile(operand, scope);
        return (frame) => this.arithmetic.value(side(frame));
      });
      return (frame: Frame) =>
        relations.every((sign, k) => compare[sign](sides[k]!(frame), sides[k + 1]!(frame)));
    });
    return (frame) => checks.every((check) => check(frame));
  }

  #reduce(node: ReduceNode, scope: Scope): Evaluate<T> {
    const { constant, add, multiply } = this.arithmetic;
    if (node.operation !== 'sum' && node.operation !== 'prod') {
      if (node.operation.startsWith('arg'))
        fail('syntax', 'an argmax is an index: expected it in a subscript or [j = …]', node.span);
      return this.#best(node, scope).value;
    }
    const { each, body } = this.#loops(node, scope);
    const combine = node.operation === 'sum' ? add : multiply;
    const start = constant(node.operation === 'sum' ? 0 : 1);
    return (frame) => {
      let total = start;
      each(frame, () => (total = combine(total, body(frame))));
      return total;
    };
  }

  /** The largest or smallest value and the first index where it stands. */
  #best(node: ReduceNode, scope: Scope): { value: Evaluate<T>; index: Evaluate<number> } {
    const { each, body, slots } = this.#loops(node, scope);
    const better = compare[node.operation.endsWith('max') ? '>' : '<'];
    const find = (frame: Frame): { value: T; index: number } => {
      let best: { value: T; index: number } | undefined;
      each(frame, () => {
        const value = body(frame);
        const wins = !best || better(this.arithmetic.value(value), this.arithmetic.value(best.value));
        if (wins) best = { value, index: frame[slots[0]!]! };
      });
      return best ?? fail('value', 'there is nothing to choose from', node.span);
    };
    return { value: (frame) => find(frame).value, index: (frame) => find(frame).index };
  }

  #loops(node: ReduceNode, scope: Scope) {
    const inside = new Map(scope);
    const bounds = node.range && [node.range.from, node.range.to].map((bound) => this.index(bound, scope));
    const loops = node.indices.map((index) => {
      if (inside.has(index))
        fail('syntax', `the index ${index} is taken already: expected a letter of its own`, node.span);
      const slot = inside.size;
      const fixed = node.range
        ? fixedRange(node.range, this.meaning)
        : { from: 1, to: this.#extent(index, node, inside) };
      inside.set(index, { slot, ...fixed });
      const [from, to] = bounds ?? [() => 1, () => fixed!.to];
      return { slot, from: from!, to: to! };
    });
    const body = this.compile(node.body, inside);
    const holds = this.#conditions(node.conditions, inside);
    const each = (frame: Frame, visit: () => void, depth = 0): void => {
      const loop = loops[depth];
      if (!loop) {
        if (holds(frame)) visit();
        return;
      }
      const last = loop.to(frame);
      for (let k = loop.from(frame); k <= last; k++) {
        frame[loop.slot] = k;
        each(frame, visit, depth + 1);
      }
    };
    return { each, body, slots: loops.map((loop) => loop.slot) };
  }

  /** How far an index runs: as the axes say on which it stands, or else the index that it must equal. */
  #extent(index: string, node: ReduceNode, scope: Scope): number {
    const parts = [node.body, ...node.conditions.flatMap((one) => one.operands)];
    const partners = parts
      .flatMap((part) => partnersOf(index, part))
      .map((partner) => scope.get(partner)?.to);
    const size = extent(index, parts, this.meaning) ?? partners.find((to) => to !== undefined);
    return (
      size ??
      fail(
        'index-size',
        `nothing here says how far ${index} runs: expected \\sum_{${index}=1}^{…}`,
        node.span,
      )
    );
  }

  /** The slope of a formula when the chosen entry moves: automatic differentiation on dual numbers. */
  #partial(node: PartialNode, scope: Scope): Evaluate<T> {
    const { of, by } = node;
    if (this.seed) fail('value', 'a formula with \\partial cannot be differentiated again here', node.span);
    if (of.kind === 'name' && lossNames.has(of.name) && !this.meaning.has(of.name)) {
      return this.compile({ ...by, name: gradientName(by.name) }, scope);
    }
    let seeded = -1;
    const values = this.meaning.values(by);
    const entry = (flat: number) => ({ value: values[flat]!, slope: flat === seeded ? 1 : 0 });
    const evaluate = new Compiler(this.meaning, dual, { name: by.name, entry }).compile(of, scope);
    const at = this.#position(by, scope);
    return (frame) => {
      seeded = at(frame);
      return this.arithmetic.constant(evaluate(frame).slope);
    };
  }

  #isEuler(node: Expression): boolean {
    return node.kind === 'name' && node.name === 'e' && node.indices.length === 0 && !this.meaning.has('e');
  }

  #freeIndex(node: NameNode, scope: Scope): never {
    const bound = [...scope.keys()].filter((index) => !index.includes('#')).join(', ');
    const known = bound === '' ? 'no index is bound here' : `bound here are ${bound}`;
    return fail(
      'free-index',
      `the index ${node.name} is free: no sum binds it and the left side does not have it (${known})`,
      node.span,
    );
  }
}

function one(span: Span): Expression {
  return { kind: 'number', value: 1, span };
}

function whole(value: number, { name, span }: NameNode): number {
  return Number.isInteger(value)
    ? value
    : fail('value', `${name} counts or labels here: expected a whole number, not ${value}`, span);
}

function unflatten(flat: number, shape: readonly number[], frame: Frame): void {
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    frame[axis] = (rest % shape[axis]!) + 1;
    rest = Math.floor(rest / shape[axis]!);
  }
}

function outsideMessage(
  index: NameNode,
  { from, to }: IndexVariable,
  node: NameNode,
  axis: number,
  size: number,
): string {
  const range = `${index.name} runs from ${from} to ${to}`;
  return `an index used with two sizes: ${range}, but axis ${axis + 1} of ${node.name} has ${size}`;
}

function fail(fault: Fault, problem: string, span: Span): never {
  throw new FormulaError(fault, problem, span);
}
