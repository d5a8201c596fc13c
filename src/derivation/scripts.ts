import { type Expression, gradientName, type NumberNode } from './ast.js';
import { accents, type Cursor, greek } from './cursor.js';
import type { Span } from './error.js';
import { factor, side } from './parser.js';
import { reduction } from './brackets.js';

/** What stands at the upper right of a thing. */
interface Upper {
  readonly nabla?: boolean;
  readonly transpose?: boolean;
  readonly power?: Expression;
  readonly elementwise?: boolean;
}

/** Whether a name begins with this token. */
export function isName(value: string): boolean {
  return /^[a-zA-Z]$/.test(value) || greek.has(value) || accents.has(value);
}

/** The text of a name without scripts, `X`, `\mu`, `\hat{y}`; undefined where no name stands. */
export function nameText(cursor: Cursor): string | undefined {
  const { value } = cursor.next;
  if (/^[a-zA-Z]$/.test(value) || greek.has(value)) return cursor.take().value;
  if (!accents.has(value)) return undefined;
  cursor.take();
  if (!cursor.accept('{')) return `${value}{${nameText(cursor) ?? cursor.fail('a name')}}`;
  let name = '';
  while (!cursor.at('}')) name += nameText(cursor) ?? cursor.fail('a name');
  cursor.expect('}');
  return `${value}{${name}}`;
}

/** A name with its primes, indices, gradient mark, transpose or power. */
export function name(cursor: Cursor): Expression {
  const start = cursor.next;
  let text = nameText(cursor) ?? cursor.fail('a name');
  while (cursor.accept("'")) text += "'";
  return withScripts(cursor, { kind: 'name', name: text, indices: [], span: cursor.spanFrom(start) }, start);
}

/** Reads at most one subscript and one superscript, as TeX does, and applies them to what stands before. */
export function withScripts(cursor: Cursor, base: Expression, start: Span): Expression {
  let indices: Expression[] | undefined;
  let upper: Upper | undefined;
  for (;;) {
    if (!indices && cursor.accept('_')) indices = indexList(cursor);
    else if (!upper && cursor.accept('^')) upper = superscript(cursor);
    else break;
  }
  if (cursor.at('_', '^', "'"))
    cursor.error('expected brackets around what stands before: TeX sets no second script here');
  const span = cursor.spanFrom(start);
  let node = base;
  if (upper?.nabla) {
    if (node.kind !== 'name')
      return cursor.error('expected a name before ^\\nabla, as in S^\\nabla_{ij}', span);
    node = { ...node, name: gradientName(node.name), span };
  }
  if (upper?.transpose) node = { kind: 'transpose', operand: node, span };
  if (indices) {
    if (node.kind === 'name' && node.indices.length === 0) node = { ...node, indices, span };
    else node = { kind: 'entry', matrix: node, indices, span };
  }
  if (!upper?.power) return node;
  return { kind: 'power', base: node, exponent: upper.power, elementwise: upper.elementwise === true, span };
}

/** What stands after `^`. */
function superscript(cursor: Cursor): Upper {
  if (cursor.accept('\\nabla')) return { nabla: true };
  if (cursor.accept('\\top', 'T')) return { transpose: true };
  if (!cursor.at('{')) return { power: script(cursor) };
  const mark = cursor.peek(1).value;
  if (mark === '\\nabla' || mark === '\\top' || (mark === 'T' && cursor.peek(2).value === '}')) {
    cursor.take();
    const nabla = cursor.accept('\\nabla') !== undefined;
    const transpose = cursor.accept('\\top', 'T') !== undefined;
    cursor.expect('}');
    return { nabla, transpose };
  }
  if (mark !== '\\odot') return { power: scriptArgument(cursor) };
  cursor.take();
  cursor.take();
  const power = side(cursor);
  cursor.expect('}');
  return { power, elementwise: true };
}

/** What stands after `_` or `^`; of a number without braces TeX would take the first digit only. */
export function script(cursor: Cursor): Expression {
  const braced = cursor.at('{');
  const argument = scriptArgument(cursor);
  const more = !braced && /^\d$/.test(cursor.next.value) && cursor.next.start === argument.span.end;
  if (more && argument.kind === 'number') cursor.error('expected braces around this number, as in x^{10}');
  return argument;
}

/** An argument as TeX reads it: a group in braces, or else one digit or one letter. */
export function scriptArgument(cursor: Cursor): Expression {
  const start = cursor.next;
  if (cursor.accept('{')) {
    const inside = side(cursor);
    cursor.expect('}');
    return inside;
  }
  if (!/^\d$/.test(start.value)) {
    const text = nameText(cursor) ?? cursor.fail('a group in braces, one digit or one letter');
    return { kind: 'name', name: text, indices: [], span: cursor.spanFrom(start) };
  }
  cursor.take();
  return { kind: 'number', value: Number(start.value), span: cursor.spanFrom(start) };
}

/** The subscripts after `_`: side by side, `ij`, `k t_k`, or with commas, `i+a-1, j`. */
export function indexList(cursor: Cursor): Expression[] {
  if (!cursor.accept('{')) return [index(cursor, true)];
  const indices: Expression[] = [];
  do {
    if (isArithmetic(cursor)) indices.push(side(cursor));
    else
      do indices.push(index(cursor, false));
      while (!cursor.at(',', '}'));
  } while (cursor.accept(','));
  cursor.expect('}', ' after the indices');
  return indices;
}

/** Whether the next subscript up to a comma is one number, `i+a`, and not several side by side, `ij`. */
function isArithmetic(cursor: Cursor): boolean {
  let depth = 0;
  for (let ahead = 0; ; ahead++) {
    const { value } = cursor.peek(ahead);
    if (value === '' || (depth === 0 && (value === ',' || value === '}'))) return false;
    if (depth === 0 && ['+', '-', '*', '\\cdot', '\\times'].includes(value)) return true;
    if (['{', '(', '\\left('].includes(value)) depth++;
    if (['}', ')', '\\right)'].includes(value)) depth--;
  }
}

/** One index: a letter with primes, a number, a label `t_k`, a sum in brackets, `\operatorname{argmax}_k …`. */
function index(cursor: Cursor, single: boolean): Expression {
  const start = cursor.next;
  if (single && /^\d$/.test(start.value)) return script(cursor);
  if (/^\d$/.test(start.value)) return wholeNumber(cursor);
  if (cursor.at('(', '\\left(')) return factor(cursor);
  if (cursor.at('\\operatorname', '\\operatorname*', '\\argmax', '\\argmin', '\\arg'))
    return reduction(cursor);
  let text = nameText(cursor) ?? cursor.fail('an index');
  while (!single && cursor.accept("'")) text += "'";
  const indices = !single && cursor.accept('_') ? indexList(cursor) : [];
  return { kind: 'name', name: text, indices, span: cursor.spanFrom(start) };
}

/** Digits side by side, with a decimal point inside if there is one. */
export function wholeNumber(cursor: Cursor): NumberNode {
  const start = cursor.next;
  let text = cursor.take().value;
  let end = start.end;
  const follows = (ahead: number) =>
    cursor.peek(ahead).start === end + ahead && /^\d$/.test(cursor.peek(ahead).value);
  while (follows(0) || (cursor.at('.') && cursor.next.start === end && follows(1))) {
    text += cursor.take().value;
    end++;
  }
  return { kind: 'number', value: Number(text), span: cursor.spanFrom(start) };
}
