import type { Block } from '../tensor/memory.js';
import { formatShape } from '../tensor/shape.js';
import type { Source, Tensor } from '../tensor/tensor.js';
import { clearGraph, setGradients } from './backward.js';
import type { BoundRecord } from './binder.js';
import type { Saved } from './op.js';

/** One execution of an op: the node of the computation graph between its inputs and its output. */
export class OpNode implements Source {
  readonly outputs: readonly [Tensor];

  constructor(
    readonly op: BoundRecord<string, unknown>,
    readonly inputs: readonly Tensor[],
    readonly attributes: unknown,
    readonly saved: Saved,
    /** Constants that were made of plain arguments. */
    readonly owned: readonly Block[],
    output: Tensor,
  ) {
    this.outputs = [output];
  }

  backward(output: Tensor): void {
    setGradients(output);
  }

  clear(output: Tensor): void {
    clearGraph(output);
  }

  /** `OpNode divide: X (2, 2), Y (2, 2) -> (2, 2)` */
  toString(): string {
    const inputs = this.inputs.map(
      (input, k) => `${input.name ?? this.op.inputs[k]} ${formatShape(input.shape)}`,
    );
    return `OpNode ${this.op.name}: ${inputs.join(', ')} -> ${formatShape(this.outputs[0].shape)}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
