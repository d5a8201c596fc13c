import { bytesOf, putLanes } from './lanes';

// @inline
export function outputSize(size: i32, kernel: i32, stride: i32, padding: i32): i32 {
  return (size + 2 * padding - kernel) / stride + 1;
}

/** The first place of the output whose patch's `at`-th line lies in the image (the padding lies outside). */
// @inline
function firstInside(at: i32, stride: i32, padding: i32): i32 {
  return at >= padding ? 0 : (padding - at + stride - 1) / stride;
}

/** One more than the last such place. */
// @inline
function endInside(at: i32, size: i32, places: i32, stride: i32, padding: i32): i32 {
  const room = size + padding - at;
  return room <= 0 ? 0 : min(places, (room - 1) / stride + 1);
}

/** columns[(c, ky, kx), (oy, ox)] = image[c, oy·stride + ky − padding, ox·stride + kx − padding], 0 outside. */
export function unfoldImage<T>(
  image: usize,
  columns: usize,
  channels: i32,
  height: i32,
  width: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  padding: i32,
): void {
  const outHeight = outputSize(height, kernelHeight, stride, padding);
  const outWidth = outputSize(width, kernelWidth, stride, padding);
  const step = bytesOf<T>(stride);
  for (let c = 0; c < channels; c++, image += bytesOf<T>(height * width)) {
    for (let ky = 0; ky < kernelHeight; ky++) {
      const top = firstInside(ky, stride, padding);
      const bottom = endInside(ky, height, outHeight, stride, padding);
      for (let kx = 0; kx < kernelWidth; kx++) {
        const left = firstInside(kx, stride, padding);
        const right = endInside(kx, width, outWidth, stride, padding);
        if (stride == 1 && padding == 0 && bytesOf<T>(outWidth) >= 16) {
          const line = image + bytesOf<T>(ky * width + kx);
          copyLines<T>(line, columns, outHeight, bytesOf<T>(outWidth), bytesOf<T>(width));
          columns += bytesOf<T>(outHeight * outWidth);
          continue;
        }
        for (let oy = 0; oy < outHeight; oy++, columns += bytesOf<T>(outWidth)) {
          if (oy < top || oy >= bottom || left >= right) {
            memory.fill(columns, 0, bytesOf<T>(outWidth));
            continue;
          }
          const line =
            image + bytesOf<T>((oy * stride + ky - padding) * width + left * stride + kx - padding);
          for (let p: usize = 0; p < bytesOf<T>(left); p += sizeof<T>()) store<T>(columns + p, <T>0);
          copyLine<T>(line, columns + bytesOf<T>(left), bytesOf<T>(right - left), step);
          for (let p = bytesOf<T>(right); p < bytesOf<T>(outWidth); p += sizeof<T>())
            store<T>(columns + p, <T>0);
        }
      }
    }
  }
}

/** Copies lines of at least one vector; the last vector of a line overlaps the one before. */
// @inline
function copyLines<T>(from: usize, out: usize, lines: i32, bytes: usize, fromStep: usize): void {
  const last = bytes - 16;
  for (let i = 0; i < lines; i++, from += fromStep, out += bytes) {
    for (let p: usize = 0; p < last; p += 16) v128.store(out + p, v128.load(from + p));
    v128.store(out + last, v128.load(from + last));
  }
}

/** Copies a line; `step` bytes lie between the numbers that are read. */
// @inline
export function copyLine<T>(from: usize, out: usize, bytes: usize, step: usize): void {
  const end = out + bytes;
  if (step == sizeof<T>()) {
    for (; out + 16 <= end; out += 16, from += 16) v128.store(out, v128.load(from));
  }
  for (; out < end; out += sizeof<T>(), from += step) store<T>(out, load<T>(from));
}

/** Adds every number of the columns to the place of the image that unfoldImage copies it from. */
export function foldImage<T>(
  columns: usize,
  image: usize,
  channels: i32,
  height: i32,
  width: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  padding: i32,
): void {
  const outHeight = outputSize(height, kernelHeight, stride, padding);
  const outWidth = outputSize(width, kernelWidth, stride, padding);
  const step = bytesOf<T>(stride);
  for (let c = 0; c < channels; c++, image += bytesOf<T>(height * width)) {
    for (let ky = 0; ky < kernelHeight; ky++) {
      const top = firstInside(ky, stride, padding);
      const bottom = endInside(ky, height, outHeight, stride, padding);
      for (let kx = 0; kx < kernelWidth; kx++, columns += bytesOf<T>(outHeight * outWidth)) {
        const left = firstInside(kx, stride, padding);
        const right = endInside(kx, width, outWidth, stride, padding);
        if (left >= right) continue;
        for (let oy = top; oy < bottom; oy++) {
          const line =
            image + bytesOf<T>((oy * stride + ky - padding) * width + left * stride + kx - padding);
          addLine<T>(columns + bytesOf<T>(oy * outWidth + left), line, bytesOf<T>(right - left), step);
        }
      }
    }
  }
}

// @inline
function addLine<T>(from: usize, out: usize, bytes: usize, step: usize): void {
  const end = from + bytes;
  if (step == sizeof<T>()) {
    for (; from + 16 <= end; out += 16, from += 16) {
      v128.store(out, v128.add<T>(v128.load(out), v128.load(from)));
    }
    const left = <i32>((end - from) / sizeof<T>());
    if (left > 0) putLanes<T>(out, v128.add<T>(v128.load(out), v128.load(from)), left);
    return;
  }
  for (; from < end; out += step, from += sizeof<T>()) store<T>(out, <T>(load<T>(out) + load<T>(from)));
}
