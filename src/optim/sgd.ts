import { ValueError } from '../tensor/error.js';
import type { Optimizer } from './optimizer.js';
import { requireNotNegative, requireRate, requireShare } from './options.js';
import type { Rate } from './schedule.js';
import { optimizerOf } from './update-rule.js';
import { requireOptions } from '../tensor/options.js';

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
  requireOptions('sgd', options, { rate: true, momentum: true, nesterov: true, weightDecay: true });
  const { rate, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  requireRate('sgd', rate);
  requireShare('sgd', 'momentum', momentum);
  requireNotNegative('sgd', 'weight decay', weightDecay);
  if (nesterov && momentum === 0) {
    throw new ValueError(
      'sgd: nesterov looks ahead along the velocity, but the momentum is 0; set momentum, for instance 0.9',
    );
  }
  return momentum === 0
    ? plain(rate, weightDecay)
    : withVelocity(nesterov ? 'nesterov' : 'momentum', rate, momentum, nesterov, weightDecay);
}

function plain(rate: Rate, weightDecay: number): Optimizer {
  return optimizerOf({
    name: 'sgd',
    rate,
    buffers: [],
    apply: (kernel, { parameter, gradient }, rate) =>
      kernel.sgd(parameter.pointer, gradient.pointer, parameter.size, rate, weightDecay),
  });
}

function withVelocity(
  name: string,
  rate: Rate,
  momentum: number,
  nesterov: boolean,
  weightDecay: number,
): Optimizer {
  const dampening = 0; // the velocity starts at 0, so that its first value is the gradient
  return optimizerOf({
    name,
    rate,
    buffers: ['velocity'],
    apply: (kernel, { parameter, gradient, buffers: [velocity] }, rate) =>
      kernel.sgdMomentum(
        parameter.pointer,
        gradient.pointer,
        velocity!.pointer,
        parameter.size,
        rate,
        momentum,
        dampening,
        weightDecay,
        nesterov ? 1 : 0,
      ),
  });
}
