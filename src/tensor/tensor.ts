import { memory } from '../kernels/index.js';
import type { Displayable, MimeBundle } from './display.js';
import { bytesPerElement, type DType, type TypedArray, viewOf } from './dtype.js';
import { GradbookError, ShapeError, internal } from './error.js';
import { Block, type Region, openScope, released, takeFromArena } from './memory.js';
import { numberAt } from './number-at.js';
import { printTensor } from './print.js';
import { equalShapes, formatShape, type Shape, sizeOf } from './shape.js';
import { kind, numbers, requireKinds } from './arguments.js';

/** Numbers nested as deeply as the tensor has axes; a plain number for a scalar. */
export type NestedArray = number | readonly NestedArray[];

/** The operation that made a tensor (an `OpNode` of the autodiff room). */
export interface Source {
  readonly op: { readonly name: string };
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Fills `grad` of every tensor that the output depends on. */
  backward(output: Tensor): void;
  /** Frees the graph that ends in the output. */
  clear(output: Tensor): void;
  toString(): string;
}

/**
 * A value in WebAssembly memory: a contiguous row-major array with a shape, and its place in the computation graph.
 *
 * `value` copies the numbers out, `source` is the OpNode that made it (none for a leaf), and `grad` is `undefined`
 * until a `backward()` has reached it.
 */
export class Tensor implements Displayable {
  source: Source | undefined = undefined;
  grad: Tensor | undefined = undefined;
  /** The op that made it, when `clear()` has taken it out of its graph. */
  madeBy: string | undefined = undefined;
  readonly size: number;
  private detached: Tensor | undefined = undefined;

  private constructor(
    readonly shape: Shape,
    readonly dtype: DType,
    readonly requiresGrad: boolean,
    readonly region: Region,
    private readonly address: number,
    public name: string | undefined,
  ) {
    this.size = sizeOf(shape);
  }

  /** A tensor with undefined contents: whoever calls this fills it. */
  static allocate(shape: Shape, dtype: DType, requiresGrad = false, name?: string): Tensor {
    const bytes = sizeOf(shape) * bytesPerElement[dtype];
    const scope = openScope();
    if (scope !== undefined) return new Tensor(shape, dtype, requiresGrad, scope, takeFromArena(bytes), name);
    const block = new Block(bytes);
    return new Tensor(shape, dtype, requiresGrad, block, block.address, name);
  }

  /** Where the numbers lie, in bytes; throws when they have been released. */
  get pointer(): number {
    if (this.region.alive) return this.address;
    return this.region.restored(this.address) ?? this.refuse();
  }

  /** A copy of the numbers, nested as deeply as there are axes. */
  get value(): NestedArray {
    return nest(this.data(), this.shape);
  }

  /** A flat copy of the numbers, row by row. */
  data(): TypedArray {
    return viewOf(memory.buffer, this.dtype, this.pointer, this.size).slice();
  }

