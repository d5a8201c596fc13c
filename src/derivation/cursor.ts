import type { Relation } from './ast.js';
import { type Fault, FormulaError, type Span } from './error.js';
import { type Token, tokenize } from './lexer.js';

export const greek = new Set(
  (
    'alpha beta gamma epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon ' +
    'phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell'
  )
    .split(' ')
    .map((name) => `\\${name}`),
);

export const relations: ReadonlyMap<string, Relation> = new Map<string, Relation>([
  ['=', '='],
  ['\\ne', '\\ne'],
  ['\\neq', '\\ne'],
  ['<', '<'],
  ['>', '>'],
  ['\\le', '\\le'],
  ['\\leq', '\\le'],
  ['\\ge', '\\ge'],
  ['\\geq', '\\ge'],
]);

/** What stands between two statements. */
export const separators = new Set([
  ',',
  ';',
  '\\quad',
  '\\qquad',
  '\\Rightarrow',
  '\\implies',
  '\\Longrightarrow',
]);

export const accents = new Set([
  '\\hat',
  '\\bar',
  '\\tilde',
  '\\mathbf',
  '\\boldsymbol',
  '\\mathrm',
  '\\mathcal',
]);

export const openings: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['\\left(', '\\right)'],
  ['[', ']'],
  ['\\left[', '\\right]'],
  ['\\{', '\\}'],
  ['\\left\\{', '\\right\\}'],
]);

/** Macros after which a factor is at its end. */
const stops = new Set([
  ...[...relations.keys(), ...separators, ...openings.values()],
  ...[
    '\\odot',
    '\\oslash',
    '\\cdot',
    '\\times',
    '\\in',
    '\\land',
    '\\wedge',
    '\\top',
    '\\nabla',
    '\\prime',
    '\\limits',
  ],
]);

const starts = new Set(
  '\\exp \\log \\ln \\tanh \\sqrt \\max \\min \\argmax \\argmin \\arg \\operatorname \\operatorname* \\sum \\prod \\frac \\tfrac \\dfrac \\partial \\delta \\mathbb'.split(
    ' ',
  ),
);

/** Reads the tokens of one formula from left to right. */
export class Cursor {
  /** Calls with an argument without brackets; what they apply to would be unclear before another factor. */
  readonly bareCalls = new WeakSet();
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(
    readonly text: string,
    /** Names that are functions when a bracket follows them. */
    readonly functions: ReadonlySet<string>,
  ) {
    this.#tokens = tokenize(text);
  }

  get next(): Token {
    return this.peek(0);
  }

  peek(ahead: number): Token {
    return this.#tokens[Math.min(this.#position + ahead, this.#tokens.length - 1)]!;
  }

  at(...values: string[]): boolean {
    return values.includes(this.next.value);
  }

  take(): Token {
    const token = this.next;
    this.#position++;
    return token;
  }

  accept(...values: string[]): Token | undefined {
    return this.at(...values) ? this.take() : undefined;
  }

  expect(value: string, why = ''): Token {
    return this.accept(value) ?? this.fail(`${value}${why}`);
  }

  /** Whether a factor can begin here; an unknown macro counts, so that it is reported as such. */
  get startsFactor(): boolean {
    const { value } = this.next;
    if (value.startsWith('\\') && !openings.has(value)) return !stops.has(value);
    return /^[a-zA-Z0-9{]/.test(value) || openings.has(value);
  }

  /** From a token that was read before up to the last token that was read. */
  spanFrom(start: Span): Span {
    const last = this.#tokens[Math.max(0, this.#position - 1)]!;
    return { text: this.text, start: start.start, end: Math.max(last.end, start.start) };
  }

  fail(expected: string): never {
    const { value } = this.next;
    if (/^\\[a-zA-Z]/.test(value) && !isKnown(value)) {
      this.error(`${value} is not a macro of this language: expected ${expected}`);
    }
    this.error(`expected ${expected}, found ${value === '' ? 'the end of the formula' : value}`);
  }

  error(problem: string, span: Span = this.next, fault: Fault = 'syntax'): never {
    throw new FormulaError(fault, problem, span);
  }
}

function isKnown(macro: string): boolean {
  return [greek, accents, stops, starts].some((group) => group.has(macro)) || openings.has(macro);
}
