import { constant } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ShapeError, ValueError } from '../tensor/error.js';
import { unscoped } from '../tensor/memory.js';
import { formatShape } from '../tensor/shape.js';
import { aTensor, type NestedArray, Tensor } from '../tensor/tensor.js';
import { kernels } from '../kernels/index.js';
import { aCount, aNumber, objectWith, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';

/** Instances and their classes. */
export interface Split {
  /** (instances, features…) */
  readonly x: Tensor;
  /** (instances), int32, counted from 0 */
  readonly labels: Tensor;
  readonly size: number;
}

export interface Dataset {
  readonly name: string;
  readonly classes: number;
  /** What the classes are called, in their order. */
  readonly classNames?: readonly string[];
  readonly train: Split;
  readonly validation: Split;
}

export interface GivenSplit {
  readonly x: NestedArray | Tensor;
  readonly labels: readonly number[] | Tensor;
}

export interface GivenData {
  readonly name?: string;
  readonly classes: number;
  /** What the classes are called, in their order. */
  readonly classNames?: readonly string[];
  readonly train: GivenSplit;
  readonly validation: GivenSplit;
  readonly dtype?: FloatDType;
}

export const aSplit = objectWith(
  { x: aTensor, labels: aTensor, size: aCount },
  'a part of a dataset, such as data.validation',
);

const givenPart = objectWith({}, 'the instances and their classes, { x, labels }');
const givenKind = objectWith(
  { classes: aNumber, train: givenPart, validation: givenPart },
  'data, { classes, train: { x, labels }, validation: { x, labels } }',
);

/**
 * Makes a dataset of given arrays, for instance those of another program.
 * @throws ShapeError unless there is one label an instance; ValueError for NaN, infinity or a label out of range.
 * @example dataset({ classes: 2, train: { x: [[0, 1]], labels: [1] }, validation: { x: [[1, 1]], labels: [0] } })
 */
export function dataset(given: GivenData): Dataset {
  requireKinds('dataset', { given }, { given: givenKind });
  requireOptions('dataset', given, {
    name: true,
    classes: true,
    classNames: true,
    train: true,
    validation: true,
    dtype: true,
  });
  const { name = 'given data', classes, classNames, dtype = 'float64' } = given;
  if (!Number.isInteger(classes) || classes < 2) {
    throw new ValueError(
      `${name}: there are ${classes} classes; a classifier needs at least two to tell apart`,
    );
  }
  if (classNames !== undefined && classNames.length !== classes) {
    throw new ValueError(
      `${name}: there are ${classes} classes, but ${classNames.length} names; name each class once`,
    );
  }
  const split = (part: 'train' | 'validation'): Split =>
    checkedSplit(`${name}, ${part}`, given[part], classes, dtype);
  const named = classNames === undefined ? {} : { classNames };
  return { name, classes, ...named, train: split('train'), validation: split('validation') };
}

function checkedSplit(what: string, given: GivenSplit, classes: number, dtype: FloatDType): Split {
  const { x, labels } = unscoped(() => ({
    x: given.x instanceof Tensor ? given.x.detach() : constant(given.x, { dtype, name: 'x' }),
    labels:
      given.labels instanceof Tensor
        ? given.labels
        : constant(given.labels, { dtype: 'int32', name: 'labels' }),
  }));
  const [size] = x.shape;
  if (size === undefined || x.shape.length < 2) {
    throw new ShapeError(
      `${what}: x has shape ${formatShape(x.shape)}, but it must have one row an instance: (instances, features…)`,
    );
  }
  if (x.dtype === 'int32' || labels.dtype !== 'int32') {
    throw new ValueError(
      `${what}: x is ${x.dtype} and labels are ${labels.dtype}; x must be float64 or float32, and labels int32`,
    );
  }
  if (labels.size !== size) {
    throw new ShapeError(
      `${what}: x has ${size} instances, but there are ${labels.size} labels; give one label an instance`,
    );
  }
  const bad = kernels[x.dtype].firstNonFinite(x.pointer, x.size);
  if (bad >= 0) {
    const width = x.size / size;
    throw new ValueError(
      `${what}: x is ${x.data()[bad]} in row ${Math.floor(bad / width)}, column ${bad % width}; remove or replace it before training`,
    );
  }
  const wrong = kernels.indexOutOfRange(labels.pointer, size, classes);
  if (wrong >= 0) {
    throw new ValueError(
      `${what}: label ${labels.data()[wrong]} of row ${wrong} is out of range: there are ${classes} classes, 0 to ${classes - 1}`,
    );
  }
  return { x, labels, size };
}
