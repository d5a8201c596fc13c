import { bytesOf } from './math/lanes';

// Planes are the (height, width) images of all channels of all inputs, one after the other; the window moves by
// stride, without padding: outputHeight = ⌊(height − size) / stride⌋ + 1, and the same for the width.

/**
 * The largest number in each window, and where in its plane it stands (i32, row-major); the first of equals, the
 * first NaN if there is one.
 */
export function maxPool<T>(
  x: usize,
  out: usize,
  indices: usize,
  planes: i32,
  height: i32,
  width: i32,
  size: i32,
  stride: i32,
): void {
  const outHeight = (height - size) / stride + 1;
  const outWidth = (width - size) / stride + 1;
  const lanes: i32 = 16 / sizeof<T>();
  const last = outWidth - lanes;
  for (let plane = 0; plane < planes; plane++, x += bytesOf<T>(height * width)) {
    for (let oy = 0; oy < outHeight; oy++) {
      if (size == 2 && stride == 2 && outWidth >= lanes) {
        const row = 2 * oy * width;
        for (let ox = 0; ox < last; ox += lanes) {
          maxOfPairs<T>(x, out + bytesOf<T>(ox), indices + 4 * ox, row + 2 * ox, width);
        }
        // The last vector of a row overlaps the one before.
        maxOfPairs<T>(x, out + bytesOf<T>(last), indices + 4 * last, row + 2 * last, width);
        out += bytesOf<T>(outWidth);
        indices += 4 * outWidth;
        continue;
      }
      for (let ox = 0; ox < outWidth; ox++, out += sizeof<T>(), indices += 4) {
        maxOfWindow<T>(x, out, indices, oy * stride * width + ox * stride, width, size);
      }
    }
  }
}

// @inline
function maxOfWindow<T>(plane: usize, out: usize, index: usize, corner: i32, width: i32, size: i32): void {
  let where = corner;
  let best = load<T>(plane + bytesOf<T>(corner));
  for (let dy = 0; dy < size; dy++) {
    for (let at = corner + dy * width, end = at + size; at < end; at++) {
      const value = load<T>(plane + bytesOf<T>(at));
      if (value > best || (value != value && best == best)) {
        best = value;
        where = at;
      }
    }
  }
  store<T>(out, best);
  store<i32>(index, where);
}

/** One vector of results of 2 × 2 windows. */
// @inline
function maxOfPairs<T>(plane: usize, out: usize, indices: usize, corner: i32, width: i32): void {
  const top = plane + bytesOf<T>(corner);
  const bottom = top + bytesOf<T>(width);
  // Places are counted from the corner of the window, in the low 32 bits of a lane.
  const first = evens<T>(top);
  const second = odds<T>(top);
  const secondBetter = isBetter<T>(second, first);
  const upper = v128.bitselect(second, first, secondBetter);
  const upperAt = v128.and(secondBetter, i32x4.splat(1));
  const third = evens<T>(bottom);
  const fourth = odds<T>(bottom);
  const fourthBetter = isBetter<T>(fourth, third);
  const lower = v128.bitselect(fourth, third, fourthBetter);
  const lowerAt = i32x4.sub(i32x4.splat(width), fourthBetter);
  const lowerBetter = isBetter<T>(lower, upper);
  const best = v128.bitselect(lower, upper, lowerBetter);
  const where = v128.bitselect(lowerAt, upperAt, lowerBetter);
  v128.store(out, best);
  if (sizeof<T>() == 8) {
    const packed = v128.shuffle<i32>(where, where, 0, 2, 0, 2);
    const corners = i32x4.add(i32x4.splat(corner), i32x4(0, 2, 0, 0));
    v128.store64_lane(indices, i32x4.add(packed, corners), 0);
  } else {
    v128.store(indices, i32x4.add(where, i32x4.add(i32x4.splat(corner), i32x4(0, 2, 4, 6))));
  }
}

/** Where a value is larger than the best so far, or the first NaN. */
// @inline
function isBetter<T>(value: v128, best: v128): v128 {
  return v128.andnot(v128.eq<T>(best, best), v128.le<T>(value, best));
}

// @inline
function evens<T>(p: usize): v128 {
  const x = v128.load(p);
  const y = v128.load(p, 16);
  return sizeof<T>() == 8 ? v128.shuffle<f64>(x, y, 0, 2) : v128.shuffle<f32>(x, y, 0, 2, 4, 6);
}

// @inline
function odds<T>(p: usize): v128 {
  const x = v128.load(p);
  const y = v128.load(p, 16);
  return sizeof<T>() == 8 ? v128.shuffle<f64>(x, y, 1, 3) : v128.shuffle<f32>(x, y, 1, 3, 5, 7);
}

/** The adjoint of maxPool: upstream (planes, places) added where the largest stood, in planes of area numbers. */
export function maxPoolBackward<T>(
  upstream: usize,
  indices: usize,
  out: usize,
  planes: i32,
  area: i32,
  places: i32,
): void {
  memory.fill(out, 0, bytesOf<T>(planes * area));
  for (let plane = 0; plane < planes; plane++, out += bytesOf<T>(area)) {
    for (let i = 0; i < places; i++, upstream += sizeof<T>(), indices += 4) {
      const at = out + bytesOf<T>(load<i32>(indices));
      store<T>(at, <T>(load<T>(at) + load<T>(upstream)));
    }
  }
}

/** The mean of each window. */
export function averagePool<T>(
  x: usize,
  out: usize,
  planes: i32,
  height: i32,
  width: i32,
  size: i32,
  stride: i32,
): void {
  const outHeight = (height - size) / stride + 1;
  const outWidth = (width - size) / stride + 1;
  const count = <T>(size * size);
  for (let plane = 0; plane < planes; plane++, x += bytesOf<T>(height * width)) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++, out += sizeof<T>()) {
        let total: T = <T>0;
        for (let dy = 0; dy < size; dy++) {
          let at = x + bytesOf<T>((oy * stride + dy) * width + ox * stride);
          for (const end = at + bytesOf<T>(size); at < end; at += sizeof<T>())
            total = <T>(total + load<T>(at));
        }
        store<T>(out, <T>(total / count));
      }
    }
  }
}

/** The adjoint of averagePool. */
export function averagePoolBackward<T>(
  upstream: usize,
  out: usize,
  planes: i32,
  height: i32,
  width: i32,
  size: i32,
  stride: i32,
): void {
  const outHeight = (height - size) / stride + 1;
  const outWidth = (width - size) / stride + 1;
  const count = <T>(size * size);
  memory.fill(out, 0, bytesOf<T>(planes * height * width));
  for (let plane = 0; plane < planes; plane++, out += bytesOf<T>(height * width)) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++, upstream += sizeof<T>()) {
        const share: T = <T>(load<T>(upstream) / count);
        for (let dy = 0; dy < size; dy++) {
          let at = out + bytesOf<T>((oy * stride + dy) * width + ox * stride);
          for (const end = at + bytesOf<T>(size); at < end; at += sizeof<T>()) {
            store<T>(at, <T>(load<T>(at) + share));
          }
        }
      }
    }
  }
}
