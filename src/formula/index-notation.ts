import { type Arithmetic, builtIn, dual, plain, type ScalarFunction } from './arithmetic.js';
import { type CallNode, type Condition, type Expression, isPlainName } from './ast.js';
import type { NameNode, PartialNode, Relation } from './ast.js';
import { number } from './build.js';
import { refuse } from './error.js';
import { gradientOfLoss, isIndex } from './extents.js';
import type { Interpretation } from './interpretation.js';
import { readMatrix } from './matrix-notation.js';
import { bestIndex, reduce } from './reduction.js';

/** The values of the indices, each in its slot; indices count from 1, as on paper. */
export type Frame = number[];
export type Evaluate<T> = (frame: Frame) => T;

/** The indices in scope: where their values stand, and how far they run unless their sum states a range. */
export type Scope = ReadonlyMap<string, { readonly slot: number; readonly size?: number }>;

/** A name whose entries are given with slopes: a formula is differentiated by it. */
interface Seed<T> {
  readonly name: string;
  readonly entry: (flat: number) => T;
}

const constants: Readonly<Record<string, number>> = { e: Math.E, '\\pi': Math.PI };

/** What a relation says of two numbers. */
export const compare: Readonly<Record<Relation, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '\\ne': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '\\le': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '\\ge': (a, b) => a >= b,
};

