import type { Condition, Expression, Operation, ReduceNode, Relation } from './ast.js';
import { named } from './build.js';
import type { Cursor } from './cursor.js';
import { bareFactor, factor, side, signedTerm } from './parser.js';
import { primedName } from './primary.js';
import { argument } from './scripts.js';
import { brackets, isName, isOperation, isRelation } from './vocabulary.js';

/** Whether a sum or its kin stands here; `\max(…)` of several numbers is a function instead. */
export function isReduction(cursor: Cursor): boolean {
  const { value } = cursor.next;
  return isOperation(value) && (!['\\max', '\\min'].includes(value) || cursor.peek(1).value === '_');
}

/** `\sum_{kl} …`, `\sum_{l=1}^{16} …`, `\sum_{k \ne i} …`, `\max_k …`, `\operatorname{argmax}_k …`. */
export function reduction(cursor: Cursor): Expression {
  const start = cursor.take();
  const operation = start.value.slice(1) as Operation;
  if (!cursor.accept('_')) {
    const example = operation === 'sum' ? '\\sum_{k}' : `${start.value}_k`;
    const problem = `an index without its sum: expected the index that it runs over, as in ${example}`;
    cursor.error(problem, start, 'sum-without-index');
  }
  const { indices, from, conditions } = cursor.at('{')
    ? cursor.braced(() => underSum(cursor), ' after the indices of the sum')
    : { indices: [oneIndex(cursor)], conditions: [] };
  if (from) cursor.expect('^', ' and the last value of the index');
  const range = from && { range: { from, to: argument(cursor) } };
  const swallows = operation === 'sum' || operation === 'prod';
  if (!cursor.startsFactor && !(swallows && cursor.at('-'))) cursor.fail('what the operator applies to');
  const bracketed = brackets.has(cursor.next.value);
  const body = swallows ? signedTerm(cursor) : bracketed ? factor(cursor) : bareFactor(cursor);
  return { kind: 'reduce', operation, indices, ...range, conditions, body, span: cursor.spanFrom(start) };
}

function oneIndex(cursor: Cursor): string {
  cursor.refuseSpace();
  return isName(cursor.next.value) ? cursor.take().value : cursor.fail('an index');
}

type UnderSum = Pick<ReduceNode, 'indices' | 'conditions'> & { readonly from?: Expression };

/** What stands under a sum: indices, then a lower bound, or a relation of the last one, or `:` and conditions. */
function underSum(cursor: Cursor): UnderSum {
  const indices: string[] = [];
  let last = cursor.next;
  while (isName(cursor.next.value)) {
    last = cursor.next;
    indices.push(primedName(cursor));
    cursor.accept(',');
  }
  if (indices.length === 0) cursor.fail('an index, as in \\sum_{k}');
  if (cursor.accept('=')) return { indices, conditions: [], from: side(cursor) };
  if (cursor.accept(':')) return { indices, conditions: conditionsFrom(cursor, side(cursor)) };
  if (!isRelation(cursor.next.value)) return { indices, conditions: [] };
  return { indices, conditions: conditionsFrom(cursor, named(indices.at(-1)!, [], last)) };
}

/** Conditions that all must be true, separated by commas or `\land`; each may be a chain, `1 \le a \le n`. */
export function conditionsFrom(cursor: Cursor, first: Expression): Condition[] {
  const operands = [first];
  const relations: Relation[] = [];
  while (isRelation(cursor.next.value)) {
    relations.push(cursor.take().value as Relation);
    operands.push(side(cursor));
  }
  if (relations.length === 0) cursor.fail('a relation such as = or >');
  const others = cursor.accept(',', '\\land') ? conditionsFrom(cursor, side(cursor)) : [];
  return [{ operands, relations }, ...others];
}
