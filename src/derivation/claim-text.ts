import type { Claim } from './claim.js';
import type { FormulaError } from '../formula/error.js';

/** A judged formula as Markdown with mathematics: the formula, what is wrong with it, and what holds instead. */
export function claimMarkdown({ input, latex, holds, details, remark }: Claim): string {
  const { indices = [] } = details;
  const left = `${input}^\\nabla${indices.length > 0 ? `_{${indices.join('')}}` : ''}`;
  const right = latex.startsWith(`${input}^\\nabla`) ? latex.slice(latex.indexOf('=') + 1).trim() : latex;
  const claimed = String.raw`$$${left} \overset{?}{=} ${right}$$`;
  const { repaired, at, error, points } = details;
  if (holds) return `${claimed}\n\n✓ holds at ${points} points`;
  const parts = [claimed, `✗ ${details.notes.map(noteMarkdown).join('; ')}.`];
  if (error !== undefined) parts.push(`As it stands: ${errorMarkdown(error)}`);
  if (at !== undefined) {
    const place = Object.entries(at.indices).map(([index, value]) => `${index} = ${value}`);
    const where = place.length > 0 ? `at $${place.join(', ')}$ ` : '';
    parts.push(
      `As it stands, ${where}the formula is $${significant(at.left)}$ and the gradient $${significant(at.right)}$.`,
    );
  }
  if (repaired !== undefined) parts.push(`What holds instead:\n\n$$${left} = ${repaired}$$`);
  if (remark !== undefined) parts.push(`But ${remark.replace(/S.*$/, (formula) => `$${formula}$`)}.`);
  return parts.join('\n\n');
}

/** A note with its mistake in bold: `**wrong variable**: $X$ where $Y$ belongs`. */
function noteMarkdown(note: string): string {
  return note.replace(/^[^:]+/, '**$&**').replace(/\$ for (\$.+\$)$/, '$$ where $1 belongs');
}

/** Why a formula cannot be evaluated, with the place where it fails. */
function errorMarkdown(error: FormulaError): string {
  const [, ...quotation] = error.message.split('\n');
  return `${error.problem
    .replace(/^not conformable: /, '')
    .replace(
      /[^\s,:]*\\[a-zA-Z][^\s,:]*/g,
      (latex) => `$${latex}$`,
    )}\n\n\`\`\`text\n${quotation.join('\n')}\n\`\`\``;
}

/** Seven significant digits in LaTeX. */
function significant(value: number): string {
  const [digits, exponent] = String(Number(value.toPrecision(7))).split('e');
  return exponent === undefined ? digits! : `${digits!} \\times 10^{${Number(exponent)}}`;
}
