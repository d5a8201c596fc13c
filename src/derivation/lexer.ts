import { FormulaError, type Span } from './error.js';

/** A letter, a digit, a sign or a macro; sized brackets such as `\left(` are one token. The last token's text is empty. */
export interface Token extends Span {
  readonly value: string;
}

const pattern = /\\(?:[a-zA-Z]+|.)|\s+|./gsu;
const ignored = new Set(['\\,', '\\;', '\\:', '\\!', '\\ ', '~', '\\displaystyle', '\\textstyle']);
const sizes = /^\\(?:big|Big|bigg|Bigg)[lr]?$/;
const brackets = new Set(['(', ')', '[', ']', '\\{', '\\}']);
const signs = /^[a-zA-Z0-9_^{}()[\]+\-*/=<>.,;:'\\]/;

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
  for (const match of text.matchAll(pattern)) {
    const value = match[0];
    if (value.trim() === '') continue;
    let token: Token = { text, value, start: match.index, end: match.index + value.length };
    if (ignored.has(value)) {
      if (awaitsArgument(tokens))
        throw new FormulaError('syntax', `TeX would take the space ${value} as an argument`, token);
      continue;
    }
    if (!signs.test(value)) {
      const instead = macroOf.get(value);
      const hint = instead === undefined ? '' : `: write ${instead}`;
      throw new FormulaError('syntax', `the character ${value} has no meaning here${hint}`, token);
    }
    if (size) {
      token = sized(size, token);
      size = undefined;
    } else if (value === '\\left' || value === '\\right' || sizes.test(value)) {
      size = token;
      continue;
    }
    if (value === '{') open.push(token);
    if (value === '}' && !open.pop())
      throw new FormulaError('syntax', 'this } closes nothing: expected a { before it', token);
    tokens.push(token);
  }
  const unclosed = open.pop();
  if (unclosed) throw new FormulaError('syntax', 'this { is never closed: expected a } after it', unclosed);
  if (size) throw new FormulaError('syntax', `expected a bracket after ${size.value}`, size);
  tokens.push({ text, value: '', start: text.length, end: text.length });
  return tokens;
}

/** Whether TeX takes what comes next as an argument of what came before. */
function awaitsArgument(tokens: readonly Token[]): boolean {
  const [before, last] = tokens.slice(-2).map((token) => token.value);
  const opens =
    /^(?:[_^}]|\\[td]?frac|\\sqrt|\\operatorname\*?|\\math[a-z]+|\\boldsymbol|\\hat|\\bar|\\tilde)$/;
  return opens.test(last ?? before ?? '') || /^\\[td]?frac$/.test(before ?? '');
}

/** Joins `\left` and its bracket; `\bigl` and its kin leave the bracket as it is. */
function sized(size: Token, bracket: Token): Token {
  if (!brackets.has(bracket.value)) {
    throw new FormulaError('syntax', `expected a bracket ( ) [ ] \\{ \\} after ${size.value}`, bracket);
  }
  const paired = size.value === '\\left' || size.value === '\\right';
  return { ...bracket, value: (paired ? size.value : '') + bracket.value, start: size.start };
}
