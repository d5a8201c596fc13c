import { NumberToken, type Json } from './json.js';

/** Writes JSON byte for byte as Python's `json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)` does. */
export function writeJson(value: Json): string {
  return write(value, '\n');
}

function write(value: Json, newLine: string): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return pythonNumber(String(value));
  if (typeof value === 'boolean') return String(value);
  if (value instanceof NumberToken) return pythonNumber(value.text);
  const inner = newLine + ' ';
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${inner}${value.map((item) => write(item, inner)).join(',' + inner)}${newLine}]`;
  }
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  if (keys.length === 0) return '{}';
  keys.sort(byCodePoint);
  const entries = keys.map((key) => `${JSON.stringify(key)}: ${write(value[key]!, inner)}`);
  return `{${inner}${entries.join(',' + inner)}${newLine}}`;
}

/** JavaScript compares strings by UTF-16 unit, Python by code point: they differ beyond U+FFFF. */
function byCodePoint(a: string, b: string): number {
  const left = Array.from(a, (character) => character.codePointAt(0)!);
  const right = Array.from(b, (character) => character.codePointAt(0)!);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) return left[i]! - right[i]!;
  }
  return left.length - right.length;
}

/** The token that Python prints after it has read `token`: integers digit by digit, floats by their `repr`. */
function pythonNumber(token: string): string {
  if (/^-?\d+$/.test(token)) return token === '-0' ? '0' : token;
  if (/^(NaN|-?Infinity)$/.test(token)) return token;
  const value = Number(token);
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return pythonFloat(value);
}

/** Python uses an exponent below 1e-4 and from 1e16 on, JavaScript below 1e-6 and from 1e21 on. */
function pythonFloat(value: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa, exponentText] = Math.abs(value).toExponential().split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const exponent = value === 0 ? 0 : Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
