import { aSplit, type Split } from '../data/dataset.js';
import { aModel, type Module } from '../nn/module.js';
import { scoped } from '../tensor/memory.js';
import { aCount, objectWith, requireKinds } from '../tensor/arguments.js';
import { aTensor } from '../tensor/tensor.js';

const ROWS = 1000; // instances at a time, so that memory stays small

/** How often instances of each class (row) are given each class (column). */
export type Confusion = readonly (readonly number[])[];

export const someInstances = objectWith(
  { x: aTensor, size: aCount },
  'instances, { x, size }, such as data.validation',
);

/** The logits that a model gives to each instance, one row an instance. */
export function logitsOf(model: Module, instances: Pick<Split, 'x' | 'size'>): number[][] {
  requireKinds('logitsOf', { model, instances }, { model: aModel, instances: someInstances });
  const { x, size } = instances;
  const rows: number[][] = [];
  for (let start = 0; start < size; start += ROWS) {
    const end = Math.min(start + ROWS, size);
    scoped('logitsOf', () => {
      const logits = model.forward(x.rows(start, end)); // (rows, classes)
      const classes = logits.shape[1]!;
      const numbers = logits.data();
      for (let row = 0; row < end - start; row++)
        rows.push(Array.from(numbers.subarray(row * classes, (row + 1) * classes)));
    });
  }
  return rows;
}

/** The class that a model gives to each instance: that of the largest logit, the first of equals. */
export function predictions(model: Module, instances: Pick<Split, 'x' | 'size'>): number[] {
  requireKinds('predictions', { model, instances }, { model: aModel, instances: someInstances });
  return logitsOf(model, instances).map(largest);
}

/** How often a model gives the instances of each class (row) each class (column). */
export function confusionMatrix(model: Module, split: Split): Confusion {
  requireKinds('confusionMatrix', { model, split }, { model: aModel, split: aSplit });
  const logits = logitsOf(model, split);
  const counts = logits[0]!.map(() => logits[0]!.map(() => 0));
  split.labels.data().forEach((label, k) => (counts[label]![largest(logits[k]!)]! += 1));
  return counts;
}

function largest(logits: readonly number[]): number {
  return logits.reduce((best, logit, k) => (logit > logits[best]! ? k : best), 0);
}
