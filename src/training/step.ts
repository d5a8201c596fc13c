import { gradientsOf } from '../autodiff/backward.js';
import type { Split } from '../data/dataset.js';
import { kernels } from '../kernels/index.js';
import { sqrt } from '../kernels/math.js';
import type { Loss } from '../nn/losses.js';
import type { Module, Training } from '../nn/module.js';
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

/** What the steps of one epoch share. */
export interface EpochState {
  readonly rate: number;
  /** Given to the model in every step. */
  readonly training: Training;
  /** The squared gradient norms of the parameters, added up over the steps. */
  readonly squares: Float64Array;
}

/** Outcome of a step: the loss, or what was not finite (and then nothing was changed). */
export type StepOutcome = { readonly loss: number } | { readonly bad: string; readonly reason: string };

/** The rows of a split from `start` to `end` (exclusive). */
export interface Batch {
  readonly split: Split;
  readonly start: number;
  readonly end: number;
}

/** The loss of a batch, and its gradients in the order of the parameters. */
export interface Slope {
  readonly loss: Tensor;
  readonly gradients: readonly Tensor[];
}

/** One step of training on a batch. */
export function step(stepper: Stepper, batch: Batch, state: EpochState): StepOutcome {
  return scoped('a training step', () => descend(stepper, slopeOn(stepper, batch, state.training), state));
}

/** The first half of a step, which changes nothing: forward and backward. */
export function slopeOn(
  { model, loss: lossOf, parameters }: Stepper,
  { split, start, end }: Batch,
  training: Training,
): Slope {
  const logits = model.forward(split.x.rows(start, end), training);
  const loss = lossOf(logits, split.labels.rows(start, end));
  const all = gradientsOf(loss);
  if (start === 0) requireConnected(all, parameters); // once an epoch is enough
  return { loss, gradients: parameters.map(([path, parameter]) => all.get(parameter) ?? unreached(path)) };
}

/** The second half: changes the parameters, unless the loss or a gradient is not finite. */
export function descend(
  { parameters, trained, update }: Stepper,
  { loss, gradients }: Slope,
  { rate, squares }: EpochState,
): StepOutcome {
  const value = loss.item();
  for (let k = 0; k < gradients.length; k++) {
    const gradient = gradients[k]!;
    const square = kernels[gradient.dtype as FloatDType].sumSquares(gradient.pointer, gradient.size);
    if (!Number.isFinite(square))
      return {
        bad: parameters[k]![0],
        reason: `its gradient has norm ${sqrt(square)}, and the loss is ${value}`,
      };
    squares[k]! += square;
  }
  if (!Number.isFinite(value)) return { bad: 'loss', reason: `the loss is ${value}` };
  update(
    trained.map((k) => gradients[k]!),
    rate,
  );
  return { loss: value };
}

/** The first parameter that holds a number which is not finite. */
export function firstBroken({ parameters }: Stepper): string | undefined {
  return parameters.find(
    ([, { dtype, pointer, size }]) => kernels[dtype as FloatDType].firstNonFinite(pointer, size) >= 0,
  )?.[0];
}

/** Fails unless all that the loss depends on and that requires a gradient is a parameter of the model. */
function requireConnected(all: ReadonlyMap<Tensor, Tensor>, parameters: Stepper['parameters']): void {
  const known = new Set(parameters.map(([, parameter]) => parameter));
  for (const tensor of all.keys()) {
    if (tensor.source !== undefined || !tensor.requiresGrad || known.has(tensor)) continue;
    throw new GradbookError(
      `train: the loss depends on ${tensor.label}, which requires a gradient, but it is no parameter of the model and would ` +
        'never change; keep layers in public properties, arrays or plain objects, and make fixed numbers with constant(…)',
    );
  }
}

function unreached(path: string): never {
  throw new GradbookError(
    `train: the loss does not depend on the parameter ${path}, so it would never change; use it in forward, or remove it`,
  );
}
