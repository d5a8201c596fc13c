import { type Fault, FormulaError, type Span } from './error.js';
import { type Token, tokenize } from './lexer.js';
import { brackets, isKnown, stops } from './vocabulary.js';

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

  /** What stands in braces; `why` says what is missing where they are not closed. */
  braced<T>(read: () => T, why = ''): T {
    this.expect('{');
    const inside = read();
    this.expect('}', why);
    return inside;
  }

  /** What stands here, with or without braces around it. */
  maybeBraced<T>(read: () => T): T {
    return this.at('{') ? this.braced(read) : read();
  }

  /** The letters that stand here, as the name of a function. */
  letters(): string {
    let letters = '';
    while (/^[a-zA-Z]$/.test(this.next.value)) letters += this.take().value;
    return letters;
  }

  /** Whether a factor can begin here; an unknown macro counts, so that it is reported as such. */
  get startsFactor(): boolean {
    const { value } = this.next;
    if (value.startsWith('\\') && !brackets.has(value)) return !stops.has(value);
    return /^[a-zA-Z0-9{]/.test(value) || brackets.has(value);
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
