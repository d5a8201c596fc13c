import { dropout } from '../ops/dropout.js';
import { ValueError } from '../tensor/error.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module, type Training } from './module.js';

/**
 * In training, sets each number to 0 with probability p, by the generator of the training, and scales up the others;
 * otherwise it changes nothing.
 */
export class Dropout extends Module {
  /** @throws ValueError unless p lies in [0, 1). */
  constructor(readonly p: number) {
    super();
    if (p >= 0 && p < 1) return;
    throw new ValueError(
      `dropout: the probability is ${p}, but it must lie in [0, 1); 1 would leave nothing`,
    );
  }

  forward(input: Tensor, training?: Training): Tensor {
    return training === undefined ? input : dropout(input, this.p, training.random);
  }

  override describe(): string {
    return `dropout ${this.p}`;
  }
}
