import type { ByInput, OpRecord } from './op.js';

/** Writes one value for each input of an op into an object, by name. */
type Bind<Input extends string> = <Value, Target extends object>(
  values: readonly Value[],
  target: Target,
) => Target & ByInput<Input, Value>;

/** An op record as it is executed. */
export type BoundRecord<Input extends string, Attributes> = OpRecord<Input, Attributes> & {
  readonly bind: Bind<Input>;
};

/**
 * The record with its own `bind`. One made for each op and without a loop lets V8 see a single name at each place and
 * compile a plain store; a loop over names costs several times as much, and every op of a training step binds three times.
 */
export function boundRecord<Input extends string, Attributes>(
  record: OpRecord<Input, Attributes> | BoundRecord<Input, Attributes>,
): BoundRecord<Input, Attributes> {
  if ('bind' in record) return record;
  const names: readonly string[] = record.inputs;
  const [first = '', second = '', third = ''] = names;
  const bind = (values: readonly unknown[], target: Record<string, unknown>): object => {
    target[first] = values[0];
    if (names.length > 1) target[second] = values[1];
    if (names.length > 2) target[third] = values[2];
    for (let k = 3; k < names.length; k++) target[names[k]!] = values[k];
    return target;
  };
  return { ...record, bind: bind as Bind<Input> };
}
