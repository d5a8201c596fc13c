import { ShapeError } from './error.js';
import { lengths, requireKinds } from './arguments.js';

/** Lengths of the axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** The number of elements, $\prod_a n_a$; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** `(2, 3)`, `(3,)` or `()`, as NumPy writes shapes. */
export function formatShape(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

export function equalShapes(left: Shape, right: Shape): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let axis = 0; axis < left.length; axis++) if (left[axis] !== right[axis]) return false;
  return true;
}

/**
 * Fails unless every length is a positive integer.
 * @throws ShapeError naming the axis.
 */
export function requireShape(shape: Shape, op: string): void {
  requireKinds(op, { shape }, { shape: lengths });
  for (let axis = 0; axis < shape.length; axis++) {
    const length = shape[axis]!;
    if (Number.isInteger(length) && length > 0) continue;
    throw new ShapeError(
      length === 0
        ? `${op}: shape ${formatShape(shape)} holds no numbers; every axis needs at least one element`
        : `${op}: shape ${formatShape(shape)} has ${length} elements along axis ${axis}; lengths are positive integers`,
    );
  }
}

/** Elements between neighbours along each axis of a contiguous row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** The index along each axis of an element that is counted in row-major order; both count from 0. */
export function placeOf(position: number, shape: Shape): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(position / stride) % shape[axis]!);
}

/**
 * The shape that two shapes broadcast to: aligned at the last axis, each length equal or one of them 1.
 * @throws ShapeError when two lengths differ and neither is 1.
 */
export function broadcastShapes(left: Shape, right: Shape, op: string): Shape {
  if (equalShapes(left, right)) return left;
  const rank = Math.max(left.length, right.length);
  const shape = new Array<number>(rank);
  for (let fromEnd = 1; fromEnd <= rank; fromEnd++) {
    const a = left[left.length - fromEnd] ?? 1;
    const b = right[right.length - fromEnd] ?? 1;
    if (a !== b && a !== 1 && b !== 1) {
      throw new ShapeError(
        `${op}: shapes ${formatShape(left)} and ${formatShape(right)} do not broadcast: counted from the last axis, ` +
          `axis ${fromEnd} has ${a} on the left and ${b} on the right; make them equal, or one of them 1`,
      );
    }
    shape[rank - fromEnd] = a === 1 ? b : a;
  }
  return shape;
}

/** True when `from` can be expanded to `to` by repeating axes of length 1 and adding axes in front. */
export function broadcastsTo(from: Shape, to: Shape): boolean {
  const added = to.length - from.length;
  return added >= 0 && from.every((length, axis) => length === 1 || length === to[added + axis]);
}

/**
 * Axes as sorted non-negative numbers; −1 is the last one.
 * @throws ShapeError for an axis that the shape does not have, or one named twice.
 */
export function normalizeAxes(
  axes: number | readonly number[] | undefined,
  shape: Shape,
  op: string,
): number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const list = typeof axes === 'number' ? [axes] : [...axes];
  const normalized = list.map((axis) => {
    const positive = axis < 0 ? axis + shape.length : axis;
    if (!Number.isInteger(axis) || positive < 0 || positive >= shape.length) {
      throw new ShapeError(
        `${op}: axis ${axis} does not exist in shape ${formatShape(shape)}, which has ${shape.length} ` +
          `${shape.length === 1 ? 'axis' : 'axes'}; count from 0, or from -1 for the last`,
      );
    }
    return positive;
  });
  normalized.sort((a, b) => a - b);
  if (new Set(normalized).size !== normalized.length) {
    throw new ShapeError(`${op}: axes [${list.join(', ')}] name one axis twice; name each once`);
  }
  return normalized;
}