  /**
   * The one number of a tensor of size 1.
   * @throws ShapeError when there are more.
   */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError(
        `item: ${this.label} holds ${this.size} numbers; item() reads exactly one, value reads all`,
      );
    }
    return numberAt(this.pointer, this.dtype);
  }

  /** Overwrites the numbers in place; meant for parameters, since a graph that used the old numbers is not told. */
  assign(values: ArrayLike<number>): void {
    requireKinds('assign', { values }, { values: numbers });
    if (values.length !== this.size) {
      throw new ShapeError(
        `assign: ${this.label} holds ${this.size} numbers, but ${values.length} were given`,
      );
    }
    viewOf(memory.buffer, this.dtype, this.pointer, this.size).set(values);
  }

  /** The same numbers under another shape, outside the graph; no copy. */
  view(shape: Shape, firstElement = 0): Tensor {
    if (firstElement < 0 || firstElement + sizeOf(shape) > this.size) {
      internal(`view ${formatShape(shape)} at ${firstElement} leaves ${this.label}`);
    }
    const address = this.pointer + firstElement * bytesPerElement[this.dtype];
    return new Tensor(shape, this.dtype, false, this.region, address, this.name);
  }

  /** The same numbers, cut off from the graph: no gradient flows through the result; no copy, the same tensor each time. */
  detach(): Tensor {
    if (!this.requiresGrad) return this;
    this.detached ??= this.view(this.shape);
    return this.detached;
  }

  /** Rows `start` to `end` (exclusive) along the first axis, outside the graph; no copy. */
  rows(start: number, end: number): Tensor {
    const count = this.shape[0];
    if (
      count === undefined ||
      !Number.isInteger(start) ||
      !Number.isInteger(end) ||
      start < 0 ||
      end > count ||
      start >= end
    ) {
      throw new ShapeError(
        `rows: ${start} to ${end} (exclusive) are no rows of ${this.label}; choose integers from 0 to ${count ?? 0}`,
      );
    }
    const shape = this.shape.slice();
    shape[0] = end - start;
    return this.view(shape, start * (this.size / count));
  }

  /**
   * Computes the gradient of this scalar with respect to every tensor it depends on, and sets their `grad`.
   *
   * A second call gives the same answer; it never adds to the first.
   * @throws GradbookError unless the tensor is a scalar that was computed from tensors that require a gradient.
   */
  backward(): void {
    if (this.size !== 1) {
      throw new GradbookError(
        `backward: ${this.label} is no scalar; a gradient belongs to one number, so sum it first: sum(…).backward()`,
      );
    }
    if (this.source === undefined) {
      if (this.isReleased) this.refuse();
      throw new GradbookError(
        this.requiresGrad
          ? `backward: ${this.label} was not computed, but given; call backward() on what an op returned`
          : `backward: ${this.label} was not computed from anything that requires a gradient: it comes from constants or was ` +
              'detached; make what is to be differentiated with tensor(…), and not with constant(…)',
      );
    }
    this.source.backward(this);
  }

  /** Frees the graph that ends here: what ops computed is released, gradients are dropped, leaves keep their values. */
  clear(): void {
    this.source?.clear(this);
  }

  /** `X (2, 3) float64`: how errors and graphs call this tensor. */
  get label(): string {
    return `${this.name ?? 'tensor'} ${formatShape(this.shape)}${this.dtype === 'float64' ? '' : ` ${this.dtype}`}`;
  }

  toString(): string {
    return this.isReleased ? `${this.label}, released` : printTensor(this);
  }

  display(): MimeBundle {
    return { 'text/plain': this.toString() };
  }

  toJSON(): unknown {
    return { shape: this.shape, dtype: this.dtype, value: this.value };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  private get isReleased(): boolean {
    return !this.region.alive && this.region.restored(this.address) === undefined;
  }

  private refuse(): never {
    const op = this.source?.op.name ?? this.madeBy;
    throw released(op === undefined ? this.label : `${this.label}, made by ${op},`, this.region);
  }
}

export const aTensor = kind('a tensor', (given) => given instanceof Tensor);

/** True when two tensors have equal shapes, dtypes and bits (NaN equals NaN of the same bits). */
export function identical(left: Tensor, right: Tensor): boolean {
  requireKinds('identical', { left, right }, { left: aTensor, right: aTensor });
  if (left.dtype !== right.dtype || !equalShapes(left.shape, right.shape)) return false;
  const a = new Uint8Array(left.data().buffer);
  const b = new Uint8Array(right.data().buffer);
  return a.every((byte, k) => byte === b[k]);
}

function nest(data: TypedArray, shape: Shape): NestedArray {
  if (shape.length === 0) return data[0]!;
  const level = (axis: number, start: number, stride: number): NestedArray[] => {
    const length = shape[axis]!;
    const inner = stride / length;
    const rows = new Array<NestedArray>(length);
    for (let k = 0; k < length; k++) {
      rows[k] = axis === shape.length - 1 ? data[start + k]! : level(axis + 1, start + k * inner, inner);
    }
    return rows;
  };
  return level(0, 0, data.length);
}
