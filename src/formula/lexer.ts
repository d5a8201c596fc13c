import { FormulaError, type Span } from './error.js';
import { brackets, synonyms } from './vocabulary.js';

/** A letter, a digit, a sign or a macro; sized brackets such as `\left(` are one token. The last token's text is empty. */
export interface Token extends Span {
  readonly value: string;
}

const pattern = /\\operatorname\*|\\(?:[a-zA-Z]+|.)|\s+|./gsu;
const spaces = new Set(['\\,', '\\;', '\\:', '\\!', '\\ ', '~', '\\displaystyle', '\\textstyle']);
const sizes = /^\\(?:left|right|(?:big|Big|bigg|Bigg)[lr]?)$/;
const sizable = new Set([...brackets].flat());
const signs = /^[a-zA-Z0-9_^{}()[\]+\-*/=<>.,;:'\\]/;
const opensArgument =
  /^(?:[_^}]|\\frac|\\sqrt|\\operatorname|\\math[a-z]+|\\boldsymbol|\\hat|\\bar|\\tilde)$/;

/** What people type for a macro. */
const macroOf = new Map(
  Object.entries({
    '∇': '\\nabla',
    '∂': '\\partial',
    Σ: '\\sum',
    '∑': '\\sum',
    δ: '\\delta',
    σ: '\\sigma',
    '·': '\\cdot',
    '×': '\\times',
    '⊙': '\\odot',
    '⊘': '\\oslash',
    '⊤': '\\top',
    '−': '-',
    '@': 'matrices side by side for their product',
    $: 'the formula without it',
  }),
);

/** Splits a formula into tokens; throws when braces do not balance or a character has no meaning. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const open: Token[] = [];
  let size: Token | undefined;
  const fail = (problem: string, token: Token): never => {
    throw new FormulaError('syntax', problem, token);
  };
  for (const { 0: written, index: start } of text.matchAll(pattern)) {
    if (written.trim() === '') continue;
    const value = synonyms.get(written) ?? written;
    const token: Token = { text, value, start, end: start + written.length };
    if (spaces.has(value)) {
      if (awaitsArgument(tokens)) fail(`TeX would take the space ${value} as an argument`, token);
      continue;
    }
    if (!signs.test(value)) {
      const instead = macroOf.get(value);
      fail(`the character ${value} has no meaning here${instead ? `: write ${instead}` : ''}`, token);
    }
    if (!size && sizes.test(value)) {
      size = token;
      continue;
    }
    if (size && !sizable.has(value)) fail(`expected a bracket ( ) [ ] \\{ \\} after ${size.value}`, token);
    if (value === '{') open.push(token);
    if (value === '}' && !open.pop()) fail('this } closes nothing: expected a { before it', token);
    tokens.push(size ? sized(size, token) : token);
    size = undefined;
  }
  const unclosed = open.pop();
  if (unclosed) fail('this { is never closed: expected a } after it', unclosed);
  if (size) fail(`expected a bracket after ${size.value}`, size);
  tokens.push({ text, value: '', start: text.length, end: text.length });
  return tokens;
}

/** Whether TeX takes what comes next as an argument of what came before. */
function awaitsArgument(tokens: readonly Token[]): boolean {
  const [before, last] = tokens.slice(-2).map((token) => token.value);
  return opensArgument.test(last ?? before ?? '') || before === '\\frac';
}

/** Joins `\left` and its bracket; `\bigl` and its kin leave the bracket as it is. */
function sized(size: Token, bracket: Token): Token {
  const paired = size.value === '\\left' || size.value === '\\right';
  return { ...bracket, value: (paired ? size.value : '') + bracket.value, start: size.start };
}
