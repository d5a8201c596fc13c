import { type ChainVerdict, type Step } from '../formula/chain.js';
import type { Displayable, MimeBundle } from '../tensor/display.js';
import { GradbookError } from '../tensor/error.js';

/** Chains of equalities that were executed: data, with `assert()` for tests. */
export class CheckedChains implements Displayable {
  readonly kind = 'derivation';

  constructor(
    /** `of divide`, `for S = X W^\top` */
    readonly subject: string,
    readonly chains: readonly ChainVerdict[],
  ) {}

  /** Every `=` in reading order. */
  get steps(): readonly Step[] {
    return this.chains.flatMap(({ steps }) => steps);
  }

  get holds(): boolean {
    return this.steps.length > 0 && this.steps.every(({ holds }) => holds);
  }

  /** What they come to in one sentence: `Derivation of divide: all 9 equalities hold.` */
  get alt(): string {
    const { length } = this.steps;
    const failing = this.steps.filter(({ holds }) => !holds).length;
    const one = failing === 0 ? 'the equality holds' : 'the equality does not hold';
    const some = `${failing} of ${length} equalities do not hold`;
    const all = failing === 0 ? `all ${length} equalities hold` : some;
    return `Derivation ${this.subject}: ${length === 1 ? one : all}.`;
  }

  /** @throws GradbookError with every verdict unless all equalities hold. */
  assert(): this {
    if (!this.holds) throw new GradbookError(this.toString());
    return this;
  }

  toString(): string {
    return [this.alt, ...this.chains.flatMap((chain) => chainText(chain))].join('\n');
  }

  display(): MimeBundle {
    return { 'text/markdown': chainBlock(this.chains), 'text/plain': this.toString() };
  }
}

/** A chain in plain text; `source` says where the numbers of its left side come from. */
export function chainText({ steps }: ChainVerdict, source = ''): string[] {
  return steps.map(({ left, right, message, holds }, k) => {
    const compared = goesOn(steps, k) ? '' : `${left}${k === 0 ? source : ''} `;
    return `  ${holds ? '✓' : '✗'} ${compared}= ${right}: ${message}`;
  });
}

/** Chains as one block of mathematics, an equality with its verdict a line. */
export function chainBlock(chains: readonly ChainVerdict[]): string {
  const line = ({ left, right, holds, points, message }: Step, k: number, steps: readonly Step[]) => {
    const problem = message.split('\n')[0]!.replace(/[\\{}$_^#%&]/g, ' ');
    const verdict = holds
      ? String.raw`\checkmark\ \text{holds at ${points} points}`
      : String.raw`\times\ \text{${problem}}`;
    return `${goesOn(steps, k) ? '' : left} &= ${right} && ${verdict}`;
  };
  const lines = chains.flatMap(({ steps }) => steps.map(line));
  return String.raw`$$\begin{aligned}${lines.join(String.raw` \\ `)}\end{aligned}$$`;
}

/** Whether an equality begins where the one before it ends. */
function goesOn(steps: readonly Step[], k: number): boolean {
  return k > 0 && steps[k]!.left === steps[k - 1]!.right;
}
