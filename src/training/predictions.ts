import type { Split } from '../data/dataset.js';
import type { Module } from '../nn/module.js';
import { scoped } from '../tensor/memory.js';

const ROWS = 1000; // instances at a time, so that memory stays small

/** How often instances of each class (row) are given each class (column). */
export type Confusion = readonly (readonly number[])[];

/** The class that a model gives to each instance: that of the largest logit, the first of equals. */
export function predictions(model: Module, { x, size }: Pick<Split, 'x' | 'size'>): Int32Array {
  const answers = new Int32Array(size);
  for (let start = 0; start < size; start += ROWS) {
    const end = Math.min(start + ROWS, size);
    scoped('predictions', () => {
      const logits = model.forward(x.rows(start, end)); // (rows, classes)
      const classes = logits.shape[1]!;
      const numbers = logits.data();
      for (let row = 0; row < end - start; row++) {
        answers[start + row] = largest(numbers, row * classes, classes);
      }
    });
  }
  return answers;
}

/** How often a model gives the instances of each class (row) each class (column). */
export function confusionMatrix(model: Module, split: Split): Confusion {
  const answers = predictions(model, split);
  const classes = scoped('confusionMatrix', () => model.forward(split.x.rows(0, 1)).shape[1]!);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  split.labels.data().forEach((label, k) => (counts[label]![answers[k]!]! += 1));
  return counts;
}

function largest(numbers: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (numbers[start + k]! > numbers[start + best]!) best = k;
  return best;
}
