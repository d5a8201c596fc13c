import { defineOp } from '../autodiff/define-op.js';
import type { Op } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { ones, type TensorLike } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/error.js';
import { equalShapes, formatShape, type Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { type ConvolutionOptions, type Images, imagesOf, placesOf, type Window, windowOf } from './window.js';
import { aCount, kind, objectWith, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';

interface Unfolding {
  readonly window: Window;
}

interface Folding extends Unfolding {
  /** The images that the columns are put back into. */
  readonly images: Images;
}

type Size = readonly [height: number, width: number];

// The formulas speak of one channel, a window of 2 by 2, stride s, padding d, and u by v places.
const window: Window = { size: [2, 2], stride: 2, padding: 1 };
const images: Images = { batch: 2, channels: 1, height: 3, width: 4 };
const constants = { s: 2, d: 1, u: 2, v: 3 };
const places = String.raw`\sum_{p,q=1}^{2} \sum_{i=1}^{u} \sum_{j=1}^{v}`;
const hits = String.raw`[s(i - 1) + p - d = k] [s(j - 1) + q - d = l]`;
const column = '2(p - 1) + q, v(i - 1) + j';

/**
 * The patch under a window at each of its places, as a column: (batch, channels · window height · window width, places).
 * @throws ShapeError when the window does not fit.
 */
export const unfold: Op<'X', Unfolding, (X: TensorLike, size: Size, options?: ConvolutionOptions) => Tensor> =
  defineOp(
    {
      name: 'unfold',
      courseName: 'Unfold',
      summary: 'the patches under a moving window, as columns',
      inputs: ['X'],
      math: [
        {
          forward: String.raw`S_{nry} = ${places} [r = 2(p - 1) + q] [y = v(i - 1) + j] X_{n, 1, s(i - 1) + p - d, s(j - 1) + q - d}`,
          gradient: {
            X: String.raw`X^\nabla_{nckl} = \sum_{mry} S^\nabla_{mry} \frac{\partial S_{mry}}{\partial X_{nckl}} = ${places} S^\nabla_{n, ${column}} ${hits}`,
          },
          shapes: [{ X: [2, 1, 3, 4] }],
          attributes: { window },
          constants,
        },
      ],
      shapeRule: '(n, c, h, w) → (n, c·kh·kw, places)',
      shape: ({ X }, attributes) => columnsOf(imagesOf(X, 'unfold'), attributes.window, 'unfold'),
      forward: ({ X }, output, attributes) => {
        const { batch, channels, height, width } = imagesOf(X.shape, 'unfold');
        const { size, stride, padding } = attributes.window;
        const kernel = kernels[X.dtype as FloatDType];
        kernel.unfold(
          X.pointer,
          output.pointer,
          batch,
          channels,
          height,
          width,
          size[0],
          size[1],
          stride,
          padding,
        );
        return undefined;
      },
      backward: {
        X: ({ gradient, X, attributes }) =>
          fold(gradient, imagesOf(X.shape, 'unfold'), attributes.window.size, movesOf(attributes.window)),
      },
      samples: [
        { shapes: { X: [2, 1, 3, 4] }, attributes: { window } },
        { shapes: { X: [1, 2, 4, 3] }, attributes: { window: { size: [3, 2], stride: 1, padding: 0 } } },
        { shapes: { X: [1, 1, 1, 1] }, attributes: { window: { size: [1, 1], stride: 1, padding: 0 } } },
      ],
      refuses: [
        {
          because: 'a window that is larger than the padded image',
          call: () => unfold(ones([1, 1, 2, 2]), [3, 3]),
          message: /^unfold: the window of height 3 is larger than the image of height 2; pad the image/,
        },
        {
          because: 'a stride of 0',
          call: () => unfold(ones([1, 1, 2, 2]), [1, 1], { stride: 0 }),
          message: /^unfold: the stride is 0, but it must be a positive integer/,
        },
        {
          because: 'images without channels',
          call: () => unfold(ones([2, 2]), [1, 1]),
          message: /^unfold: \(2, 2\) has 2 axes, but images have four/,
        },
      ],
    },
    (execute) =>
      (X, size, options = {}) => {
        requireWindow('unfold', size, options);
        return execute([X], { window: windowOf(size, options, 'unfold') });
      },
  );

/**
 * Puts columns back where `unfold` takes them from, adding up what falls on one pixel: the adjoint of `unfold`.
 * @throws ShapeError unless the columns are those of such images.
 */
export const fold: Op<
  'X',
  Folding,
  (X: TensorLike, images: Images, size: Size, options?: ConvolutionOptions) => Tensor
> = defineOp(
  {
    name: 'fold',
    courseName: 'Fold',
    summary: 'columns added up where unfold takes them from: its adjoint',
    inputs: ['X'],
    math: [
      {
        forward: String.raw`S_{nckl} = ${places} X_{n, ${column}} ${hits}`,
        gradient: {
          X: String.raw`X^\nabla_{nry} = \sum_{mckl} S^\nabla_{mckl} \frac{\partial S_{mckl}}{\partial X_{nry}} = ${places} [r = 2(p - 1) + q] [y = v(i - 1) + j] S^\nabla_{n, 1, s(i - 1) + p - d, s(j - 1) + q - d}`,
        },
        shapes: [{ X: [2, 4, 6] }],
        attributes: { window, images },
        constants,
      },
    ],
    shapeRule: '(n, c·kh·kw, places) → (n, c, h, w)',
    shape: ({ X }, attributes) => {
      const expected = columnsOf(attributes.images, attributes.window, 'fold');
      if (!equalShapes(X, expected)) {
        throw new ShapeError(
          `fold: the columns are ${formatShape(X)}, but such images unfold to ${formatShape(expected)}`,
        );
      }
      const { batch, channels, height, width } = attributes.images;
      return [batch, channels, height, width];
    },
    forward: ({ X }, output, attributes) => {
      const { batch, channels, height, width } = attributes.images;
      const { size, stride, padding } = attributes.window;
      const kernel = kernels[X.dtype as FloatDType];
      kernel.fold(
        X.pointer,
        output.pointer,
        batch,
        channels,
        height,
        width,
        size[0],
        size[1],
        stride,
        padding,
      );
      return undefined;
    },
    backward: {
      X: ({ gradient, attributes }) => unfold(gradient, attributes.window.size, movesOf(attributes.window)),
    },
    samples: [
      { shapes: { X: [2, 4, 6] }, attributes: { window, images } },
      {
        shapes: { X: [1, 12, 4] },
        attributes: {
          window: { size: [3, 2], stride: 1, padding: 0 },
          images: { batch: 1, channels: 2, height: 4, width: 3 },
        },
      },
    ],
    refuses: [
      {
        because: 'columns of other images',
        call: () => fold(ones([1, 4, 4]), { batch: 1, channels: 1, height: 2, width: 2 }, [2, 2]),
        message: /^fold: the columns are \(1, 4, 4\), but such images unfold to \(1, 4, 1\)/,
      },
    ],
  },
  (execute) =>
    (X, onto, size, options = {}) => {
      requireKinds('fold', { images: onto }, { images: imagesKind });
      requireWindow('fold', size, options);
      return execute([X], { window: windowOf(size, options, 'fold'), images: onto });
    },
);

const imagesKind = objectWith(
  { batch: aCount, channels: aCount, height: aCount, width: aCount },
  'the shape of the images, { batch, channels, height, width }',
);
const sizeKind = kind(
  'the height and the width of the window, such as [2, 2]',
  (given) => Array.isArray(given) && given.length === 2,
);

function requireWindow(op: string, size: Size, options: ConvolutionOptions): void {
  requireKinds(op, { size }, { size: sizeKind });
  requireOptions(op, options, { stride: true, padding: true });
}

/** How a window moves, as options. */
function movesOf({ stride, padding }: Window): ConvolutionOptions {
  return { stride, padding };
}

function columnsOf(from: Images, moved: Window, op: string): Shape {
  const [rows, columns] = placesOf(from, moved, op);
  return [from.batch, from.channels * moved.size[0] * moved.size[1], rows * columns];
}
