import { kernels } from '../kernels/index.js';
import { zeros } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { ValueError } from '../tensor/error.js';
import { unscoped } from '../tensor/memory.js';
import type { Optimizer } from './optimizer.js';
import { type Rate, requireRate } from './schedule.js';

export interface SgdOptions {
  readonly rate: Rate;
  /** $\mu$ of the velocity; 0 unless said. */
  readonly momentum?: number;
  /** Looks ahead along the velocity (Nesterov); false unless said. */
  readonly nesterov?: boolean;
  /** $\lambda$, added to the gradient as $\lambda\theta$; 0 unless said. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent: $g \leftarrow g + \lambda\theta$, $v \leftarrow \mu v + g$ ($v = g$ at the first step), $\theta \leftarrow \theta - \eta v$,
 * or with Nesterov $\theta \leftarrow \theta - \eta (g + \mu v)$; PyTorch's conventions.
 * @throws ValueError unless the rate is positive and finite, momentum in [0, 1) and weight decay not negative.
 * @example sgd({ rate: 0.001, momentum: 0.9 })
 */
export function sgd(options: SgdOptions): Optimizer {
  const { rate, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  requireRate('sgd', rate);
  if (!(momentum >= 0 && momentum < 1)) {
    throw new ValueError(`sgd: the momentum is ${momentum}, but it must lie in [0, 1)`);
  }
  if (nesterov && momentum === 0) {
    throw new ValueError(
      'sgd: nesterov looks ahead along the velocity, but the momentum is 0; set momentum, for instance 0.9',
    );
  }
  if (!(weightDecay >= 0 && Number.isFinite(weightDecay))) {
    throw new ValueError(`sgd: the weight decay is ${weightDecay}, but it must be finite and not negative`);
  }
  return {
    name: nesterov ? 'nesterov' : momentum > 0 ? 'momentum' : 'sgd',
    rate,
    start: (parameters) => {
      const velocities =
        momentum > 0
          ? unscoped(() => parameters.map(({ shape, dtype }) => zeros(shape, { dtype, requiresGrad: false })))
          : undefined;
      return (gradients, rate) => {
        parameters.forEach((parameter, k) => {
          const kernel = kernels[parameter.dtype as FloatDType];
          const gradient = gradients[k]!.pointer;
          const { pointer, size } = parameter;
          if (velocities === undefined) kernel.sgd(pointer, gradient, size, rate, weightDecay);
          else {
            const velocity = velocities[k]!.pointer; // starts at 0, so that its first value is the gradient
            kernel.sgdMomentum(
              pointer,
              gradient,
              velocity,
              size,
              rate,
              momentum,
              0,
              weightDecay,
              nesterov ? 1 : 0,
            );
          }
        });
      };
    },
  };
}
