import { gradientsOf } from '../autodiff/backward.js';
import type { Split } from '../data/dataset.js';
import { kernels } from '../kernels/index.js';
import { sqrt } from '../kernels/math.js';
import type { Loss } from '../nn/losses.js';
import type { Module, Training } from '../nn/module.js';
import type { Update } from '../optim/optimizer.js';
import { zeros } from '../tensor/creation.js';
import { bytesPerElement, type FloatDType } from '../tensor/dtype.js';
import { GradbookError } from '../tensor/error.js';
import { scoped, unscoped } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';

/** What one step needs; the parameters are in the order of their squared norms. */
export interface Stepper {
  readonly model: Module;
  readonly loss: Loss;
  readonly parameters: readonly [path: string, parameter: Tensor][];
  /** Positions of the parameters that the optimizer changes. */
  readonly trained: readonly number[];
  readonly update: Update;
  /** Over the steps of an epoch: the sum of the losses, then the squared gradient norms of the parameters. */
  readonly sums: Tensor;
}

/** What the steps of one epoch share. */
export interface EpochState {
  readonly rate: number;
  /** Given to the model in every step. */
  readonly training: Training;
}

/** What was not finite in a step, which then has changed nothing. */
export interface Bad {
  readonly parameter: string;
  readonly reason: string;
}

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
  readonly isFinite: boolean;
}

/** One step of training on a batch; tells what was not finite. */
export function step(stepper: Stepper, batch: Batch, state: EpochState): Bad | undefined {
  return scoped('a training step', () => {
    const slope = slopeOn(stepper, batch, state.training);
    if (!slope.isFinite) return whatIsBad(stepper, slope);
    descend(stepper, slope, state);
    return undefined;
  });
}

/** Room for the sums of a stepper with some parameters. */
export function sumsFor(parameters: Stepper['parameters']): Tensor {
  return unscoped(() =>
    zeros([1 + parameters.length], { requiresGrad: false, name: 'the sums of an epoch' }),
  );
}

/** The first half of a step, which changes no parameter: forward, backward, and the sums of the epoch. */
export function slopeOn(
  { model, loss: lossOf, parameters, sums }: Stepper,
  { split, start, end }: Batch,
  training: Training,
): Slope {
  const logits = model.forward(split.x.rows(start, end), training);
  const loss = lossOf(logits, split.labels.rows(start, end));
  const all = gradientsOf(loss);
  if (start === 0) requireConnected(all, parameters); // once an epoch is enough
  const gradients = parameters.map(([path, parameter]) => all.get(parameter) ?? unreached(path));
  return { loss, gradients, isFinite: addUp(loss, gradients, sums) };
}

/** The second half, for a slope that is finite: changes the parameters. */
export function descend({ trained, update }: Stepper, { gradients }: Slope, { rate }: EpochState): void {
  update(
    trained.map((k) => gradients[k]!),
    rate,
  );
}

/** Adds the loss and the squares of the gradients to the sums; false as soon as one is not finite. */
function addUp(loss: Tensor, gradients: readonly Tensor[], sums: Tensor): boolean {
  const place = (k: number): number => sums.pointer + k * bytesPerElement.float64;
  const areFinite = gradients.every(
    ({ dtype, pointer, size }, k) =>
      kernels[dtype as FloatDType].addSumSquares(pointer, size, place(k + 1)) === 1,
  );
  return areFinite && kernels[loss.dtype as FloatDType].addNumber(loss.pointer, place(0)) === 1;
}

/** What is not finite in a slope: the first gradient, or else the loss. */
export function whatIsBad({ parameters }: Stepper, { loss, gradients }: Slope): Bad {
  const value = loss.item();
  for (const [k, { dtype, pointer, size }] of gradients.entries()) {
    const square = kernels[dtype as FloatDType].sumSquares(pointer, size);
    if (Number.isFinite(square)) continue;
    return {
      parameter: parameters[k]![0],
      reason: `its gradient has norm ${sqrt(square)}, and the loss is ${value}`,
    };
  }
  return { parameter: 'loss', reason: `the loss is ${value}` };
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
