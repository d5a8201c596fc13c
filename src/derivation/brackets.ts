import type { Condition, Expression, Operation, ReduceNode, Relation } from './ast.js';
import { type Cursor, openings, relations } from './cursor.js';
import { factor, side, signedTerm } from './parser.js';
import { isName, nameText, script } from './scripts.js';

const big: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['\\sum', 'sum'],
  ['\\prod', 'prod'],
  ['\\max', 'max'],
  ['\\min', 'min'],
  ['\\argmax', 'argmax'],
  ['\\argmin', 'argmin'],
]);

/** A group in round or square brackets; with a relation inside square ones it is an indicator, `[X_{ij} > 0]`. */
export function bracket(cursor: Cursor): Expression {
  const opening = cursor.take();
  const closing = openings.get(opening.value)!;
  const square = opening.value.endsWith('[');
  const first = side(cursor);
  if (square && relations.has(cursor.next.value)) {
    const list = conditions(cursor, first);
    cursor.expect(closing, ` to close ${opening.value}`);
    return { kind: 'indicator', conditions: list, span: cursor.spanFrom(opening) };
  }
  cursor.expect(closing, ` to close ${opening.value}`);
  return first;
}

/** Conditions that all must be true, separated by commas or `\land`; each may be a chain, `1 \le a \le n`. */
function conditions(cursor: Cursor, first: Expression): Condition[] {
  const list: Condition[] = [];
  let operand = first;
  for (;;) {
    const operands = [operand];
    const signs: Relation[] = [];
    for (let sign = relations.get(cursor.next.value); sign; sign = relations.get(cursor.next.value)) {
      cursor.take();
      signs.push(sign);
      operands.push(side(cursor));
    }
    if (signs.length === 0) cursor.fail('a relation such as = or >');
    list.push({ operands, relations: signs });
    if (!cursor.accept(',', '\\land', '\\wedge')) return list;
    operand = side(cursor);
  }
}

export function isOnes(cursor: Cursor): boolean {
  if (!cursor.at('\\mathbf', '\\mathbb')) return false;
  return cursor.peek(1).value === '1' || (cursor.peek(1).value === '{' && cursor.peek(2).value === '1');
}

/** `\mathbf 1`, `\mathbf 1_{16}`, their transposes, and the indicators `\mathbf 1[…]` and `\mathbf 1_{X > 0}`. */
export function ones(cursor: Cursor): Expression {
  const start = cursor.take();
  const braced = cursor.accept('{');
  cursor.take();
  if (braced) cursor.expect('}');
  if (cursor.at('[', '\\left[')) {
    const inside = bracket(cursor);
    return inside.kind === 'indicator'
      ? inside
      : cursor.error('expected a condition in the brackets', inside.span);
  }
  let size: Expression | undefined;
  let transposed = false;
  for (;;) {
    if (!transposed && cursor.accept('^')) {
      const group = cursor.accept('{');
      if (!cursor.accept('\\top', 'T')) cursor.fail('\\top');
      if (group) cursor.expect('}');
      transposed = true;
    } else if (!size && cursor.accept('_')) {
      const group = cursor.accept('{');
      size = group ? side(cursor) : script(cursor);
      const list = group && relations.has(cursor.next.value) ? conditions(cursor, size) : undefined;
      if (group) cursor.expect('}');
      if (list) return { kind: 'indicator', conditions: list, span: cursor.spanFrom(start) };
    } else break;
  }
  if (cursor.at('_', '^', "'"))
    cursor.error('expected brackets around what stands before: TeX sets no second script here');
  const span = cursor.spanFrom(start);
  const node: Expression = size ? { kind: 'ones', size, span } : { kind: 'ones', span };
  return transposed ? { kind: 'transpose', operand: node, span } : node;
}

/** Whether a sum or its kin stands here; `\max(…)` of several numbers is a function instead. */
export function isReduction(cursor: Cursor): boolean {
  const { value } = cursor.next;
  if (value === '\\arg') return true;
  if (value === '\\operatorname' || value === '\\operatorname*') {
    return cursor.peek(2).value === 'a' && cursor.peek(3).value === 'r' && cursor.peek(4).value === 'g';
  }
  if (value === '\\max' || value === '\\min') return ['_', '\\limits'].includes(cursor.peek(1).value);
  return big.has(value);
}

/** `\sum_{kl} …`, `\sum_{l=1}^{16} …`, `\sum_{k \ne i} …`, `\max_k …`, `\operatorname{argmax}_k …`. */
export function reduction(cursor: Cursor): Expression {
  const start = cursor.next;
  const operation = operationAt(cursor);
  cursor.accept('\\limits');
  if (!cursor.accept('_')) {
    const example = operation === 'sum' ? '\\sum_{k}' : `${start.value}_k`;
    cursor.error(
      `an index without its sum: expected the index that it runs over, as in ${example}`,
      start,
      'sum-without-index',
    );
  }
  const binder = cursor.at('{')
    ? binders(cursor)
    : { indices: [nameText(cursor) ?? cursor.fail('an index')], conditions: [] };
  const range = binder.from && { range: { from: binder.from, to: upperBound(cursor) } };
  const swallows = operation === 'sum' || operation === 'prod';
  if (!cursor.startsFactor && !(swallows && cursor.at('-'))) cursor.fail('what the operator applies to');
  const bare = !swallows && !openings.has(cursor.next.value);
  const body = swallows ? signedTerm(cursor) : factor(cursor);
  const { indices, conditions: list } = binder;
  const node: ReduceNode = {
    ...{ kind: 'reduce', operation, indices, conditions: list, body, span: cursor.spanFrom(start) },
    ...range,
  };
  if (bare) cursor.bareCalls.add(node);
  return node;
}

function operationAt(cursor: Cursor): Operation {
  const { value } = cursor.take();
  if (value === '\\arg') {
    const inner = cursor.accept('\\max', '\\min') ?? cursor.fail('\\max or \\min');
    return inner.value === '\\max' ? 'argmax' : 'argmin';
  }
  const known = big.get(value);
  if (known) return known;
  cursor.expect('{');
  let letters = '';
  while (/^[a-zA-Z]$/.test(cursor.next.value)) letters += cursor.take().value;
  cursor.expect('}');
  return letters === 'argmax' || letters === 'argmin' ? letters : cursor.error('expected argmax or argmin');
}

interface Binders {
  readonly indices: readonly string[];
  readonly conditions: readonly Condition[];
  readonly from?: Expression;
}

/** What stands under a sum: indices, then a lower bound, or a relation of the last one, or `:` and conditions. */
function binders(cursor: Cursor): Binders {
  cursor.expect('{');
  const indices: string[] = [];
  let last = cursor.next;
  while (isName(cursor.next.value)) {
    last = cursor.next;
    let text = nameText(cursor)!;
    while (cursor.accept("'")) text += "'";
    indices.push(text);
    cursor.accept(',');
  }
  if (indices.length === 0) cursor.fail('an index, as in \\sum_{k}');
  const from = cursor.accept('=') && side(cursor);
  let list: Condition[] = [];
  if (cursor.accept(':')) list = conditions(cursor, side(cursor));
  else if (!from && relations.has(cursor.next.value)) {
    list = conditions(cursor, { kind: 'name', name: indices.at(-1)!, indices: [], span: last });
  }
  cursor.expect('}', ' after the indices of the sum');
  return { indices, conditions: list, ...(from && { from }) };
}

function upperBound(cursor: Cursor): Expression {
  cursor.expect('^', ' and the last value of the index');
  return script(cursor);
}
