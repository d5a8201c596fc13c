import { bytesOf } from './math/lanes';
import { foldImage, outputSize, unfoldImage } from './math/patches';
import { product } from './math/product';

// Images are (batch, channels, height, width). The columns of an image are the (channels · kernelHeight ·
// kernelWidth, outputHeight · outputWidth) matrix whose column is the patch under the kernel at one place of the
// output, so that a convolution is a product with it. outputHeight = ⌊(height + 2·padding − kernelHeight) /
// stride⌋ + 1, and the same for the width.

/** The columns of every image: columns is (batch, channels·kernelHeight·kernelWidth, outputHeight·outputWidth). */
export function unfold<T>(
  x: usize,
  columns: usize,
  batch: i32,
  channels: i32,
  height: i32,
  width: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  padding: i32,
): void {
  const image = bytesOf<T>(channels * height * width);
  const places =
    outputSize(height, kernelHeight, stride, padding) * outputSize(width, kernelWidth, stride, padding);
  const own = bytesOf<T>(channels * kernelHeight * kernelWidth * places);
  for (let i = 0; i < batch; i++, x += image, columns += own) {
    unfoldImage<T>(x, columns, channels, height, width, kernelHeight, kernelWidth, stride, padding);
  }
}

/** The adjoint of unfold: x[…] = the sum of all the places in columns that unfold copies it to. */
export function fold<T>(
  columns: usize,
  x: usize,
  batch: i32,
  channels: i32,
  height: i32,
  width: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  padding: i32,
): void {
  const image = bytesOf<T>(channels * height * width);
  const places =
    outputSize(height, kernelHeight, stride, padding) * outputSize(width, kernelWidth, stride, padding);
  const own = bytesOf<T>(channels * kernelHeight * kernelWidth * places);
  memory.fill(x, 0, image * batch);
  for (let i = 0; i < batch; i++, x += image, columns += own) {
    foldImage<T>(columns, x, channels, height, width, kernelHeight, kernelWidth, stride, padding);
  }
}

/** The bytes of workspace that the convolution kernels below need for one image at a time. */
export function convolutionWorkspace<T>(
  channels: i32,
  height: i32,
  width: i32,
  outputs: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  padding: i32,
): usize {
  const places =
    outputSize(height, kernelHeight, stride, padding) * outputSize(width, kernelWidth, stride, padding);
  const patch = channels * kernelHeight * kernelWidth;
  return bytesOf<T>(patch * places + patch * outputs + 8);
}

/**
 * out[i, o] = [relu of] bias[o] + Σ w[o]·patches of x[i]: w is (outputs, channels, kernelHeight, kernelWidth),
 * bias (outputs) or the pointer 0, out (batch, outputs, outputHeight, outputWidth).
 */
export function convolve<T>(
  x: usize,
  w: usize,
  bias: usize,
  out: usize,
  workspace: usize,
  batch: i32,
  channels: i32,
  height: i32,
  width: i32,
  outputs: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  padding: i32,
  relu: i32,
): void {
  const places =
    outputSize(height, kernelHeight, stride, padding) * outputSize(width, kernelWidth, stride, padding);
  const patch = channels * kernelHeight * kernelWidth;
  const image = bytesOf<T>(channels * height * width);
  for (let i = 0; i < batch; i++, x += image, out += bytesOf<T>(outputs * places)) {
    unfoldImage<T>(x, workspace, channels, height, width, kernelHeight, kernelWidth, stride, padding);
    if (bias) fillRows<T>(out, bias, outputs, places);
    product<T>(
      w,
      workspace,
      out,
      outputs,
      places,
      patch,
      patch,
      1,
      places,
      1,
      places,
      0,
      i32(bias != 0),
      relu,
    );
  }
}

/** The gradient of `convolve` (before relu) by x: out is (batch, channels, height, width). */
export function convolveBackwardInput<T>(
  upstream: usize,
  w: usize,
  out: usize,
  workspace: usize,
  batch: i32,
  channels: i32,
  height: i32,
  width: i32,
  outputs: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  padding: i32,
): void {
  const places =
    outputSize(height, kernelHeight, stride, padding) * outputSize(width, kernelWidth, stride, padding);
  const patch = channels * kernelHeight * kernelWidth;
  const image = bytesOf<T>(channels * height * width);
  memory.fill(out, 0, image * batch);
  for (let i = 0; i < batch; i++, out += image, upstream += bytesOf<T>(outputs * places)) {
    product<T>(w, upstream, workspace, patch, places, outputs, 1, patch, places, 1, places, 0, 0, 0);
    foldImage<T>(workspace, out, channels, height, width, kernelHeight, kernelWidth, stride, padding);
  }
}

/** The gradient of `convolve` (before relu) by w: out is (outputs, channels, kernelHeight, kernelWidth). */
export function convolveBackwardWeight<T>(
  upstream: usize,
  x: usize,
  out: usize,
  workspace: usize,
  batch: i32,
  channels: i32,
  height: i32,
  width: i32,
  outputs: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  padding: i32,
): void {
  const places =
    outputSize(height, kernelHeight, stride, padding) * outputSize(width, kernelWidth, stride, padding);
  const patch = channels * kernelHeight * kernelWidth;
  const image = bytesOf<T>(channels * height * width);
  // The transposed gradient is summed, because then the small operand is the one that is packed.
  const transposed = workspace + ((bytesOf<T>(patch * places) + 15) & ~15);
  for (let i = 0; i < batch; i++, x += image, upstream += bytesOf<T>(outputs * places)) {
    unfoldImage<T>(x, workspace, channels, height, width, kernelHeight, kernelWidth, stride, padding);
    product<T>(
      workspace,
      upstream,
      transposed,
      patch,
      outputs,
      places,
      places,
      1,
      1,
      places,
      outputs,
      0,
      i32(i > 0),
      0,
    );
  }
  for (let o = 0; o < outputs; o++) {
    for (let p = 0; p < patch; p++, out += sizeof<T>()) {
      store<T>(out, load<T>(transposed + bytesOf<T>(p * outputs + o)));
    }
  }
}

// @inline
function fillRows<T>(out: usize, values: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++, values += sizeof<T>()) {
    const value = load<T>(values);
    for (let c = 0; c < cols; c++, out += sizeof<T>()) store<T>(out, value);
  }
}
