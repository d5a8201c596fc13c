import { kernels, type KernelSet } from '../kernels/index.js';
import { zeros } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { unscoped } from '../tensor/memory.js';
import { aTensor, type Tensor } from '../tensor/tensor.js';
import type { Optimizer, OptimizerState } from './optimizer.js';
import type { Rate } from './schedule.js';
import { listOf, requireKinds } from '../tensor/arguments.js';

/** What an optimizer does to one parameter in one step. */
export interface UpdateRule {
  readonly name: string;
  readonly rate: Rate;
  /** Names of the buffers kept beside each parameter: of its shape and dtype, 0 before the first step. */
  readonly buffers: readonly string[];
  /** Changes the parameter in place; steps are counted from 1. */
  readonly apply: (kernel: KernelSet, target: Target, rate: number, step: number) => void;
}

/** A parameter, its gradient, and the buffers in the order of their names. */
export interface Target {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly buffers: readonly Tensor[];
}

/** The optimizer that follows a rule; each training gets buffers of its own. */
export function optimizerOf(rule: UpdateRule): Optimizer {
  return {
    name: rule.name,
    rate: rule.rate,
    start: (parameters) => {
      requireKinds(
        rule.name,
        { parameters },
        { parameters: listOf(aTensor, 'the tensors to change, in a list') },
      );
      const buffers = unscoped(() => parameters.map((parameter) => buffersFor(parameter, rule.buffers)));
      const state: OptimizerState = { steps: 0, buffers: buffers.map((own) => byName(rule.buffers, own)) };
      const update = (gradients: readonly Tensor[], rate: number): void => {
        state.steps += 1;
        for (let k = 0; k < parameters.length; k++) {
          const parameter = parameters[k]!;
          const target = { parameter, gradient: gradients[k]!, buffers: buffers[k]! };
          rule.apply(kernels[parameter.dtype as FloatDType], target, rate, state.steps);
        }
      };
      return Object.assign(update, { state });
    },
  };
}

function buffersFor({ shape, dtype }: Tensor, names: readonly string[]): Tensor[] {
  return names.map((name) => zeros(shape, { dtype, name, requiresGrad: false }));
}

function byName(names: readonly string[], buffers: readonly Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(names.map((name, k) => [name, buffers[k]!]));
}
