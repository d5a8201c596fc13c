import { type Fault, refuse, type Span } from './error.js';
import { type Token, tokenize } from './lexer.js';
import { brackets, isKnown, stops } from './vocabulary.js';

const usual = ['f', 'g', 'h', '\\varphi', '\\phi', '\\psi'];

/** Reads the tokens of one formula from left to right. */
export class Cursor {
  /** Names that are functions when a bracket follows them. */
  readonly functions: ReadonlySet<string>;
  /** How many tokens were read. */
  position = 0;
  readonly #tokens: readonly Token[];

  constructor(
    readonly text: string,
    functions: readonly string[],
  ) {
    this.functions = new Set([...usual, ...functions]);
    this.#tokens = tokenize(text);
  }

  get next(): Token {
    return this.peek(0);
  }

  peek(ahead: number): Token {
    return this.#tokens[Math.min(this.position + ahead, this.#tokens.length - 1)]!;
  }

  at(...values: string[]): boolean {
    return values.includes(this.next.value);
  }

  take(): Token {
    const token = this.next;
    this.position++;
    return token;
  }

  accept(...values: string[]): Token | undefined {
    return this.at(...values) ? this.take() : undefined;
  }

  expect(value: string, why = ''): Token {
    return this.accept(value) ?? this.fail(`${value}${why}`);
  }

  /** What stands between an opening bracket and the one that closes it. */
  enclosed<T>(read: () => T): T {
    const opening = this.take().value;
    const inside = read();
    this.expect(brackets.get(opening) ?? '}', ` to close ${opening}`);
    return inside;
  }

  /** What stands in the braces of a TeX argument; `why` says what is missing where they are not closed. */
  braced<T>(read: () => T, why = ''): T {
    this.refuseSpace();
    this.expect('{');
    const inside = read();
    this.expect('}', why);
    return inside;
  }

  /** Refuses a space such as `\,` where an argument belongs. */
  refuseSpace(): void {
    const space = this.text.slice(this.#end, this.next.start).trim();
    if (space !== '') this.error(`TeX would take ${space} as an argument`);
  }

  /** Whether a factor can begin here; an unknown macro counts, so that it is reported as such. */
  get startsFactor(): boolean {
    const { value } = this.next;
    return (/^[a-zA-Z0-9{\\]/.test(value) && !stops.has(value)) || brackets.has(value);
  }

  /** From a token that was read before up to the last token that was read. */
  spanFrom({ start }: Span): Span {
    return { text: this.text, start, end: Math.max(this.#end, start) };
  }

  /** Where the last token that was read ends. */
  get #end(): number {
    return this.#tokens[this.position - 1]?.end ?? 0;
  }

  fail(expected: string): never {
    const { value } = this.next;
    if (/^\\[a-zA-Z]+$/.test(value) && !isKnown(value)) {
      this.error(`${value} is not a macro of this language: expected ${expected}`);
    }
    this.error(`expected ${expected}, found ${value === '' ? 'the end of the formula' : value}`);
  }

  error(problem: string, span: Span = this.next, fault: Fault = 'syntax'): never {
    refuse(fault, problem, span);
  }
}
