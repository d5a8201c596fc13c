import { builtIn, type ScalarFunction } from './arithmetic.js';
import { type CallNode, type Equation, type Expression, gradientName, type NameNode } from './ast.js';
import { freshNames, named, product, sum } from './build.js';
import { printShape, refuse, type Span } from './error.js';
import { extent, notationOf } from './extents.js';
import { tabulate } from './index-notation.js';
import { inIndexNotation, knownSizes } from './matrix-notation.js';
import { parse } from './parser.js';

/** Numbers in row-major order. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** What the names in a formula stand for. */
export type Environment = Readonly<Record<string, NumericArray | number>>;

/** Everything that formulas may speak about. */
export interface Meaning {
  readonly environment: Environment;
  /** Definitions `S_{ij} = …` and sizes `X \in \mathbb R^{n \times m}`, also several in one string, separated by commas. */
  readonly where?: string | readonly string[];
  /** Functions by name, for `f(X_{ij})` and `f'(X_{ij})`. */
  readonly functions?: Readonly<Record<string, ScalarFunction>>;
}

/** A name that a formula defines, in index notation. */
export interface Definition {
  readonly indices: readonly string[];
  readonly shape: readonly number[];
  readonly body: Expression;
}

/** Looks up what names mean; what is defined is computed when first asked for. */
export class Interpretation {
  readonly functionNames: readonly string[];
  readonly #arrays = new Map<string, NumericArray>();
  readonly #equations = new Map<string, Equation>();
  readonly #definitions = new Map<string, Definition>();
  readonly #functions: Readonly<Record<string, ScalarFunction>>;
  readonly #busy = new Set<string>();

  constructor({ environment, where = [], functions = {} }: Meaning) {
    this.#functions = functions;
    this.functionNames = Object.keys(functions);
    for (const [name, value] of Object.entries(environment)) {
      this.#arrays.set(name, typeof value === 'number' ? scalar(value) : value);
    }
    for (const latex of typeof where === 'string' ? [where] : where) this.#add(latex);
  }

