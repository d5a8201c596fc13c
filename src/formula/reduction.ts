import type { ReduceNode } from './ast.js';
import { refuse } from './error.js';
import { extent, partnersOf } from './extents.js';
import type { Interpretation } from './interpretation.js';
import { compare, type Compiler, type Evaluate, type Frame, type Scope } from './index-notation.js';

/** The value of `\sum`, `\prod`, `\max` or `\min` over its indices. */
export function reduce<T>(node: ReduceNode, scope: Scope, compiler: Compiler<T>): Evaluate<T> {
  if (node.operation.startsWith('arg')) {
    return refuse('syntax', 'an argmax is an index: expected it in a subscript or [j = …]', node.span);
  }
  if (node.operation === 'max' || node.operation === 'min') {
    const best = findBest(node, scope, compiler);
    return (frame) => best(frame).value;
  }
  const { constant, add, multiply } = compiler.arithmetic;
  const { each, body } = loops(node, scope, compiler);
  const combine = node.operation === 'sum' ? add : multiply;
  const start = constant(node.operation === 'sum' ? 0 : 1);
  return (frame) => {
    let total = start;
    each(frame, () => (total = combine(total, body(frame))));
    return total;
  };
}

/** The first index at which the largest or smallest value stands. */
export function bestIndex<T>(node: ReduceNode, scope: Scope, compiler: Compiler<T>): Evaluate<number> {
  const best = findBest(node, scope, compiler);
  return (frame) => best(frame).index;
}

function findBest<T>(
  node: ReduceNode,
  scope: Scope,
  compiler: Compiler<T>,
): Evaluate<{ value: T; index: number }> {
  const { each, body } = loops(node, scope, compiler);
  const { value } = compiler.arithmetic;
  const better = compare[node.operation.endsWith('max') ? '>' : '<'];
  return (frame) => {
    let best: { value: T; index: number } | undefined;
    each(frame, () => {
      const one = body(frame);
      if (!best || better(value(one), value(best.value))) best = { value: one, index: frame[scope.size]! };
    });
    return best ?? refuse('value', 'there is nothing to choose from', node.span);
  };
}

/** Nested loops over the indices of a node, and its body inside them. */
function loops<T>(node: ReduceNode, scope: Scope, compiler: Compiler<T>) {
  const inside = new Map(scope);
  const range = node.range && [compiler.index(node.range.from, scope), compiler.index(node.range.to, scope)];
  const loop = node.indices.map((index) => {
    if (inside.has(index))
      refuse('syntax', `the index ${index} is taken: expected a letter of its own`, node.span);
    const slot = inside.size;
    if (range) {
      inside.set(index, { slot });
      return { slot, from: range[0]!, to: range[1]! };
    }
    const size = extentOf(index, node, inside, compiler.meaning);
    inside.set(index, { slot, size });
    return { slot, from: () => 1, to: () => size };
  });
  const body = compiler.compile(node.body, inside);
  const holds = compiler.holds(node.conditions, inside);
  const each = (frame: Frame, visit: () => void, depth = 0): void => {
    const current = loop[depth];
    if (!current) {
      if (holds(frame)) visit();
      return;
    }
    const last = current.to(frame);
    for (let k = current.from(frame); k <= last; k++) {
      frame[current.slot] = k;
      each(frame, visit, depth + 1);
    }
  };
  return { each, body };
}

/** How far an index runs: as the axes say on which it stands, or else the index that it must equal. */
function extentOf(index: string, node: ReduceNode, scope: Scope, meaning: Interpretation): number {
  const parts = [node.body, ...node.conditions.flatMap((one) => one.operands)];
  const partners = parts
    .flatMap((part) => partnersOf(index, part))
    .map((partner) => scope.get(partner)?.size);
  const size = extent(index, parts, meaning) ?? partners.find((one) => one !== undefined);
  const problem = `nothing here says how far ${index} runs: expected \\sum_{${index}=1}^{…}`;
  return size ?? refuse('index-size', problem, node.span);
}
