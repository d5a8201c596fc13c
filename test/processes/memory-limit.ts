import { defineOp } from '../../src/autodiff/define-op.js';
import { constant, type TensorLike, tensor } from '../../src/tensor/creation.js';
import { Block, scoped } from '../../src/tensor/memory.js';
import { Tensor } from '../../src/tensor/tensor.js';

/** Run by a test in a process of its own: fills the memory, and prints how that ended. */

// An op of 256 MiB that never writes them, so that the operating system need not find them.
const size = 1 << 25;
const idle = defineOp(
  {
    name: 'idle',
    summary: 'nothing',
    inputs: ['X'],
    math: [
      { forward: 'S_i = X_i', gradient: { X: String.raw`X^\nabla_i = S^\nabla_i` }, shapes: [{ X: [1] }] },
    ],
    shapeRule: 'any → large',
    shape: () => [size],
    forward: () => undefined,
    backward: { X: ({ gradient }) => gradient },
    samples: [],
    refuses: [],
  },
  (execute) => (X: TensorLike) => execute([X], undefined),
);

function howItEnds(grow: () => void): string {
  try {
    for (;;) grow();
  } catch (error) {
    return String(error).replace(': ', ' ');
  }
}

let graph = tensor(1);
const large = howItEnds(() => {
  graph = idle(graph);
});
graph.clear();

const data = Tensor.allocate([size], 'float64'); // stays beside the step
const step = scoped('a step', () => {
  const parts = Array.from({ length: 700 }, () => Tensor.allocate([1 << 19], 'float64')); // 2.7 GiB in pieces of 4 MiB
  return String(new Set([data, ...parts].map(({ pointer }) => pointer)).size);
});

const held: Tensor[] = [];
const many = howItEnds(() => held.push(Tensor.allocate([1], 'float64')));
held.length = 1000;
for (const { region } of held) if (region instanceof Block) region.release();

process.stdout.write(JSON.stringify({ large, step, many, after: String(constant([1, 2])) }));
