/** A number as it stood in the file, so that `1.0` is written back as `1.0` and long integers lose no digit. */
export class NumberToken {
  constructor(readonly text: string) {}

  valueOf(): number {
    return Number(this.text.replace('Infinity', '1e999'));
  }
}

export type Json = null | boolean | number | string | NumberToken | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** A text is not JSON; `line` and `column` count from 1. */
export class JsonError extends Error {
  override name = 'JsonError';

  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }
}

/** Parses JSON as Python's json module reads it (NaN and Infinity included) and keeps number tokens. Throws JsonError. */
export function parseJson(text: string): Json {
  return new Parser(text).document();
}

const tokens = {
  blank: /[ \t\n\r]*/y,
  number: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y,
  word: /true|false|null|NaN|-?Infinity/y,
  plain: /[^"\\\u0000-\u001f]*/y,
};
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): Json {
    if (this.text.startsWith('\ufeff')) this.fail('a byte order mark stands before the JSON');
    const value = this.value();
    this.take(tokens.blank);
    if (this.at < this.text.length) this.fail('something follows after the end of the JSON value');
    return value;
  }

  private value(): Json {
    this.take(tokens.blank);
    const first = this.text[this.at];
    if (first === '{') return this.object();
    if (first === '[') return this.array();
    if (first === '"') return this.string();
    const word = this.take(tokens.word);
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word === 'null') return null;
    if (word) return new NumberToken(word);
    const number = this.take(tokens.number);
    if (number) return this.numberOf(number);
    return this.fail(
      first === undefined ? 'the text ends in the middle of a value' : `unexpected ${JSON.stringify(first)}`,
    );
  }

  private numberOf(text: string): number | NumberToken {
    const value = Number(text);
    return Number.isSafeInteger(value) && String(value) === text ? value : new NumberToken(text);
  }

  private object(): JsonObject {
    const object: JsonObject = {};
    this.items('}', () => {
      this.take(tokens.blank);
      if (this.text[this.at] !== '"') this.fail('a key in double quotes is missing');
      const key = this.string();
      this.take(tokens.blank);
      this.expect(':');
      const value = this.value();
      Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
    });
    return object;
  }

  private array(): Json[] {
    const array: Json[] = [];
    this.items(']', () => array.push(this.value()));
    return array;
  }

  private items(end: '}' | ']', item: () => void): void {
    this.at++;
    this.take(tokens.blank);
    if (this.text[this.at] === end) {
      this.at++;
      return;
    }
    for (;;) {
      item();
      this.take(tokens.blank);
      if (this.text[this.at] === end) break;
      this.expect(',');
    }
    this.at++;
  }

  private string(): string {
    let result = '';
    this.at++;
    for (;;) {
      result += this.take(tokens.plain);
      const next = this.text[this.at];
      if (next === '"') break;
      if (next !== '\\')
        this.fail(
          next === undefined ? 'a string is not closed' : 'a raw control character stands in a string',
        );
      result += this.escape();
    }
    this.at++;
    return result;
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? '';
    if (letter === 'u') {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail('four hexadecimal digits are missing after \\u');
      this.at += 6;
      return String.fromCharCode(parseInt(digits, 16));
    }
    const character = escapes[letter];
    if (character === undefined) return this.fail(`"\\${letter}" is no escape of JSON`);
    this.at += 2;
    return character;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) {
      const found = this.text[this.at];
      this.fail(
        `"${character}" expected, ${found === undefined ? 'but the text ends' : `but ${JSON.stringify(found)} found`}`,
      );
    }
    this.at++;
  }

  private fail(message: string): never {
    const before = this.text.slice(0, this.at).split('\n');
    throw new JsonError(message, before.length, before.at(-1)!.length + 1);
  }
}
