import { gradientsOf } from '../autodiff/backward.js';
import type { Split } from '../data/dataset.js';
import { kernels } from '../kernels/index.js';
import { sqrt } from '../kernels/math.js';
import type { Loss } from '../nn/losses.js';
import type { Module } from '../nn/module.js';
import type { Update } from '../optim/optimizer.js';
import type { FloatDType } from '../tensor/dtype.js';
import { GradbookError } from '../tensor/error.js';
import { scoped } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';

/** What one step needs; the parameters are in the order of their squared norms. */
export interface Stepper {
  readonly model: Module;
  readonly loss: Loss;
  readonly parameters: readonly [path: string, parameter: Tensor][];
  /** Positions of the parameters that the optimizer changes. */
  readonly trained: readonly number[];
  readonly update: Update;
}

/** Outcome of a step: the loss, or what was not finite (and then nothing was changed). */
export type StepOutcome = { readonly loss: number } | { readonly bad: string; readonly reason: string };

/** One step of training on the rows from `start` to `end`; adds the squared gradient norms to `squares`. */
export function step(
  stepper: Stepper,
  split: Split,
  start: number,
  end: number,
  rate: number,
  squares: Float64Array,
): StepOutcome {
  return scoped('a training step', () => {
    const { model, parameters, trained, update } = stepper;
    const loss = stepper.loss(model.forward(split.x.rows(start, end)), split.labels.rows(start, end));
    const value = loss.item();
    if (!Number.isFinite(value)) return { bad: 'loss', reason: `the loss is ${value}` };
    const all = gradientsOf(loss);
    const gradients = parameters.map(([path, parameter]) => all.get(parameter) ?? unreached(path));
    for (let k = 0; k < gradients.length; k++) {
      const gradient = gradients[k]!;
      const square = kernels[gradient.dtype as FloatDType].sumSquares(gradient.pointer, gradient.size);
      if (!Number.isFinite(square))
        return { bad: parameters[k]![0], reason: `its gradient has norm ${sqrt(square)}` };
      squares[k]! += square;
    }
    update(
      trained.map((k) => gradients[k]!),
      rate,
    );
    return { loss: value };
  });
}

function unreached(path: string): never {
  throw new GradbookError(
    `train: the loss does not depend on the parameter ${path}, so it would never change; use it in forward, or remove it`,
  );
}
