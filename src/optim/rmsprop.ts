import type { Optimizer } from './optimizer.js';
import { requireNotNegative, requireRate, requireShare } from './options.js';
import type { Rate } from './schedule.js';
import { optimizerOf } from './update-rule.js';
import { requireOptions } from '../tensor/options.js';

export interface RmspropOptions {
  readonly rate: Rate;
  /** $\alpha$, the memory of the mean squared gradient; 0.99 unless said. */
  readonly alpha?: number;
  /** $\varepsilon$, added to the root; 1e-8 unless said. */
  readonly epsilon?: number;
  /** $\lambda$, added to the gradient as $\lambda\theta$; 0 unless said. */
  readonly weightDecay?: number;
}

/**
 * RMSprop: $g \leftarrow g + \lambda\theta$, $s \leftarrow \alpha s + (1 - \alpha) g^2$, $\theta \leftarrow \theta - \eta\, g / (\sqrt{s} + \varepsilon)$;
 * PyTorch's conventions (not centred, without momentum).
 * @throws ValueError for a rate that is not positive and finite, an α outside [0, 1), a negative ε or weight decay.
 * @example rmsprop({ rate: 0.01 })
 */
export function rmsprop(options: RmspropOptions): Optimizer {
  requireOptions('rmsprop', options, { rate: true, alpha: true, epsilon: true, weightDecay: true });
  const { rate, alpha = 0.99, epsilon = 1e-8, weightDecay = 0 } = options;
  requireRate('rmsprop', rate);
  requireShare('rmsprop', 'alpha', alpha);
  requireNotNegative('rmsprop', 'epsilon', epsilon);
  requireNotNegative('rmsprop', 'weight decay', weightDecay);
  return optimizerOf({
    name: 'rmsprop',
    rate,
    buffers: ['meanSquare'],
    apply: (kernel, { parameter, gradient, buffers: [meanSquare] }, rate) =>
      kernel.rmsprop(
        parameter.pointer,
        gradient.pointer,
        meanSquare!.pointer,
        parameter.size,
        rate,
        alpha,
        epsilon,
        weightDecay,
      ),
  });
}
