import { type Arithmetic, builtIn, dual, plain, type ScalarFunction } from './arithmetic.js';
import type { CallNode, Condition, NameNode, Node, Relation } from './ast.js';
import { children, type Expression, isPlainName } from './ast.js';
import { number } from './build.js';
import { count, refuse } from './error.js';
import { constants, gradientOfLoss, isIndex } from './extents.js';
import type { Interpretation, NumericArray } from './interpretation.js';
import { readMatrix } from './matrix-notation.js';
import { bestOf, totalOf } from './reduction.js';

/** The values of the indices, each in its slot; indices count from 1, as on paper. */
export type Frame = number[];
export type Evaluate<T> = (frame: Frame) => T;

/** The indices in scope: where their values stand, and how far they run unless their sum states a range. */
export type Scope = ReadonlyMap<string, { readonly slot: number; readonly size?: number | undefined }>;

/** A name whose entries are given with slopes: a formula is differentiated by it. */
interface Seed<T> {
  readonly name: string;
  readonly entry: (flat: number) => T;
}

/** What a relation says of two numbers. */
export const compare: Readonly<Record<Relation, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '\\ne': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '\\le': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '\\ge': (a, b) => a >= b,
};

/** The values of an expression in index notation for all values of its indices, which run over the axes of a shape. */
export function tabulate(
  body: Expression,
  indices: readonly string[],
  shape: readonly number[],
  meaning: Interpretation,
): NumericArray {
  const evaluate = new Compiler(meaning, plain).entries(body, indices, shape);
  const size = shape.reduce((left, right) => left * right, 1);
  return { shape, values: Float64Array.from({ length: size }, (_, flat) => evaluate(flat)) };
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
    const { constant, value, add, multiply, divide, negate, power, apply } = this.arithmetic;
    const inner = (part: Expression) => this.compile(part, scope);
    const combined = (parts: readonly Expression[], operation: (x: T, y: T) => T) =>
      parts.map(inner).reduce((left, right) => (frame) => operation(left(frame), right(frame)));
    switch (node.kind) {
      case 'number': {
        const known = constant(node.value);
        return () => known;
      }
      case 'name':
        return this.#name(node, scope);
      case 'negate': {
        const operand = inner(node.operand);
        return (frame) => negate(operand(frame));
      }
      case 'add':
      case 'product':
      case 'quotient':
        return combined(children(node), { add, product: multiply, quotient: divide }[node.kind]);
      case 'power': {
        const { base, exponent } = node;
        const isEuler = isPlainName(base) && base.name === 'e' && !this.meaning.has('e');
        return combined([base, exponent], isEuler ? (_, x) => apply(builtIn['exp']!, x) : power);
      }
      case 'call': {
        if (node.name === 'max' || node.name === 'min') {
          const better = compare[node.name === 'max' ? '>' : '<'];
          return combined(node.operands, (x, y) => (better(value(y), value(x)) ? y : x));
        }
        const [operand, f] = [inner(node.operands[0]!), this.#function(node)];
        return (frame) => apply(f, operand(frame));
      }
      case 'reduce':
        if (node.operation === 'sum' || node.operation === 'prod') return totalOf(node, scope, this);
        if (node.operation === 'max' || node.operation === 'min') {
          const best = bestOf(node, scope, this);
          return (frame) => best(frame).value;
        }
        return refuse('syntax', 'an argmax is an index: expected it in a subscript or [j = …]', node.span);
      case 'delta':
      case 'indicator': {
        const isDelta = node.kind === 'delta';
        const equal: Condition = { operands: children(node), relations: ['='] };
        const holds = this.holds(isDelta ? [equal] : node.conditions, scope, isDelta);
        const [one, zero] = [constant(1), constant(0)];
        return (frame) => (holds(frame) ? one : zero);
      }
      case 'partial':
        return this.#partial(node, scope);
      case 'entry': {
        const { sizes, entry } = readMatrix(node.matrix, this.meaning);
        const column = node.indices.length === 1 && sizes.length === 2 && sizes[1] === 1;
        const indices = column ? [...node.indices, number(1, node.span)] : node.indices;
        if (indices.length !== sizes.length)
          refuse('rank', `this has ${count(sizes.length, 'axis', 'axes')}`, node.span);
        return inner(entry(indices));
      }
      default:
        return refuse(
          'syntax',
          'this belongs to matrix notation: expected entries, as in X_{ij} or (A B)_{ij}',
          node.span,
        );
    }
  }

  /** The entries of an expression by their place in row-major order; its indices run over the axes of a shape. */
  entries(body: Expression, indices: readonly string[], shape: readonly number[]): (flat: number) => T {
    const scope = new Map(indices.map((index, slot) => [index, { slot, size: shape[slot]! }]));
    const evaluate = this.compile(body, scope);
    const frame: Frame = [];
    return (flat) => {
      let rest = flat;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        frame[axis] = (rest % shape[axis]!) + 1;
        rest = Math.floor(rest / shape[axis]!);
      }
      return evaluate(frame);
    };
  }

  /** The whole number that an index expression stands for. */
  index(node: Expression, scope: Scope): Evaluate<number> {
    return new IndexCompiler(this.meaning, plain).compile(node, scope);
  }

  /** Whether all conditions are true: on indices when one of the operands is an index, else on values. */
  holds(conditions: readonly Condition[], scope: Scope, onIndices = false): Evaluate<boolean> {
    const checks = conditions.map(({ operands, relations }) => {
      const asIndices = onIndices || operands.some((operand) => isIndex(operand, scope));
      const compiler = new (asIndices ? IndexCompiler : Compiler)(this.meaning, plain);
      const sides = operands.map((operand) => compiler.compile(operand, scope));
      return (frame: Frame) =>
        relations.every((sign, k) => compare[sign](sides[k]!(frame), sides[k + 1]!(frame)));
    });
    return (frame) => checks.every((check) => check(frame));
  }

  #name(node: NameNode, scope: Scope): Evaluate<T> {
    const { constant } = this.arithmetic;
    if (node.indices.length === 0) {
      const problem = `the index ${node.name} stands here like a number: expected it in a subscript`;
      if (scope.has(node.name)) refuse('syntax', problem, node.span);
      const value = this.meaning.has(node.name) ? undefined : constants[node.name];
      if (value !== undefined) return () => constant(value);
    }
    const at = this.position(node, scope);
    const entry = this.#entriesOf(node);
    const zero = constant(0);
    return (frame) => {
      const flat = at(frame);
      return flat < 0 ? zero : entry(flat);
    };
  }

  /** How to get at the entries of a name; what a seed goes into is computed again, with slopes. */
  #entriesOf(node: NameNode): (flat: number) => T {
    if (this.seed?.name === node.name) return this.seed.entry;
    const definition = this.seed && this.meaning.definition(node.name);
    if (!definition) {
      const values = this.meaning.values(node);
      return (flat) => this.arithmetic.constant(values[flat]!);
    }
    const { indices, shape, body } = definition;
    const entry = this.#definitions.get(node.name) ?? this.entries(body, indices, shape);
    this.#definitions.set(node.name, entry);
    return entry;
  }

  /** The place of an entry in row-major order, or -1 outside, where only index arithmetic may point. */
  position(node: NameNode, scope: Scope): Evaluate<number> {
    const shape = this.meaning.shape(node);
    if (node.indices.length !== shape.length) {
      const axes = `${node.name} has ${count(shape.length, 'axis', 'axes')}`;
      const problem = `${axes} and stands here with ${count(node.indices.length, 'index', 'indices')}`;
      refuse('rank', problem, node.span);
    }
    const parts = node.indices.map((index, axis) => {
      const size = shape[axis]!;
      const variable = isPlainName(index) ? scope.get(index.name) : undefined;
      const outside = (last: number) => {
        const where = `it runs to ${last}, but axis ${axis + 1} of ${node.name} has ${size}`;
        refuse('index-size', `an index used with two sizes: ${where}`, index.span);
      };
      if (variable?.size !== undefined && variable.size !== size) outside(variable.size);
      return { at: this.index(index, scope), size, outside: variable && outside };
    });
    return (frame) => {
      let flat = 0;
      for (const { at, size, outside } of parts) {
        const position = at(frame);
        if (position < 1 || position > size) {
          outside?.(position);
          return -1;
        }
        flat = flat * size + position - 1;
      }
      return flat;
    };
  }

  /** The function that is called; a derivative is a function whose own derivative is not known. */
  #function(node: CallNode): ScalarFunction {
    const found = this.meaning.function(node);
    if (!node.derivative) return found;
    if (this.seed) refuse('value', "a formula with f' cannot be differentiated here", node.span);
    return { ...found, value: found.derivative };
  }

  /** The slope of a formula when one entry of a name moves: automatic differentiation on dual numbers. */
  #partial(node: Node<'partial'>, scope: Scope): Evaluate<T> {
    const { of, by } = node;
    if (this.seed) refuse('value', 'a formula with \\partial cannot be differentiated here', node.span);
    const gradient = gradientOfLoss(node, this.meaning);
    if (gradient) return this.compile(gradient, scope);
    let moved = -1;
    const values = this.meaning.values(by);
    const entry = (flat: number) => ({ value: values[flat]!, slope: flat === moved ? 1 : 0 });
    const evaluate = new Compiler(this.meaning, dual, { name: by.name, entry }).compile(of, scope);
    const at = this.position(by, scope);
    return (frame) => {
      moved = at(frame);
      return this.arithmetic.constant(evaluate(frame).slope);
    };
  }
}

