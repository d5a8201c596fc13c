import { scoped } from '../tensor/memory.js';
import { formatNumber } from '../tensor/print.js';
import { ValueError } from '../tensor/error.js';
import { placeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { topologicalOrder } from './backward.js';
import { withElement } from './finite-differences.js';
import type { OpNode } from './op-node.js';

/**
 * Fails where a function has no finite value: outside an op's domain a gradient means nothing.
 * @throws ValueError naming the op, its inputs and their values, and the place.
 */
export function requireFinite(subject: string, call: () => Tensor, where = ''): void {
  scoped('checkGradient', () => {
    const output = call();
    if (output.data().every(Number.isFinite)) return;
    const node = topologicalOrder(output).find(
      ({ outputs, inputs }) => !isFinite(outputs[0]) && inputs.every(isFinite),
    );
    throw new ValueError(
      node === undefined ? `${subject}: the value is not finite${where}` : problemOf(subject, node, where),
    );
  });
}

/**
 * Fails where differences of an input are not finite because a step of it leaves the domain.
 * @throws ValueError naming the op, its inputs and their values, the place, and the step.
 */
export function requireFiniteAround(
  subject: string,
  call: () => Tensor,
  key: string,
  input: Tensor,
  differences: Float64Array,
  step: number,
): void {
  const position = differences.findIndex((difference) => !Number.isFinite(difference));
  if (position < 0) return;
  const value = input.data()[position]!;
  const reach = step * Math.max(1, Math.abs(value));
  const place = input.shape.length === 0 ? '' : `[${placeOf(position, input.shape).join(', ')}]`;
  const where = ` when ${key}${place} = ${formatNumber(value)} moves by ${formatNumber(reach)}`;
  for (const moved of [value - reach, value + reach])
    withElement(input, position, moved, () => requireFinite(subject, call, where));
  throw new ValueError(`${subject}: the differences are not finite${where}`);
}

function isFinite(tensor: Tensor): boolean {
  return tensor.data().every(Number.isFinite);
}

/** `log: at [0, 1] X is -1, and the result is NaN: outside the domain there is no gradient to check` */
function problemOf(subject: string, { op, inputs, outputs: [output] }: OpNode, where: string): string {
  const position = output.data().findIndex((value) => !Number.isFinite(value));
  const index = placeOf(position, output.shape);
  const at = index.length === 0 ? '' : `at [${index.join(', ')}] `;
  const operands = inputs.flatMap((input, k) => {
    const value = valueAt(input, index);
    return value === undefined ? [] : [`${input.name ?? op.inputs[k]!} is ${formatNumber(value)}`];
  });
  const facts = [...operands, `the result is ${output.data()[position]!}`].join(' and ');
  const ranges = op.inputs.flatMap((input) => {
    const domain = op.domain?.[input];
    return domain === undefined
      ? []
      : [`${input} from ${domain.low} to ${domain.high}${domain.signed === true ? ' of either sign' : ''}`];
  });
  const within = ranges.length === 0 ? '' : `; ${op.name} is checked for ${ranges.join(', ')}`;
  const name = subject === op.name ? '' : `${op.name}: `;
  return `${subject}: ${name}${at}${facts}${where}: outside its domain there is no gradient to check${within}`;
}

/** The element of an input that is broadcast to a place of the output; none where the input is not. */
function valueAt(input: Tensor, index: readonly number[]): number | undefined {
  const own = index.slice(index.length - input.shape.length);
  const fits = input.shape.every((length, axis) => length === 1 || own[axis]! < length);
  if (!fits || own.length !== input.shape.length) return undefined;
  const flat = input.shape.reduce((sum, length, axis) => sum * length + (length === 1 ? 0 : own[axis]!), 0);
  return input.data()[flat];
}
