import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { Buffers, dtypes } from './buffers.js';

interface Sizes {
  batch: number;
  channels: number;
  height: number;
  width: number;
  outputs: number;
  kernelHeight: number;
  kernelWidth: number;
  stride: number;
  padding: number;
}

const cases: Record<string, Sizes> = {
  'a plain image': sizes(2, 3, [8, 9], 4, [3, 3], 1, 0),
  'a padded image': sizes(2, 2, [5, 6], 3, [3, 3], 1, 1),
  'a stride of 2': sizes(1, 2, [9, 8], 3, [3, 2], 2, 1),
  'more padding than the kernel reaches': sizes(1, 1, [2, 2], 2, [2, 2], 1, 3),
  'a kernel of one pixel': sizes(2, 3, [4, 5], 2, [1, 1], 1, 0),
  'a kernel as large as the image': sizes(3, 2, [4, 4], 2, [4, 4], 1, 0),
  'a kernel that reaches far beyond the image': sizes(2, 1, [1, 2], 2, [7, 7], 1, 3),
  'a stride larger than the kernel': sizes(1, 2, [10, 10], 2, [2, 2], 3, 0),
  'two places of which the second is three numbers away': sizes(1, 1, [1, 4], 1, [1, 1], 3, 0),
  'two places, one below the other, in an image of width 3': sizes(1, 1, [4, 3], 1, [3, 3], 1, 0),
  'a column of six places': sizes(1, 1, [8, 3], 2, [3, 3], 1, 0),
};

for (const dtype of dtypes) {
  const kernel = kernels[dtype];

  describe(`convolution in ${dtype}`, () => {
    for (const [name, s] of Object.entries(cases)) {
      const [rows, cols] = outputOf(s);
      const [xSize, wSize] = [s.batch * s.channels * s.height * s.width, s.outputs * patchOf(s)];
      const [outSize, columnSize] = [s.batch * s.outputs * rows * cols, s.batch * patchOf(s) * rows * cols];
      const spatial = [s.batch, s.channels, s.height, s.width] as const;
      const window = [s.kernelHeight, s.kernelWidth, s.stride, s.padding] as const;
      const all = [...spatial, s.outputs, ...window] as const;
      const [x, w, bias, upstream] = [
        wholes(xSize, 11),
        wholes(wSize, 7),
        wholes(s.outputs, 5),
        wholes(outSize, 13),
      ];
      const workspaceOf = (buffers: Buffers) =>
        buffers.room(kernel.convolutionWorkspace(s.channels, s.height, s.width, s.outputs, ...window) / 4);

      it(`convolve is right for ${name}, with bias and without, and with relu`, () => {
        const buffers = new Buffers(dtype);
        const [xAt, wAt, biasAt] = [buffers.put(x), buffers.put(w), buffers.put(bias)];
        const [out, workspace] = [buffers.room(outSize), workspaceOf(buffers)];
        const plain = Array<number>(outSize).fill(0);
        const shifted = plain.map((_, i) => bias[Math.floor(i / (rows * cols)) % s.outputs]!);
        forEachTerm(s, (xi, wi, oi) => {
          plain[oi]! += x[xi]! * w[wi]!;
          shifted[oi]! += x[xi]! * w[wi]!;
        });
        kernel.convolve(xAt, wAt, 0, out, workspace, ...all, 0);
        expect(buffers.get(out, outSize)).to.deep.equal(plain);
        kernel.convolve(xAt, wAt, biasAt, out, workspace, ...all, 0);
        expect(buffers.get(out, outSize)).to.deep.equal(shifted);
        kernel.convolve(xAt, wAt, biasAt, out, workspace, ...all, 1);
        expect(buffers.get(out, outSize)).to.deep.equal(shifted.map((value) => Math.max(value, 0)));
        expect(buffers.isPaddedOnly(out, outSize)).to.be.true;
      });

      it(`the gradients of convolve are its adjoints for ${name}`, () => {
        const buffers = new Buffers(dtype);
        const [xAt, wAt, upstreamAt] = [buffers.put(x), buffers.put(w), buffers.put(upstream)];
        const [xGradient, wGradient, workspace] = [
          buffers.room(xSize),
          buffers.room(wSize),
          workspaceOf(buffers),
        ];
        const byX = Array<number>(xSize).fill(0);
        const byW = Array<number>(wSize).fill(0);
        forEachTerm(s, (xi, wi, oi) => {
          byX[xi]! += upstream[oi]! * w[wi]!;
          byW[wi]! += upstream[oi]! * x[xi]!;
        });
        kernel.convolveBackwardInput(upstreamAt, wAt, xGradient, workspace, ...all);
        kernel.convolveBackwardWeight(upstreamAt, xAt, wGradient, workspace, ...all);
        expect(buffers.get(xGradient, xSize)).to.deep.equal(byX);
        expect(buffers.get(wGradient, wSize)).to.deep.equal(byW);
        expect(buffers.isPaddedOnly(xGradient, xSize) && buffers.isPaddedOnly(wGradient, wSize)).to.be.true;
      });

      it(`unfold copies every patch and fold is its adjoint for ${name}`, () => {
        const buffers = new Buffers(dtype);
        const [columns, folded] = [buffers.room(columnSize), buffers.room(xSize)];
        kernel.unfold(buffers.put(x), columns, ...spatial, ...window);
        const expected = Array<number>(columnSize).fill(0);
        forEachPatch(s, (xi, ci) => (expected[ci] = x[xi]!));
        expect(buffers.get(columns, columnSize)).to.deep.equal(expected);
        expect(buffers.isPaddedOnly(columns, columnSize)).to.be.true;
        const weights = wholes(columnSize, 17);
        const sums = Array<number>(xSize).fill(0);
        forEachPatch(s, (xi, ci) => (sums[xi]! += weights[ci]!));
        kernel.fold(buffers.put(weights), folded, ...spatial, ...window);
        expect(buffers.get(folded, xSize)).to.deep.equal(sums);
        expect(buffers.isPaddedOnly(folded, xSize)).to.be.true;
      });
    }
  });
}

