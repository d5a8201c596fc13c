import { adam, adamw, type AdamOptions } from './adam.js';
import type { Optimizer } from './optimizer.js';
import { rmsprop, type RmspropOptions } from './rmsprop.js';
import { scheduled, type ScheduleRecord } from './schedule.js';
import { sgd, type SgdOptions } from './sgd.js';
import { aText, kind, objectWith, requireKinds } from '../tensor/arguments.js';

/** The options of an optimizer as plain data: its rate is a number, which a schedule may change. */
type Recorded<Kind extends string, Options> = { readonly kind: Kind; readonly rate: number } & Omit<
  Options,
  'rate'
>;

/** SGD with a velocity has a momentum; without one it can have no Nesterov step. */
type SgdRecord = Omit<Recorded<'sgd', SgdOptions>, 'momentum' | 'nesterov'> &
  (
    | { readonly momentum: number; readonly nesterov?: boolean }
    | { readonly momentum?: never; readonly nesterov?: never }
  );

const optimizers = { sgd, adam, adamw, rmsprop };

const aRecord = objectWith(
  { kind: kind('sgd, adam, adamw or rmsprop', (given) => Object.hasOwn(optimizers, String(given))) },
  "an optimizer as data, such as { kind: 'sgd', rate: 0.1 }",
);

/** An optimizer as plain data. */
export type OptimizerRecord =
  | SgdRecord
  | Recorded<'adam', AdamOptions>
  | Recorded<'adamw', AdamOptions>
  | Recorded<'rmsprop', RmspropOptions>;

/**
 * The optimizer of a record, its rate following the schedule.
 * @throws ValueError as the optimizer and the schedule do.
 * @example optimizerFromRecord({ kind: 'adam', rate: 0.001 }, { kind: 'cosine', epochs: 20 })
 */
export function optimizerFromRecord(
  record: OptimizerRecord,
  schedule: ScheduleRecord = { kind: 'constant' },
): Optimizer {
  requireKinds(
    'optimizerFromRecord',
    { record, schedule },
    { record: aRecord, schedule: objectWith({ kind: aText }, "a schedule, such as { kind: 'constant' }") },
  );
  const rate = schedule.kind === 'constant' ? record.rate : scheduled(record.rate, schedule);
  const { kind, ...options } = record;
  return optimizers[kind]({ ...options, rate });
}
