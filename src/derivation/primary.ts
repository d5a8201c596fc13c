import type { CallNode, Expression, NameNode } from './ast.js';
import { bracket, isOnes, isReduction, ones, reduction } from './brackets.js';
import { type Cursor, openings } from './cursor.js';
import type { Span } from './error.js';
import { factor, side } from './parser.js';
import { indexList, isName, name, script, scriptArgument, wholeNumber } from './scripts.js';

/** Functions with a macro of their own. */
export const macros: ReadonlyMap<string, string> = new Map([
  ['\\exp', 'exp'],
  ['\\log', 'log'],
  ['\\ln', 'log'],
  ['\\tanh', 'tanh'],
  ['\\sqrt', 'sqrt'],
  ['\\max', 'max'],
  ['\\min', 'min'],
]);

/** Functions written as `\operatorname{…}`. */
export const words = new Set(['relu', 'diag', 'onehot']);

/** What a factor begins with: a number, a name, a bracket, a function, a fraction, a sum. */
export function primary(cursor: Cursor): Expression {
  const { value } = cursor.next;
  if (/^\d$/.test(value)) return wholeNumber(cursor);
  if (isOnes(cursor)) return ones(cursor);
  if (isReduction(cursor)) return reduction(cursor);
  if (isFunctionName(cursor)) return call(cursor, value === '\\sigma' ? 'sigma' : value);
  if (isName(value)) return name(cursor);
  const macro = macros.get(value);
  if (macro) return call(cursor, macro);
  if (['(', '\\left(', '[', '\\left['].includes(value)) return bracket(cursor);
  switch (value) {
    case '{':
      return scriptArgument(cursor);
    case '\\frac':
    case '\\tfrac':
    case '\\dfrac':
      return fraction(cursor);
    case '\\operatorname':
      return call(cursor, undefined);
    case '\\delta':
      return delta(cursor);
    default:
      return cursor.fail('a number, a name or a bracket');
  }
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
  const derivative = function_ !== 'sqrt' && cursor.accept("'") !== undefined;
  if (cursor.at("'"))
    cursor.error('expected one prime: second derivatives of functions are not part of this language');
  const exponent = function_ !== 'sqrt' && cursor.accept('^') ? script(cursor) : undefined;
  const { operands, bare } = callOperands(cursor, function_);
  const span = cursor.spanFrom(start);
  const node: CallNode = { kind: 'call', name: function_, derivative, operands, span };
  const result: Expression = exponent
    ? { kind: 'power', base: node, exponent, elementwise: true, span }
    : node;
  if (bare) cursor.bareCalls.add(result);
  return result;
}

function word(cursor: Cursor, start: Span): string {
  cursor.expect('{', ' and the name of a function');
  let letters = '';
  while (/^[a-zA-Z]$/.test(cursor.next.value)) letters += cursor.take().value;
  cursor.expect('}');
  const plain = letters === 'sigmoid' ? 'sigma' : letters;
  const known =
    words.has(plain) || plain === 'sigma' || macros.has(`\\${plain}`) || cursor.functions.has(plain);
  if (known) return plain;
  const choices = [...words, ...cursor.functions].join(', ');
  return cursor.error(
    `\\operatorname{${letters}} is no function here: expected one of ${choices}`,
    cursor.spanFrom(start),
  );
}

function callOperands(cursor: Cursor, function_: string): { operands: Expression[]; bare: boolean } {
  if (function_ === 'sqrt') return { operands: [scriptArgument(cursor)], bare: false };
  const opening = cursor.accept(...openings.keys());
  if (!opening) {
    if (!cursor.startsFactor) cursor.fail('the argument of the function');
    return { operands: [factor(cursor)], bare: true };
  }
  const operands = [side(cursor)];
  while (cursor.accept(',')) operands.push(side(cursor));
  cursor.expect(openings.get(opening.value)!, ` to close ${opening.value}`);
  return { operands, bare: false };
}

function fraction(cursor: Cursor): Expression {
  const start = cursor.take();
  if (cursor.at('{') && cursor.peek(1).value === '\\partial') return partialFraction(cursor, start);
  const numerator = scriptArgument(cursor);
  const denominator = scriptArgument(cursor);
  return { kind: 'quotient', numerator, denominator, span: cursor.spanFrom(start) };
}

/** `\frac{\partial S_{kl}}{\partial X_{ij}}`. */
function partialFraction(cursor: Cursor, start: Span): Expression {
  cursor.expect('{');
  cursor.expect('\\partial');
  if (cursor.at('}')) cursor.fail('what is differentiated, as in \\frac{\\partial S_{kl}}{\\partial X_{ij}}');
  const of = factor(cursor);
  cursor.expect('}');
  cursor.expect('{');
  cursor.expect('\\partial');
  const by = differentiatedBy(cursor);
  cursor.expect('}');
  return { kind: 'partial', of, by, span: cursor.spanFrom(start) };
}

function differentiatedBy(cursor: Cursor): NameNode {
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
