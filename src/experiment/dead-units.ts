import type { Split } from '../data/dataset.js';
import type { Mlp } from '../nn/mlp.js';
import { max, relu } from '../ops/index.js';
import { ValueError } from '../tensor/error.js';
import { scoped } from '../tensor/memory.js';

/**
 * How many units of each hidden layer are dead: their ReLU gives 0 for every instance, so that no gradient reaches them.
 * @throws ValueError for another activation, whose units cannot die.
 */
export function deadUnits(model: Mlp, { x }: Split): number[] {
  const { activation } = model.options;
  if (activation !== 'relu') {
    throw new ValueError(`dead units: the activation is ${activation}, but only units with a ReLU can die`);
  }
  return scoped('deadUnits', () => {
    let signal = x;
    return model.layers.slice(0, -1).map((layer) => {
      signal = relu(layer.forward(signal)).detach(); // (instances, units)
      return [...max(signal, { axis: 0 }).data()].filter((largest) => largest === 0).length;
    });
  });
}
