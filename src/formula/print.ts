import type { Condition, Expression, Node, ReduceNode } from './ast.js';
import { functionMacros } from './vocabulary.js';

/** How tightly a node holds together; whoever needs it tighter puts brackets around it. */
const enum Tightness {
  Sum,
  Term,
  Product,
  Factor,
}

/** LaTeX of an expression; parsed again, it means the same. */
export function print(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'name':
      return printName(node.name, node.indices);
    case 'negate':
      return `-${within(node.operand, Tightness.Term)}`;
    case 'add':
      return node.terms.map((term, k) => printTerm(term, k === 0)).join('');
    case 'product':
      return printProduct(node.factors);
    case 'elementwise':
      return `${operand(node.left)} ${node.operator} ${within(node.right, Tightness.Product)}`;
    case 'quotient':
      return `\\frac{${print(node.numerator)}}{${print(node.denominator)}}`;
    case 'power':
      return printPower(node);
    case 'call': {
      if (node.name === 'sqrt') return `\\sqrt{${node.operands.map(print).join('')}}`;
      const name = printFunction(node.name) + (node.derivative ? "'" : '');
      return `${name}\\left(${node.operands.map(print).join(', ')}\\right)`;
    }
    case 'reduce':
      return printReduce(node);
    case 'delta':
      return `\\delta_{${printIndices([node.left, node.right])}}`;
    case 'indicator':
      return `\\left[${node.conditions.map(printCondition).join(', ')}\\right]`;
    case 'partial':
      return `\\frac{\\partial ${within(node.of, Tightness.Factor)}}{\\partial ${print(node.by)}}`;
    case 'transpose':
      return node.operand.kind === 'ones' ? `${print(node.operand)}^\\top` : `${base(node.operand)}^\\top`;
    case 'ones':
      return node.size ? `\\mathbf 1_{${print(node.size)}}` : '\\mathbf 1';
    case 'entry': {
      const matrix =
        node.matrix.kind === 'transpose' ? print(node.matrix) : `\\left(${print(node.matrix)}\\right)`;
      return `${matrix}_{${printIndices(node.indices)}}`;
    }
  }
}

function tightness(node: Expression): Tightness {
  if (node.kind === 'add' || node.kind === 'negate') return Tightness.Sum;
  if (node.kind === 'elementwise' || node.kind === 'reduce') return Tightness.Term;
  return node.kind === 'product' ? Tightness.Product : Tightness.Factor;
}

function within(node: Expression, needed: Tightness): string {
  return tightness(node) < needed ? `\\left(${print(node)}\\right)` : print(node);
}

/** The left operand of `\odot` may itself be such a chain. */
function operand(node: Expression): string {
  return node.kind === 'elementwise' ? print(node) : within(node, Tightness.Product);
}

function printTerm(term: Expression, first: boolean): string {
  if (term.kind === 'negate') return `${first ? '-' : ' - '}${within(term.operand, Tightness.Term)}`;
  return (first ? '' : ' + ') + within(term, Tightness.Term);
}

function printProduct(factors: readonly Expression[]): string {
  let text = '';
  factors.forEach((factor, k) => {
    const last = k === factors.length - 1;
    const openEnded =
      factor.kind === 'reduce' && last && factor.operation !== 'max' && factor.operation !== 'min';
    const next = openEnded ? print(factor) : within(factor, Tightness.Factor);
    const before = factors[k - 1];
    const sticks = before?.kind === 'ones' || (before?.kind === 'name' && before.indices.length === 0);
    const dot = /^\d/.test(next) || (sticks && /^(\\left)?[[(]/.test(next));
    text += before ? (dot ? ` \\cdot ${next}` : ` ${next}`) : next;
  });
  return text;
}

function printPower({ base: below, exponent, elementwise }: Node<'power'>): string {
  return `${base(below)}^{${elementwise ? '\\odot ' : ''}${print(exponent)}}`;
}

/** What stands before a superscript: in brackets unless it is a number or a name that has none yet. */
function base(node: Expression): string {
  const bare = node.kind === 'number' || (node.kind === 'name' && !/['^]/.test(node.name));
  return bare ? print(node) : `\\left(${print(node)}\\right)`;
}

function printFunction(name: string): string {
  if (name === 'sigma') return '\\sigma';
  if (functionMacros.has(`\\${name}`)) return `\\${name}`;
  return /^[a-zA-Z]{2,}$/.test(name) ? `\\operatorname{${name}}` : name;
}

function printReduce({ operation, indices, range, conditions, body }: ReduceNode): string {
  const sign = operation.startsWith('arg') ? `\\operatorname{${operation}}` : `\\${operation}`;
  const letters = indices.join(indices.some((index) => index.length > 2) ? ',' : '');
  const [only] = conditions;
  const short =
    only &&
    conditions.length === 1 &&
    only.operands[0]?.kind === 'name' &&
    only.operands[0].name === indices.at(-1);
  let below = letters;
  if (range) below += `=${print(range.from)}`;
  else if (short) below = indices.slice(0, -1).join('') + printCondition(only);
  else if (only) below += ` : ${conditions.map(printCondition).join(', ')}`;
  const inner =
    operation === 'sum' || operation === 'prod'
      ? within(body, Tightness.Term)
      : within(body, Tightness.Factor);
  return `${sign}_{${below}}${range ? `^{${print(range.to)}}` : ''} ${inner}`;
}

function printCondition({ operands, relations }: Condition): string {
  return operands.map((one, k) => (k === 0 ? '' : ` ${relations[k - 1]!} `) + print(one)).join('');
}

function printName(name: string, indices: readonly Expression[]): string {
  return indices.length === 0 ? name : `${name}_{${printIndices(indices)}}`;
}

/** Letters side by side; anything longer is separated by commas. */
function printIndices(indices: readonly Expression[]): string {
  const texts = indices.map((index) =>
    index.kind === 'product'
      ? index.factors.map((part) => within(part, Tightness.Factor)).join(' \\cdot ')
      : print(index),
  );
  return texts.join(texts.every((text) => /^[a-zA-Z]'*$/.test(text)) ? '' : ', ');
}
