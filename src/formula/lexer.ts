import { refuse, type Span } from './error.js';
import { accents, functionMacros, isOperation, pairsIn, synonyms } from './vocabulary.js';

/** A word: a letter, a number, a sign, a macro, `\left(`, `\hat{x}`, `^\nabla`. The last token's value is empty. */
export interface Token extends Span {
  readonly value: string;
}

const appliers = [...accents, '\\operatorname'].join('|').replaceAll('\\', '\\\\');

/** What makes one word, tried in this order: TeX reads an argument with or without braces, and spaces mean nothing. */
const pattern = new RegExp(
  [
    // \hat x, \operatorname{relu}, \mathbf 1
    String.raw`(?<macro>${appliers})(?![a-zA-Z])\*?\s*(?:\{\s*(?<braced>\\?[a-zA-Z]+|1)\s*\}|(?<bare>\\[a-zA-Z]+|[a-zA-Z1]))`,
    // \left(, \bigl[
    String.raw`(?<size>\\(?:left|right|[bB]igg?[lr]?))\s*(?<bracket>[()[\]]|\\[{}])`,
    // ^\nabla, ^{\top}
    String.raw`(?<mark>\^\s*(?:\{\s*(?:\\nabla\s*(?:\\top\s*)?|\\top\s*)\}|\\(?:nabla|top)(?![a-zA-Z])))`,
    // \argmax, \sum\limits, other macros; the digits of \frac12 one by one, other numbers as a whole; signs
    String.raw`\\arg\s*\\(?:max|min)(?![a-zA-Z])|\\(?:sum|prod|max|min)\s*\\(?:no)?limits(?![a-zA-Z])|\\(?:[a-zA-Z]+|.)|\s+`,
    String.raw`(?<=\\[dt]?frac\s*(?:\d\s*)?)\d|\d+(?:\.\d+)?|.`,
  ].join('|'),
  'gsu',
);
type Groups = Readonly<Record<string, string | undefined>>;

/** What changes nothing but how a formula looks. */
const spaces = new Set(['\\,', '\\;', '\\:', '\\!', '\\ ', '~', '\\displaystyle', '\\textstyle']);
const signs = /^[a-zA-Z0-9_^{}()[\]+\-*/=<>.,;:'\\]/;

/** What people type for a macro. */
const macroOf = pairsIn(String.raw`
  ∇ \nabla  ∂ \partial  Σ \sum  ∑ \sum  δ \delta  σ \sigma  · \cdot  × \times  ⊙ \odot  ⊘ \oslash  ⊤ \top  − -
  @ matrices side by side for their product  $ the formula without it
`);

/** Splits a formula into tokens; throws when braces do not balance or a character has no meaning. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const open: Token[] = [];
  for (const match of text.matchAll(pattern)) {
    const [written] = match;
    if (/[\b\f\v]/.test(written)) {
      const token = { text, start: match.index, end: match.index + written.length };
      refuse('syntax', 'JavaScript took a backslash away here: write the formula as String.raw`…`', token);
    }
    if (written.trim() === '' || spaces.has(written)) continue;
    const value = wordOf(written, match.groups!);
    const token: Token = { text, value, start: match.index, end: match.index + written.length };
    if (!signs.test(value)) {
      const instead = macroOf.get(value);
      const hint = instead === undefined ? '' : `: write ${instead}`;
      refuse('syntax', `the character ${value} has no meaning here${hint}`, token);
    }
    if (/^\\(?:left|right|[bB]igg?[lr]?)$/.test(value)) {
      refuse('syntax', `expected a bracket ( ) [ ] \\{ \\} after ${value}`, token);
    }
    if (value === '{') open.push(token);
    if (value === '}' && !open.pop()) {
      refuse('syntax', 'this } closes nothing: expected a { before it', token);
    }
    tokens.push(token);
  }
  const unclosed = open.pop();
  if (unclosed) refuse('syntax', 'this { is never closed: expected a } after it', unclosed);
  return [...tokens, { text, value: '', start: text.length, end: text.length }];
}

/** The one way in which the parser knows a word: `\hat{x}` for `\hat x`, `\left(`, `(` for `\bigl(`, `^\top` for `^{\top}`. */
function wordOf(written: string, { macro, braced, bare, size, bracket, mark }: Groups): string {
  let word = written.replace(/\s|(?<=.)\\(?:no)?limits$/g, '');
  if (macro !== undefined) word = `${macro}{${braced ?? bare ?? ''}}`;
  if (bracket !== undefined) word = size === '\\left' || size === '\\right' ? size + bracket : bracket;
  if (mark !== undefined) word = word.replace(/[{}]/g, '');
  const own = word.replace(/^\\operatorname\{(\w+)\}$/, '\\$1');
  return synonyms.get(word) ?? (functionMacros.has(own) || isOperation(own) ? own : word);
}
