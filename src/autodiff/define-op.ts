import type { Tensor } from '../tensor/tensor.js';
import type { TensorLike } from '../tensor/creation.js';
import { apply } from './apply.js';
import { boundRecord } from './binder.js';
import type { Op, OpRecord } from './op.js';
import { aFunction, aText, listOf, objectWith, requireKinds } from '../tensor/arguments.js';

type Execute<Attributes> = (operands: readonly TensorLike[], attributes: Attributes) => Tensor;

/**
 * Makes an op record callable: `signature` says how it is called, and the record's fields can be read from the function.
 * @throws Error when a rule or a formula is missing for an input, or given for a name that is no input.
 */
export function defineOp<
  const Input extends string,
  Attributes,
  Call extends (...operands: never[]) => Tensor,
>(
  record: OpRecord<Input, Attributes>,
  signature: (execute: Execute<Attributes>) => Call,
): Op<Input, Attributes, Call> {
  requireKinds('defineOp', { record, signature }, { record: aRecord, signature: aFunction });
  requireKeys(record.name, 'backward', record.inputs, record.backward);
  for (const formula of record.math)
    requireKeys(record.name, 'math.gradient', record.inputs, formula.gradient);
  const bound = boundRecord(record);
  const call = signature((operands, attributes) => apply(bound, operands, attributes));
  for (const [key, value] of Object.entries(bound)) {
    Object.defineProperty(call, key, { value, enumerable: true, configurable: true }); // `name` cannot be assigned
  }
  return call as Op<Input, Attributes, Call>;
}

const aRecord = objectWith(
  {
    name: aText,
    inputs: listOf(aText, 'the names of the inputs'),
    math: listOf(objectWith({}, 'a formula'), 'the formulas of the op'),
    backward: objectWith({}, 'a rule for each input'),
    shape: aFunction,
    forward: aFunction,
    samples: listOf(objectWith({}, 'a sample'), 'the samples of the op'),
  },
  'the record of an op; see "Adding an op" in CONTRIBUTING.md',
);

/** The compiler checks literal records; this checks those that were put together at run time. */
function requireKeys(
  op: string,
  field: string,
  inputs: readonly string[],
  record: Readonly<Record<string, unknown>>,
): void {
  const missing = inputs.filter((input) => record[input] === undefined);
  const extra = Object.keys(record).filter((key) => !inputs.includes(key));
  if (missing.length + extra.length === 0) return;
  throw new Error(
    `${op}: ${field} must have exactly one entry for each of the inputs ${inputs.join(', ')}` +
      (missing.length > 0 ? `; missing: ${missing.join(', ')}` : '') +
      (extra.length > 0 ? `; no such input: ${extra.join(', ')}` : ''),
  );
}
