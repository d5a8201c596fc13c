import { linear as affine } from '../ops/matmul.js';
import { random, type Random } from '../random/random.js';
import { zeros } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import type { Tensor } from '../tensor/tensor.js';
import { type Initializer, initialWeights } from './initializers.js';
import { Module, requireUnits } from './module.js';

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
    requireUnits('linear: the number of inputs', inputs);
    requireUnits('linear: the number of outputs', outputs);
    const { dtype = 'float64' } = options;
    this.weight = zeros([outputs, inputs], { dtype });
    this.bias = zeros([outputs], { dtype });
    this.initialize(random(0));
  }

  override initialize(random: Random): void {
    const { initializer = 'glorot' } = this.options;
    this.weight.assign(initialWeights(random.split('weight'), initializer, this.inputs, this.outputs));
    this.bias.assign(new Float64Array(this.outputs));
  }

  forward(input: Tensor): Tensor {
    return affine(input, this.weight, this.bias); // (batch, outputs)
  }
}
