import { bytesOf } from './math/lanes';
import { packColumns, packRows } from './math/pack';
import { addOuterProducts, fillPanelRow, listPixels, packPatches, padImage } from './math/patch-panels';
import { foldImage, outputSize, unfoldImage } from './math/patches';
import { product } from './math/product';
import { packedTile } from './math/tile';

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

/** The bytes of workspace that the convolution kernels below need. */
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
  const padded = channels * (height + 2 * padding) * (width + 2 * padding);
  const forward = padded + (patch + 1) * (outputs + 4 + panelWidth<T>());
  const byInput = patch * places;
  const byWeight = padded + (places + patch) * (outputs + panelWidth<T>());
  return 4 * patch + bytesOf<T>(max(forward, max(byInput, byWeight))) + 64;
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
  const outWidth = outputSize(width, kernelWidth, stride, padding);
  const places = outputSize(height, kernelHeight, stride, padding) * outWidth;
  const depth = channels * kernelHeight * kernelWidth + 1; // the bias is the weight of a pixel that is always 1
  const panel = panelWidth<T>();
  const offsets = aligned(workspace);
  const bPanel = aligned(offsets + 4 * (depth - 1));
  const aPanels = bPanel + bytesOf<T>(panel * depth);
  const paddedImage = aligned(aPanels + bytesOf<T>(((outputs + 3) & ~3) * depth));
  listPixels<T>(offsets, channels, height + 2 * padding, width + 2 * padding, kernelHeight, kernelWidth);
  packWeights<T>(w, bias, aPanels, outputs, depth);
  fillPanelRow<T>(bPanel, <T>1);
  const image = bytesOf<T>(channels * height * width);
  for (let i = 0; i < batch; i++, x += image, out += bytesOf<T>(outputs * places)) {
    const from = padImage<T>(x, paddedImage, channels, height, width, padding);
    for (let first = 0; first < places; first += panel) {
      const count = min(panel, places - first);
      packPatches<T>(
        from,
        offsets,
        bPanel + 32,
        first,
        count,
        outWidth,
        stride,
        width + 2 * padding,
        depth - 1,
      );
      let a = aPanels;
      for (let o = 0; o < outputs; o += 4, a += bytesOf<T>(4 * depth)) {
        const at = out + bytesOf<T>(o * places + first);
        packedTile<T>(a, bPanel, depth, at, bytesOf<T>(places), outputs - o, count, 0, false, relu != 0);
      }
    }
  }
}

/** Panels of four outputs, each the bias and then the weights; a row that lacks stays unset. */
function packWeights<T>(w: usize, bias: usize, panels: usize, outputs: i32, depth: i32): void {
  const patch = depth - 1;
  for (let o = 0; o < outputs; o += 4, w += bytesOf<T>(4 * patch), panels += bytesOf<T>(4 * depth)) {
    const count = min(4, outputs - o);
    for (let r = 0; r < count; r++) {
      store<T>(panels + bytesOf<T>(r), bias ? load<T>(bias + bytesOf<T>(o + r)) : <T>0);
    }
    packRows<T>(w, panels + bytesOf<T>(4), count, patch, patch, 1);
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
  const outHeight = outputSize(height, kernelHeight, stride, padding);
  const outWidth = outputSize(width, kernelWidth, stride, padding);
  const places = outHeight * outWidth;
  const patch = channels * kernelHeight * kernelWidth;
  const panel = panelWidth<T>();
  const panels = (outputs + panel - 1) / panel;
  const offsets = aligned(workspace);
  const sums = aligned(offsets + 4 * patch); // panels of (patch, panel): the gradient, transposed
  const gradients = sums + bytesOf<T>(panels * panel * patch); // panels of (places, panel)
  const paddedImage = gradients + bytesOf<T>(panels * panel * places);
  listPixels<T>(offsets, channels, height + 2 * padding, width + 2 * padding, kernelHeight, kernelWidth);
  memory.fill(sums, 0, bytesOf<T>(panels * panel * patch));
  const image = bytesOf<T>(channels * height * width);
  for (let i = 0; i < batch; i++, x += image, upstream += bytesOf<T>(outputs * places)) {
    const from = padImage<T>(x, paddedImage, channels, height, width, padding);
    packColumns<T>(upstream, gradients, places, outputs, 1, places);
    for (let k = 0; k < panels; k++) {
      addOuterProducts<T>(
        from,
        offsets,
        gradients + bytesOf<T>(k * panel * places),
        sums + bytesOf<T>(k * panel * patch),
        outHeight,
        outWidth,
        stride,
        width + 2 * padding,
        patch,
      );
    }
  }
  for (let o = 0; o < outputs; o++) {
    let from = sums + bytesOf<T>((o / panel) * panel * patch + (o % panel));
    for (let p = 0; p < patch; p++, out += sizeof<T>(), from += 32) store<T>(out, load<T>(from));
  }
}

// @inline
function panelWidth<T>(): i32 {
  return 32 / sizeof<T>();
}

// @inline
function aligned(p: usize): usize {
  return (p + 15) & ~15;
}
