import { children, type Expression, gradientName, mapChildren } from '../formula/ast.js';
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
  withoutSign,
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
import { type Mistake, type Repair, repair, type Workshop } from './mistakes.js';
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
    ...everywhere((node) => otherVariables(node, meaning)),
    ...otherVariableThroughout(expression, meaning),
    ...(matrix ? everywhere(entryByEntry) : []),
    ...(matrix ? everywhere(transposes) : []),
    ...(matrix ? transposes(expression) : everyIndexSwapped(expression, workshop)),
    ...(matrix ? everywhere(swappedFactors) : everywhere(otherIndices)),
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
  const inCall = node.kind === 'add' || node.kind === 'call';
  const parts = inCall ? children(node) : node.kind === 'power' ? [node.exponent] : [];
  return parts.map((part) => {
    const changed = mapChildren(node, (child) => (child === part ? negated(child) : child));
    return repair('sign lost', `before ${print(withoutSign(part))}`, changed);
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
      if (other.name !== gradientName(node.name)) {
        return repair('wrong variable', `${node.name} for ${other.name}`, other);
      }
      const about = `${print(node)} stands where ${print(other)} belongs`;
      return repair('upstream gradient forgotten', about, other);
    });
}

/** Another name in all the places where one stands. */
function otherVariableThroughout(expression: Expression, meaning: Interpretation): Repair[] {
  const found = namesIn(expression).filter((name, k, all) => all.indexOf(name) !== k);
  return [...new Set(found)].flatMap((before) => {
    const proposals = otherVariables(named(before, [], expression.span), meaning);
    return proposals.map(({ mistake, note, expression: other }) => {
      const change = (node: Expression): Expression => {
        const inside = mapChildren(node, change);
        return inside.kind === 'name' && inside.name === before && other.kind === 'name'
          ? { ...inside, name: other.name }
          : inside;
      };
      return { mistake, note, expression: change(expression) };
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
    return repair('transposed', `${a} and ${b} are exchanged`, renamed(expression, other));
  });
}

/** Two indices of a name exchanged, or one replaced by another that is bound here. */
function otherIndices(node: Expression, scope: readonly string[]): Repair[] {
  if (node.kind !== 'name' && node.kind !== 'delta') return [];
  const before = node.kind === 'name' ? node.indices : [node.left, node.right];
  const swapped = node.kind === 'name' ? everySwap(before) : [];
  const replaced = before.flatMap((index, axis) => {
    if (index.kind !== 'name' || index.indices.length > 0) return [];
    const others = scope.filter((letter) => letter !== index.name);
    return others.map((letter) => before.with(axis, named(letter, [], index.span)));
  });
  return [...swapped, ...replaced].map((list) => {
    const after =
      node.kind === 'name' ? { ...node, indices: list } : { ...node, left: list[0]!, right: list[1]! };
    return exchange('indices swapped', node, after);
  });
}

function swappedFactors(node: Expression): Repair[] {
  if (node.kind !== 'product') return [];
  return everySwap(node.factors).map((factors) => exchange('factors swapped', node, { ...node, factors }));
}

function tooManyFactors(node: Expression): Repair[] {
  const without = (rest: Expression, dropped: Expression) =>
    repair(dropped.kind === 'ones' ? 'sum too many' : 'factor too many', print(dropped), rest);
  if (node.kind === 'quotient') return [without(node.numerator, node.denominator)];
  if (node.kind === 'elementwise') {
    const first = node.operator === '\\odot' ? [without(node.right, node.left)] : [];
    return [without(node.left, node.right), ...first];
  }
  if (node.kind !== 'product') return [];
  return node.factors.map((dropped) => {
    const factors = node.factors.filter((factor) => factor !== dropped);
    return without(factors.length === 1 ? factors[0]! : { ...node, factors }, dropped);
  });
}

/** A repair that puts one thing in the place of another. */
function exchange(mistake: Mistake, before: Expression, after: Expression): Repair {
  return repair(mistake, `${print(before)} for ${print(after)}`, after);
}

/** A sum, or one of its indices, that should not be there. */
export function tooManySums(node: Expression): Repair[] {
  if (node.kind !== 'reduce' || node.operation !== 'sum') return [];
  const { indices, body } = node;
  const without = (letters: readonly string[], after: Expression) =>
    repair('sum too many', `\\sum_{${letters.join('')}} before ${print(body)}`, after);
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
      turned(`${print(denominator)} belongs above the line`, product(numerator, denominator)),
      turned(
        `${print(node)} for ${print(quotient(denominator, numerator))}`,
        quotient(denominator, numerator),
      ),
    ];
  }
  if (node.kind === 'elementwise') {
    const operator = node.operator === '\\odot' ? '\\oslash' : '\\odot';
    return [turned(`${node.operator} for ${operator}`, { ...node, operator })];
  }
  if (node.kind !== 'product') return [];
  return node.factors.map((below, k) => {
    const rest = node.factors.filter((_, other) => other !== k);
    const above: Expression = rest.length === 1 ? rest[0]! : { ...node, factors: rest };
    return turned(`${print(below)} belongs below the line`, quotient(above, below));
  });
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
  const written = `\\sum_{${node.indices.join('')}=${print(range.from)}}^{${print(range.to)}}`;
  return [repair('wrong range', `${written} does not run over the whole axis`, whole)];
}
