import type { Displayable, MimeBundle } from '../tensor/display.js';
import { GradbookError } from '../tensor/error.js';
import { claimMarkdown } from './claim-text.js';
import { type Diagnosis, diagnose } from './diagnose.js';
import type { Meaning } from '../formula/interpretation.js';
import { kind, requireKinds } from '../tensor/arguments.js';

/** A formula that somebody proposed for a gradient, with the verdict on it. */
export class Claim implements Displayable {
  constructor(
    readonly op: string,
    readonly input: string,
    readonly latex: string,
    /** The mistakes that were found, where they stand, and the formula with them undone. */
    readonly details: Diagnosis,
    /** What else there is to say, such as that another formula of the op is meant. */
    readonly remark?: string,
  ) {}

  withRemark(remark: string): Claim {
    return new Claim(this.op, this.input, this.latex, this.details, remark);
  }

  get holds(): boolean {
    return this.details.holds;
  }

  /** What is wrong in one sentence, or at how many points the formula holds. */
  get diagnosis(): string {
    const { message } = this.details;
    return this.remark === undefined ? message : `${message}\nBut ${this.remark}`;
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

/** Judges a formula on what the names mean; a formula that holds, if known, helps to name what is missing. */
export function claimOn(
  op: string,
  input: string,
  latex: string,
  meanings: readonly Meaning[],
  solution?: string,
): Claim {
  requireKinds(
    'claim',
    { latex },
    { latex: kind("a formula in LaTeX, such as 'S^\\nabla Y'", (given) => typeof given === 'string') },
  );
  return new Claim(op, input, latex, diagnose(latex, { input, meanings, solution }));
}
