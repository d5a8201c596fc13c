import type { CallNode, Expression, NameNode } from './ast.js';
import type { Cursor } from './cursor.js';
import type { Span } from './error.js';
import { factor, side } from './parser.js';
import { indexList, isName, name, script, scriptArgument, wholeNumber } from './scripts.js';
import { conditionsFrom, isReduction, reduction } from './sums.js';
import { brackets, functionMacros, functionWords, isRelation } from './vocabulary.js';

/** What a factor begins with: a number, a name, a bracket, a function, a fraction, a sum. */
export function primary(cursor: Cursor): Expression {
  const { value } = cursor.next;
  if (/^\d$/.test(value)) return wholeNumber(cursor);
  if (isOnes(cursor)) return ones(cursor);
  if (isReduction(cursor)) return reduction(cursor);
  if (isFunctionName(cursor)) return call(cursor, value === '\\sigma' ? 'sigma' : value);
  if (isName(value)) return name(cursor);
  if (functionMacros.has(value)) return call(cursor, value.slice(1));
  if (['(', '\\left(', '[', '\\left['].includes(value)) return bracket(cursor);
  switch (value) {
    case '{':
      return scriptArgument(cursor);
    case '\\frac':
      return fraction(cursor);
    case '\\operatorname':
      return call(cursor, undefined);
    case '\\delta':
      return delta(cursor);
    default:
      return cursor.fail('a number, a name or a bracket');
  }
}

/** A group in round or square brackets; with a relation inside square ones it is an indicator, `[X_{ij} > 0]`. */
function bracket(cursor: Cursor): Expression {
  const opening = cursor.take();
  const inside = side(cursor);
  const square = opening.value.endsWith('[');
  const conditions = square && isRelation(cursor.next.value) ? conditionsFrom(cursor, inside) : undefined;
  cursor.expect(brackets.get(opening.value)!, ` to close ${opening.value}`);
  return conditions ? { kind: 'indicator', conditions, span: cursor.spanFrom(opening) } : inside;
}

function isOnes(cursor: Cursor): boolean {
  if (!cursor.at('\\mathbf', '\\mathbb')) return false;
  return cursor.peek(1).value === '1' || (cursor.peek(1).value === '{' && cursor.peek(2).value === '1');
}

/** `\mathbf 1`, `\mathbf 1_{16}`, and the indicators `\mathbf 1[…]` and `\mathbf 1_{X > 0}`. */
function ones(cursor: Cursor): Expression {
  const start = cursor.take();
  cursor.maybeBraced(() => cursor.expect('1'));
  if (cursor.at('[', '\\left[')) {
    const inside = bracket(cursor);
    if (inside.kind === 'indicator') return inside;
    return cursor.error('expected a condition in the brackets', inside.span);
  }
  if (cursor.peek(1).value !== '{' || !cursor.accept('_'))
    return { kind: 'ones', span: cursor.spanFrom(start) };
  return cursor.braced(() => {
    const size = side(cursor);
    const conditions = isRelation(cursor.next.value) ? conditionsFrom(cursor, size) : undefined;
    const span = cursor.spanFrom(start);
    return conditions ? { kind: 'indicator', conditions, span } : { kind: 'ones', size, span };
  });
}

/** Whether a letter such as f, or `\sigma`, stands for a function here: a bracket follows, after primes. */
function isFunctionName(cursor: Cursor): boolean {
  const { value } = cursor.next;
  if (value !== '\\sigma' && !cursor.functions.has(value)) return false;
  let ahead = 1;
  while (cursor.peek(ahead).value === "'") ahead++;
  return ['(', '\\left('].includes(cursor.peek(ahead).value);
}

