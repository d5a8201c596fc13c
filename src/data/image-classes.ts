import { random, type Random } from '../random/random.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ValueError } from '../tensor/error.js';
import { readCifar10, writeCifar10 } from './cifar10.js';
import type { Dataset } from './dataset.js';
import { imageDataset } from './images.js';
import { type Colour, figures } from './image-figures.js';
import { requireOptions } from '../tensor/options.js';

export interface ImageClassesOptions {
  readonly seed: number;
  /** Training pictures; 10,000 unless said. */
  readonly train?: number;
  /** Validation pictures; 2,000 unless said. */
  readonly validation?: number;
  readonly dtype?: FloatDType;
}

/** The classes of `imageClasses`, in the order of their labels. */
export const imageClassNames: readonly string[] = figures.map(({ name }) => name);

/**
 * Generated pictures for trying out classifiers without any file: ten classes of figures and textures in 32x32 pixels,
 * of varying place, size, angle and colours, before a varying ground, with something else in the picture, and noise.
 *
 * A stand-in: what a network reaches on it cannot be compared with what it reaches on photographs.
 * @example const data = imageClasses({ seed: 0, dtype: 'float32' })
 */
export function imageClasses(options: ImageClassesOptions): Dataset {
  requireOptions('imageClasses', options, { seed: true, train: true, validation: true, dtype: true });
  const { seed, train = 10_000, validation = 2_000, dtype } = options;
  const part = (name: string, count: number) =>
    readCifar10(imageClassRecords(random(seed).split('image-classes').split(name), count), 'imageClasses');
  return imageDataset({
    name: 'imageClasses',
    classNames: imageClassNames,
    train: part('train', train),
    validation: part('validation', validation),
    ...(dtype && { dtype }),
  });
}

/**
 * Pictures of `imageClasses` in the binary format of CIFAR-10; each ten in a row have one of every class.
 * @throws ValueError unless the count is a positive integer.
 */
export function imageClassRecords(random: Random, count: number): Uint8Array {
  if (!Number.isInteger(count) || count < 1) {
    throw new ValueError(`imageClasses: ${count} pictures are asked for, but it must be a positive integer`);
  }
  const labels = new Uint8Array(count);
  const pixels = new Uint8Array(count * 3 * AREA);
  let order: Int32Array = new Int32Array(0);
  for (let k = 0; k < count; k++) {
    const place = k % figures.length;
    if (place === 0) order = random.split('labels').split(k).permutation(figures.length);
    labels[k] = order[place]!;
    draw(random.split(k), labels[k]!, pixels.subarray(k * 3 * AREA, (k + 1) * 3 * AREA));
  }
  return writeCifar10({ size: count, shape: [3, SIDE, SIDE], pixels, labels });
}

const SIDE = 32;
const AREA = SIDE * SIDE;
const OWN_COLOUR = 0.5; // share of a class's own colour in its figures
const NOISE = 40; // range of the uniform noise of a pixel, whose standard deviation is 12

function draw(random: Random, label: number, pixels: Uint8Array): void {
  const chance = draws(random);
  const { inside, colour: own } = figures[label]!;
  const ground = colour(chance);
  const figure = mixed(contrasting(colour(chance), ground), own, OWN_COLOUR);
  const slope = [between(chance, -2, 2), between(chance, -2, 2)] as const;
  const pose = poseOf(chance, 9, 13);
  const other = poseOf(chance, 2, 4);
  const otherColour = colour(chance);
  const noise = random.split('noise').uniforms(3 * AREA);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const shade = slope[0] * (x - SIDE / 2) + slope[1] * (y - SIDE / 2);
      const covered = at(pose, x, y, inside);
      const blotted = at(other, x, y, (u, v) => u * u + v * v < 1);
      const shown = blotted ? otherColour : covered ? figure : ground;
      const place = y * SIDE + x;
      for (let channel = 0; channel < 3; channel++) {
        const k = channel * AREA + place;
        pixels[k] = byte(shown[channel]! + (covered ? 0 : shade) + NOISE * (noise[k]! - 0.5));
      }
    }
  }
}

/** Where a figure stands, how large it is, and how it is turned (cosine and sine over its size). */
interface Pose {
  readonly x: number;
  readonly y: number;
  readonly cosine: number;
  readonly sine: number;
}

function poseOf(chance: () => number, smallest: number, largest: number): Pose {
  const size = between(chance, smallest, largest);
  const t = between(chance, -0.15, 0.15); // tangent of half the angle, so that no cosine is needed
  const scale = size * (1 + t * t);
  const reach = (SIDE - size) / 3.5;
  const x = SIDE / 2 + between(chance, -reach, reach);
  const y = SIDE / 2 + between(chance, -reach, reach);
  return { x, y, cosine: (1 - t * t) / scale, sine: (2 * t) / scale };
}

function at(pose: Pose, x: number, y: number, inside: (u: number, v: number) => boolean): boolean {
  const dx = x + 0.5 - pose.x;
  const dy = y + 0.5 - pose.y;
  return inside(pose.cosine * dx + pose.sine * dy, pose.cosine * dy - pose.sine * dx);
}

function draws(random: Random): () => number {
  const numbers = random.uniforms(24);
  let next = 0;
  return () => numbers[next++]!;
}

function between(chance: () => number, low: number, high: number): number {
  return low + (high - low) * chance();
}

function colour(chance: () => number): Colour {
  return [between(chance, 30, 225), between(chance, 30, 225), between(chance, 30, 225)];
}

/** A colour moved away from another one where both are too close to be told apart. */
function contrasting(own: Colour, ground: Colour): Colour {
  const distance = own.reduce((total, value, k) => total + Math.abs(value - ground[k]!), 0);
  if (distance > 150) return own;
  return [0, 1, 2].map((k) => (ground[k]! > 127 ? ground[k]! - 75 : ground[k]! + 75)) as unknown as Colour;
}

function mixed(first: Colour, second: Colour, share: number): Colour {
  return [0, 1, 2].map((k) => (1 - share) * first[k]! + share * second[k]!) as unknown as Colour;
}

function byte(brightness: number): number {
  return Math.max(0, Math.min(255, Math.floor(brightness)));
}
