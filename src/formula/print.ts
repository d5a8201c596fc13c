import { type Condition, type Expression, isPlainName, type ReduceNode } from './ast.js';
import { withoutSign } from './build.js';
import { functionMacros } from './vocabulary.js';

/** How tightly a node holds together; whoever needs it tighter puts brackets around it. */
const enum Tightness {
  Sum,
  Term,
  Product,
  Factor,
}

const printed = new WeakMap<Expression, string>();

/** LaTeX of an expression; parsed again, it means the same. */
export function print(node: Expression): string {
  if (isPlainName(node)) return node.name;
  const known = printed.get(node);
  if (known !== undefined) return known;
  const text = written(node);
  printed.set(node, text);
  return text;
}

function written(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'name':
      return node.name + subscripts(node.indices);
    case 'negate':
      return `-${within(node.operand, Tightness.Term)}`;
    case 'add':
      return node.terms.map(printTerm).join('');
    case 'product':
      return printProduct(node.factors);
    case 'elementwise': {
      const left = node.left.kind === 'elementwise' ? print(node.left) : within(node.left, Tightness.Product);
      return `${left} ${node.operator} ${within(node.right, Tightness.Product)}`;
    }
    case 'quotient':
      return `\\frac{${print(node.numerator)}}{${print(node.denominator)}}`;
    case 'power':
      return `${base(node.base)}^{${node.elementwise ? '\\odot ' : ''}${print(node.exponent)}}`;
    case 'call': {
      const operands = node.operands.map(print).join(', ');
      if (node.name === 'sqrt') return `\\sqrt{${operands}}`;
      return `${functionText(node.name)}${node.derivative ? "'" : ''}\\left(${operands}\\right)`;
    }
    case 'reduce':
      return printReduce(node);
    case 'delta':
      return `\\delta${subscripts([node.left, node.right])}`;
    case 'indicator':
      return `\\left[${node.conditions.map(printCondition).join(', ')}\\right]`;
    case 'partial':
      return `\\frac{\\partial ${within(node.of, Tightness.Factor)}}{\\partial ${print(node.by)}}`;
    case 'transpose':
      return `${base(node.operand)}^\\top`;
    case 'ones':
      return `\\mathbf 1${node.size ? `_{${print(node.size)}}` : ''}`;
    case 'entry': {
      const { matrix, indices } = node;
      return (matrix.kind === 'transpose' ? print(matrix) : bracketed(matrix)) + subscripts(indices);
    }
  }
}

function tightness({ kind }: Expression): Tightness {
  if (kind === 'add' || kind === 'negate') return Tightness.Sum;
  if (kind === 'elementwise' || kind === 'reduce') return Tightness.Term;
  return kind === 'product' ? Tightness.Product : Tightness.Factor;
}

function within(node: Expression, needed: Tightness): string {
  return tightness(node) < needed ? bracketed(node) : print(node);
}

function bracketed(node: Expression): string {
  return `\\left(${print(node)}\\right)`;
}

function printTerm(term: Expression, k: number): string {
  const sign = term.kind === 'negate' ? '-' : '+';
  const text = within(withoutSign(term), Tightness.Term);
  return k === 0 ? `${sign === '-' ? '-' : ''}${text}` : ` ${sign} ${text}`;
}

/** Factors side by side; with a dot where a digit or a bracket would be read as part of what stands before. */
function printProduct(factors: readonly Expression[]): string {
  return factors.reduce((text, factor, k) => {
    const endsOpen = factor.kind === 'reduce' && !['max', 'min'].includes(factor.operation);
    const next = endsOpen && k === factors.length - 1 ? print(factor) : within(factor, Tightness.Factor);
    const before = factors[k - 1];
    if (!before) return next;
    const sticks = before.kind === 'ones' || isPlainName(before);
    const dot = /^\d/.test(next) || (sticks && /^(\\left)?[[(]/.test(next));
    return `${text} ${dot ? '\\cdot ' : ''}${next}`;
  }, '');
}

/** What stands before a superscript: in brackets unless it is a number, ones, or a name that has none yet. */
function base(node: Expression): string {
  const bare =
    node.kind === 'number' || node.kind === 'ones' || (node.kind === 'name' && !/['^]/.test(node.name));
  return bare ? print(node) : bracketed(node);
}

function functionText(name: string): string {
  if (name === 'sigma' || functionMacros.has(`\\${name}`)) return `\\${name}`;
  return /^[a-zA-Z]{2,}$/.test(name) ? `\\operatorname{${name}}` : name;
}

function printReduce({ operation, indices, range, conditions, body }: ReduceNode): string {
  const sign = operation.startsWith('arg') ? `\\operatorname{${operation}}` : `\\${operation}`;
  const letters = (list: readonly string[]) => list.join(list.some((index) => index.length > 2) ? ',' : '');
  const [only] = conditions;
  const first = only?.operands[0];
  const aboutLast = conditions.length === 1 && first?.kind === 'name' && first.name === indices.at(-1);
  let below = letters(indices);
  if (range) below += `=${print(range.from)}`;
  else if (only && aboutLast) below = letters(indices.slice(0, -1)) + printCondition(only);
  else if (only) below += ` : ${conditions.map(printCondition).join(', ')}`;
  const takesProduct = operation === 'sum' || operation === 'prod';
  const text = within(body, takesProduct ? Tightness.Term : Tightness.Factor);
  return `${sign}_{${below}}${range ? `^{${print(range.to)}}` : ''} ${text}`;
}

function printCondition({ operands, relations }: Condition): string {
  return operands.map((one, k) => (k === 0 ? '' : ` ${relations[k - 1]!} `) + print(one)).join('');
}

/** Letters side by side; anything longer is separated by commas. */
function subscripts(indices: readonly Expression[]): string {
  if (indices.length === 0) return '';
  const texts = indices.map((index) => {
    if (index.kind !== 'product') return print(index);
    return index.factors.map((part) => within(part, Tightness.Factor)).join(' \\cdot ');
  });
  return `_{${texts.join(texts.every((text) => /^[a-zA-Z]'*$/.test(text)) ? '' : ', ')}}`;
}
