import type { Displayable, MimeBundle } from '../tensor/display.js';
import { GradbookError } from '../tensor/error.js';
import type { ChainVerdict, Step } from '../formula/chain.js';
import { chainBlock, chainText, outcomeOf } from './derivation-text.js';
import { aList, aText, requireKinds } from '../tensor/arguments.js';

/** Chains of equalities that were executed: data, with `assert()` for tests. */
export class CheckedChains implements Displayable {
  readonly kind = 'derivation';
  /** What they come to in one sentence. */
  readonly alt: string;
  readonly holds: boolean;

  constructor(
    readonly subject: string,
    readonly chains: readonly ChainVerdict[],
  ) {
    requireKinds('CheckedChains', { subject, chains }, { subject: aText, chains: aList });
    this.holds = this.steps.every((step) => step.holds);
    this.alt = `Derivation for ${subject}: ${outcomeOf(this.steps)}.`;
  }

  /** Every `=` in reading order. */
  get steps(): readonly Step[] {
    return this.chains.flatMap(({ steps }) => steps);
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
