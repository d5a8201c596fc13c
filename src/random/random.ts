import { kernels, memory } from '../kernels/index.js';
import type { DType } from '../tensor/dtype.js';
import { ValueError } from '../tensor/error.js';
import { giveMemoryBack, padded, takeMemory } from '../tensor/heap.js';
import { tensor } from '../tensor/creation.js';
import { requireShape, type Shape, sizeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { type OptionNames, requireOptions } from '../tensor/options.js';
import { aCount, aNumber, kind, requireKinds } from '../tensor/arguments.js';

export interface DrawOptions {
  readonly name?: string;
  readonly dtype?: DType;
  /** False unless said: drawn numbers are data, parameters say so. */
  readonly requiresGrad?: boolean;
}

const drawOptions = { name: true, dtype: true, requiresGrad: true } satisfies OptionNames<DrawOptions>;

/**
 * A seeded generator of random numbers: Philox4x32-10, counted, so that a number depends only on key and position.
 *
 * `split` gives an independent generator for a name, so that a new consumer does not change what the others draw.
 * Source: Salmon, Moraes, Dror, Shaw: Parallel random numbers, as easy as 1, 2, 3 (2011).
 */
export class Random {
  #position = 0;

  constructor(
    private readonly key0: number,
    private readonly key1: number,
  ) {}

  /** An independent generator for a name; the same name gives the same generator, whatever was drawn before. */
  split(name: string | number): Random {
    let low = this.key0 ^ 0x9e3779b9;
    let high = this.key1 ^ 0x85ebca6b;
    for (const unit of `${typeof name}:${name}`) {
      const code = unit.codePointAt(0)!;
      low = Math.imul(low ^ code, 0x85ebca6b) ^ (high >>> 13);
      high = Math.imul(high ^ code, 0xc2b2ae35) ^ (low >>> 16);
    }
    return new Random(mix(low ^ (high >>> 5)), mix(high ^ (low >>> 11)));
  }

  /** `count` numbers, uniform on [0, 1) with 53 random bits each. */
  uniforms(count: number): Float64Array {
    return this.#draw(count, kernels.uniform);
  }

  /** `count` numbers of the standard normal distribution: $\Phi^{-1}$ of a uniform one (Wichura's AS 241). */
  normals(count: number): Float64Array {
    return this.#draw(count, kernels.normal);
  }

  /** A tensor whose elements are uniform on [low, high). */
  uniform(
    shape: Shape,
    options: DrawOptions & { readonly low?: number; readonly high?: number } = {},
  ): Tensor {
    requireShape(shape, 'uniform');
    requireOptions('uniform', options, { ...drawOptions, low: true, high: true });
    const { low = 0, high = 1 } = options;
    requireKinds('uniform', { low, high }, { low: aNumber, high: aNumber });
    return filled(this.uniforms(sizeOf(shape)), high - low, low, shape, options);
  }

  /** A tensor whose elements are normal with the given mean (0) and standard deviation (1). */
  normal(
    shape: Shape,
    options: DrawOptions & { readonly mean?: number; readonly std?: number } = {},
  ): Tensor {
    requireShape(shape, 'normal');
    requireOptions('normal', options, { ...drawOptions, mean: true, std: true });
    const { mean = 0, std = 1 } = options;
    requireKinds('normal', { mean, std }, { mean: aNumber, std: aNumber });
    return filled(this.normals(sizeOf(shape)), std, mean, shape, options);
  }

  /** An integer from 0 to `below` − 1. */
  integer(below: number): number {
    requireKinds('integer', { below }, { below: aCount });
    return Math.floor(this.uniforms(1)[0]! * below);
  }

  /** The numbers 0 to n − 1 in random order (Fisher and Yates). */
  permutation(n: number): Int32Array {
    const draws = this.uniforms(n);
    const order = Int32Array.from({ length: n }, (_, k) => k);
    for (let last = n - 1; last > 0; last--) {
      const other = Math.floor(draws[last]! * (last + 1));
      const moved = order[last]!;
      order[last] = order[other]!;
      order[other] = moved;
    }
    return order;
  }

  #draw(
    count: number,
    kernel: (out: number, n: number, key0: number, key1: number, start: number) => void,
  ): Float64Array {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new ValueError(
        `random: ${count} numbers are asked for; the count must be an integer that is not negative`,
      );
    }
    const bytes = padded(count * 8);
    const address = takeMemory(bytes);
    kernel(address, count, this.key0, this.key1, this.#position);
    this.#position += count;
    const drawn = new Float64Array(memory.buffer, address, count).slice();
    giveMemoryBack(address, bytes);
    return drawn;
  }
}

/**
 * A generator for a seed.
 * @throws ValueError unless the seed is an integer from 0 to 2⁵³ − 1.
 * @example random(42).split('layer1').normal([8, 2])
 */
export function random(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ValueError(`random: the seed is ${seed}, but a seed is an integer from 0 to 2^53 - 1`);
  }
  return new Random(seed >>> 0, Math.floor(seed / 4294967296) >>> 0);
}

export const aRandom = kind('a generator, such as random(0)', (given) => given instanceof Random);

function filled(
  draws: Float64Array,
  scale: number,
  shift: number,
  shape: Shape,
  options: DrawOptions,
): Tensor {
  for (let k = 0; k < draws.length; k++) draws[k] = shift + scale * draws[k]!;
  const { name, dtype = 'float64', requiresGrad = false } = options;
  return tensor(draws, { shape, dtype, requiresGrad, ...(name === undefined ? {} : { name }) });
}

/** MurmurHash3's finaliser: every bit of the argument changes about half the bits of the result. */
function mix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
