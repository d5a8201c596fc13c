import { gather } from './columns';
import { bytesOf } from './lanes';

// Pixels under a kernel as products need them, without the whole matrix of columns: what one panel takes stays in the
// first cache. Images come padded.

/** The image with zeros around each channel, in `padded`; the image itself when there is nothing to pad. */
export function padImage<T>(
  image: usize,
  padded: usize,
  channels: i32,
  height: i32,
  width: i32,
  padding: i32,
): usize {
  if (padding == 0) return image;
  const outer = width + 2 * padding;
  memory.fill(padded, 0, bytesOf<T>(channels * (height + 2 * padding) * outer));
  let line = padded + bytesOf<T>(padding * outer + padding);
  for (let c = 0; c < channels; c++, line += bytesOf<T>(2 * padding * outer)) {
    for (let y = 0; y < height; y++, line += bytesOf<T>(outer), image += bytesOf<T>(width)) {
      for (let p: usize = 0; p < bytesOf<T>(width); p += sizeof<T>()) store<T>(line + p, load<T>(image + p));
    }
  }
  return padded;
}

export function fillPanelRow<T>(panel: usize, value: T): void {
  v128.store(panel, v128.splat<T>(value));
  v128.store(panel, v128.splat<T>(value), 16);
}

/** For each pixel (c, ky, kx) under the kernel, how many bytes it lies behind the kernel's corner (u32). */
export function listPixels<T>(
  offsets: usize,
  channels: i32,
  height: i32,
  width: i32,
  kernelHeight: i32,
  kernelWidth: i32,
): void {
  for (let c = 0; c < channels; c++) {
    for (let ky = 0; ky < kernelHeight; ky++) {
      for (let kx = 0; kx < kernelWidth; kx++, offsets += 4)
        store<u32>(offsets, <u32>bytesOf<T>((c * height + ky) * width + kx));
    }
  }
}

/**
 * A panel of two vectors' width: for each of the listed pixels what it sees from `count` places, from the first on.
 * Places that lack see what the last one sees.
 */
export function packPatches<T>(
  image: usize,
  offsets: usize,
  panel: usize,
  first: i32,
  count: i32,
  outWidth: i32,
  stride: i32,
  width: i32,
  patch: i32,
): void {
  const lanes: i32 = 16 / sizeof<T>();
  const last = first + count - 1;
  for (let half = 0; half < 2; half++, first += lanes, panel += 16) {
    const corner = cornerOf<T>(min(first, last), outWidth, stride, width);
    const step1 = cornerOf<T>(min(first + 1, last), outWidth, stride, width) - corner;
    const step2 = cornerOf<T>(min(first + 2, last), outWidth, stride, width) - corner;
    const step3 = cornerOf<T>(min(first + 3, last), outWidth, stride, width) - corner;
    const from = image + corner;
    const end = offsets + ((<usize>patch) << 2);
    let out = panel;
    const isWhole = first + lanes - 1 <= last; // or a lacking place may lie where the last lane would
    if (isWhole && (sizeof<T>() == 8 ? step1 : step3) == 16 - sizeof<T>()) {
      for (let p = offsets; p < end; p += 4, out += 32) v128.store(out, v128.load(from + load<u32>(p)));
    } else {
      for (let p = offsets; p < end; p += 4, out += 32)
        v128.store(out, gather<T>(from + load<u32>(p), step1, step2, step3));
    }
  }
}

/** Bytes from an image's first pixel to the first one that the kernel covers at a place. */
// @inline
function cornerOf<T>(place: i32, outWidth: i32, stride: i32, width: i32): usize {
  return bytesOf<T>((place / outWidth) * stride * width + (place % outWidth) * stride);
}

/**
 * sums[(c, ky, kx), :] += Σ_places (what the pixel sees from the place) · upstream[place, :], where the rows of sums and of
 * upstream are two vectors wide; for each number in the order of the places.
 */
