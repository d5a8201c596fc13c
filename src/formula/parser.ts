import type { Declaration, Equation, Expression, Node } from './ast.js';
import { isPlainName } from './ast.js';
import { Cursor } from './cursor.js';
import { type Span, textOf } from './error.js';
import { primary } from './primary.js';
import { withScripts } from './scripts.js';
import { separators } from './vocabulary.js';

/** What one formula says: equations, and names for sizes. */
export interface Statements {
  readonly equations: readonly Equation[];
  readonly declarations: readonly Declaration[];
}

/** Reads equations `a = b = c` and declarations `X \in \mathbb R^{n \times m}`, separated by commas or arrows. */
export function parse(latex: string, functions: readonly string[] = []): Statements {
  const cursor = new Cursor(latex, functions);
  const equations: Equation[] = [];
  const declarations: Declaration[] = [];
  do {
    const start = cursor.next;
    const sides = [side(cursor)];
    if (cursor.accept('\\in')) declarations.push(declaration(cursor, sides[0]!, start));
    else {
      while (cursor.accept('=')) sides.push(side(cursor));
      equations.push({ sides, span: cursor.spanFrom(start) });
    }
    if (!cursor.at('', ...separators)) cursor.fail('an operator, = or the end of the formula');
    while (cursor.accept(...separators));
  } while (!cursor.at(''));
  return { equations, declarations };
}

/** Reads one expression, for instance a right-hand side. */
export function parseExpression(latex: string, functions: readonly string[] = []): Expression {
  const cursor = new Cursor(latex, functions);
  const result = side(cursor);
  if (!cursor.at('')) cursor.fail('an operator or the end of the expression');
  return result;
}

/** What is said of a thing after `\in`: the real numbers, to the power of its sizes with `\times` between them. */
function declaration(cursor: Cursor, thing: Expression, start: Span): Declaration {
  const space = factor(cursor);
  const span = cursor.spanFrom(start);
  if (isPlainName(thing) && space.kind === 'power' && isPlainName(space.base)) {
    const { base, exponent } = space;
    const sizes = exponent.kind === 'product' ? exponent.factors : [exponent];
    const separated = textOf(exponent.span).split('\\times');
    if (base.name === '\\mathbb{R}' && separated.length === sizes.length)
      return { name: thing.name, sizes, span };
  }
  return cursor.error('expected a name in the real numbers, as in X \\in \\mathbb R^{n \\times m}', span);
}

/** Terms with + and − between them. */
export function side(cursor: Cursor): Expression {
  const start = cursor.next;
  const terms = [signedTerm(cursor)];
  while (cursor.at('+', '-')) terms.push(signedTerm(cursor));
  return terms.length === 1 ? terms[0]! : { kind: 'add', terms, span: cursor.spanFrom(start) };
}

/** A term with the sign before it, if any; also the body of a sum. */
export function signedTerm(cursor: Cursor): Expression {
  const sign = cursor.accept('-', '+');
  const operand = term(cursor);
  return sign?.value === '-' ? { kind: 'negate', operand, span: cursor.spanFrom(sign) } : operand;
}

/** Products with `\odot` and `\oslash` between them, from left to right. */
function term(cursor: Cursor): Expression {
  const start = cursor.next;
  let left = product(cursor);
  while (cursor.at('\\odot', '\\oslash')) {
    const operator = cursor.take().value as Node<'elementwise'>['operator'];
    left = { kind: 'elementwise', operator, left, right: product(cursor), span: cursor.spanFrom(start) };
  }
  return left;
}

function product(cursor: Cursor): Expression {
  const start = cursor.next;
  const factors = [factor(cursor)];
  for (;;) {
    if (cursor.accept('\\cdot', '\\times', '*') || cursor.startsFactor) factors.push(factor(cursor));
    else if (cursor.accept('/')) factors.push(slash(cursor, factors.pop()!, start));
    else break;
  }
  return factors.length === 1 ? factors[0]! : { kind: 'product', factors, span: cursor.spanFrom(start) };
}

function slash(cursor: Cursor, numerator: Expression, start: Span): Expression {
  const denominator = factor(cursor);
  const span = cursor.spanFrom(start);
  if (cursor.startsFactor) cursor.error('expected an operator: what does / divide by? Write \\frac{…}{…}');
  return { kind: 'quotient', numerator, denominator, span };
}

/** One factor with its scripts; `expected` says what is missing where none stands. */
export function factor(cursor: Cursor, expected?: string): Expression {
  const start = cursor.next;
  return withScripts(cursor, primary(cursor, expected), start);
}

/** The one factor that a function without brackets applies to: before another it is not clear what it applies to. */
export function bareFactor(cursor: Cursor): Expression {
  const operand = factor(cursor);
  if (cursor.startsFactor) {
    cursor.error(
      'expected a bracket around what the function before applies to, as in \\log(x) y or \\log(x y)',
    );
  }
  return operand;
}
