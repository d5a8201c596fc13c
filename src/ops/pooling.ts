import { defineOp } from '../autodiff/define-op.js';
import type { Op, OpRecord, Refusal, Sample } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { constant, ones, type TensorLike } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/error.js';
import { formatShape, type Shape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { divide, multiply } from './arithmetic.js';
import { expand } from './broadcast.js';
import { reshape } from './layout.js';
import { fold, unfold } from './unfold.js';
import { imagesOf, placesOf, windowOf } from './window.js';
import { requireOptions } from '../tensor/options.js';

interface PoolWindow {
  /** Side of the square window. */
  readonly size: number;
  /** Pixels from one window to the next. */
  readonly stride: number;
}

/** An op that takes one number of each window of an image. */
export type PoolingOp = Op<
  'X',
  PoolWindow,
  (X: TensorLike, size: number, options?: { readonly stride?: number }) => Tensor
>;

type Pooling = OpRecord<'X', PoolWindow>;

const formulaShapes = [{ X: [2, 2, 4, 6] }, { X: [1, 1, 4, 4] }] as const;
const formulaWindow: PoolWindow = { size: 2, stride: 2 };
const pixel = 'X_{n, c, 2(i - 1) + a, 2(j - 1) + b}';

/** $S_{ncij} = \max_{ab} X_{n, c, s(i-1)+a, s(j-1)+b}$: the largest number of each window; among equals the first takes the gradient. */
export const maxPool: PoolingOp = pooling({
  name: 'maxPool',
  courseName: 'MaxPool2D',
  summary: 'largest number of each window',
  math: [
    {
      forward: String.raw`S_{ncij} = \max_{a,b=1}^{2} ${pixel}`,
      gradient: {
        X: String.raw`X^\nabla_{nckl} = \sum_{muij} S^\nabla_{muij} \frac{\partial S_{muij}}{\partial X_{nckl}} = \sum_{ij} S^\nabla_{ncij} [X_{nckl} = S_{ncij}, 1 \le k - 2(i - 1) \le 2, 1 \le l - 2(j - 1) \le 2]`,
      },
      shapes: formulaShapes,
      attributes: formulaWindow,
    },
  ],
  forward: ({ X }, output, { size, stride }) => {
    const { batch, channels, height, width } = imagesOf(X.shape, 'maxPool');
    const places = Tensor.allocate(output.shape, 'int32');
    const kernel = kernels[X.dtype as FloatDType];
    kernel.maxPool(X.pointer, output.pointer, places.pointer, batch * channels, height, width, size, stride);
    return places;
  },
  backward: {
    X: ({ gradient, X, attributes }) =>
      spread(gradient, X, attributes, (columns) => firstLargest(X, attributes, columns)),
  },
  fused: {
    X: ({ gradient, X, saved }) => {
      const { batch, channels, height, width } = imagesOf(X.shape, 'maxPool');
      const result = Tensor.allocate(X.shape, X.dtype);
      const planes = batch * channels;
      const kernel = kernels[X.dtype as FloatDType];
      const places = gradient.size / planes;
      kernel.maxPoolBackward(
        gradient.pointer,
        saved!.pointer,
        result.pointer,
        planes,
        height * width,
        places,
      );
      return result;
    },
  },
  kinks: [
    {
      convention: 'among equal numbers of a window the first, row by row, takes the whole gradient',
      at: {
        X: [
          [
            [
              [1, 3],
              [3, 3],
            ],
          ],
        ],
      },
      gradient: {
        X: [
          [
            [
              [0, 1],
              [0, 0],
            ],
          ],
        ],
      },
    },
  ],
  equivalentMutants: {
    'multiplication commutes': [
      'X: multiply(expand(…), constant) → multiply(constant, expand(…))',
      'X: multiply(reshape(…), constant) → multiply(constant, reshape(…))',
    ],
    'multiplication by the mask expands it too': ['X: expand(reshape(…)) → reshape(gradient)'],
    'windows of one pixel': [
      'X: multiply(reshape(…), constant) → reshape(gradient)',
      'X: fold(multiply(…)) → multiply(reshape(…), constant)',
      'X: reshape(fold(…)) → fold(multiply(…)) (2)',
    ],
  },
});

/** $S_{ncij} = \frac{1}{k^2} \sum_{ab} X_{n, c, s(i-1)+a, s(j-1)+b}$: the mean of each window. */
export const averagePool: PoolingOp = pooling({
  name: 'averagePool',
  courseName: 'AvgPool2D',
  summary: 'mean of each window',
  math: [
    {
      forward: String.raw`S_{ncij} = \frac{1}{4} \sum_{a,b=1}^{2} ${pixel}`,
      gradient: {
        X: String.raw`X^\nabla_{nckl} = \sum_{muij} S^\nabla_{muij} \frac{\partial S_{muij}}{\partial X_{nckl}} = \frac{1}{4} \sum_{ij} \sum_{a,b=1}^{2} S^\nabla_{ncij} [2(i - 1) + a = k, 2(j - 1) + b = l]`,
      },
      shapes: formulaShapes,
      attributes: formulaWindow,
    },
  ],
  forward: ({ X }, output, { size, stride }) => {
    const { batch, channels, height, width } = imagesOf(X.shape, 'averagePool');
    const kernel = kernels[X.dtype as FloatDType];
    kernel.averagePool(X.pointer, output.pointer, batch * channels, height, width, size, stride);
    return undefined;
  },
  backward: {
    X: ({ gradient, X, attributes }) =>
      divide(
        spread(gradient, X, attributes, (columns) => columns),
        attributes.size * attributes.size,
      ),
  },
  fused: {
    X: ({ gradient, X, attributes: { size, stride } }) => {
      const { batch, channels, height, width } = imagesOf(X.shape, 'averagePool');
      const result = Tensor.allocate(X.shape, X.dtype);
      const kernel = kernels[X.dtype as FloatDType];
      kernel.averagePoolBackward(
        gradient.pointer,
        result.pointer,
        batch * channels,
        height,
        width,
        size,
        stride,
      );
      return result;
    },
  },
  equivalentMutants: {
    'windows of one pixel': [
      'X: fold(reshape(…)) → reshape(gradient)',
      'X: reshape(fold(…)) → fold(reshape(…))',
      'X: divide(reshape(…), constant) → reshape(fold(…)) (2)',
    ],
  },
});

function pooling(
  own: Pick<Pooling, 'name' | 'courseName' | 'summary' | 'math' | 'forward' | 'backward' | 'fused'> &
    Partial<Pick<Pooling, 'kinks' | 'equivalentMutants'>>,
): PoolingOp {
  const call: PoolingOp = defineOp(
    {
      ...own,
      inputs: ['X'],
      shapeRule: '(n, c, h, w) → (n, c, places)',
      shape: ({ X }, window) => pooledShape(X, window, own.name),
      samples: samples(),
      refuses: refusals(own.name, (X, size, options) => call(X, size, options)),
    },
    (execute) =>
      (X, size, options = {}) => {
        requireOptions(own.name, options, { stride: true });
        const { stride = size } = options;
        windowOf([size, size], { stride }, own.name);
        return execute([X], { size, stride });
      },
  );
  return call;
}

function samples(): readonly Sample<'X', PoolWindow>[] {
  return [
    { shapes: { X: [1, 1, 2, 2] }, attributes: { size: 2, stride: 2 } },
    { shapes: { X: [2, 2, 4, 6] }, attributes: { size: 2, stride: 2 } },
    { shapes: { X: [1, 2, 4, 3] }, attributes: { size: 2, stride: 1 } },
    { shapes: { X: [2, 1, 1, 1] }, attributes: { size: 1, stride: 1 } },
  ];
}

function refusals(
  name: string,
  call: PoolingOp | ((...operands: Parameters<PoolingOp>) => unknown),
): Refusal[] {
  return [
    {
      because: 'windows that do not tile the image',
      call: () => call(ones([1, 1, 5, 4]), 2),
      message: new RegExp(
        `^${name}: windows of side 2 at every 2 pixels do not tile the image \\(1, 1, 5, 4\\)`,
      ),
    },
    {
      because: 'a window that is larger than the image',
      call: () => call(ones([1, 1, 2, 2]), 3),
      message: new RegExp(`^${name}: the window of height 3 is larger than the image of height 2`),
    },
  ];
}

function pooledShape(X: Shape, { size, stride }: PoolWindow, op: string): Shape {
  const images = imagesOf(X, op);
  const places = placesOf(images, { size: [size, size], stride, padding: 0 }, op);
  const covered = places.map((count) => (count - 1) * stride + size);
  if (covered[0] !== images.height || covered[1] !== images.width) {
    throw new ShapeError(
      `${op}: windows of side ${size} at every ${stride} pixels do not tile the image ${formatShape(X)}: they cover ` +
        `${covered[0]} by ${covered[1]} pixels; choose another size or stride, or pad the images`,
    );
  }
  return [images.batch, images.channels, ...places];
}

/** Repeats each window's gradient over its pixels, weights it, and adds up where windows overlap. */
function spread(
  gradient: Tensor,
  X: Tensor,
  window: PoolWindow,
  weight: (columns: Tensor) => Tensor,
): Tensor {
  const { batch, channels, height, width } = imagesOf(X.shape, 'pooling');
  const planes = { batch: batch * channels, channels: 1, height, width };
  const area = window.size * window.size;
  const rows = reshape(gradient, [planes.batch, 1, -1]); // one row a plane, one column a window
  const columns = weight(expand(rows, [planes.batch, area, rows.shape[2]!]));
  return reshape(fold(columns, planes, [window.size, window.size], { stride: window.stride }), X.shape);
}

/** The columns, kept where a window's first largest pixel stands and zero elsewhere. */
function firstLargest(X: Tensor, { size, stride }: PoolWindow, columns: Tensor): Tensor {
  const { batch, channels, height, width } = imagesOf(X.shape, 'maxPool');
  const planes = X.detach().view([batch * channels, 1, height, width]);
  const pixels = unfold(planes, [size, size], { stride }).data(); // (planes, area, windows)
  const [count, area, windows] = columns.shape as readonly [number, number, number];
  const mask = new Float64Array(columns.size);
  for (let plane = 0; plane < count; plane++) {
    for (let w = 0; w < windows; w++) {
      const first = plane * area * windows + w;
      let largest = first;
      for (let k = 1; k < area; k++)
        if (pixels[first + k * windows]! > pixels[largest]!) largest = first + k * windows;
      mask[largest] = 1;
    }
  }
  return multiply(columns, constant(mask, { shape: columns.shape, dtype: X.dtype as FloatDType }));
}
