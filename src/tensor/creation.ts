import { memory } from '../kernels/index.js';
import { bytesPerElement, type DType, requireDType, viewOf } from './dtype.js';
import { ShapeError, ValueError } from './error.js';
import { Block, unscoped } from './memory.js';
import { formatShape, requireShape, type Shape, sizeOf } from './shape.js';
import { aTensor, type NestedArray, Tensor } from './tensor.js';
import { requireOptions } from './options.js';
import { isNumericView, kind, requireKind, requireKinds, written } from './arguments.js';

/** What ops accept where a tensor is expected; a number or an array becomes a constant. */
export type TensorLike = Tensor | NestedArray;

export interface TensorOptions {
  /** How errors, prints and graphs call it. */
  readonly name?: string;
  /** `float64` unless said. */
  readonly dtype?: DType;
  /** Whether `backward()` computes its gradient; true unless said, except for `int32`. */
  readonly requiresGrad?: boolean;
  /** The shape, when the numbers come as a flat typed array. */
  readonly shape?: Shape;
}

type FlatArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/**
 * Makes a tensor from a number, nested arrays, or a flat typed array with a shape.
 * @throws ShapeError when rows differ in length, an axis is empty, or the numbers do not fill the shape; ValueError for what
 *   is no number, and in int32 no integer.
 * @example tensor([[1, 2], [3, 4]], { name: 'X' })
 */
export function tensor(values: NestedArray | FlatArray, options: TensorOptions = {}): Tensor {
  requireOptions('tensor', options, { name: true, dtype: true, requiresGrad: true, shape: true });
  const dtype = options.dtype ?? 'float64';
  requireDType(dtype);
  const requiresGrad = options.requiresGrad ?? dtype !== 'int32';
  if (requiresGrad && dtype === 'int32') {
    throw new ValueError(
      'tensor: an int32 tensor holds labels or indices and has no gradient; leave requiresGrad out',
    );
  }
  const inferred = isFlat(values) ? [values.length] : shapeOf(values);
  const shape = options.shape ?? inferred;
  const flat = isFlat(values) ? values : flatten(values, inferred);
  requireShape(shape, 'tensor');
  if (flat.length !== sizeOf(shape)) {
    throw new ShapeError(
      `tensor: ${flat.length} numbers do not fill shape ${formatShape(shape)}, which holds ${sizeOf(shape)}`,
    );
  }
  if (dtype === 'int32') requireIntegers(flat);
  const made = Tensor.allocate(shape, dtype, requiresGrad, options.name);
  viewOf(memory.buffer, dtype, made.pointer, made.size).set(flat);
  return made;
}

/** Makes a tensor through which no gradient flows: data, labels, fixed numbers. */
export function constant(
  values: NestedArray | FlatArray,
  options: Omit<TensorOptions, 'requiresGrad'> = {},
): Tensor {
  requireOptions('constant', options, { name: true, dtype: true, shape: true });
  return tensor(values, { ...options, requiresGrad: false });
}

/** The argument as a tensor; numbers and arrays become constants of the given dtype, which belong to the op. */
export function asTensor(values: TensorLike, dtype: DType = 'float64'): Tensor {
  if (values instanceof Tensor) return values;
  const made = tensor(values, { dtype, requiresGrad: false });
  if (made.region instanceof Block) made.region.unclaimed = true;
  return made;
}

/** A tensor of zeros. */
export function zeros(shape: Shape, options: Omit<TensorOptions, 'shape'> = {}): Tensor {
  return full(shape, 0, options);
}

/** A tensor of ones. */
export function ones(shape: Shape, options: Omit<TensorOptions, 'shape'> = {}): Tensor {
  return full(shape, 1, options);
}

/** A tensor whose elements all have one value. */
export function full(shape: Shape, value: number, options: Omit<TensorOptions, 'shape'> = {}): Tensor {
  requireOptions('tensor', options, { name: true, dtype: true, requiresGrad: true });
  requireShape(shape, 'tensor');
  requireKind('full', 'value', value, aNumberOrNaN);
  requireRoom(shape);
  return tensor(new Float64Array(sizeOf(shape)).fill(value), { ...options, shape });
}

const aNumberOrNaN = kind('a number', (given) => typeof given === 'number');

/** A copy of a tensor, cut off from its graph, that outlives the scope it was made in. */
export function keep(source: Tensor): Tensor {
  requireKinds('keep', { source }, { source: aTensor });
  const data = source.data();
  return unscoped(() =>
    constant(data, {
      shape: source.shape,
      dtype: source.dtype,
      ...(source.name === undefined ? {} : { name: source.name }),
    }),
  );
}

/** Fails before JavaScript does for what no tensor can hold. */
function requireRoom(shape: Shape): void {
  if (sizeOf(shape) * bytesPerElement.float64 <= MOST_BYTES) return;
  throw new ShapeError(
    `tensor: shape ${formatShape(shape)} holds ${sizeOf(shape)} numbers, which are ${sizeOf(shape) * bytesPerElement.float64} bytes in float64, ` +
      `in which they are made; all tensors together have room for ${MOST_BYTES} bytes`,
  );
}

const MOST_BYTES = 4 * 1024 * 1024 * 1024; // of WebAssembly memory

function isFlat(values: NestedArray | FlatArray): values is FlatArray {
  return isNumericView(values);
}

function isLevel(values: unknown): values is readonly NestedArray[] {
  return Array.isArray(values);
}

function shapeOf(values: NestedArray): Shape {
  const shape: number[] = [];
  for (let level: NestedArray | undefined = values; isLevel(level); level = level[0])
    shape.push(level.length);
  return shape;
}

function flatten(values: NestedArray, shape: Shape): Float64Array {
  const flat = new Float64Array(sizeOf(shape));
  let next = 0;
  const visit = (level: unknown, axis: number, path: string): void => {
    if (axis === shape.length && typeof level === 'number') {
      flat[next++] = level;
    } else if (axis < shape.length && isLevel(level) && level.length === shape[axis]) {
      level.forEach((entry, k) => visit(entry, axis + 1, `${path}[${k}]`));
    } else {
      throw misfit(level, shape[axis], path);
    }
  };
  visit(values, 0, 'values');
  return flat;
}

/** The error for an entry that is no number, or that does not have the entries that its first sibling has. */
function misfit(level: unknown, expected: number | undefined, path: string): ShapeError | ValueError {
  if (typeof level !== 'number' && !isLevel(level)) {
    const what = typeof level === 'string' ? `the string '${level}'` : inWords(level);
    return new ValueError(
      `tensor: ${path} is ${what}, but a tensor is made of numbers and arrays of numbers`,
    );
  }
  const found = typeof level === 'number' ? 'is a number' : `has length ${level.length}`;
  const first = expected === undefined ? 'is a number' : `has length ${expected}`;
  return new ShapeError(
    `tensor: the nested arrays are ragged: ${path} ${found}, but ${path.replace(/\d+/g, '0')} ${first}; make all rows equally long`,
  );
}

function inWords(level: unknown): string {
  return level === undefined ? 'undefined' : written(level);
}

function requireIntegers(flat: ArrayLike<number>): void {
  for (let k = 0; k < flat.length; k++) {
    if (flat[k] === (flat[k]! | 0)) continue;
    throw new ValueError(
      `tensor: element ${k} is ${flat[k]}, but an int32 tensor holds integers from -2147483648 to 2147483647 only`,
    );
  }
}
