import { type Expression, gradientName, isPlainName } from './ast.js';
import { named, number } from './build.js';
import type { Cursor } from './cursor.js';
import type { Span } from './error.js';
import { factor, side } from './parser.js';
import { isName } from './vocabulary.js';

/** What stands at the upper right of a thing. */
interface Upper {
  readonly nabla?: boolean;
  readonly transpose?: boolean;
  readonly power?: Expression;
  readonly elementwise?: boolean;
}

/** Reads at most one subscript and one superscript, as TeX does, and applies them to what stands before. */
export function withScripts(cursor: Cursor, base: Expression, start: Span): Expression {
  const full = base.kind === 'delta' || (base.kind === 'ones' && base.size !== undefined);
  const atSuperscript = () => cursor.next.value.startsWith('^');
  let indices: Expression[] | undefined;
  let upper: Upper | undefined;
  for (;;) {
    if (!indices && !full && cursor.accept('_')) indices = subscripts(cursor);
    else if (!upper && atSuperscript()) upper = superscript(cursor);
    else break;
  }
  if (cursor.at('_', "'") || atSuperscript())
    cursor.error('expected brackets around what stands before: TeX sets no second script here');
  const span = cursor.spanFrom(start);
  const { nabla, transpose, power, elementwise = false } = upper ?? {};
  let node = base;
  if (node.kind === 'ones' && indices?.length === 1) {
    node = { ...node, size: indices[0]!, span };
    indices = undefined;
  }
  if (nabla) {
    if (node.kind !== 'name')
      return cursor.error('expected a name before ^\\nabla, as in S^\\nabla_{ij}', span);
    node = { ...node, name: gradientName(node.name), span };
  }
  if (transpose) node = { kind: 'transpose', operand: node, span };
  if (indices)
    node = isPlainName(node) ? { ...node, indices, span } : { kind: 'entry', matrix: node, indices, span };
  return power ? { kind: 'power', base: node, exponent: power, elementwise, span } : node;
}

/** What stands after `^`; the marks `^\nabla` and `^\top` are words of their own. */
function superscript(cursor: Cursor): Upper {
  const { value } = cursor.take();
  if (value !== '^') return { nabla: value.includes('nabla'), transpose: value.includes('top') };
  if (cursor.at('{') && cursor.peek(1).value === '\\odot') {
    return cursor.braced(() => {
      cursor.take();
      return { power: side(cursor), elementwise: true };
    });
  }
  const power = argument(cursor);
  return isPlainName(power) && power.name === 'T' ? { transpose: true } : { power };
}

/** An argument as TeX reads it: a group in braces, or else one digit or one letter. */
export function argument(cursor: Cursor): Expression {
  if (cursor.at('{')) return cursor.braced(() => side(cursor));
  cursor.refuseSpace();
  const { value, ...span } = cursor.next;
  if (/^\d./.test(value)) {
    cursor.error('expected braces around this number, as in x^{10}', { ...span, start: span.start + 1 });
  }
  const one = /^\d/.test(value) || (isName(value) && !value.endsWith('}')); // TeX wants braces around an accent
  if (!one) cursor.fail('a group in braces, one digit or one letter');
  cursor.take();
  return isName(value) ? named(value, [], span) : number(Number(value), span);
}

/** The subscripts after `_`: side by side, `ij`, `k t_k`, or with commas, `i+a-1, j`. */
export function subscripts(cursor: Cursor): Expression[] {
  if (!cursor.at('{')) return [argument(cursor)];
  const indices: Expression[] = [];
  cursor.braced(() => {
    do indices.push(...upToComma(cursor));
    while (cursor.accept(','));
  }, ' after the indices');
  return indices;
}

/** Subscripts side by side; where an operator follows, what stands here is one number, such as `i+a`. */
function upToComma(cursor: Cursor): Expression[] {
  const { position } = cursor;
  const sideBySide: Expression[] = [];
  while (cursor.startsFactor) sideBySide.push(factor(cursor, 'an index'));
  if (sideBySide.length === 0 && !cursor.at('+', '-')) cursor.fail('an index');
  if (cursor.at(',', '}')) return sideBySide;
  cursor.position = position;
  return [side(cursor)];
}
