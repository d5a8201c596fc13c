import { log } from '../ops/functions.js';
import type { Labels } from '../ops/labels.js';
import { crossEntropy, nll } from '../ops/loss.js';
import { softmax } from '../ops/softmax.js';
import type { Tensor } from '../tensor/tensor.js';
import { kind } from '../tensor/arguments.js';

/** A scalar loss of logits (batch, classes) and one label a row, summed over the batch. */
export type Loss = (logits: Tensor, labels: Labels) => Tensor;

/**
 * The losses that an experiment can name.
 *
 * - `cross-entropy`: log-softmax and negative log-likelihood in one stable op;
 * - `softmax-then-log`: the same in exact arithmetic, but the logarithm of a probability that has underflowed is −∞.
 */
export const losses = {
  'cross-entropy': (logits, labels) => crossEntropy(logits, labels),
  'softmax-then-log': (logits, labels) => nll(log(softmax(logits)), labels),
} as const satisfies Record<string, Loss>;

export const aLoss = kind("a loss, such as losses['cross-entropy']", (given) => typeof given === 'function');

export type LossName = keyof typeof losses;
