import { formatNumber } from '../tensor/print.js';
import type { ChainVerdict, Step } from '../formula/chain.js';
import type { Derivation, DerivedGradient } from './derivation.js';

/** What a derivation comes to: `Derivation of divide: all 9 equalities hold.` */
export function summaryOf({ op, steps }: Pick<Derivation, 'op' | 'steps'>): string {
  return `Derivation of ${op.name}: ${outcomeOf(steps)}.`;
}

/** `all 9 equalities hold`, or how many do not. */
export function outcomeOf(steps: readonly Step[]): string {
  const failing = steps.filter((step) => !step.holds).length;
  if (steps.length === 1) return failing === 0 ? 'the equality holds' : 'the equality does not hold';
  return failing === 0
    ? `all ${steps.length} equalities hold`
    : `${failing} of ${steps.length} equalities do not hold`;
}

/** A derivation in plain text: every equality with its verdict. */
export function derivationText({ op, formulas, holds }: Derivation): string {
  const lines = formulas.flatMap(({ forward, gradients }) => [
    ...chainText(forward, 'the code'),
    ...gradients.flatMap((gradient) => [
      ...chainText(gradient.chain, 'the code'),
      ...(gradient.matrix === undefined ? [] : chainText(gradient.matrix, 'the code')),
      `    ${gradient.input}: ${witnesses(gradient)}`,
    ]),
  ]);
  return [`${op.name}: ${holds ? 'every equality holds' : 'NOT every equality holds'}`, ...lines].join('\n');
}

/** A derivation as Markdown with mathematics, one equality a line. */
export function derivationMarkdown({ op, formulas }: Derivation): string {
  const parts = formulas.map(({ forward, gradients }) =>
    [
      chainBlock([forward]),
      ...gradients.map((gradient) => {
        const chains = gradient.matrix === undefined ? [gradient.chain] : [gradient.chain, gradient.matrix];
        return `${chainBlock(chains)}\n\n${gradient.holds ? '✓' : '✗'} $${gradient.input}$: ${witnesses(gradient, powerOfTen)}`;
      }),
    ].join('\n\n'),
  );
  return `**${op.name}**: ${op.summary}\n\n${parts.join('\n\n')}`;
}

/** A chain in plain text; `first` says where the numbers of its left side come from. */
export function chainText({ steps }: ChainVerdict, first?: string): string[] {
  return steps.map(({ left, right, message, holds }, k) => {
    const compared = k > 0 ? '' : first === undefined ? left : `${left} (${first})`;
    return `  ${holds ? '✓' : '✗'} ${compared} = ${right}: ${message}`.replace('  = ', ' = ');
  });
}

/** Chains as one block of mathematics, an equality with its verdict a line. */
export function chainBlock(chains: readonly ChainVerdict[]): string {
  const lines = chains.flatMap(({ steps }) =>
    steps.map((step, k) => String.raw`${k === 0 ? step.left : ''} &= ${step.right} && ${mark(step)}`),
  );
  return String.raw`$$\begin{aligned}${lines.join(String.raw` \\ `)}\end{aligned}$$`;
}

function mark({ holds, points, message }: Step): string {
  const text = holds ? `holds at ${points} points` : message.split('\n')[0]!.replace(/[\\{}$_^#%&]/g, ' ');
  return String.raw`${holds ? String.raw`\checkmark` : String.raw`\times`}\ \text{${text}}`;
}

function witnesses({ dualNumbers, differences }: DerivedGradient, written = plainly): string {
  const apart = (value: number) => `differs by at most ${written(value)} of its size from`;
  const further = dualNumbers === 0 ? apart(differences) : `by ${written(differences)} from`;
  const formula = dualNumbers === 0 ? 'is exactly that of' : apart(dualNumbers);
  const slopes = differences === 0 ? 'equals that by' : further;
  return `the code's gradient ${formula} the formula on dual numbers and ${slopes} finite differences`;
}

function plainly(value: number): string {
  return formatNumber(Number(value.toPrecision(1)));
}

/** One significant digit as mathematics: `$6 \times 10^{-12}$`. */
function powerOfTen(value: number): string {
  const [digits, exponent] = value.toExponential(0).split('e');
  return String.raw`$${digits!} \times 10^{${Number(exponent)}}$`;
}
