import { arquero } from '../experiment/arquero.js';
import type { DataFrame } from '../experiment/data-frame.js';
import { aNumber, anyNumber, aText, listOf, objectWith, requireKinds } from '../tensor/arguments.js';

/** What figures need to know of one epoch of a training; the row of epoch e was evaluated after e epochs. */
export interface EpochRecord {
  readonly epoch: number;
  /** Mean over the epoch's steps; undefined before the first epoch. */
  readonly trainingLoss: number | undefined;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  readonly rate: number | undefined;
  readonly gradientNorms: Readonly<Record<string, number>>;
}

/** What figures need to know of one training. */
export interface Run {
  readonly name: string;
  readonly history: readonly EpochRecord[];
  /** Where a training that left the numbers was stopped. */
  readonly stopped?: {
    readonly epoch: number;
    readonly step: number;
    readonly parameter: string;
    readonly reason: string;
  };
}

const someEpochs = listOf(
  objectWith({ epoch: aNumber, validationAccuracy: anyNumber }, 'what is known of an epoch'),
  'the epochs in a list',
);

export const someRuns = listOf(
  objectWith({ name: aText, history: someEpochs }, 'a run, as train(…) returns it'),
  'the runs in a list',
);

export const someVariants = listOf(
  objectWith({ name: aText, runs: someRuns }, "an experiment's result, or { name, runs }"),
  'the variants in a list',
);

/** One row per run and epoch: `run`, `epoch`, `trainingLoss`, `validationLoss`, `validationAccuracy`. */
export function historyTable(runs: readonly Run[]): DataFrame {
  requireKinds('historyTable', { runs }, { runs: someRuns });
  return arquero().from(
    runs.flatMap(({ name, history }) =>
      history.map(({ epoch, trainingLoss, validationLoss, validationAccuracy }) => ({
        run: name,
        epoch,
        trainingLoss: trainingLoss ?? null,
        validationLoss,
        validationAccuracy,
      })),
    ),
  );
}
