export type Floats = Float64Array | Float32Array;

export interface Value {
  readonly shape: readonly number[];
  readonly value: Floats;
  readonly gradient: Floats;
}

/** Operations that write down how to go back. */
export class Tape {
  readonly #back: (() => void)[] = [];

  backward(): void {
    for (let k = this.#back.length - 1; k >= 0; k--) this.#back[k]!();
  }

  /** x wᵀ + b, whatever the axes of x behind the first. */
  linear(x: Value, w: Value, b: Value): Value {
    const [rows, outputs, features] = [x.shape[0]!, w.shape[0]!, w.shape[1]!];
    const out = like(x, [rows, outputs]);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < outputs; j++) {
        let sum = b.value[j]!;
        for (let c = 0; c < features; c++) sum += x.value[i * features + c]! * w.value[j * features + c]!;
        out.value[i * outputs + j] = sum;
      }
    }
    this.#back.push(() => {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < outputs; j++) {
          const upstream = out.gradient[i * outputs + j]!;
          b.gradient[j]! += upstream;
          for (let c = 0; c < features; c++) {
            x.gradient[i * features + c]! += upstream * w.value[j * features + c]!;
            w.gradient[j * features + c]! += upstream * x.value[i * features + c]!;
          }
        }
      }
    });
    return out;
  }

  sigmoid(x: Value): Value {
    const out = like(x, x.shape);
    for (let k = 0; k < x.value.length; k++) out.value[k] = 1 / (1 + Math.exp(-x.value[k]!));
    this.#back.push(() => {
      for (let k = 0; k < x.value.length; k++) {
        x.gradient[k]! += out.gradient[k]! * out.value[k]! * (1 - out.value[k]!);
      }
    });
    return out;
  }

  relu(x: Value): Value {
    const out = like(x, x.shape);
    for (let k = 0; k < x.value.length; k++) out.value[k] = Math.max(x.value[k]!, 0);
    this.#back.push(() => {
      for (let k = 0; k < x.value.length; k++) if (x.value[k]! > 0) x.gradient[k]! += out.gradient[k]!;
    });
    return out;
  }

  convolve(x: Value, kernels: Value, b: Value): Value {
    const [batch, channels, height, width] = x.shape as [number, number, number, number];
    const [outputs, , side] = kernels.shape as [number, number, number, number];
    const [outHeight, outWidth] = [height - side + 1, width - side + 1];
    const out = like(x, [batch, outputs, outHeight, outWidth]);
    const eachLine = (visit: (weight: number, from: number, to: number) => void): void => {
      for (let n = 0; n < batch; n++) {
        for (let o = 0; o < outputs; o++) {
          for (let c = 0; c < channels; c++) {
            for (let ky = 0; ky < side; ky++) {
              for (let kx = 0; kx < side; kx++) {
                for (let i = 0; i < outHeight; i++) {
                  const from = ((n * channels + c) * height + i + ky) * width + kx;
                  const to = ((n * outputs + o) * outHeight + i) * outWidth;
                  visit(((o * channels + c) * side + ky) * side + kx, from, to);
                }
              }
            }
          }
        }
      }
    };
    const places = outHeight * outWidth;
    for (let k = 0; k < out.value.length; k++) out.value[k] = b.value[Math.floor(k / places) % outputs]!;
    eachLine((weight, from, to) => {
      const factor = kernels.value[weight]!;
      for (let j = 0; j < outWidth; j++) out.value[to + j]! += factor * x.value[from + j]!;
    });
    this.#back.push(() => {
      for (let k = 0; k < out.value.length; k++) {
        b.gradient[Math.floor(k / places) % outputs]! += out.gradient[k]!;
      }
      eachLine((weight, from, to) => {
        const factor = kernels.value[weight]!;
        let sum = 0;
        for (let j = 0; j < outWidth; j++) {
          sum += out.gradient[to + j]! * x.value[from + j]!;
          x.gradient[from + j]! += out.gradient[to + j]! * factor;
        }
        kernels.gradient[weight]! += sum;
      });
    });
    return out;
  }

  /** The largest of 2 x 2 pixels. */
  maxPool(x: Value): Value {
    const [batch, channels, height, width] = x.shape as [number, number, number, number];
    const out = like(x, [batch, channels, height / 2, width / 2]);
    const where = new Int32Array(out.value.length);
    let to = 0;
    for (let plane = 0; plane < batch * channels; plane++) {
      for (let i = 0; i < height; i += 2) {
        for (let j = 0; j < width; j += 2, to++) {
          let best = (plane * height + i) * width + j;
          for (const at of [best + 1, best + width, best + width + 1])
            if (x.value[at]! > x.value[best]!) best = at;
          where[to] = best;
          out.value[to] = x.value[best]!;
        }
      }
    }
    this.#back.push(() => where.forEach((from, k) => (x.gradient[from]! += out.gradient[k]!)));
    return out;
  }

  /** Summed over the batch. */
  crossEntropy(logits: Value, labels: Int32Array): number {
    const [rows, classes] = logits.shape as [number, number];
    const probabilities = like(logits, logits.shape).value;
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const first = i * classes;
      let largest = -Infinity;
      for (let j = 0; j < classes; j++) largest = Math.max(largest, logits.value[first + j]!);
      let total = 0;
      for (let j = 0; j < classes; j++) total += Math.exp(logits.value[first + j]! - largest);
      for (let j = 0; j < classes; j++) {
        probabilities[first + j] = Math.exp(logits.value[first + j]! - largest) / total;
      }
      loss -= Math.log(probabilities[first + labels[i]!]!);
    }
    this.#back.push(() => {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < classes; j++) {
          logits.gradient[i * classes + j]! += probabilities[i * classes + j]! - (labels[i] === j ? 1 : 0);
        }
      }
    });
    return loss;
  }
}

function like({ value }: Value, shape: readonly number[]): Value {
  const size = shape.reduce((product, length) => product * length);
  return value instanceof Float64Array
    ? { shape, value: new Float64Array(size), gradient: new Float64Array(size) }
    : { shape, value: new Float32Array(size), gradient: new Float32Array(size) };
}
