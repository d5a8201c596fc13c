import type { Meaning } from '../formula/interpretation.js';
import { kind, requireKinds } from '../tensor/arguments.js';
import type { Displayable, MimeBundle } from '../tensor/display.js';
import { GradbookError } from '../tensor/error.js';
import { inLatex } from '../tensor/print.js';
import { type Diagnosis, diagnose } from './diagnose.js';

/** A formula that somebody proposed for a gradient, with the verdict on it. */
export class Claim implements Displayable {
  constructor(
    readonly op: string,
    readonly input: string,
    readonly latex: string,
    /** The mistakes that were found, where they stand, and the formula with them undone. */
    readonly details: Diagnosis,
    /** For which other formula of the op it holds. */
    readonly other?: string,
  ) {}

  get holds(): boolean {
    return this.details.holds;
  }

  /** What is wrong in one sentence, or at how many points the formula holds. */
  get diagnosis(): string {
    const { message } = this.details;
    return this.other === undefined ? message : `${message}\nBut it holds for ${this.other}`;
  }

  /** @throws GradbookError with the diagnosis unless the formula holds. */
  assert(): this {
    if (!this.holds) throw new GradbookError(this.toString());
    return this;
  }

  toString(): string {
    return `${this.op}, gradient of ${this.input} = ${this.latex}\n${this.holds ? '✓' : '✗'} ${this.diagnosis}`;
  }

  /** The formula, what is wrong with it, and what holds instead. */
  display(): MimeBundle {
    const { input, latex, details, other } = this;
    const { indices = [], repaired, at, error, points } = details;
    const left = `${input}^\\nabla${indices.length > 0 ? `_{${indices.join('')}}` : ''}`;
    const right = latex.startsWith(`${input}^\\nabla`) ? latex.slice(latex.indexOf('=') + 1).trim() : latex;
    const parts = [String.raw`$$${left} \overset{?}{=} ${right}$$`];
    if (this.holds) parts.push(`✓ holds at ${points} points`);
    else parts.push(`✗ ${details.notes.map(inMarkdown).join('; ')}.`);
    if (error !== undefined) {
      const [, ...quotation] = error.message.split('\n');
      const problem = error.problem
        .replace(/^not conformable: /, '')
        .replace(/[^\s,:]*\\[a-zA-Z][^\s,:]*/g, (formula) => `$${formula}$`);
      parts.push(`As it stands: ${problem}\n\n\`\`\`text\n${quotation.join('\n')}\n\`\`\``);
    }
    if (at !== undefined) {
      const place = Object.entries(at.indices).map(([index, value]) => `${index} = ${value}`);
      const where = place.length > 0 ? `at $${place.join(', ')}$ ` : '';
      const [found, gradient] = [at.left, at.right].map((value) =>
        inLatex(String(Number(value.toPrecision(7)))),
      );
      parts.push(`As it stands, ${where}the formula is $${found!}$ and the gradient $${gradient!}$.`);
    }
    if (repaired !== undefined) parts.push(`What holds instead:\n\n$$${left} = ${repaired}$$`);
    if (other !== undefined) parts.push(`But it holds for $${other}$.`);
    return { 'text/markdown': parts.join('\n\n'), 'text/plain': this.toString() };
  }
}

/** A note with its mistake in bold: `**wrong variable**: $X$ where $Y$ belongs`. */
function inMarkdown(note: string): string {
  return note.replace(/^[^:]+/, '**$&**').replace(/\$ for (\$.+\$)$/, '$$ where $1 belongs');
}

/** A judge of formulas for the gradients of inputs; `solutions` are derivations that hold, `X^\nabla_{ij} = … = …`, by input. */
export function claimsOn(
  op: string,
  inputs: readonly string[],
  meanings: readonly Meaning[],
  solutions: Readonly<Record<string, string>> = {},
): (input: string, latex: string) => Claim {
  return (input, latex) => {
    if (!inputs.includes(input))
      throw new GradbookError(
        `${op} has no input ${JSON.stringify(input)}; its inputs are ${inputs.join(', ')}`,
      );
    const aFormula = kind("a formula in LaTeX, such as 'S^\\nabla Y'", (given) => typeof given === 'string');
    requireKinds('claim', { latex }, { latex: aFormula });
    return new Claim(op, input, latex, diagnose(latex, { input, meanings, solution: solutions[input] }));
  };
}
