import { inputs, numbers } from '../inputs.js';
import type { Repeat, Variant } from '../variant.js';
import type { Network } from '../workload.js';
import { Tape, type Floats, type Value } from './plain-tape.js';

/** What people write in plain TypeScript: eager operations on typed arrays, loops, a tape of closures, Math.exp. */
export const variant: Variant = {
  step: ({ network, batch }) => training(network, batch),
  // Without the losses and the accuracy after each epoch, which is in its favour.
  epochs: () => {
    return () => {
      const step = training('small', 128);
      for (let k = 0; k < 20 * Math.ceil(60_000 / 128); k++) step();
    };
  },
  product: ({ size, dtype, layout }) => {
    const make = dtype === 'float64' ? Float64Array : Float32Array;
    const [a, b] = [make.from(numbers(size * size, 1)), make.from(numbers(size * size, 2))];
    const [aRow, aColumn] = layout === 'TN' ? [1, size] : [size, 1];
    const [bRow, bColumn] = layout === 'NT' ? [1, size] : [size, 1];
    return () => {
      const out = new make(size * size);
      for (let i = 0; i < size; i++) {
        for (let k = 0; k < size; k++) {
          const factor = a[i * aRow + k * aColumn]!;
          for (let j = 0; j < size; j++) out[i * size + j]! += factor * b[k * bRow + j * bColumn]!;
        }
      }
      return out;
    };
  },
};

const shapes: Readonly<Record<Network, readonly (readonly number[])[]>> = {
  small: [[8, 2], [8], [2, 8], [2]],
  wide: [[3136, 784], [3136], [10, 3136], [10]],
  convolutional: [[6, 3, 5, 5], [6], [16, 6, 5, 5], [16], [120, 400], [120], [84, 120], [84], [10, 84], [10]],
};

function training(network: Network, batch: number): Repeat {
  const make = network === 'small' ? Float64Array : Float32Array;
  const momentum = network === 'convolutional' ? 0.9 : 0;
  const parameters = shapes[network].map((shape, k): Value => {
    const size = shape.reduce((product, length) => product * length);
    const scale = 1 / Math.sqrt(size / shape[0]!);
    return {
      shape,
      value: make.from(numbers(size, k).map((x) => scale * x)),
      gradient: new make(size),
    };
  });
  const velocities = parameters.map(({ value }) => new make(value.length));
  const { batches, features, x, labels } = inputs(network, batch);
  const area = x.length / labels.length;
  let k = 0;
  return () => {
    k = (k + 1) % batches;
    const tape = new Tape();
    const rows = make.from(x.subarray(k * batch * area, (k + 1) * batch * area)) as Floats;
    for (const parameter of parameters) parameter.gradient.fill(0);
    const input = { shape: [batch, ...features], value: rows, gradient: new make(rows.length) };
    const logits = networks[network](tape, input, parameters);
    const loss = tape.crossEntropy(logits, labels.subarray(k * batch, (k + 1) * batch));
    tape.backward();
    parameters.forEach(({ value, gradient }, p) => {
      const velocity = velocities[p]!;
      for (let i = 0; i < value.length; i++) {
        velocity[i] = momentum * velocity[i]! + gradient[i]!;
        value[i]! -= (0.001 / batch) * velocity[i]!;
      }
    });
    return loss;
  };
}

const networks: Readonly<Record<Network, (tape: Tape, x: Value, parameters: readonly Value[]) => Value>> = {
  small: (tape, x, [w1, b1, w2, b2]) => tape.linear(tape.sigmoid(tape.linear(x, w1!, b1!)), w2!, b2!),
  wide: (tape, x, [w1, b1, w2, b2]) => tape.linear(tape.relu(tape.linear(x, w1!, b1!)), w2!, b2!),
  convolutional: (tape, x, [k1, c1, k2, c2, w1, b1, w2, b2, w3, b3]) => {
    const first = tape.maxPool(tape.relu(tape.convolve(x, k1!, c1!)));
    const second = tape.maxPool(tape.relu(tape.convolve(first, k2!, c2!)));
    const third = tape.relu(tape.linear(second, w1!, b1!));
    return tape.linear(tape.relu(tape.linear(third, w2!, b2!)), w3!, b3!);
  },
};
