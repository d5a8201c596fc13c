import { linear as affine } from '../ops/matmul.js';
import { random, type Random } from '../random/random.js';
import { zeros } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import type { Tensor } from '../tensor/tensor.js';
import { initialBiases, type Initializer, initialWeights } from './initializers.js';
import { Module, requireUnits } from './module.js';
import { requireOptions } from '../tensor/options.js';

export interface LinearOptions {
  readonly initializer?: Initializer;
  readonly dtype?: FloatDType;
}

/** An affine layer, $Y = X W^\top + \mathbf 1 b^\top$ with X (batch, inputs), W (outputs, inputs), b (outputs). */
export class Linear extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;

  constructor(
    readonly inputs: number,
    readonly outputs: number,
    private readonly options: LinearOptions = {},
  ) {
    super();
    requireOptions('linear', options, { initializer: true, dtype: true });
    requireUnits('linear: the number of inputs', inputs);
    requireUnits('linear: the number of outputs', outputs);
    const { dtype = 'float64' } = options;
    this.weight = zeros([outputs, inputs], { dtype });
    this.bias = zeros([outputs], { dtype });
    this.initialize(random(0));
  }

  override initialize(random: Random): void {
    const { initializer = 'glorot' } = this.options;
    const { inputs, outputs } = this;
    this.weight.assign(initialWeights(random.split('weight'), initializer, { inputs, outputs }));
    this.bias.assign(initialBiases(random.split('bias'), initializer, inputs, outputs));
  }

  override describe(): string {
    return `linear ${this.inputs} → ${this.outputs}`;
  }

  forward(input: Tensor): Tensor {
    return affine(input, this.weight, this.bias); // (batch, outputs)
  }
}