function sizes(
  batch: number,
  channels: number,
  [height, width]: [number, number],
  outputs: number,
  [kernelHeight, kernelWidth]: [number, number],
  stride: number,
  padding: number,
): Sizes {
  return { batch, channels, height, width, outputs, kernelHeight, kernelWidth, stride, padding };
}

function patchOf(s: Sizes): number {
  return s.channels * s.kernelHeight * s.kernelWidth;
}

function outputOf(s: Sizes): [number, number] {
  const along = (size: number, kernel: number) => Math.floor((size + 2 * s.padding - kernel) / s.stride) + 1;
  return [along(s.height, s.kernelHeight), along(s.width, s.kernelWidth)];
}

/** Visits each pair of a place in x and the place in the columns that it is copied to. */
function forEachPatch(
  s: Sizes,
  visit: (xIndex: number, columnIndex: number, patch: number, image: number, place: number) => void,
): void {
  const [rows, cols] = outputOf(s);
  for (let i = 0; i < s.batch; i++) {
    for (let p = 0; p < patchOf(s); p++) {
      const kx = p % s.kernelWidth;
      const ky = Math.floor(p / s.kernelWidth) % s.kernelHeight;
      const c = Math.floor(p / (s.kernelWidth * s.kernelHeight));
      for (let place = 0; place < rows * cols; place++) {
        const y = Math.floor(place / cols) * s.stride + ky - s.padding;
        const x = (place % cols) * s.stride + kx - s.padding;
        if (y < 0 || y >= s.height || x < 0 || x >= s.width) continue;
        const xIndex = ((i * s.channels + c) * s.height + y) * s.width + x;
        visit(xIndex, (i * patchOf(s) + p) * rows * cols + place, p, i, place);
      }
    }
  }
}

/** Visits each product that the convolution adds up: the places in x, in w and in the result. */
function forEachTerm(s: Sizes, visit: (xIndex: number, wIndex: number, outIndex: number) => void): void {
  const [rows, cols] = outputOf(s);
  forEachPatch(s, (xIndex, _, p, image, place) => {
    for (let o = 0; o < s.outputs; o++) {
      visit(xIndex, o * patchOf(s) + p, (image * s.outputs + o) * rows * cols + place);
    }
  });
}

function wholes(n: number, modulus: number): number[] {
  return Array.from({ length: n }, (_, i) => ((i * 7919) % modulus) - Math.floor(modulus / 2));
}
