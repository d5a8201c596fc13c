import { aSplit, type Split } from '../data/dataset.js';
import { kernels } from '../kernels/index.js';
import { aLoss, type Loss } from '../nn/losses.js';
import { aModel, type Module } from '../nn/module.js';
import type { FloatDType } from '../tensor/dtype.js';
import { scoped } from '../tensor/memory.js';
import { requireKinds } from '../tensor/arguments.js';
import { aTensor } from '../tensor/tensor.js';

const ROWS = 1000; // instances at a time, so that memory stays small; a fixed number, so that sums do too

export interface Evaluation {
  /** Mean over the instances, in nats. */
  readonly loss: number;
  /** Share of instances classified correctly. */
  readonly accuracy: number;
}

/** Loss and accuracy of a model on a part of the data. */
export function evaluate(model: Module, split: Split, loss: Loss): Evaluation {
  requireKinds('evaluate', { model, split, loss }, { model: aModel, split: aSplit, loss: aLoss });
  let total = 0;
  let correct = 0;
  for (let start = 0; start < split.size; start += ROWS) {
    const end = Math.min(start + ROWS, split.size);
    scoped('evaluate', () => {
      const labels = split.labels.rows(start, end);
      const logits = model.forward(split.x.rows(start, end)).detach(); // (rows, classes)
      const batchLoss = loss(logits, labels);
      requireKinds(
        'evaluate',
        { 'what the loss returned': batchLoss },
        { 'what the loss returned': aTensor },
      );
      total += batchLoss.item();
      const kernel = kernels[logits.dtype as FloatDType];
      correct += kernel.countCorrect(logits.pointer, labels.pointer, end - start, logits.shape[1]!);
    });
  }
  return { loss: total / split.size, accuracy: correct / split.size };
}
