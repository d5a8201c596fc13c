import { power } from '../kernels/math.js';
import type { Optimizer } from './optimizer.js';
import { requireNotNegative, requireRate, requireShare } from './options.js';
import type { Rate } from './schedule.js';
import { optimizerOf } from './update-rule.js';
import { requireOptions } from '../tensor/options.js';

export interface AdamOptions {
  readonly rate: Rate;
  /** $\beta_1$, the memory of the mean gradient; 0.9 unless said. */
  readonly beta1?: number;
  /** $\beta_2$, the memory of the mean squared gradient; 0.999 unless said. */
  readonly beta2?: number;
  /** $\varepsilon$, added to the root; 1e-8 unless said. */
  readonly epsilon?: number;
  /** $\lambda$; 0 for `adam` and 0.01 for `adamw` unless said. */
  readonly weightDecay?: number;
}

/**
 * Adam: $m \leftarrow \beta_1 m + (1 - \beta_1) g$, $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$,
 * $\theta \leftarrow \theta - \eta\, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon}$, with $\lambda\theta$ added to $g$ first;
 * PyTorch's conventions. Source: Kingma and Ba: Adam, a method for stochastic optimization (2015).
 * @throws ValueError for a rate that is not positive and finite, a β outside [0, 1), a negative ε or weight decay.
 * @example adam({ rate: 0.001 })
 */
export function adam(options: AdamOptions): Optimizer {
  return adaptive('adam', { weightDecay: 0, ...options }, false);
}

/**
 * Adam with decoupled weight decay: $\theta \leftarrow (1 - \eta\lambda)\theta$ before the step of `adam`, whose $g$ is left as it is;
 * PyTorch's conventions. Source: Loshchilov and Hutter: Decoupled weight decay regularization (2019).
 * @throws ValueError as `adam` does.
 * @example adamw({ rate: 0.001, weightDecay: 0.01 })
 */
export function adamw(options: AdamOptions): Optimizer {
  return adaptive('adamw', { weightDecay: 0.01, ...options }, true);
}

function adaptive(
  name: string,
  options: AdamOptions & { readonly weightDecay: number },
  decoupled: boolean,
): Optimizer {
  requireOptions(name, options, { rate: true, beta1: true, beta2: true, epsilon: true, weightDecay: true });
  const { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay } = options;
  requireRate(name, rate);
  requireShare(name, 'beta1', beta1);
  requireShare(name, 'beta2', beta2);
  requireNotNegative(name, 'epsilon', epsilon);
  requireNotNegative(name, 'weight decay', weightDecay);
  return optimizerOf({
    name,
    rate,
    buffers: ['mean', 'meanSquare'],
    apply: (kernel, { parameter, gradient, buffers: [mean, meanSquare] }, rate, step) =>
      kernel.adam(
        parameter.pointer,
        gradient.pointer,
        mean!.pointer,
        meanSquare!.pointer,
        parameter.size,
        rate,
        beta1,
        beta2,
        epsilon,
        1 - power(beta1, step),
        1 - power(beta2, step),
        weightDecay,
        decoupled ? 1 : 0,
      ),
  });
}
