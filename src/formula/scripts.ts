import { type Expression, gradientName, isPlainName, type Node } from './ast.js';
import { named, number } from './build.js';
import type { Cursor } from './cursor.js';
import type { Span } from './error.js';
import { factor, side } from './parser.js';
import { isName } from './vocabulary.js';

/** Reads at most one subscript and one superscript, as TeX does, and applies them to what stands before. */
export function withScripts(cursor: Cursor, base: Expression, start: Span): Expression {
  const full = base.kind === 'delta' || (base.kind === 'ones' && base.size !== undefined);
  let indices: Expression[] | undefined;
  let mark = ''; // `^`, or a word such as `^\nabla`
  let power: Exponent | undefined;
  let isT = false; // X^T, which is a transpose
  for (;;) {
    if (!indices && !full && cursor.accept('_')) indices = subscripts(cursor);
    else if (mark === '' && cursor.next.value.startsWith('^')) {
      mark = cursor.take().value;
      if (mark !== '^') continue;
      isT =
        cursor.at('T') || (cursor.at('{') && cursor.peek(1).value === 'T' && cursor.peek(2).value === '}');
      power = exponentOf(cursor);
    } else break;
  }
  if (/^[_^']/.test(cursor.next.value))
    cursor.error('expected brackets around what stands before: TeX sets no second script here');
  const span = cursor.spanFrom(start);
  let node = base;
  if (node.kind === 'ones' && indices?.length === 1) {
    node = { ...node, size: indices[0]!, span };
    indices = undefined;
  }
  if (mark.includes('nabla')) {
    if (node.kind !== 'name')
      return cursor.error('expected a name before ^\\nabla, as in S^\\nabla_{ij}', span);
    node = { ...node, name: gradientName(node.name), span };
  }
  if (isT || mark.includes('top')) node = { kind: 'transpose', operand: node, span };
  if (indices)
    node = isPlainName(node) ? { ...node, indices, span } : { kind: 'entry', matrix: node, indices, span };
  return power && !isT ? { kind: 'power', base: node, ...power, span } : node;
}

type Exponent = Pick<Node<'power'>, 'exponent' | 'elementwise'>;

/** What stands after `^`; with `\odot` before it, it is the exponent of every entry of a matrix. */
function exponentOf(cursor: Cursor): Exponent {
  if (!cursor.at('{') || cursor.peek(1).value !== '\\odot')
    return { exponent: argument(cursor), elementwise: false };
  return cursor.braced(() => {
    cursor.take();
    return { exponent: side(cursor), elementwise: true };
  });
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
