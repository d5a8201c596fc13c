import { children, type Expression, gradientName, isPlainName, mapChildren } from '../formula/ast.js';
import {
  entrywise,
  everySwap,
  named,
  negated,
  pairs,
  product,
  type Propose,
  quotient,
  renamed,
  rewriteOnce,
  withoutFactor,
  withoutSign,
  withPart,
} from '../formula/build.js';
import { notationOf } from '../formula/extents.js';
import type { Interpretation } from '../formula/interpretation.js';
import {
  factorsBeforeSums,
  missingFactors,
  missingParts,
  missingSums,
  missingUpstream,
} from './missing-parts.js';
import { exchange, math, repair, type Repair, type Workshop } from './mistakes.js';
import { print } from '../formula/print.js';

/** Every formula that differs from the given one by one usual mistake, the likeliest first. */
export function repairs(expression: Expression, workshop: Workshop): Repair[] {
  const { meaning, indices } = workshop;
  const matrix = notationOf(expression, meaning) === 'matrix';
  const everywhere = (propose: Propose<Repair>) => rewriteOnce(expression, propose, indices);
  return [
    ...missingUpstream(expression, workshop, matrix),
    ...missingSums(expression, workshop, matrix),
    ...everywhere(signs),
    ...everywhere(tooManyTerms),
    ...everywhere((node) => otherVariables(node, meaning)).filter(saysSomething),
    ...otherVariableThroughout(expression, meaning).filter(saysSomething),
    ...(matrix ? everywhere(entryByEntry) : []),
    ...(matrix ? everywhere(transposes) : []),
    ...(matrix ? transposes(expression) : everyIndexSwapped(expression, workshop)),
    ...(matrix ? everywhere(swappedFactors) : everywhere(otherIndices).filter(saysSomething)),
    ...everywhere(tooManyFactors),
    ...everywhere(upsideDown),
    ...everywhere(misplacedPowers),
    ...everywhere(ranges),
    ...everywhere(factorsBeforeSums),
    ...missingFactors(expression, workshop, matrix),
    ...(matrix ? [] : missingParts(expression, workshop)),
  ];
}

function signs(node: Expression): Repair[] {
  const signed = children(node).filter(
    (part) =>
      node.kind === 'add' || node.kind === 'call' || (node.kind === 'power' && part === node.exponent),
  );
  return signed.map((part) => {
    const after = mapChildren(node, (child) => (child === part ? negated(child) : child));
    return repair('sign lost', `before ${math(withoutSign(part))}`, after);
  });
}

/** Another name with as many axes, or the derivative of a function instead of the function. */
function otherVariables(node: Expression, meaning: Interpretation): Repair[] {
  if (node.kind === 'call' && !node.derivative && meaning.isFunction(node.name)) {
    return [exchange('wrong variable', node, { ...node, derivative: true })];
  }
  if (node.kind !== 'name' || !meaning.has(node.name) || meaning.isScalar(node.name)) return [];
  const rank = meaning.shape(node).length;
  const others = meaning.names.map((name) => ({ ...node, name }));
  return others
    .filter((other) => other.name !== node.name && meaning.shape(other).length === rank)
    .map((other) => {
      const about = `${math(node)} stands where ${math(other)} belongs`;
      if (other.name === gradientName(node.name)) return repair('upstream gradient forgotten', about, other);
      return repair('wrong variable', `$${node.name}$ for $${other.name}$`, other);
    });
}

/** Another name in all the places where one stands. */
function otherVariableThroughout(expression: Expression, meaning: Interpretation): Repair[] {
  const found = namesIn(expression).filter((name, k, all) => all.indexOf(name) !== k);
  return [...new Set(found)].flatMap((before) => {
    const proposals = otherVariables(named(before, [], expression.span), meaning);
    return proposals.map(({ expression: other, ...proposal }) => {
      const change = (node: Expression): Expression => {
        const inside = mapChildren(node, change);
        return inside.kind === 'name' && inside.name === before && other.kind === 'name'
          ? { ...inside, name: other.name }
          : inside;
      };
      return { ...proposal, expression: change(expression) };
    });
  });
}

function namesIn(node: Expression): string[] {
  return [...(node.kind === 'name' ? [node.name] : []), ...children(node).flatMap(namesIn)];
}

/** `\odot` and `\oslash` where a product or a fraction of matrices stands. */
function entryByEntry(node: Expression): Repair[] {
  if (node.kind !== 'product' && node.kind !== 'quotient') return [];
  if (children(node).some((part) => part.kind === 'ones')) return []; // a product with ones is a sum
  const operator = node.kind === 'product' ? '\\odot' : '\\oslash';
  const after = children(node).reduce((left, right) => entrywise(operator, left, right));
  return [exchange('not conformable', node, after)];
}

function transposes(node: Expression): Repair[] {
  if (node.kind === 'number' || node.kind === 'ones') return [];
  const { span } = node;
  const after: Expression =
    node.kind === 'transpose' ? node.operand : { kind: 'transpose', operand: node, span };
  return [exchange('transposed', node, after)];
}

/** Two indices of the left side exchanged in the whole formula. */
function everyIndexSwapped(expression: Expression, { indices }: Workshop): Repair[] {
  return pairs(indices).map(([a, b]) => {
    const other = new Map([
      [a, b],
      [b, a],
    ]);
    return repair('transposed', `$${a}$ and $${b}$ are exchanged`, renamed(expression, other));
  });
}