  /** The names that are given or defined, with the upstream gradients but no others. */
  get names(): string[] {
    const all = new Set([...this.#arrays.keys(), ...this.#equations.keys()]);
    return [...all].filter((name) => !name.endsWith(mark) || this.#equations.has(withoutMark(name)));
  }

  has(name: string): boolean {
    return this.#arrays.has(name) || this.#equations.has(name) || this.#derivable(name);
  }

  /** Whether this is a function that has a derivative. */
  isFunction(name: string): boolean {
    return name !== 'sqrt' && (name in this.#functions || name in builtIn);
  }

  isScalar(name: string): boolean {
    return this.has(name) && this.shape(named(name, [], nowhere)).length === 0;
  }

  /** The length that a number or the name of one states. */
  length(node: Expression): number | undefined {
    if (node.kind === 'number') return node.value;
    return node.kind === 'name' && this.shape(node).length === 0 ? this.values(node)[0] : undefined;
  }

  shape(node: NameNode): readonly number[] {
    const { name } = node;
    const known = this.#arrays.get(name) ?? this.#arrays.get(gradientName(name)) ?? this.#formulaFor(name);
    if (known) return known.shape;
    const problem = `${name} is no input and nothing defines it: expected one of ${this.names.join(', ')}`;
    return refuse('unknown-name', problem, node.span);
  }

  values(node: NameNode): Float64Array {
    const known = this.#arrays.get(node.name);
    if (known) return known.values;
    const shape = this.shape(node);
    const { body, indices } = this.#formulaFor(node.name)!;
    const array = this.#withoutCircle(node.name, node.span, () => tabulate(body, indices, shape, this));
    this.#arrays.set(node.name, array);
    return array.values;
  }

  /** What defines a name; of a gradient that is not given, the sum that it is by the chain rule. */
  #formulaFor(name: string): Definition | undefined {
    return this.definition(name) ?? (this.#derivable(name) ? this.#gradient(name) : undefined);
  }

  definition(name: string): Definition | undefined {
    const known = this.#definitions.get(name);
    const equation = this.#equations.get(name);
    if (known !== undefined || equation === undefined) return known;
    const definition = this.#withoutCircle(name, equation.span, () => this.#define(name, equation));
    this.#definitions.set(name, definition);
    return definition;
  }

  function(node: CallNode): ScalarFunction {
    const found = this.#functions[node.name] ?? builtIn[node.name];
    return found ?? refuse('unknown-name', `no function ${node.name} is given`, node.span);
  }

  /** Computes what a name means; refuses when that leads back to the name. */
  #withoutCircle<T>(name: string, span: Span, compute: () => T): T {
    if (this.#busy.has(name)) refuse('syntax', `${name} is defined by itself`, span);
    this.#busy.add(name);
    try {
      return compute();
    } finally {
      this.#busy.delete(name);
    }
  }

  #add(latex: string): void {
    const { equations, declarations } = parse(latex, this.functionNames);
    for (const equation of equations) {
      const [left] = equation.sides;
      if (left?.kind !== 'name')
        refuse('syntax', 'a definition begins with the name that it defines', equation.span);
      else this.#equations.set(left.name, equation);
    }
    for (const { name, sizes, span } of declarations) {
      const shape = this.shape(named(name, [], span));
      if (shape.length !== sizes.length) refuse('rank', `${name} has the shape ${printShape(shape)}`, span);
      sizes.forEach((size, axis) => {
        this.#declareSize(size, shape[axis]!, `axis ${axis + 1} of ${name}`);
      });
    }
  }

  #declareSize(size: Expression, length: number, where: string): void {
    if (size.kind === 'name' && !this.#arrays.has(size.name)) {
      this.#arrays.set(size.name, scalar(length));
      return;
    }
    const stated = this.length(size);
    if (stated !== length) refuse('index-size', `${where} has ${length}, not ${stated ?? 'this'}`, size.span);
  }

  #define(name: string, { sides }: Equation): Definition {
    const [left, right] = sides as [NameNode, Expression];
    const given = this.#arrays.get(name) ?? this.#arrays.get(gradientName(name));
    const indices = left.indices.map((index) => {
      if (index.kind === 'name') return index.name;
      return refuse('syntax', 'a definition takes letters as indices', index.span);
    });
    if (indices.length === 0 && notationOf(right, this) === 'matrix') {
      const { sizes, ...own } = inIndexNotation(right, this);
      return { ...own, shape: given?.shape ?? knownSizes(sizes, right.span) };
    }
    const shape = indices.map((index, axis) => {
      const size = given?.shape[axis] ?? extent(index, [right], this);
      return size ?? refuse('index-size', `nothing says how far ${index} runs`, left.span);
    });
    return { indices, shape, body: right };
  }

  /** A gradient can be computed when a definition has its upstream gradient given. */
  #derivable(name: string): boolean {
    return name.endsWith(mark) && this.upstream.length > 0 && this.has(withoutMark(name));
  }

  /** The defined names whose gradient is given. */
  get upstream(): string[] {
    return [...this.#equations.keys()].filter((name) => this.#arrays.has(gradientName(name)));
  }

  /** $X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \, \partial S_{kl} / \partial X_{ij}$, by automatic differentiation. */
  #gradient(name: string): Definition {
    const span = { ...nowhere, text: name, end: name.length };
    const input = withoutMark(name);
    const shape = this.shape(named(input, [], span));
    const indices = freshNames(shape.length);
    const terms = this.upstream.map((output): Expression => {
      const bound = freshNames(this.shape(named(output, [], span)).length);
      const [of, by] = [named(output, bound, span), named(input, indices, span)];
      const term = product(named(gradientName(output), bound, span), { kind: 'partial', of, by, span });
      return bound.length === 0 ? term : sum(bound, term);
    });
    return { indices, shape, body: { kind: 'add', terms, span } };
  }
}

function scalar(value: number): NumericArray {
  return { shape: [], values: Float64Array.of(value) };
}

const mark = '^\\nabla';
const nowhere: Span = { text: '', start: 0, end: 0 };

function withoutMark(name: string): string {
  return name.slice(0, -mark.length);
}
