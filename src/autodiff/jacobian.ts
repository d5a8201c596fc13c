import { constant } from '../tensor/creation.js';
import { scoped } from '../tensor/memory.js';
import { aTensor, type Tensor } from '../tensor/tensor.js';
import { gradientsOf } from './backward.js';
import { aFunction, requireKinds } from '../tensor/arguments.js';

/**
 * The Jacobian $\partial S_k / \partial X_l$ of a function at an input: one row an element of the output, one column an element of
 * the input, both counted row by row.
 * @example jacobian((X) => divide(X, Y), X)
 */
export function jacobian(f: (input: Tensor) => Tensor, input: Tensor): number[][] {
  requireKinds('jacobian', { f, input }, { f: aFunction, input: aTensor });
  return scoped('jacobian', () => {
    const output = f(input);
    requireKinds('jacobian', { result: output }, { result: aTensor });
    return Array.from({ length: output.size }, (_, k) => {
      const unit = new Float64Array(output.size);
      unit[k] = 1;
      const upstream = constant(unit, { shape: output.shape, dtype: output.dtype });
      const gradient = gradientsOf(output, { upstream }).get(input);
      return gradient === undefined ? new Array<number>(input.size).fill(0) : [...gradient.data()];
    });
  });
}
