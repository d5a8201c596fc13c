/** Red, green and blue, from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** What a class of `imageClasses` looks like. */
export interface Figure {
  readonly name: string;
  /** The colour that its figures tend to. */
  readonly colour: Colour;
  /** Whether a place belongs to the figure, which fills the square from −1 to 1; v points down. */
  readonly inside: (u: number, v: number) => boolean;
}

/** The classes of `imageClasses`: six figures and four textures. */
export const figures: readonly Figure[] = [
  { name: 'disc', colour: [230, 60, 60], inside: (u, v) => u * u + v * v < 0.9 },
  { name: 'ring', colour: [60, 200, 80], inside: (u, v) => between(u * u + v * v, 0.3, 0.95) },
  { name: 'square', colour: [60, 90, 230], inside: (u, v) => largest(u, v) < 0.85 },
  { name: 'triangle', colour: [230, 210, 60], inside: (u, v) => v < 0.8 && Math.abs(u) < 0.55 * (v + 1) },
  {
    name: 'cross',
    colour: [200, 70, 210],
    inside: (u, v) => largest(u, v) < 1 && (Math.abs(u) < 0.3 || Math.abs(v) < 0.3),
  },
  {
    name: 'crescent',
    colour: [70, 210, 220],
    inside: (u, v) => u * u + v * v < 1 && (u - 0.45) * (u - 0.45) + v * v > 0.6,
  },
  { name: 'bars', colour: [240, 140, 50], inside: (u, v) => largest(u, v) < 0.95 && phase(u) < 0.5 },
  { name: 'rungs', colour: [140, 90, 60], inside: (u, v) => largest(u, v) < 0.95 && phase(v) < 0.5 },
  {
    name: 'checks',
    colour: [245, 245, 245],
    inside: (u, v) => largest(u, v) < 0.95 && phase(u) < 0.5 === phase(v) < 0.5,
  },
  {
    name: 'dots',
    colour: [25, 25, 35],
    inside: (u, v) => {
      const [a, b] = [phase(u) - 0.5, phase(v) - 0.5];
      return largest(u, v) < 0.95 && a * a + b * b < 0.11;
    },
  },
];

/** Three periods from −0.95 to 0.95, each from 0 to 1. */
function phase(along: number): number {
  const turns = (1.5 * (along + 0.95)) / 0.95;
  return turns - Math.floor(turns);
}

function largest(u: number, v: number): number {
  return Math.max(Math.abs(u), Math.abs(v));
}

function between(value: number, low: number, high: number): boolean {
  return value > low && value < high;
}
