import type { Tensor } from './tensor.js';
import { formatShape } from './shape.js';

const EDGE = 3; // entries shown at either end of a long axis
const LONG = 8;

/** The numbers of a tensor as an aligned block, long axes shortened, with shape and dtype. */
export function printTensor(tensor: Tensor): string {
  const head = `${tensor.name ?? 'tensor'} ${formatShape(tensor.shape)} ${tensor.dtype}`;
  const data = tensor.data();
  if (tensor.shape.length === 0) return `${head} ${formatNumber(data[0]!)}`;
  const cells: string[] = [];
  visit(tensor.shape, (position) => cells.push(formatNumber(data[position]!)));
  const width = Math.max(...cells.map((cell) => cell.length));
  let next = 0;
  return `${head}\n${block(tensor.shape, '', () => cells[next++]!.padStart(width))}`;
}

/** At most six significant digits, as people write them; integers of up to ten digits in full. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e10) return Object.is(value, -0) ? '-0' : String(value);
  return String(Number(value.toPrecision(6)));
}

/** A number in print as mathematics: `5.8e-11` as `5.8 \times 10^{-11}`. */
export function inLatex(printed: string): string {
  const [digits, exponent] = printed.split('e');
  return exponent === undefined ? printed : String.raw`${digits!} \times 10^{${Number(exponent)}}`;
}

/** Positions along an axis that are shown; -1 stands for the gap. */
function shown(length: number): number[] {
  const all = Array.from({ length }, (_, k) => k);
  return length <= LONG ? all : [...all.slice(0, EDGE), -1, ...all.slice(length - EDGE)];
}

function visit(shape: readonly number[], each: (position: number) => void, axis = 0, start = 0): void {
  for (const k of shown(shape[axis]!)) {
    if (k < 0) continue;
    const position = start * shape[axis]! + k;
    if (axis === shape.length - 1) each(position);
    else visit(shape, each, axis + 1, position);
  }
}

function block(shape: readonly number[], indent: string, cell: () => string): string {
  const [length, ...rest] = shape as [number, ...number[]];
  const entries = shown(length).map((k) =>
    k < 0 ? '…' : rest.length === 0 ? cell() : block(rest, `${indent} `, cell),
  );
  return `[${entries.join(rest.length === 0 ? ', ' : `,\n${indent} `)}]`;
}
