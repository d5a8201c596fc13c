import type { CallNode, Expression } from './ast.js';
import type { Cursor } from './cursor.js';
import type { Token } from './lexer.js';
import { bareFactor, side } from './parser.js';
import { argument } from './scripts.js';
import { brackets, functionMacros, functionWords } from './vocabulary.js';

/** Whether a function stands here; a letter such as f, or `\sigma`, is one when a bracket follows, after primes. */
export function isCall(cursor: Cursor): boolean {
  const { value } = cursor.next;
  if (functionMacros.has(value) || value.startsWith('\\operatorname{')) return true;
  if (value !== '\\sigma' && !cursor.functions.has(value)) return false;
  let ahead = 1;
  while (cursor.peek(ahead).value === "'") ahead++;
  return ['(', '\\left('].includes(cursor.peek(ahead).value);
}

/** A function with its arguments; `\tanh^2(x)` is the square of `\tanh(x)`. */
export function call(cursor: Cursor): Expression {
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
  if (known.includes(word)) return word;
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
