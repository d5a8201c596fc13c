import { relu, sigmoid, tanh } from '../ops/activation.js';
import { reshape } from '../ops/layout.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module.js';

/** $\max(x, 0)$ as a layer. */
export class Relu extends Module {
  forward(input: Tensor): Tensor {
    return relu(input);
  }

  override describe(): string {
    return 'relu';
  }
}

/** The logistic function as a layer. */
export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return sigmoid(input);
  }

  override describe(): string {
    return 'sigmoid';
  }
}

/** The hyperbolic tangent as a layer. */
export class Tanh extends Module {
  forward(input: Tensor): Tensor {
    return tanh(input);
  }

  override describe(): string {
    return 'tanh';
  }
}

/** Each instance as a row of numbers: (batch, …) → (batch, features). */
export class Flatten extends Module {
  forward(input: Tensor): Tensor {
    return reshape(input, [input.shape[0]!, -1]);
  }

  override describe(): string {
    return 'flatten';
  }
}