/** A scope in which indices run over the axes of a shape. */
export function scopeOf(indices: readonly string[], shape: readonly number[]): Scope {
  return new Map(indices.map((index, slot) => [index, { slot, size: shape[slot]! }]));
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
    const { constant, add, multiply, divide, negate, power, apply } = this.arithmetic;
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
        return node.terms.map(inner).reduce((left, right) => combined(add, left, right));
      case 'product':
        return node.factors.map(inner).reduce((left, right) => combined(multiply, left, right));
      case 'quotient':
        return combined(divide, inner(node.numerator), inner(node.denominator));
      case 'power': {
        const exponent = inner(node.exponent);
        if (this.#isEuler(node.base)) return (frame) => apply(builtIn['exp']!, exponent(frame));
        return combined(power, inner(node.base), exponent);
      }
      case 'call':
        return this.#call(node, scope);
      case 'reduce':
        return reduce(node, scope, this);
      case 'delta':
        return this.#indicator([{ operands: [node.left, node.right], relations: ['='] }], scope, true);
      case 'indicator':
        return this.#indicator(node.conditions, scope);
      case 'partial':
        return this.#partial(node, scope);
      case 'entry': {
        const { sizes, entry } = readMatrix(node.matrix, this.meaning);
        const column = node.indices.length === 1 && sizes.length === 2 && sizes[1]!.value === 1;
        const indices: Expression[] = [...node.indices];
        if (column) indices.push(number(1, node.span));
        if (indices.length !== sizes.length) refuse('rank', `this has ${sizes.length} axes`, node.span);
        return inner(entry(indices));
      }
      case 'elementwise':
      case 'transpose':
      case 'ones':
        return refuse(
          'syntax',
          'this belongs to matrix notation: expected entries, as in X_{ij} or (A B)_{ij}',
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
        return node.terms.map(inner).reduce((left, right) => combined(plain.add, left, right));
      case 'product':
        return node.factors.map(inner).reduce((left, right) => combined(plain.multiply, left, right));
      case 'name': {
        const alone = node.indices.length === 0;
        const slot = alone ? scope.get(node.name)?.slot : undefined;
        if (slot !== undefined) return (frame) => frame[slot]!;
        if (alone && !this.meaning.isScalar(node.name)) return freeIndex(node, scope);
        const at = this.#position(node, scope);
        const values = this.meaning.values(node);
        return (frame) => whole(values[at(frame)]!, node) + (alone ? 0 : 1);
      }
    }
    if (node.kind === 'reduce' && node.operation.startsWith('arg')) return bestIndex(node, scope, this);
    return refuse(
      'syntax',
      'expected an index: a letter, a number, their sum, a label such as t_k, an argmax',
      node.span,
    );
  }

  /** Whether all conditions are true: on indices when one of the operands is an index, else on values. */
  holds(conditions: readonly Condition[], scope: Scope, onIndices = false): Evaluate<boolean> {
    const checks = conditions.map(({ operands, relations }) => {
      const asIndices = onIndices || operands.some((operand) => isIndex(operand, scope));
      const sides = operands.map((operand): Evaluate<number> => {
        if (asIndices) return this.index(operand, scope);
        const side = this.compile(operand, scope);
        return (frame) => this.arithmetic.value(side(frame));
      });
      return (frame: Frame) =>
        relations.every((sign, k) => compare[sign](sides[k]!(frame), sides[k + 1]!(frame)));
    });
    return (frame) => checks.every((check) => check(frame));
  }

  #indicator(conditions: readonly Condition[], scope: Scope, onIndices = false): Evaluate<T> {
    const holds = this.holds(conditions, scope, onIndices);
    const [one, zero] = [this.arithmetic.constant(1), this.arithmetic.constant(0)];
    return (frame) => (holds(frame) ? one : zero);
  }

  #name(node: NameNode, scope: Scope): Evaluate<T> {
    const { constant } = this.arithmetic;
    if (node.indices.length === 0) {
      const problem = `the index ${node.name} stands here like a number: expected it in a subscript`;
      if (scope.has(node.name)) refuse('syntax', problem, node.span);
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

  /** How to get at the entries of a name; what a seed goes into is computed again, with slopes. */
  #entries(node: NameNode): (flat: number) => T {
    if (this.seed?.name === node.name) return this.seed.entry;
    const definition = this.seed && this.meaning.definition(node.name);
    if (!definition) {
      const values = this.meaning.values(node);
      return (flat) => this.arithmetic.constant(values[flat]!);
    }
    const known = this.#definitions.get(node.name);
    if (known) return known;
    const { indices, shape, body } = definition;
    const evaluate = this.compile(body, scopeOf(indices, shape));
    const frame: Frame = [];
    const entry = (flat: number) => {
      let rest = flat;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        frame[axis] = (rest % shape[axis]!) + 1;
        rest = Math.floor(rest / shape[axis]!);
      }
      return evaluate(frame);
    };
    this.#definitions.set(node.name, entry);
    return entry;
  }

  /** The place of an entry in row-major order, or -1 outside, where only index arithmetic may point. */
  #position(node: NameNode, scope: Scope): Evaluate<number> {
    const shape = this.meaning.shape(node);
    if (node.indices.length !== shape.length) {
      const axes = `${node.name} has ${shape.length} ${shape.length === 1 ? 'axis' : 'axes'}`;
      const count = node.indices.length === 1 ? '1 index' : `${node.indices.length || 'no'} indices`;
      refuse('rank', `${axes} and stands here with ${count}`, node.span);
    }
    const parts = node.indices.map((index, axis) => {
      const at = this.index(index, scope);
      const variable = isPlainName(index) ? scope.get(index.name) : undefined;
      const where = `but axis ${axis + 1} of ${node.name} has ${shape[axis]!}`;
      const outside = (last: number) =>
        refuse('index-size', `an index used with two sizes: it runs to ${last}, ${where}`, index.span);
      if (variable?.size !== undefined && variable.size !== shape[axis]) outside(variable.size);
      return { at, size: shape[axis]!, outside: variable && outside };
    });
    return (frame) => {
      let flat = 0;
      for (const { at, size, outside } of parts) {
        const position = at(frame);
        if (position < 1 || position > size) return outside ? outside(position) : -1;
        flat = flat * size + position - 1;
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
    if (operands.length !== 1) refuse('syntax', 'this function takes one argument', node.span);
    const { value: f, derivative } = this.meaning.function(node);
    if (node.derivative && this.seed)
      refuse('value', "a formula with f' cannot be differentiated here", node.span);
    const applied: ScalarFunction = { value: node.derivative ? derivative : f, derivative };
    return (frame) => apply(applied, operands[0]!(frame));
  }

  /** The slope of a formula when one entry of a name moves: automatic differentiation on dual numbers. */
  #partial(node: PartialNode, scope: Scope): Evaluate<T> {
    const { of, by } = node;
    if (this.seed) refuse('value', 'a formula with \\partial cannot be differentiated here', node.span);
    const gradient = gradientOfLoss(node, this.meaning);
    if (gradient) return this.compile(gradient, scope);
    let moved = -1;
    const values = this.meaning.values(by);
    const entry = (flat: number) => ({ value: values[flat]!, slope: flat === moved ? 1 : 0 });
    const evaluate = new Compiler(this.meaning, dual, { name: by.name, entry }).compile(of, scope);
    const at = this.#position(by, scope);
    return (frame) => {
      moved = at(frame);
      return this.arithmetic.constant(evaluate(frame).slope);
    };
  }

  #isEuler(node: Expression): boolean {
    return isPlainName(node) && node.name === 'e' && !this.meaning.has('e');
  }
}

function combined<T>(operation: (x: T, y: T) => T, left: Evaluate<T>, right: Evaluate<T>): Evaluate<T> {
  return (frame) => operation(left(frame), right(frame));
}

function freeIndex(node: NameNode, scope: Scope): never {
  const bound = [...scope.keys()].filter((index) => !index.includes('#')).join(', ');
  const problem = `the index ${node.name} is free: no sum binds it and the left side does not have it`;
  return refuse('free-index', `${problem} (bound here: ${bound === '' ? 'none' : bound})`, node.span);
}

function whole(value: number, { name, span }: NameNode): number {
  if (Number.isInteger(value)) return value;
  return refuse('value', `${name} counts or labels here: expected a whole number, not ${value}`, span);
}
