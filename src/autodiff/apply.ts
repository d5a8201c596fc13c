import { asTensor, keep, type TensorLike } from '../tensor/creation.js';
import { ValueError } from '../tensor/error.js';
import { Block, openScope, scoped } from '../tensor/memory.js';
import { expandedTo } from '../tensor/strided.js';
import { Tensor } from '../tensor/tensor.js';
import type { BoundRecord } from './binder.js';
import type { Saved } from './op.js';
import { OpNode } from './op-node.js';

/**
 * Executes an op: shape rule, forward kernel, and an OpNode in the graph when an input requires a gradient.
 * @throws ShapeError or ValueError naming the op when the inputs do not fit together.
 */
export function apply<Input extends string, Attributes>(
  op: BoundRecord<Input, Attributes>,
  operands: readonly TensorLike[],
  attributes: Attributes,
): Tensor {
  const inputs = tensors(op, operands);
  const shapes = inputs.map((input) => input.shape);
  const shape = op.shape(op.bind(shapes, {}), attributes);
  const requiresGrad = inputs.some((input) => input.requiresGrad);
  const output = Tensor.allocate(shape, inputs[0]!.dtype, requiresGrad);
  const byHand = openScope() === undefined;
  const saved = (byHand ? runByHand : runForward)(op, inputs, output, attributes);
  const owned = byHand ? claimed(inputs, attributes) : nothing;
  if (requiresGrad) {
    const record = op as unknown as BoundRecord<string, unknown>;
    output.source = new OpNode(record, inputs, attributes, saved, owned, output);
  } else {
    for (const block of owned) block.release();
  }
  return output;
}

function runForward<Input extends string, Attributes>(
  op: BoundRecord<Input, Attributes>,
  inputs: readonly Tensor[],
  output: Tensor,
  attributes: Attributes,
): Saved {
  const seen = op.broadcasts === true ? inputs.map((input) => expandedTo(input, output.shape)) : inputs;
  return op.forward(op.bind(seen, {}), output, attributes);
}

/** Outside any scope, what forward makes for itself is released at once, except for what backward needs. */
function runByHand<Input extends string, Attributes>(
  op: BoundRecord<Input, Attributes>,
  inputs: readonly Tensor[],
  output: Tensor,
  attributes: Attributes,
): Saved {
  return scoped(op.name, () => {
    const saved = runForward(op, inputs, output, attributes);
    return saved === undefined || !output.requiresGrad ? undefined : keep(saved);
  });
}

const nothing: readonly Block[] = [];

/** The bytes of tensors that were made of plain arguments of this call, such as the 2 of `multiply(2, X)`: nobody else knows them. */
function claimed(inputs: readonly Tensor[], attributes: unknown): Block[] {
  const others: unknown[] = Object.values(attributes ?? {}); // labels, for instance
  const tensors = [...inputs, ...others.filter((value) => value instanceof Tensor)];
  const blocks = tensors.map(({ region }) => region).filter((region) => region instanceof Block);
  const unclaimed = blocks.filter((block) => block.unclaimed);
  for (const block of unclaimed) block.unclaimed = false;
  return unclaimed;
}

function tensors(op: { readonly name: string }, operands: readonly TensorLike[]): readonly Tensor[] {
  const first = operands.find((operand): operand is Tensor => operand instanceof Tensor);
  const dtype = first?.dtype ?? 'float64';
  if (dtype === 'int32') {
    throw new ValueError(
      `${op.name}: ${first!.label} holds labels or indices; computing needs float64 or float32`,
    );
  }
  if (operands.every((operand) => operand instanceof Tensor && operand.dtype === dtype))
    return operands as readonly Tensor[];
  return operands.map((operand) => {
    const input = asTensor(operand, dtype);
    if (input.dtype !== dtype) {
      throw new ValueError(
        `${op.name}: ${first!.label} is ${dtype}, but ${input.label} is ${input.dtype}; make both the same dtype`,
      );
    }
    return input;
  });
}
