import { checkGradient } from '../autodiff/check-gradient.js';
import type { AnyOp } from '../autodiff/op.js';
import { callOn, drawInputs } from '../autodiff/samples.js';
import type { ChainVerdict } from '../formula/chain.js';
import { derivation } from '../derivation/derivation.js';
import type { JudgedMutant } from '../mutation/mutants.js';
import { registry } from '../ops/registry.js';
import { random } from '../random/random.js';
import type { Tensor } from '../tensor/tensor.js';
import { type DataTable, dataTable } from './table.js';
import { aText, kind, listOf, objectWith, requireKinds } from '../tensor/arguments.js';

const someOps = listOf(
  kind('an op, such as divide', (given) => typeof given === 'function' && 'backward' in given),
  'the ops in a list',
);
const someMutants = listOf(
  objectWith({ op: aText, verdict: aText }, 'a change of an op, as mutants(…) returns them'),
  'the changes in a list',
);

/**
 * The ops with their formulas and gradients: the first and the last side of the derivations in the registry, which are
 * executed while the table is made. One row a gradient.
 * @throws GradbookError when an equality does not hold.
 */
export function opTable(ops: readonly AnyOp[] = registry): DataTable {
  requireKinds('opTable', { ops }, { ops: someOps });
  const rows = ops.flatMap((op) =>
    derivation(op)
      .assert()
      .formulas.flatMap(({ forward, gradients }, f) =>
        gradients.map(({ chains: [chain] }, g) => [
          f + g === 0 ? `\`${op.name}\`` : null,
          g === 0 ? ends(forward) : null,
          ends(chain!),
        ]),
      ),
  );
  return dataTable(['op', 'formula', 'gradient'], rows);
}

/**
 * How each op was checked: its shape rule, its convention where the derivative jumps, how many equalities of the derivation
 * hold, on how many samples the code's gradient was compared with central differences, and the largest relative difference.
 * @throws GradbookError when an equality or a sample of an op fails.
 */
export function opCheckTable(ops: readonly AnyOp[] = registry): DataTable {
  requireKinds('opCheckTable', { ops }, { ops: someOps });
  return dataTable(
    ['op', 'shapes', 'where it jumps', 'equalities', 'samples', 'worst difference'],
    ops.map((op) => [
      `\`${op.name}\``,
      op.shapeRule,
      (op.kinks ?? []).map(({ convention }) => convention).join('; '),
      derivation(op).assert().steps.length,
      op.samples.length,
      powerOfTen(worstDifference(op)),
    ]),
  );
}

/** The op of the course behind the seed report that each of ours corresponds to. */
export function courseNameTable(ops: readonly AnyOp[] = registry): DataTable {
  requireKinds('courseNameTable', { ops }, { ops: someOps });
  const named = ops.filter(({ courseName }) => courseName !== undefined);
  return dataTable(
    ['course', 'here', 'what it computes'],
    named.map(({ name, courseName, summary }) => [`\`${courseName!}\``, `\`${name}\``, summary]),
  );
}

/** How many wrong versions of each op's rules and formulas were tried, and what the checks noticed; a row an op, then all. */
export function mutantTable(mutants: readonly JudgedMutant[]): DataTable {
  requireKinds('mutantTable', { mutants }, { mutants: someMutants });
  const row = (name: string, own: readonly JudgedMutant[]): (string | number)[] => {
    const count = (verdict: JudgedMutant['verdict'], part?: JudgedMutant['in']): number =>
      own.filter((one) => one.verdict === verdict && (part ?? one.in) === one.in).length;
    return [
      name,
      count('caught', 'rule'),
      count('equivalent', 'rule'),
      count('caught', 'formula'),
      count('equivalent', 'formula'),
      count('missed'),
    ];
  };
  const names = [...new Set(mutants.map(({ op }) => op))];
  return dataTable(
    ['op', 'rules caught', 'rules equivalent', 'formulas caught', 'formulas equivalent', 'missed'],
    [
      ...names.map((name) =>
        row(
          `\`${name}\``,
          mutants.filter(({ op }) => op === name),
        ),
      ),
      row('all', mutants),
    ],
  );
}

/** Every mutant that is excused, by name, with the reason why it computes the same. */
export function equivalentMutantTable(mutants: readonly JudgedMutant[]): DataTable {
  requireKinds('equivalentMutantTable', { mutants }, { mutants: someMutants });
  const excused = mutants.filter(({ verdict }) => verdict === 'equivalent');
  return dataTable(
    ['op', 'of', 'change', 'why nothing changes'],
    excused.map(({ op, of, change, name, in: part, reason }) => {
      const written = part === 'rule' ? `\`${change}\`` : `$${change.replace(' → ', ' \\to ')}$`;
      const place = name.slice(`${of}: ${change}`.length); // ` (2)`, where the same is written twice
      return [`\`${op}\``, of, `${written}${place}`, reason!];
    }),
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

/** `$6 \times 10^{-11}$` */
function powerOfTen(value: number): string {
  if (value === 0) return '0';
  const [digits, exponent] = value.toExponential(0).split('e');
  return String.raw`$${digits!} \times 10^{${Number(exponent)}}$`;
}
