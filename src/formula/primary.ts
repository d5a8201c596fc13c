import type { CallNode, Expression } from './ast.js';
import { named, number } from './build.js';
import type { Cursor } from './cursor.js';
import type { Token } from './lexer.js';
import { bareFactor, factor, side } from './parser.js';
import { argument, subscripts } from './scripts.js';
import { conditionsFrom, isReduction, reduction } from './sums.js';
import { brackets, functionMacros, functionWords, isName, isRelation } from './vocabulary.js';

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

/** Whether a function stands here; a letter such as f, or `\sigma`, is one when a bracket follows, after primes. */
function isCall(cursor: Cursor): boolean {
  const { value } = cursor.next;
  if (functionMacros.has(value) || value.startsWith('\\operatorname{')) return true;
  if (value !== '\\sigma' && !cursor.functions.has(value)) return false;
  let ahead = 1;
  while (cursor.peek(ahead).value === "'") ahead++;
  return ['(', '\\left('].includes(cursor.peek(ahead).value);
}

/** A function with its arguments; `\tanh^2(x)` is the square of `\tanh(x)`. */
function call(cursor: Cursor): Expression {
  const start = cursor.take();
  const name = nameOf(cursor, start);
  if (name === 'sqrt') {
    if (brackets.has(cursor.next.value)) cursor.fail('a group in braces, as in \\sqrt{x}');
    const operands = [argument(cursor)];
    return { kind: 'call', name, derivative: false, operands, span: cursor.spanFrom(start) };
  }
  const derivative = cursor.accept("'") !== undefined;
  if (cursor.at("'"))
    cursor.error('expected one prime: second derivatives of functions are not part of this language');
  const exponent = cursor.accept('^') && argument(cursor);
  const operands = operandsOf(cursor);
  const span = cursor.spanFrom(start);
  const node: CallNode = { kind: 'call', name, derivative, operands, span };
  refuseIgnored(cursor, node);
  return exponent ? { kind: 'power', base: node, exponent, elementwise: true, span } : node;
}

/** What a function is called in the tree: `exp`, `sigma`, `relu`, `f`. */
function nameOf(cursor: Cursor, token: Token): string {
  const { value } = token;
  const word = /^\\operatorname\{(.+)\}$/.exec(value)?.[1];
  if (word === undefined) return cursor.functions.has(value) ? value : value.slice(1);
  const known = [...functionWords, ...cursor.functions];
  if (known.includes(word)) return word === 'sigmoid' ? 'sigma' : word;
  return cursor.error(`${value} is no function here: expected one of ${known.join(', ')}`, token);
}

/** The arguments in brackets, or the one factor that follows. */
function operandsOf(cursor: Cursor): Expression[] {
  if (!brackets.has(cursor.next.value)) {
    if (!cursor.startsFactor) cursor.fail('the argument of the function');
    return [bareFactor(cursor)];
  }
  return cursor.enclosed(() => {
    const operands = [side(cursor)];
    while (cursor.accept(',')) operands.push(side(cursor));
    return operands;
  });
}

/** Refuses arguments that a function does not take, and primes on what is no function of one number. */
function refuseIgnored(cursor: Cursor, { name, derivative, operands, span }: CallNode): void {
  const chooses = name === 'max' || name === 'min';
  const written = chooses ? `\\${name}` : `\\operatorname{${name}}`;
  if (derivative && (chooses || name === 'diag' || name === 'onehot'))
    cursor.error(`${written} has no derivative in this language: expected it without a prime`, span);
  if (chooses && operands.length < 2)
    cursor.error(`${written} takes two arguments or more; over an index it is written ${written}_k`, span);
  if (!chooses && operands.length > 1) cursor.error(`${written} takes one argument`, span);
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
