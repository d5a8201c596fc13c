import type { Condition, Expression, Operation, ReduceNode, Relation } from './ast.js';
import { named } from './build.js';
import type { Cursor } from './cursor.js';
import { factor, side, signedTerm } from './parser.js';
import { isName, nameText, primedName, script } from './scripts.js';
import { brackets, isOperation, isRelation } from './vocabulary.js';

/** Whether a sum or its kin stands here; `\max(…)` of several numbers is a function instead. */
export function isReduction(cursor: Cursor): boolean {
  const { value } = cursor.next;
  if (value === '\\operatorname') return ['a', 'r', 'g'].every((one, k) => cursor.peek(2 + k).value === one);
  if (value === '\\max' || value === '\\min') return ['_', '\\limits'].includes(cursor.peek(1).value);
  return value === '\\arg' || isOperation(value.slice(1));
}

/** `\sum_{kl} …`, `\sum_{l=1}^{16} …`, `\sum_{k \ne i} …`, `\max_k …`, `\operatorname{argmax}_k …`. */
export function reduction(cursor: Cursor): Expression {
  const start = cursor.next;
  const operation = operationAt(cursor);
  cursor.accept('\\limits');
  if (!cursor.accept('_')) {
    const example = operation === 'sum' ? '\\sum_{k}' : `${start.value}_k`;
    const problem = `an index without its sum: expected the index that it runs over, as in ${example}`;
    cursor.error(problem, start, 'sum-without-index');
  }
  const under = cursor.at('{')
    ? cursor.braced(() => underSum(cursor), ' after the indices of the sum')
    : { indices: [nameText(cursor) ?? cursor.fail('an index')], conditions: [] };
  const range = under.from && { range: { from: under.from, to: upperBound(cursor) } };
  const swallows = operation === 'sum' || operation === 'prod';
  if (!cursor.startsFactor && !(swallows && cursor.at('-'))) cursor.fail('what the operator applies to');
  const bare = !swallows && !brackets.has(cursor.next.value);
  const body = swallows ? signedTerm(cursor) : factor(cursor);
  const { indices, conditions } = under;
  const span = cursor.spanFrom(start);
  const node: ReduceNode = { kind: 'reduce', operation, indices, conditions, body, span, ...range };
  if (bare) cursor.bareCalls.add(node);
  return node;
}

function operationAt(cursor: Cursor): Operation {
  const { value } = cursor.take();
  if (value === '\\arg') {
    const inner = cursor.accept('\\max', '\\min') ?? cursor.fail('\\max or \\min');
    return inner.value === '\\max' ? 'argmax' : 'argmin';
  }
  if (isOperation(value.slice(1))) return value.slice(1) as Operation;
  const word = cursor.braced(() => cursor.letters());
  return word === 'argmax' || word === 'argmin' ? word : cursor.error('expected argmax or argmin');
}

interface UnderSum {
  readonly indices: readonly string[];
  readonly conditions: readonly Condition[];
  readonly from?: Expression;
}

/** What stands under a sum: indices, then a lower bound, or a relation of the last one, or `:` and conditions. */
function underSum(cursor: Cursor): UnderSum {
  const indices: string[] = [];
  let last = cursor.next;
  while (isName(cursor.next.value)) {
    last = cursor.next;
    indices.push(primedName(cursor)!);
    cursor.accept(',');
  }
  if (indices.length === 0) cursor.fail('an index, as in \\sum_{k}');
  if (cursor.accept('=')) return { indices, conditions: [], from: side(cursor) };
  if (cursor.accept(':')) return { indices, conditions: conditionsFrom(cursor, side(cursor)) };
  if (!isRelation(cursor.next.value)) return { indices, conditions: [] };
  return { indices, conditions: conditionsFrom(cursor, named(indices.at(-1)!, [], last)) };
}

function upperBound(cursor: Cursor): Expression {
  cursor.expect('^', ' and the last value of the index');
  return script(cursor);
}

/** Conditions that all must be true, separated by commas or `\land`; each may be a chain, `1 \le a \le n`. */
export function conditionsFrom(cursor: Cursor, first: Expression): Condition[] {
  const list: Condition[] = [];
  let operand = first;
  for (;;) {
    const operands = [operand];
    const relations: Relation[] = [];
    for (let { value } = cursor.next; isRelation(value); { value } = cursor.next) {
      cursor.take();
      relations.push(value);
      operands.push(side(cursor));
    }
    if (relations.length === 0) cursor.fail('a relation such as = or >');
    list.push({ operands, relations });
    if (!cursor.accept(',', '\\land')) return list;
    operand = side(cursor);
  }
}
