import { type Expression, gradientName, type NumberNode } from './ast.js';
import { named } from './build.js';
import type { Cursor } from './cursor.js';
import type { Span } from './error.js';
import { factor, side } from './parser.js';
import { reduction } from './sums.js';
import { accents, greek } from './vocabulary.js';

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
  if (!isName(value)) return undefined;
  cursor.take();
  if (!accents.has(value)) return value;
  const part = () => nameText(cursor) ?? cursor.fail('a name');
  if (!cursor.at('{')) return `${value}{${part()}}`;
  const parts = cursor.braced(() => {
    let text = '';
    while (!cursor.at('}')) text += part();
    return text;
  });
  return `${value}{${parts}}`;
}

/** The text of a name with its primes. */
export function primedName(cursor: Cursor): string | undefined {
  let text = nameText(cursor);
  while (text !== undefined && cursor.accept("'")) text += "'";
  return text;
}

/** A name with its primes, indices, gradient mark, transpose or power. */
export function name(cursor: Cursor): Expression {
  const start = cursor.next;
  const text = primedName(cursor) ?? cursor.fail('a name');
  return withScripts(cursor, named(text, [], cursor.spanFrom(start)), start);
}

/** Reads at most one subscript and one superscript, as TeX does, and applies them to what stands before. */
export function withScripts(cursor: Cursor, base: Expression, start: Span): Expression {
  const sized = base.kind === 'ones' && base.size !== undefined;
  let indices: Expression[] | undefined;
  let upper: Upper = {};
  for (;;) {
    if (!indices && !sized && cursor.accept('_')) indices = indexList(cursor);
    else if (Object.keys(upper).length === 0 && cursor.accept('^')) upper = superscript(cursor);
    else break;
  }
  if (cursor.at('_', '^', "'"))
    cursor.error('expected brackets around what stands before: TeX sets no second script here');
  const span = cursor.spanFrom(start);
  if (base.kind === 'ones' && indices && indices.length > 1)
    cursor.error('expected one length, as in \\mathbf 1_{n}', span);
  let node = base.kind === 'ones' && indices ? { ...base, size: indices[0]!, span } : base;
  if (upper.nabla) {
    if (node.kind !== 'name')
      return cursor.error('expected a name before ^\\nabla, as in S^\\nabla_{ij}', span);
    node = { ...node, name: gradientName(node.name), span };
  }
  if (upper.transpose) node = { kind: 'transpose', operand: node, span };
  if (indices && base.kind !== 'ones') {
    if (node.kind === 'name' && node.indices.length === 0) node = { ...node, indices, span };
    else node = { kind: 'entry', matrix: node, indices, span };
  }
  if (!upper.power) return node;
  return { kind: 'power', base: node, exponent: upper.power, elementwise: upper.elementwise === true, span };
}

/** What stands after `^`. */
function superscript(cursor: Cursor): Upper {
  if (cursor.accept('\\nabla')) return { nabla: true };
  if (cursor.accept('\\top', 'T')) return { transpose: true };
  if (!cursor.at('{')) return { power: script(cursor) };
  const mark = cursor.peek(1).value;
  if (mark === '\\nabla' || mark === '\\top' || (mark === 'T' && cursor.peek(2).value === '}')) {
    return cursor.braced(() => ({
      nabla: cursor.accept('\\nabla') !== undefined,
      transpose: cursor.accept('\\top', 'T') !== undefined,
    }));
  }
  return cursor.braced(() => {
    const elementwise = cursor.accept('\\odot') !== undefined;
    return { power: side(cursor), elementwise };
  });
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
  if (cursor.at('{')) return cursor.braced(() => side(cursor));
  if (/^\d$/.test(start.value)) {
    cursor.take();
    return { kind: 'number', value: Number(start.value), span: cursor.spanFrom(start) };
  }
  const text = nameText(cursor) ?? cursor.fail('a group in braces, one digit or one letter');
  return named(text, [], cursor.spanFrom(start));
}

/** The subscripts after `_`: side by side, `ij`, `k t_k`, or with commas, `i+a-1, j`. */
export function indexList(cursor: Cursor): Expression[] {
  if (!cursor.at('{')) return [/^\d$/.test(cursor.next.value) ? script(cursor) : index(cursor, true)];
  const indices: Expression[] = [];
  cursor.braced(() => {
    do {
      if (isArithmetic(cursor)) indices.push(side(cursor));
      else
        do indices.push(index(cursor, false));
        while (!cursor.at(',', '}'));
    } while (cursor.accept(','));
  }, ' after the indices');
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
  if (/^\d$/.test(start.value)) return wholeNumber(cursor);
  if (cursor.at('(', '\\left(')) return factor(cursor);
  if (cursor.at('\\operatorname', '\\argmax', '\\argmin', '\\arg')) return reduction(cursor);
  const text = (single ? nameText(cursor) : primedName(cursor)) ?? cursor.fail('an index');
  const indices = !single && cursor.accept('_') ? indexList(cursor) : [];
  return { kind: 'name', name: text, indices, span: cursor.spanFrom(start) };
}

/** Digits side by side, with a decimal point inside if there is one. */
export function wholeNumber(cursor: Cursor): NumberNode {
  const start = cursor.next;
  let text = cursor.take().value;
  const end = () => start.start + text.length;
  const follows = (ahead: number) =>
    cursor.peek(ahead).start === end() + ahead && /^\d$/.test(cursor.peek(ahead).value);
  while (follows(0) || (cursor.at('.') && cursor.next.start === end() && follows(1)))
    text += cursor.take().value;
  return { kind: 'number', value: Number(text), span: cursor.spanFrom(start) };
}
