import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { replacedBy } from '../kernels/index.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Confusion } from './predictions.js';
import { aNumber, listOf, objectWith } from '../tensor/arguments.js';

/** What is known after a number of epochs; epoch 0 is before training. */
export interface EpochRecord {
  readonly epoch: number;
  /** Mean loss of a training instance, in nats, while the epoch ran; `undefined` before the first. */
  readonly trainingLoss: number | undefined;
  /** Mean loss of a validation instance, in nats. */
  readonly validationLoss: number;
  /** Share of validation instances whose largest logit is that of their class. */
  readonly validationAccuracy: number;
  /** The learning rate of the epoch that has just ended. */
  readonly rate: number | undefined;
  /** Root mean square, over the steps of the epoch, of the norm of the batch loss's gradient, by layer. */
  readonly gradientNorms: Readonly<Record<string, number>>;
}

/** Where a training left the finite numbers; epochs and steps of training count from 0 here. */
export interface Stop {
  readonly epoch: number;
  readonly step: number;
  /** The first parameter that has gone bad, or whose gradient has; `loss` when only the loss has. */
  readonly parameter: string;
  readonly reason: string;
}

/** The outcome of a training: plain data. */
export interface Run {
  readonly name: string;
  readonly history: readonly EpochRecord[];
  /** Present when a loss, a gradient or a parameter was NaN or infinite; the history ends with the last good epoch. */
  readonly stopped?: Stop;
  /** How often validation instances of each class (row) are given each class (column) in the end, where it was asked for. */
  readonly confusion?: Confusion;
  /**
   * SHA-256 of the final parameters: equal exactly when their bits are. It begins with `openblas:` when that computed, and then
   * another machine may get another.
   */
  readonly fingerprint: string;
}

export const aRun = objectWith(
  { history: listOf(objectWith({ epoch: aNumber }, 'what is known after an epoch'), 'the epochs of a run') },
  'a run, as train(…) returns it',
);

/** SHA-256 over names, shapes and little-endian bytes of parameters. */
export function fingerprint(parameters: Readonly<Record<string, Tensor>>): string {
  const hash = sha256.create();
  for (const [path, parameter] of Object.entries(parameters)) {
    hash.update(new TextEncoder().encode(`${path} ${parameter.dtype} ${parameter.shape.join('x')}\n`));
    hash.update(new Uint8Array(parameter.data().buffer));
  }
  const digest = bytesToHex(hash.digest());
  const other = replacedBy();
  return other === undefined ? digest : `${other}:${digest}`;
}
