import { checkGradient } from '../autodiff/check-gradient.js';
import type { AnyOp } from '../autodiff/op.js';
import { callOn, drawInputs } from '../autodiff/samples.js';
import type { ChainVerdict } from '../derivation/chain.js';
import { derivation } from '../derivation/derivation.js';
import { registry } from '../ops/registry.js';
import { random } from '../random/random.js';
import type { Tensor } from '../tensor/tensor.js';
import { type DataTable, dataTable, type TableValue } from './table.js';

/**
 * The table of ops, made from the registry and checked while it is made: formula, gradients, shape rule, convention where
 * the derivative jumps, how many equalities of the derivation hold, on how many samples the code's gradient was compared
 * with central differences, and the largest relative difference found.
 * @throws GradbookError when an equality or a sample of an op fails.
 */
export function opTable(ops: readonly AnyOp[] = registry): DataTable {
  return dataTable(
    ['op', 'formula', 'gradient', 'shapes', 'where it jumps', 'equalities', 'samples', 'worst difference'],
    ops.flatMap(rowsOf),
  );
}

/** The op of the course behind the seed report that each of ours corresponds to. */
export function courseNameTable(ops: readonly AnyOp[] = registry): DataTable {
  const named = ops.filter(({ courseName }) => courseName !== undefined);
  return dataTable(
    ['course', 'here', 'what it computes'],
    named.map(({ name, courseName, summary }) => [`\`${courseName!}\``, `\`${name}\``, summary]),
  );
}

/** One row a gradient; what belongs to the op as a whole stands in its first row, a formula in the first of its own. */
function rowsOf(op: AnyOp): TableValue[][] {
  const { formulas, steps } = derivation(op).assert();
  const whole = [
    op.shapeRule,
    (op.kinks ?? []).map(({ convention }) => convention).join('; '),
    steps.length,
    op.samples.length,
    powerOfTen(worstDifference(op)),
  ];
  return formulas.flatMap(({ forward, gradients }, f) =>
    gradients.map(({ chain }, g) => [
      f + g === 0 ? `\`${op.name}\`` : null,
      g === 0 ? ends(forward) : null,
      ends(chain),
      ...(f + g === 0 ? whole : whole.map(() => null)),
    ]),
  );
}

/** The first and the last side of a chain of equalities. */
function ends({ steps }: ChainVerdict): string {
  return `$${steps[0]!.left} = ${steps.at(-1)!.right}$`;
}

/** How far code and central differences are apart on the worst element of all samples. */
function worstDifference(op: AnyOp): number {
  const differences = op.samples.map((sample, k) => {
    const inputs = drawInputs(op, sample.shapes, random(0).split(`${op.name}${k}`));
    const check = checkGradient(
      (named: Readonly<Record<string, Tensor>>) => callOn(op, sample, named),
      inputs,
      { name: op.name },
    ).assert();
    return check.worst.worst.relative;
  });
  return Math.max(...differences);
}

/** `$6 \cdot 10^{-11}$` */
function powerOfTen(value: number): string {
  if (value === 0) return '0';
  const [digits, exponent] = value.toExponential(0).split('e');
  return String.raw`$${digits!} \cdot 10^{${Number(exponent)}}$`;
}