export function addOuterProducts<T>(
  image: usize,
  offsets: usize,
  upstream: usize,
  sums: usize,
  outHeight: i32,
  outWidth: i32,
  stride: i32,
  width: i32,
  patch: i32,
): void {
  const step = bytesOf<T>(stride);
  const nextLine = bytesOf<T>(stride * (width - outWidth));
  for (; patch > 0; patch -= 4, sums += 128, offsets += 16) {
    // Pixels that lack are the last one again.
    const second: usize = min(1, patch - 1);
    const third: usize = min(2, patch - 1);
    const fourth: usize = min(3, patch - 1);
    let x0 = image + load<u32>(offsets);
    let x1 = image + load<u32>(offsets + (second << 2));
    let x2 = image + load<u32>(offsets + (third << 2));
    let x3 = image + load<u32>(offsets + (fourth << 2));
    const sums1 = sums + (second << 5);
    const sums2 = sums + (third << 5);
    const sums3 = sums + (fourth << 5);
    let c00 = v128.load(sums);
    let c01 = v128.load(sums, 16);
    let c10 = v128.load(sums1);
    let c11 = v128.load(sums1, 16);
    let c20 = v128.load(sums2);
    let c21 = v128.load(sums2, 16);
    let c30 = v128.load(sums3);
    let c31 = v128.load(sums3, 16);
    let b = upstream;
    for (let oy = 0; oy < outHeight; oy++) {
      const end = b + ((<usize>outWidth) << 5);
      while (b < end) {
        let b0 = v128.load(b);
        let b1 = v128.load(b, 16);
        let s0 = splat<T>(x0);
        let s1 = splat<T>(x1);
        let s2 = splat<T>(x2);
        let s3 = splat<T>(x3);
        c00 = v128.add<T>(c00, v128.mul<T>(s0, b0));
        c01 = v128.add<T>(c01, v128.mul<T>(s0, b1));
        c10 = v128.add<T>(c10, v128.mul<T>(s1, b0));
        c11 = v128.add<T>(c11, v128.mul<T>(s1, b1));
        c20 = v128.add<T>(c20, v128.mul<T>(s2, b0));
        c21 = v128.add<T>(c21, v128.mul<T>(s2, b1));
        c30 = v128.add<T>(c30, v128.mul<T>(s3, b0));
        c31 = v128.add<T>(c31, v128.mul<T>(s3, b1));
        b += 32;
        x0 += step;
        x1 += step;
        x2 += step;
        x3 += step;
        if (b == end) break; // why the same stands here twice: see tileRows
        b0 = v128.load(b);
        b1 = v128.load(b, 16);
        s0 = splat<T>(x0);
        s1 = splat<T>(x1);
        s2 = splat<T>(x2);
        s3 = splat<T>(x3);
        c00 = v128.add<T>(c00, v128.mul<T>(s0, b0));
        c01 = v128.add<T>(c01, v128.mul<T>(s0, b1));
        c10 = v128.add<T>(c10, v128.mul<T>(s1, b0));
        c11 = v128.add<T>(c11, v128.mul<T>(s1, b1));
        c20 = v128.add<T>(c20, v128.mul<T>(s2, b0));
        c21 = v128.add<T>(c21, v128.mul<T>(s2, b1));
        c30 = v128.add<T>(c30, v128.mul<T>(s3, b0));
        c31 = v128.add<T>(c31, v128.mul<T>(s3, b1));
        b += 32;
        x0 += step;
        x1 += step;
        x2 += step;
        x3 += step;
      }
      x0 += nextLine;
      x1 += nextLine;
      x2 += nextLine;
      x3 += nextLine;
    }
    v128.store(sums3, c30);
    v128.store(sums3, c31, 16);
    v128.store(sums2, c20);
    v128.store(sums2, c21, 16);
    v128.store(sums1, c10);
    v128.store(sums1, c11, 16);
    v128.store(sums, c00);
    v128.store(sums, c01, 16);
  }
}

// @inline
function splat<T>(p: usize): v128 {
  return sizeof<T>() == 8 ? v128.load64_splat(p) : v128.load32_splat(p);
}