/** A function with its arguments; `\tanh^2(x)` is the square of `\tanh(x)`. */
function call(cursor: Cursor, known: string | undefined): Expression {
  const start = cursor.take();
  const function_ = known ?? word(cursor, start);
  if (function_ === 'sqrt') {
    const operands = [scriptArgument(cursor)];
    return { kind: 'call', name: function_, derivative: false, operands, span: cursor.spanFrom(start) };
  }
  const derivative = cursor.accept("'") !== undefined;
  if (cursor.at("'"))
    cursor.error('expected one prime: second derivatives of functions are not part of this language');
  const exponent = cursor.accept('^') && script(cursor);
  const bare = !brackets.has(cursor.next.value);
  if (bare && !cursor.startsFactor) cursor.fail('the argument of the function');
  const operands = bare ? [factor(cursor)] : callOperands(cursor);
  const span = cursor.spanFrom(start);
  const node: CallNode = { kind: 'call', name: function_, derivative, operands, span };
  refuseIgnored(cursor, node);
  const result: Expression = exponent
    ? { kind: 'power', base: node, exponent, elementwise: true, span }
    : node;
  if (bare) cursor.bareCalls.add(result);
  return result;
}

/** Refuses what the functions that are no functions of one number would leave unread: primes and arguments. */
function refuseIgnored(cursor: Cursor, { name: own, derivative, operands, span }: CallNode): void {
  const chooses = own === 'max' || own === 'min';
  if (!chooses && own !== 'diag' && own !== 'onehot') return;
  const written = chooses ? `\\${own}` : `\\operatorname{${own}}`;
  if (derivative)
    cursor.error(`${written} has no derivative in this language: expected it without a prime`, span);
  if (chooses && operands.length < 2)
    cursor.error(`${written} takes two arguments or more; over an index it is written ${written}_k`, span);
  if (!chooses && operands.length > 1) cursor.error(`${written} takes one argument`, span);
}

function word(cursor: Cursor, start: Span): string {
  cursor.expect('{', ' and the name of a function');
  const letters = cursor.letters();
  cursor.expect('}');
  const plain = letters === 'sigmoid' ? 'sigma' : letters;
  const known = functionWords.has(plain) || functionMacros.has(`\\${plain}`) || cursor.functions.has(plain);
  if (known || plain === 'sigma') return plain;
  const choices = [...functionWords, ...cursor.functions].join(', ');
  const problem = `\\operatorname{${letters}} is no function here: expected one of ${choices}`;
  return cursor.error(problem, cursor.spanFrom(start));
}

function callOperands(cursor: Cursor): Expression[] {
  const opening = cursor.take().value;
  const operands = [side(cursor)];
  while (cursor.accept(',')) operands.push(side(cursor));
  cursor.expect(brackets.get(opening)!, ` to close ${opening}`);
  return operands;
}

/** A quotient, or a derivative: `\frac{\partial S_{kl}}{\partial X_{ij}}`. */
function fraction(cursor: Cursor): Expression {
  const start = cursor.take();
  if (cursor.at('{') && cursor.peek(1).value === '\\partial') {
    const of = cursor.braced(() => differential(cursor));
    const by = cursor.braced(() => differentiatedBy(cursor));
    return { kind: 'partial', of, by, span: cursor.spanFrom(start) };
  }
  const numerator = scriptArgument(cursor);
  const denominator = scriptArgument(cursor);
  return { kind: 'quotient', numerator, denominator, span: cursor.spanFrom(start) };
}

function differential(cursor: Cursor): Expression {
  cursor.expect('\\partial');
  if (cursor.at('}')) cursor.fail('what is differentiated, as in \\frac{\\partial S_{kl}}{\\partial X_{ij}}');
  return factor(cursor);
}

function differentiatedBy(cursor: Cursor): NameNode {
  cursor.expect('\\partial');
  const node = isName(cursor.next.value) ? name(cursor) : cursor.fail('a name, such as X_{ij}');
  return node.kind === 'name' ? node : cursor.error('expected a plain name, such as X_{ij}', node.span);
}

function delta(cursor: Cursor): Expression {
  const start = cursor.take();
  const [left, right, third] = cursor.accept('_') ? indexList(cursor) : [];
  if (left && right && !third) return { kind: 'delta', left, right, span: cursor.spanFrom(start) };
  return cursor.error(
    'expected \\delta with two indices, as in \\delta_{ik}; a derivative is written with \\partial',
    cursor.spanFrom(start),
  );
}
