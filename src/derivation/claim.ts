import type { Displayable, MimeBundle } from '../tensor/display.js';
import { GradbookError } from '../tensor/error.js';
import { claimMarkdown } from './claim-text.js';
import { type Diagnosis, diagnose } from './diagnose.js';
import type { Meaning } from './interpretation.js';

/** A formula that somebody proposed for a gradient, with the verdict on it. */
export class Claim implements Displayable {
  constructor(
    readonly op: string,
    readonly input: string,
    readonly latex: string,
    /** The mistakes that were found, where they stand, and the formula with them undone. */
    readonly details: Diagnosis,
  ) {}

  get holds(): boolean {
    return this.details.holds;
  }

  /** What is wrong in one sentence, or at how many points the formula holds. */
  get diagnosis(): string {
    return this.details.message;
  }

  /** @throws GradbookError with the diagnosis unless the formula holds. */
  assert(): this {
    if (!this.holds) throw new GradbookError(this.toString());
    return this;
  }

  toString(): string {
    return `${this.op}, gradient of ${this.input} = ${this.latex}\n${this.holds ? '✓' : '✗'} ${this.diagnosis}`;
  }

  display(): MimeBundle {
    return { 'text/markdown': claimMarkdown(this), 'text/plain': this.toString() };
  }
}

/** Judges a formula on what the names mean. */
export function claimOn(op: string, input: string, latex: string, meanings: readonly Meaning[]): Claim {
  return new Claim(op, input, latex, diagnose(latex, { input, meanings }));
}