/** Two indices of a name exchanged, or one letter among indices replaced by another that is bound here. */
function otherIndices(node: Expression, scope: readonly string[]): Repair[] {
  const swapped =
    node.kind === 'name' ? everySwap(node.indices).map((indices) => ({ ...node, indices })) : [];
  const holdsIndices = node.kind === 'name' || node.kind === 'delta' || node.kind === 'indicator';
  const replaced = holdsIndices ? otherLetters(node, scope) : [];
  return [...swapped, ...replaced].map((after) => exchange('indices swapped', node, after));
}

/** A node with one letter of an index otherwise, also in index arithmetic such as `i+a-1`. */
function otherLetters(node: Expression, scope: readonly string[]): Expression[] {
  return children(node).flatMap((index, position) => {
    const arithmetic = index.kind === 'add' || index.kind === 'negate' || index.kind === 'product';
    const letters = isPlainName(index) ? scope.filter((letter) => letter !== index.name) : [];
    const others = arithmetic
      ? otherLetters(index, scope)
      : letters.map((letter) => named(letter, [], index.span));
    return others.map((other) => withPart(node, position, other));
  });
}

/** Whether no delta and no condition of a repaired formula compares a thing with itself, as `[i = i]` does. */
function saysSomething({ expression }: Repair): boolean {
  return !comparesWithItself(expression);
}

function comparesWithItself(node: Expression): boolean {
  const conditions = node.kind === 'indicator' ? node.conditions : [];
  const compared = node.kind === 'delta' ? [children(node)] : conditions.map(({ operands }) => operands);
  const twice = (operands: readonly Expression[]) =>
    operands.map(print).some((text, k, all) => text === all[k - 1]);
  return compared.some(twice) || children(node).some(comparesWithItself);
}

function swappedFactors(node: Expression): Repair[] {
  if (node.kind !== 'product') return [];
  return everySwap(node.factors).map((factors) => exchange('factors swapped', node, { ...node, factors }));
}

/** A term that should not be there; one that stands twice is a factor of 2 instead. */
function tooManyTerms(node: Expression): Repair[] {
  if (node.kind !== 'add') return [];
  const texts = node.terms.map(print);
  const single = node.terms.filter((_, k) => texts.indexOf(texts[k]!) === texts.lastIndexOf(texts[k]!));
  return single.map((dropped) => {
    const terms = node.terms.filter((term) => term !== dropped);
    return repair('term too many', math(dropped), terms.length === 1 ? terms[0]! : { ...node, terms });
  });
}

function tooManyFactors(node: Expression): Repair[] {
  const without = (rest: Expression, dropped: Expression) =>
    repair(dropped.kind === 'ones' ? 'sum too many' : 'factor too many', math(dropped), rest);
  if (node.kind === 'quotient') return [without(node.numerator, node.denominator)];
  if (node.kind === 'elementwise') {
    const first = node.operator === '\\odot' ? [without(node.right, node.left)] : [];
    return [without(node.left, node.right), ...first];
  }
  if (node.kind !== 'product') return [];
  return node.factors.map((dropped, k) => without(withoutFactor(node, k), dropped));
}

/** A sum, or one of its indices, that should not be there. */
export function tooManySums(node: Expression): Repair[] {
  if (node.kind !== 'reduce' || node.operation !== 'sum') return [];
  const { indices, body } = node;
  const without = (letters: readonly string[], after: Expression) =>
    repair('sum too many', `$\\sum_{${letters.join('')}}$ before ${math(body)}`, after);
  const one = indices.map((letter) =>
    without([letter], { ...node, indices: indices.filter((other) => other !== letter) }),
  );
  return [without(indices, body), ...(indices.length > 1 ? one : [])];
}

/** A factor where a divisor belongs, or the other way round. */
function upsideDown(node: Expression): Repair[] {
  const turned = (about: string, after: Expression) => repair('fraction upside down', about, after);
  if (node.kind === 'quotient') {
    const { numerator, denominator } = node;
    return [
      turned(`${math(denominator)} belongs above the line`, product(numerator, denominator)),
      exchange('fraction upside down', node, quotient(denominator, numerator)),
    ];
  }
  if (node.kind === 'elementwise') {
    const operator = node.operator === '\\odot' ? '\\oslash' : '\\odot';
    return [turned(`$${node.operator}$ for $${operator}$`, { ...node, operator })];
  }
  if (node.kind !== 'product') return [];
  return node.factors.map((below, k) =>
    turned(`${math(below)} belongs below the line`, quotient(withoutFactor(node, k), below)),
  );
}

/** A power of a difference where the difference of the powers belongs. */
function misplacedPowers(node: Expression): Repair[] {
  if (node.kind !== 'power' || node.base.kind !== 'add') return [];
  const terms = node.base.terms.map((term): Expression => {
    const base = withoutSign(term);
    const raised: Expression = base.kind === 'number' && base.value === 1 ? base : { ...node, base };
    return term.kind === 'negate' ? negated(raised) : raised;
  });
  return [exchange('power in the wrong place', node, { ...node.base, terms })];
}

/** A sum over a part of an axis where the whole axis belongs. */
function ranges(node: Expression): Repair[] {
  if (node.kind !== 'reduce' || node.range === undefined) return [];
  const { range, ...whole } = node;
  const written = `$\\sum_{${node.indices.join('')}=${print(range.from)}}^{${print(range.to)}}$`;
  return [repair('wrong range', `${written} does not run over the whole axis`, whole)];
}
