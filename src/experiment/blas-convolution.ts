import { kernels, type KernelSet } from '../kernels/index.js';
import { bytesPerElement, type FloatDType } from '../tensor/dtype.js';
import { type MatrixProduct, plain, transposed } from './matrix-product.js';

type ConvolutionKernel =
  'convolve' | 'convolveBackwardInput' | 'convolveBackwardWeight' | 'convolutionWorkspace';

/**
 * The convolution kernels, done with somebody else's matrix product.
 *
 * Where the kernel moves by one pixel, images are unfolded along their width only: a line further down in the image is a
 * line further on in the columns of all its channels, so that each line of the kernel is a product with the same columns,
 * seen from another place. That moves less memory than the product of the whole kernel with its whole patches.
 */
export function convolutionKernels(
  dtype: FloatDType,
  product: MatrixProduct,
): Pick<KernelSet, ConvolutionKernel> {
  const own = { ...kernels[dtype] };
  const bytes = bytesPerElement[dtype];

  const convolutionWorkspace: KernelSet['convolutionWorkspace'] = (...given) => {
    const [channels, , , outputs, kernelHeight, kernelWidth] = given;
    const weights = bytes * outputs * channels * kernelHeight * kernelWidth;
    return own.convolutionWorkspace(...given) + padded(weights);
  };

  const convolve: KernelSet['convolve'] = (...given) => {
    const [x, w, bias, out, workspace, batch, channels, height, width, outputs, ...rest] = given;
    const [kernelHeight, kernelWidth, stride, padding, relu] = rest;
    const cut = cutOf(channels, height, width, kernelHeight, kernelWidth, stride, padding);
    const weights = workspace;
    const columns = workspace + padded(bytes * outputs * cut.patch * cut.parts);
    own.exchangeAxes(w, weights, outputs * channels, cut.parts, cut.lines * kernelWidth);
    for (let i = 0; i < batch; i++) {
      const image = x + bytes * i * channels * height * width;
      const planes = out + bytes * i * outputs * cut.places;
      if (bias !== 0) own.repeat(bias, planes, outputs, cut.places);
      own.unfold(image, columns, 1, channels, height, width, cut.lines, kernelWidth, stride, padding);
      for (let part = 0; part < cut.parts; part++) {
        product({
          m: outputs,
          n: cut.places,
          k: cut.patch,
          accumulate: bias !== 0 || part > 0,
          a: plain(weights + bytes * part * outputs * cut.patch, cut.patch),
          b: plain(columns + bytes * part * cut.shift, cut.rowStep),
          c: plain(planes, cut.places),
        });
      }
    }
    if (relu !== 0) own.relu(out, out, batch * outputs * cut.places);
  };

  const convolveBackwardInput: KernelSet['convolveBackwardInput'] = (...given) => {
    const [upstream, w, out, workspace, batch, channels, height, width, outputs, ...window] = given;
    const [, kernelWidth, stride, padding] = window;
    const cut = cutOf(channels, height, width, ...window);
    const weights = workspace;
    const columns = workspace + padded(bytes * outputs * cut.patch * cut.parts);
    own.exchangeAxes(w, weights, outputs * channels, cut.parts, cut.lines * kernelWidth);
    for (let i = 0; i < batch; i++) {
      const image = out + bytes * i * channels * height * width;
      own.fill(columns, cut.patch * cut.rowStep, 0);
      for (let part = 0; part < cut.parts; part++) {
        product({
          m: cut.patch,
          n: cut.places,
          k: outputs,
          accumulate: true,
          a: transposed(weights + bytes * part * outputs * cut.patch, cut.patch),
          b: plain(upstream + bytes * i * outputs * cut.places, cut.places),
          c: plain(columns + bytes * part * cut.shift, cut.rowStep),
        });
      }
      own.fold(columns, image, 1, channels, height, width, cut.lines, kernelWidth, stride, padding);
    }
  };

  const convolveBackwardWeight: KernelSet['convolveBackwardWeight'] = (...given) => {
    const [upstream, x, out, workspace, batch, channels, height, width, outputs, ...window] = given;
    const [, kernelWidth, stride, padding] = window;
    const cut = cutOf(channels, height, width, ...window);
    const sums = workspace;
    const columns = workspace + padded(bytes * outputs * cut.patch * cut.parts);
    for (let i = 0; i < batch; i++) {
      const image = x + bytes * i * channels * height * width;
      own.unfold(image, columns, 1, channels, height, width, cut.lines, kernelWidth, stride, padding);
      for (let part = 0; part < cut.parts; part++) {
        product({
          m: outputs,
          n: cut.patch,
          k: cut.places,
          accumulate: i > 0,
          a: plain(upstream + bytes * i * outputs * cut.places, cut.places),
          b: transposed(columns + bytes * part * cut.shift, cut.rowStep),
          c: plain(sums + bytes * part * outputs * cut.patch, cut.patch),
        });
      }
    }
    own.exchangeAxes(sums, out, cut.parts, outputs * channels, cut.lines * kernelWidth);
  };

  return { convolutionWorkspace, convolve, convolveBackwardInput, convolveBackwardWeight };
}

/** How a kernel is cut into parts, each of which is a product of its own. */
interface Cut {
  readonly parts: number;
  /** Lines of the kernel in a part. */
  readonly lines: number;
  /** Weights of a part for one output, which is also the number of rows of the columns. */
  readonly patch: number;
  /** Length of a row of the columns. */
  readonly rowStep: number;
  /** How much further on in each row the columns of the next part begin. */
  readonly shift: number;
  /** In how many places the kernel fits. */
  readonly places: number;
}

function cutOf(
  channels: number,
  height: number,
  width: number,
  kernelHeight: number,
  kernelWidth: number,
  stride: number,
  padding: number,
): Cut {
  const along = (size: number, kernel: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  const lines = stride === 1 ? 1 : kernelHeight;
  const shift = along(width, kernelWidth);
  return {
    parts: kernelHeight / lines,
    lines,
    patch: channels * lines * kernelWidth,
    rowStep: along(height, lines) * shift,
    shift,
    places: along(height, kernelHeight) * shift,
  };
}

/** Bytes as whole vectors. */
function padded(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
