import type { Declaration, ElementwiseNode, Equation, Expression } from './ast.js';
import { Cursor } from './cursor.js';
import type { Span } from './error.js';
import { primary } from './primary.js';
import { nameText, scriptArgument, withScripts } from './scripts.js';
import { separators } from './vocabulary.js';

/** What one formula says: equations, and names for sizes. */
export interface Statements {
  readonly equations: readonly Equation[];
  readonly declarations: readonly Declaration[];
}

const usual = ['f', 'g', 'h', '\\varphi', '\\phi', '\\psi'];

/** Reads equations `a = b = c` and declarations `X \in \mathbb R^{n \times m}`, separated by commas or arrows. */
export function parse(latex: string, functions: readonly string[] = []): Statements {
  const cursor = new Cursor(latex, new Set([...usual, ...functions]));
  const equations: Equation[] = [];
  const declarations: Declaration[] = [];
  for (;;) {
    if (declares(cursor)) declarations.push(declaration(cursor));
    else equations.push(equation(cursor));
    if (cursor.at('')) return { equations, declarations };
    if (!cursor.accept(...separators)) cursor.fail('an operator, = or the end of the formula');
    while (cursor.accept(...separators));
    if (cursor.at('') && cursor.text.trimEnd().endsWith(',')) return { equations, declarations };
  }
}

/** Reads one expression, for instance a right-hand side. */
export function parseExpression(latex: string, functions: readonly string[] = []): Expression {
  const cursor = new Cursor(latex, new Set([...usual, ...functions]));
  const result = side(cursor);
  if (!cursor.at('')) cursor.fail('an operator or the end of the expression');
  return result;
}

function equation(cursor: Cursor): Equation {
  const start = cursor.next;
  const sides = [side(cursor)];
  while (cursor.accept('=')) sides.push(side(cursor));
  return { sides, span: cursor.spanFrom(start) };
}

function declares(cursor: Cursor): boolean {
  for (let ahead = 0; !separators.has(cursor.peek(ahead).value); ahead++) {
    if (cursor.peek(ahead).value === '\\in') return true;
    if (cursor.peek(ahead).value === '') return false;
  }
  return false;
}

function declaration(cursor: Cursor): Declaration {
  const start = cursor.next;
  const name = nameText(cursor) ?? cursor.fail('a name');
  cursor.expect('\\in');
  cursor.expect('\\mathbb', ' and then R, the real numbers');
  cursor.maybeBraced(() => cursor.expect('R'));
  cursor.expect('^', ' and the sizes, such as ^{n \\times m}');
  const sizes = cursor.at('{') ? cursor.braced(() => sizeList(cursor)) : [scriptArgument(cursor)];
  return { name, sizes, span: cursor.spanFrom(start) };
}

function sizeList(cursor: Cursor): Expression[] {
  const sizes = [factor(cursor)];
  while (cursor.accept('\\times')) sizes.push(factor(cursor));
  return sizes;
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
    const operator = cursor.take().value as ElementwiseNode['operator'];
    left = { kind: 'elementwise', operator, left, right: product(cursor), span: cursor.spanFrom(start) };
  }
  return left;
}

function product(cursor: Cursor): Expression {
  const start = cursor.next;
  const factors = [factor(cursor)];
  for (;;) {
    const before = factors.at(-1)!;
    if (cursor.accept('\\cdot', '\\times', '*')) factors.push(factor(cursor));
    else if (cursor.accept('/')) factors.push(slash(cursor, factors.pop()!, start));
    else if (!cursor.startsFactor) break;
    else if (!cursor.bareCalls.has(before)) factors.push(factor(cursor));
    else
      cursor.error(
        'expected a bracket around what the function before applies to, as in \\log(x) y or \\log(x y)',
      );
  }
  return factors.length === 1 ? factors[0]! : { kind: 'product', factors, span: cursor.spanFrom(start) };
}

function slash(cursor: Cursor, numerator: Expression, start: Span): Expression {
  const denominator = factor(cursor);
  const span = cursor.spanFrom(start);
  if (cursor.startsFactor) cursor.error('expected an operator: what does / divide by? Write \\frac{…}{…}');
  return { kind: 'quotient', numerator, denominator, span };
}

/** One factor with its scripts. */
export function factor(cursor: Cursor): Expression {
  const start = cursor.next;
  const base = primary(cursor);
  if (!cursor.at('_', '^', "'")) return base;
  if (base.kind === 'delta' && cursor.at('_'))
    cursor.error('expected \\delta with two indices, as in \\delta_{ik}');
  return withScripts(cursor, base, start);
}
