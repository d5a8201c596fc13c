import { gradientsOf } from '../autodiff/backward.js';
import { aSplit, type Split } from '../data/dataset.js';
import { aLoss, type Loss } from '../nn/losses.js';
import { aModel, type Module } from '../nn/module.js';
import { multiply, sum } from '../ops/index.js';
import { constant } from '../tensor/creation.js';
import { scoped } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';
import { symmetricEigenvalues } from './eigenvalues.js';
import { aNumber, requireKinds } from '../tensor/arguments.js';

const ROWS = 2000; // instances at a time: the second-order graph of all of them would be large

/** The curvature of the mean loss at some weights. */
export interface Curvature {
  /** Eigenvalues of the Hessian, ascending. */
  readonly eigenvalues: readonly number[];
  readonly lowest: number;
  readonly highest: number;
  /** Directions along which the loss curves downward: eigenvalues below −`flat`. */
  readonly negative: number;
}

/**
 * Eigenvalues of the Hessian of the mean loss over some data: negative and positive ones together are a saddle.
 * What lies between −`flat` and `flat` (1e-4 unless said) counts as no curvature; the symmetries of a network make some.
 */
export function curvature(model: Module, split: Split, loss: Loss, flat = 1e-4): Curvature {
  requireKinds(
    'curvature',
    { model, split, loss, flat },
    { model: aModel, split: aSplit, loss: aLoss, flat: aNumber },
  );
  const eigenvalues = symmetricEigenvalues(hessian(model, split, loss));
  return {
    eigenvalues,
    lowest: eigenvalues[0]!,
    highest: eigenvalues.at(-1)!,
    negative: eigenvalues.filter((value) => value < -flat).length,
  };
}

/**
 * The Hessian of the mean loss with respect to all parameters, in the order of their paths, element by element.
 * Column j is the product with the j-th unit vector, $\nabla (\nabla \ell \cdot e_j)$, by differentiating the gradient again.
 */
export function hessian(model: Module, split: Split, loss: Loss): number[][] {
  requireKinds('hessian', { model, split, loss }, { model: aModel, split: aSplit, loss: aLoss });
  const parameters = Object.values(model.parameters());
  const size = parameters.reduce((total, parameter) => total + parameter.size, 0);
  const columns = Array.from({ length: size }, () => new Float64Array(size));
  for (let start = 0; start < split.size; start += ROWS) {
    const end = Math.min(start + ROWS, split.size);
    scoped('hessian', () => {
      const value = loss(model.forward(split.x.rows(start, end)), split.labels.rows(start, end));
      const all = gradientsOf(value, { createGraph: true });
      const gradients = parameters.map((parameter) => all.get(parameter));
      columns.forEach((column, j) => addProduct(column, j, parameters, gradients));
    });
  }
  return columns.map((column) => Array.from(column, (entry) => entry / split.size));
}

/** Adds the product of the Hessian with the j-th unit vector to a column. */
function addProduct(
  column: Float64Array,
  j: number,
  parameters: readonly Tensor[],
  gradients: readonly (Tensor | undefined)[],
): void {
  scoped('hessian', () => {
    let offset = 0;
    for (const [k, parameter] of parameters.entries()) {
      const gradient = gradients[k];
      if (gradient?.requiresGrad === true && j >= offset && j < offset + parameter.size) {
        const direction = new Float64Array(parameter.size);
        direction[j - offset] = 1;
        const { shape, dtype } = parameter;
        const entry = sum(multiply(gradient, constant(direction, { shape, dtype }))); // ∂ℓ/∂θ_j
        addAll(column, parameters, gradientsOf(entry));
      }
      offset += parameter.size;
    }
  });
}

function addAll(
  column: Float64Array,
  parameters: readonly Tensor[],
  gradients: ReadonlyMap<Tensor, Tensor>,
): void {
  let offset = 0;
  for (const parameter of parameters) {
    gradients
      .get(parameter)
      ?.data()
      .forEach((entry, k) => (column[offset + k]! += entry));
    offset += parameter.size;
  }
}