/** Index expressions: a letter is its value, and a label counts from 1 as the letters do. */
class IndexCompiler extends Compiler<number> {
  override compile(node: Expression, scope: Scope): Evaluate<number> {
    if (node.kind === 'name') return this.#letter(node, scope);
    if (['number', 'negate', 'add', 'product'].includes(node.kind)) return super.compile(node, scope);
    if (node.kind === 'reduce' && node.operation.startsWith('arg')) {
      const best = bestOf(node, scope, new Compiler(this.meaning, plain));
      return (frame) => best(frame).index;
    }
    return refuse(
      'syntax',
      'expected an index: a letter, a number, their sum, a label such as t_k, an argmax',
      node.span,
    );
  }

  #letter(node: NameNode, scope: Scope): Evaluate<number> {
    const { name, span } = node;
    const alone = node.indices.length === 0;
    const slot = alone ? scope.get(name)?.slot : undefined;
    if (slot !== undefined) return (frame) => frame[slot]!;
    if (alone && !this.meaning.isScalar(name)) {
      const bound = [...scope.keys()].filter((index) => !index.includes('#')).join(', ');
      const problem = `the index ${name} is free: no sum binds it and the left side does not have it`;
      refuse('free-index', `${problem} (bound here: ${bound === '' ? 'none' : bound})`, span);
    }
    const at = this.position(node, scope);
    const values = this.meaning.values(node);
    return (frame) => {
      const value = values[at(frame)]!;
      if (Number.isInteger(value)) return alone ? value : value + 1;
      return refuse('value', `${name} counts or labels here: expected a whole number, not ${value}`, span);
    };
  }
}
