import { defineOp } from '../autodiff/define-op.js';
import type { Op } from '../autodiff/op.js';
import { kernels } from '../kernels/index.js';
import { ones, type TensorLike } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/error.js';
import { formatShape, type Shape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { reshape } from './layout.js';
import { matmul } from './matmul.js';
import { sum } from './reduce.js';
import { fold, unfold } from './unfold.js';
import { type ConvolutionOptions, imagesOf, placesOf, type Window, windowOf } from './window.js';
import { requireOptions } from '../tensor/options.js';

const small = { X: [2, 2, 3, 4], K: [2, 2, 2, 2], b: [2] } as const;
const pixel = 'X_{n, c, s(i - 1) + p - d, s(j - 1) + q - d}';
const hits = '[s(i - 1) + p - d = k] [s(j - 1) + q - d = l]';

/**
 * $S_{noij} = \sum_{cpq} X_{n, c, s(i-1)+p-d, s(j-1)+q-d} K_{ocpq} + b_o$: convolution of images X (batch, channels, height, width)
 * with kernels K (outputs, channels, kernel height, kernel width) and biases b (outputs), stride s, padding d.
 * @throws ShapeError when channels or biases do not match, or the kernel is larger than the padded image.
 */
export const convolve: Op<
  'X' | 'K' | 'b',
  ConvolutionOptions,
  (X: TensorLike, K: TensorLike, b: TensorLike, options?: ConvolutionOptions) => Tensor
> = defineOp(
  {
    name: 'convolve',
    courseName: 'Conv2D',
    summary: 'convolution of images with stride and padding, plus a bias for each output',
    inputs: ['X', 'K', 'b'],
    math: [
      {
        forward: String.raw`S_{noij} = \sum_{cpq} ${pixel} K_{ocpq} + b_o`,
        gradient: {
          X: String.raw`X^\nabla_{nckl} = \sum_{moij} S^\nabla_{moij} \frac{\partial S_{moij}}{\partial X_{nckl}} = \sum_{oijpq} S^\nabla_{noij} K_{ocpq} ${hits}`,
          K: String.raw`K^\nabla_{ocpq} = \sum_{nmij} S^\nabla_{nmij} \frac{\partial S_{nmij}}{\partial K_{ocpq}} = \sum_{nij} S^\nabla_{noij} ${pixel}`,
          b: String.raw`b^\nabla_o = \sum_{nmij} S^\nabla_{nmij} \frac{\partial S_{nmij}}{\partial b_o} = \sum_{nmij} S^\nabla_{nmij} \delta_{mo} = \sum_{nij} S^\nabla_{noij}`,
        },
        shapes: [small],
        attributes: { stride: 2, padding: 1 },
        constants: { s: 2, d: 1 },
      },
    ],
    shapeRule: '(n, c, h, w), (o, c, kh, kw), (o) → (n, o, places)',
    shape: ({ X, K, b }, options) => {
      requireFitting(X, K, b);
      const places = placesOf(imagesOf(X, 'convolve'), windowFor(K, options), 'convolve');
      return [X[0]!, K[0]!, ...places];
    },
    forward: ({ X, K, b }, output, options) => {
      const sizes = sizesOf(X.shape, K.shape, options);
      const kernel = kernels[X.dtype as FloatDType];
      const workspace = workspaceFor(X, K, options);
      kernel.convolve(X.pointer, K.pointer, b.pointer, output.pointer, workspace, ...sizes, 0);
      return undefined;
    },
    backward: {
      X: ({ gradient, X, K, attributes }) => {
        const window = windowFor(K.shape, attributes);
        const columns = matmul(asRows(K), asPlanes(gradient), { transposeX: true }); // (n, c·kh·kw, places)
        return fold(columns, imagesOf(X.shape, 'convolve'), window.size, attributes);
      },
      K: ({ gradient, X, K, attributes }) => {
        const window = windowFor(K.shape, attributes);
        const columns = unfold(X, window.size, attributes); // (n, c·kh·kw, places)
        const products = matmul(asPlanes(gradient), columns, { transposeW: true }); // (n, o, c·kh·kw)
        return reshape(sum(products, { axis: 0 }), K.shape);
      },
      b: ({ gradient }) => sum(gradient, { axis: [0, 2, 3] }),
    },
    fused: {
      X: ({ gradient, X, K, attributes }) => {
        const result = Tensor.allocate(X.shape, X.dtype);
        const sizes = sizesOf(X.shape, K.shape, attributes);
        const workspace = workspaceFor(X, K, attributes);
        const kernel = kernels[X.dtype as FloatDType];
        kernel.convolveBackwardInput(gradient.pointer, K.pointer, result.pointer, workspace, ...sizes);
        return result;
      },
      K: ({ gradient, X, K, attributes }) => {
        const result = Tensor.allocate(K.shape, K.dtype);
        const sizes = sizesOf(X.shape, K.shape, attributes);
        const workspace = workspaceFor(X, K, attributes);
        const kernel = kernels[X.dtype as FloatDType];
        kernel.convolveBackwardWeight(gradient.pointer, X.pointer, result.pointer, workspace, ...sizes);
        return result;
      },
      b: ({ gradient, b }) => {
        const [batch, outputs, height, width] = gradient.shape as [number, number, number, number];
        const ofPlanes = Tensor.allocate([batch, outputs], gradient.dtype);
        const result = Tensor.allocate(b.shape, gradient.dtype);
        const kernel = kernels[gradient.dtype as FloatDType];
        kernel.sum(gradient.pointer, ofPlanes.pointer, batch * outputs, height * width, 1);
        kernel.sum(ofPlanes.pointer, result.pointer, 1, batch, outputs);
        return result;
      },
    },
    samples: [
      { shapes: small, attributes: { stride: 2, padding: 1 } },
      { shapes: { X: [2, 1, 4, 4], K: [3, 1, 3, 2], b: [3] }, attributes: {} },
      { shapes: { X: [1, 3, 1, 1], K: [1, 3, 1, 1], b: [1] }, attributes: {} },
    ],
    refuses: [
      {
        because: 'channels that do not match',
        call: () => convolve(ones([1, 3, 4, 4]), ones([2, 1, 2, 2]), ones([2])),
        message:
          /^convolve: the images \(1, 3, 4, 4\) have 3 channels, but the kernels \(2, 1, 2, 2\) are for 1/,
      },
      {
        because: 'a kernel that is larger than the padded image',
        call: () => convolve(ones([1, 1, 2, 2]), ones([1, 1, 5, 5]), ones([1]), { padding: 1 }),
        message:
          /^convolve: the window of height 5 is larger than the image of height 4 with its padding of 1/,
      },
      {
        because: 'another number of biases than outputs',
        call: () => convolve(ones([1, 1, 2, 2]), ones([2, 1, 1, 1]), ones([1])),
        message: /^convolve: b \(1,\) must have one bias for each of the 2 outputs of the kernels/,
      },
    ],
    equivalentMutants: {
      'the derivative by a bias is the same everywhere': [
        String.raw`b: S^\nabla_{nmij} → S^\nabla_{imnj}`,
        'b: S_{nmij} → S_{imnj}',
        String.raw`b: S^\nabla_{nmij} → S^\nabla_{imnj} (2)`,
        String.raw`b: S^\nabla_{nmij} → S^\nabla_{jmin} (2)`,
        String.raw`b: S^\nabla_{nmij} → S^\nabla_{nmji} (2)`,
        String.raw`b: S^\nabla_{noij} → S^\nabla_{ionj}`,
        String.raw`b: S^\nabla_{noij} → S^\nabla_{join}`,
        String.raw`b: S^\nabla_{noij} → S^\nabla_{noji}`,
      ],
    },
  },
  (execute) =>
    (X, K, b, options = {}) => {
      requireOptions('convolve', options, { stride: true, padding: true });
      return execute([X, K, b], options);
    },
);

function requireFitting(X: Shape, K: Shape, b: Shape): void {
  const { channels } = imagesOf(X, 'convolve');
  if (K.length !== 4) {
    throw new ShapeError(
      `convolve: the kernels ${formatShape(K)} must have four axes: (outputs, channels, kernel height, kernel width)`,
    );
  }
  if (K[1] !== channels) {
    throw new ShapeError(
      `convolve: the images ${formatShape(X)} have ${channels} channels, but the kernels ${formatShape(K)} are for ${K[1]}`,
    );
  }
  if (b.length !== 1 || b[0] !== K[0]) {
    throw new ShapeError(
      `convolve: b ${formatShape(b)} must have one bias for each of the ${K[0]} outputs of the kernels ${formatShape(K)}`,
    );
  }
}

function windowFor(K: Shape, options: ConvolutionOptions): Window {
  return windowOf([K[2]!, K[3]!], options, 'convolve');
}

/** The kernels as a matrix: (outputs, channels · kernel height · kernel width). */
function asRows(K: Tensor): Tensor {
  return reshape(K, [K.shape[0]!, -1]);
}

/** Each output plane as a row: (batch, outputs, places). */
function asPlanes(S: Tensor): Tensor {
  return reshape(S, [S.shape[0]!, S.shape[1]!, -1]);
}

type Sizes = readonly [number, number, number, number, number, number, number, number, number];

/** Batch, channels, height, width, outputs, kernel height, kernel width, stride and padding, as the compiled kernels take them. */
function sizesOf(X: Shape, K: Shape, { stride = 1, padding = 0 }: ConvolutionOptions): Sizes {
  return [X[0]!, X[1]!, X[2]!, X[3]!, K[0]!, K[2]!, K[3]!, stride, padding];
}

/** Scratch memory of the compiled kernels, which lives as long as what is computed with it. */
function workspaceFor(X: Tensor, K: Tensor, options: ConvolutionOptions): number {
  const [, ...sizes] = sizesOf(X.shape, K.shape, options);
  return Tensor.allocate(
    [Math.ceil(kernels[X.dtype as FloatDType].convolutionWorkspace(...sizes) / 4)],
    'int32',
  ).pointer;
}
