import { children, type ReduceNode } from './ast.js';
import { refuse } from './error.js';
import { extent, partnersOf } from './extents.js';
import type { Interpretation } from './interpretation.js';
import { compare, type Compiler, type Evaluate, type Frame, type Scope } from './index-notation.js';

/** The value of `\sum` or `\prod` over its indices. */
export function totalOf<T>(node: ReduceNode, scope: Scope, compiler: Compiler<T>): Evaluate<T> {
  const { constant, add, multiply } = compiler.arithmetic;
  const { each, body } = loops(node, scope, compiler);
  const [start, combine] = node.operation === 'sum' ? [constant(0), add] : [constant(1), multiply];
  return (frame) => {
    let total = start;
    each(frame, () => (total = combine(total, body(frame))));
    return total;
  };
}

/** The largest or smallest value, for `\max` and `\min`, and the first index where it stands, for `argmax` and `argmin`. */
export function bestOf<T>(
  node: ReduceNode,
  scope: Scope,
  compiler: Compiler<T>,
): Evaluate<{ value: T; index: number }> {
  const { value } = compiler.arithmetic;
  const { each, body } = loops(node, scope, compiler);
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
  const { indices, range, conditions } = node;
  const inside = new Map(scope);
  const from = range ? compiler.index(range.from, scope) : () => 1;
  const to = range && compiler.index(range.to, scope);
  const lasts = indices.map((index) => {
    const problem = `the index ${index} is taken: expected a letter of its own`;
    if (inside.has(index)) refuse('syntax', problem, node.span);
    const size = to ? undefined : extentOf(index, node, inside, compiler.meaning);
    inside.set(index, { slot: inside.size, size });
    return to ?? (() => size!);
  });
  const body = compiler.compile(node.body, inside);
  const holds = compiler.holds(conditions, inside);
  const each = (frame: Frame, visit: () => void, depth = 0): void => {
    if (depth === indices.length) {
      if (holds(frame)) visit();
      return;
    }
    const last = lasts[depth]!(frame);
    for (let k = from(frame); k <= last; k++) {
      frame[scope.size + depth] = k;
      each(frame, visit, depth + 1);
    }
  };
  return { each, body };
}

/** How far an index runs: as the axes say on which it stands, or else the index that it must equal. */
function extentOf(index: string, node: ReduceNode, scope: Scope, meaning: Interpretation): number {
  const parts = children(node);
  const ofPartners = () =>
    parts.flatMap((part) => partnersOf(index, part)).map((name) => scope.get(name)?.size);
  const size = extent(index, parts, meaning) ?? ofPartners().find((one) => one !== undefined);
  const problem = `nothing here says how far ${index} runs: expected \\sum_{${index}=1}^{…}`;
  return size ?? refuse('index-size', problem, node.span);
}
