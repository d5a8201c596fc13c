/** What is timed, in the words of no library; a variant does it its own way. */
export type Task =
  /** One step of training with plain SGD, or with momentum for the convolutional network. */
  | { readonly kind: 'step'; readonly network: Network; readonly batch: number }
  /** 20 epochs of the 2-8-2 sigmoid network on 60,000 points; after each, its losses and its accuracy on 10,000 others. */
  | { readonly kind: 'epochs' }
  /** A product of two square matrices, of which one may be read transposed. */
  | { readonly kind: 'product'; readonly size: number; readonly dtype: Dtype; readonly layout: Layout }
  /** Independent trials of that experiment, made two at a time or one after the other. */
  | { readonly kind: 'trials'; readonly count: number };

/**
 * - `small`: 2-8-2 with sigmoid, float64;
 * - `wide`: 784-3136-10 with ReLU, float32;
 * - `convolutional`: PyTorch's tutorial network for images of 3 x 32 x 32, float32.
 */
export type Network = 'small' | 'wide' | 'convolutional';
export type Dtype = 'float64' | 'float32';
/** Which operand is transposed: none, the right one, the left one. */
export type Layout = 'NN' | 'NT' | 'TN';

export interface Workload {
  /** By which rows of results refer to it. */
  readonly name: string;
  readonly title: string;
  readonly task: Task;
  /** CPU time, or for what is done on several cores the time on the wall. */
  readonly clock: 'cpu' | 'wall';
  /** Whether `--quick` measures it too. */
  readonly quick: boolean;
}

export const workloads: readonly Workload[] = [
  step('mlp-step', 'small', 128, '2-8-2 sigmoid MLP, batch 128, float64: one training step'),
  {
    name: 'mlp-epochs',
    title: '2-8-2 sigmoid MLP, 60,000 points, float64: 20 epochs',
    task: { kind: 'epochs' },
    clock: 'cpu',
    quick: false,
  },
  step('cnn-4', 'convolutional', 4, 'Tutorial CNN, 3 x 32 x 32, batch 4, float32: one training step'),
  step('cnn-64', 'convolutional', 64, 'Tutorial CNN, 3 x 32 x 32, batch 64, float32: one training step'),
  step('mlp-wide', 'wide', 128, '784-3136-10 ReLU MLP, batch 128, float32: one training step'),
  ...[256, 1024].flatMap((size) => [
    ...(['NN', 'NT', 'TN'] as const).map((layout) => product(size, 'float32', layout)),
    product(size, 'float64', 'NN'),
  ]),
  {
    name: 'trials',
    title: '2-8-2 sigmoid MLP: 48 trials of 20 epochs, time on the clock',
    task: { kind: 'trials', count: 48 },
    clock: 'wall',
    quick: false,
  },
];

function step(name: string, network: Network, batch: number, title: string): Workload {
  return { name, title, task: { kind: 'step', network, batch }, clock: 'cpu', quick: name !== 'cnn-64' };
}

function product(size: number, dtype: Dtype, layout: Layout): Workload {
  return {
    name: `product-${size}-${dtype}-${layout}`,
    title: `Matrices of ${size} x ${size}, ${dtype}: product, ${layout}`,
    task: { kind: 'product', size, dtype, layout },
    clock: 'cpu',
    quick: size === 256 && dtype === 'float32' && layout === 'NN',
  };
}
