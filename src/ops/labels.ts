import { kernels } from '../kernels/index.js';
import { asTensor, constant } from '../tensor/creation.js';
import { ShapeError, ValueError } from '../tensor/error.js';
import { Tensor } from '../tensor/tensor.js';
import { isNumericView, kind, requireKind } from '../tensor/arguments.js';

/** One class a row, counted from 0: an int32 tensor or plain integers. */
export type Labels = Tensor | readonly number[];

const someLabels = kind(
  'one integer a row, such as [0, 2], or an int32 tensor',
  (given) => given instanceof Tensor || Array.isArray(given) || isNumericView(given),
);

/**
 * Labels as an int32 tensor, checked against the rows and classes that there are.
 * @throws ShapeError for another number of labels than rows, ValueError for a label that is no class.
 */
export function labelsOf(labels: Labels, rows: number, classes: number, op: string): Tensor {
  requireKind(op, 'labels', labels, someLabels);
  const count = labels instanceof Tensor ? labels.size : labels.length;
  if (count !== rows) {
    throw new ShapeError(
      `${op}: ${count} ${count === 1 ? 'label is' : 'labels are'} given for ${rows} ${rows === 1 ? 'row' : 'rows'}; give one label a row`,
    );
  }
  const index = asTensor(labels, 'int32');
  if (index.dtype !== 'int32') {
    throw new ValueError(
      `${op}: labels must be integers, but ${index.label} is ${index.dtype}; pass { dtype: 'int32' }`,
    );
  }
  const wrong = kernels.indexOutOfRange(index.pointer, rows, classes);
  if (wrong >= 0) {
    throw new ValueError(
      `${op}: label ${index.data()[wrong]} of row ${wrong} is out of range: there are ${classes} classes, 0 to ${classes - 1}`,
    );
  }
  return index;
}

/** Labels of a sample in an op record, which no `clear()` frees. */
export function fixed(labels: readonly number[]): Tensor {
  return constant(labels, { dtype: 'int32' });
}
