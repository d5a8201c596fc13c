import type { Expression } from './ast.js';
import { named, number } from './build.js';
import { call, isCall } from './calls.js';
import type { Cursor } from './cursor.js';
import { factor, side } from './parser.js';
import { argument, subscripts } from './scripts.js';
import { conditionsFrom, isReduction, reduction } from './sums.js';
import { isName, isRelation } from './vocabulary.js';

/** What a factor begins with: a number, a name, a bracket, a function, a fraction, a sum. */
export function primary(cursor: Cursor, expected = 'a number, a name or a bracket'): Expression {
  const { value } = cursor.next;
  if (/^\d/.test(value)) return number(Number(value), cursor.take());
  if (isReduction(cursor)) return reduction(cursor);
  if (isCall(cursor)) return call(cursor);
  if (isName(value)) {
    const start = cursor.next;
    return named(primedName(cursor), [], cursor.spanFrom(start));
  }
  switch (value) {
    case '{':
      return cursor.enclosed(() => side(cursor));
    case '(':
    case '\\left(':
    case '[':
    case '\\left[':
      return bracket(cursor);
    case '\\mathbf{1}':
      return ones(cursor);
    case '\\frac':
      return fraction(cursor);
    case '\\delta':
      return delta(cursor);
    default:
      return cursor.fail(expected);
  }
}

/** The text of a name with its primes. */
export function primedName(cursor: Cursor): string {
  let text = cursor.take().value;
  while (cursor.accept("'")) text += "'";
  return text;
}

/** A group in round or square brackets; with a relation inside square ones it is an indicator, `[X_{ij} > 0]`. */
function bracket(cursor: Cursor): Expression {
  const start = cursor.next;
  const square = start.value.endsWith('[');
  const inside = cursor.enclosed(() => (square ? sideOrIndicator(cursor) : side(cursor)));
  return inside.kind === 'indicator' ? { ...inside, span: cursor.spanFrom(start) } : inside;
}

/** An expression; where a relation follows, the indicator of conditions that begin with it. */
function sideOrIndicator(cursor: Cursor): Expression {
  const start = cursor.next;
  const first = side(cursor);
  if (!isRelation(cursor.next.value)) return first;
  const conditions = conditionsFrom(cursor, first);
  return { kind: 'indicator', conditions, span: cursor.spanFrom(start) };
}

/** `\mathbf 1`, `\mathbf 1_{16}`, and the indicators `\mathbf 1[…]` and `\mathbf 1_{X > 0}`. */
function ones(cursor: Cursor): Expression {
  const start = cursor.take();
  if (cursor.at('[', '\\left[')) {
    const inside = bracket(cursor);
    if (inside.kind === 'indicator') return inside;
    return cursor.error('expected a condition in the brackets', inside.span);
  }
  if (cursor.peek(1).value !== '{' || !cursor.accept('_')) return { kind: 'ones', span: start };
  const size = cursor.braced(() => sideOrIndicator(cursor));
  const span = cursor.spanFrom(start);
  return size.kind === 'indicator' ? { ...size, span } : { kind: 'ones', size, span };
}

/** A quotient, or a derivative: `\frac{\partial S_{kl}}{\partial X_{ij}}`. */
function fraction(cursor: Cursor): Expression {
  const start = cursor.take();
  const isDerivative = cursor.at('{') && cursor.peek(1).value === '\\partial';
  const part = () => (isDerivative ? cursor.braced(() => differential(cursor)) : argument(cursor));
  const [above, below] = [part(), part()];
  const span = cursor.spanFrom(start);
  if (!isDerivative) return { kind: 'quotient', numerator: above, denominator: below, span };
  if (below.kind === 'name') return { kind: 'partial', of: above, by: below, span };
  return cursor.error('expected a plain name, such as X_{ij}', below.span);
}

function differential(cursor: Cursor): Expression {
  cursor.expect('\\partial');
  if (cursor.at('}')) cursor.fail('what is differentiated, as in \\frac{\\partial S_{kl}}{\\partial X_{ij}}');
  return factor(cursor);
}

function delta(cursor: Cursor): Expression {
  const start = cursor.take();
  const [left, right, third] = cursor.accept('_') ? subscripts(cursor) : [];
  if (left && right && !third) return { kind: 'delta', left, right, span: cursor.spanFrom(start) };
  return cursor.error(
    'expected \\delta with two indices, as in \\delta_{ik}; a derivative is written with \\partial',
    cursor.spanFrom(start),
  );
}
