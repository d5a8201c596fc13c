import type { Split } from '../data/dataset.js';
import { someInstances } from '../training/predictions.js';
import { Chain, flattened } from '../nn/chain.js';
import { Relu } from '../nn/elementwise.js';
import { ValueError } from '../tensor/error.js';
import { scoped } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';
import { kind, requireKinds } from '../tensor/arguments.js';

const aChain = kind('a chain of layers, such as mlp(…) or sequential(…)', (given) => given instanceof Chain);

const ROWS = 500; // instances at a time, so that memory stays small

/**
 * How many units of each ReLU layer are dead: they give 0 for every instance, so that no gradient reaches them. A unit behind a
 * convolution is one of its channels, dead when it is 0 everywhere in every picture.
 * @throws ValueError for a model without a ReLU, whose units cannot die.
 */
export function deadUnits(model: Chain, instances: Pick<Split, 'x' | 'size'>): number[] {
  requireKinds('deadUnits', { model, instances }, { model: aChain, instances: someInstances });
  const { x, size } = instances;
  const steps = flattened(model.steps());
  if (!steps.some(([, part]) => part instanceof Relu)) {
    throw new ValueError(
      `dead units: this ${model.describe()} has no ReLU, and only units with a ReLU can die`,
    );
  }
  const dead: boolean[][] = steps.map(() => []);
  for (let start = 0; start < size; start += ROWS) {
    scoped('deadUnits', () => {
      let signal = x.rows(start, Math.min(start + ROWS, size));
      steps.forEach(([, part], k) => {
        signal = part.forward(signal).detach(); // (instances, units, …)
        if (part instanceof Relu) findAlive(dead[k]!, signal);
      });
    });
  }
  return steps.flatMap(([, part], k) => (part instanceof Relu ? [dead[k]!.filter(Boolean).length] : []));
}

/** Notes which units are not dead, since some of the activations (instances, units, …) are not 0. */
function findAlive(dead: boolean[], activations: Tensor): void {
  const [instances, units] = activations.shape as readonly [number, number];
  const places = activations.size / (instances * units);
  const values = activations.data();
  for (let unit = 0; unit < units; unit++) dead[unit] ??= true;
  for (let row = 0; row < instances * units; row++) {
    const unit = row % units;
    if (dead[unit]) dead[unit] = values.subarray(row * places, (row + 1) * places).every((one) => one === 0);
  }
}
