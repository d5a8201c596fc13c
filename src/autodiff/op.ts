import type { Shape } from '../tensor/shape.js';
import type { NestedArray, Tensor } from '../tensor/tensor.js';
import type { BoundRecord } from './binder.js';

/** One value a name. */
export type ByInput<Input extends string, Value> = Readonly<Record<Input, Value>>;

/** What a rule of `backward` may use: the inputs by name, the output, the upstream gradient, the attributes. */
export type BackwardContext<Input extends string, Attributes> = ByInput<Input, Tensor> & {
  readonly output: Tensor;
  /** $S^\nabla$, the gradient of the loss with respect to the output; it has the output's shape. */
  readonly gradient: Tensor;
  readonly attributes: Attributes;
  /** What `forward` returned for its own first-order rule. */
  readonly saved: Saved;
};

/** Intermediate results that a fused rule uses again. */
export type Saved = Tensor | undefined;

export type BackwardRule<Input extends string, Attributes> = (
  context: BackwardContext<Input, Attributes>,
) => Tensor;

/** A scalar function and its derivative, by the name that a formula uses. */
export interface NamedFunction {
  readonly value: (x: number) => number;
  readonly derivative: (x: number) => number;
}

/** A formula with its derivation, in LaTeX, as `src/formula` reads it: the output is S, indices count from 1. */
export interface Formula<Input extends string, Attributes> {
  /** The definition of the output, `S_{ij} = …`, with other definitions that it needs after commas. */
  readonly forward: string;
  /** For each input the chain of equalities `X^\nabla_{ij} = … = …` that derives its gradient. */
  readonly gradient: ByInput<Input, string>;
  /** The same gradients in matrix notation, where that is shorter. */
  readonly matrix?: Partial<ByInput<Input, string>>;
  /** Shapes on which the formula is evaluated. */
  readonly shapes: readonly ByInput<Input, Shape>[];
  /** Attributes for which the formula holds, when the op has any. */
  readonly attributes?: Attributes;
  /** Other names in the formula, such as the labels t, which count from 0. */
  readonly constants?: Readonly<Record<string, number | readonly number[]>>;
  readonly functions?: Readonly<Record<string, NamedFunction>>;
}

/** Where the values of an input are drawn from: `low` to `high`, and `-high` to `-low` as well when `signed`. */
export interface Domain {
  readonly low: number;
  readonly high: number;
  readonly signed?: boolean;
}

/** Inputs on which every check of an op runs. */
export interface Sample<Input extends string, Attributes> {
  readonly shapes: ByInput<Input, Shape>;
  readonly attributes?: Attributes;
}

/** Inputs that an op must reject, and a part of what it must say. */
export interface Refusal {
  readonly because: string;
  readonly call: () => unknown;
  readonly message: RegExp;
}

/** A point where the derivative jumps, and the gradient that we choose there for an upstream gradient of ones. */
export interface Kink<Input extends string> {
  readonly convention: string;
  readonly at: ByInput<Input, NestedArray>;
  readonly gradient: ByInput<Input, NestedArray>;
}

/**
 * Everything about an operation.
 *
 * `backward` is written in library ops, so that it can be differentiated again; `fused` may hold a faster rule for the
 * first order, which every check compares with the one in `backward`.
 */
export interface OpRecord<Input extends string, Attributes> {
  readonly name: string;
  /** What the course behind the seed report calls it, where the names differ. */
  readonly courseName?: string;
  readonly summary: string;
  readonly inputs: readonly Input[];
  readonly math: readonly Formula<Input, Attributes>[];
  /** The shape rule in words, `(n, m), (m, k) → (n, k)`. */
  readonly shapeRule: string;
  /** The output's shape; throws a ShapeError when the inputs do not fit. */
  readonly shape: (shapes: ByInput<Input, Shape>, attributes: Attributes) => Shape;
  /** Whether inputs are expanded to the output's shape before `forward` sees them. */
  readonly broadcasts?: boolean;
  /** Fills `output`; may return a tensor that the fused rules use again. */
  readonly forward: (
    inputs: ByInput<Input, Tensor>,
    output: Tensor,
    attributes: Attributes,
  ) => Saved | undefined;
  readonly backward: ByInput<Input, BackwardRule<Input, Attributes>>;
  readonly fused?: Partial<ByInput<Input, BackwardRule<Input, Attributes>>>;
  /** Values of an input lie in −2 to 2 unless said. */
  readonly domain?: Partial<ByInput<Input, Domain>>;
  readonly samples: readonly Sample<Input, Attributes>[];
  readonly refuses: readonly Refusal[];
  readonly kinks?: readonly Kink<Input>[];
  /** Changes of rules and formulas that change no number, by the reason; every other mutant must be caught. */
  readonly equivalentMutants?: Readonly<Record<string, readonly string[]>>;
}

/** An op record that can be called. */
export type Op<Input extends string, Attributes, Call> = Call & BoundRecord<Input, Attributes>;

/** Any op record, for code that does not ask which op it holds. */
export type AnyRecord = OpRecord<string, unknown>;

/** Any op, for code that loops over the registry. */
export type AnyOp = Op<string, unknown, (...operands: never[]) => Tensor>;
