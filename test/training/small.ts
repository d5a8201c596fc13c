import { dataset, type Dataset } from '../../src/data/dataset.js';
import { synth } from '../../src/data/synth.js';
import { mlp } from '../../src/nn/mlp.js';
import { sgd } from '../../src/optim/sgd.js';
import { random } from '../../src/random/random.js';
import { constant } from '../../src/tensor/creation.js';
import type { FloatDType } from '../../src/tensor/dtype.js';
import type { TrainOptions } from '../../src/training/train.js';

/** A training of a few milliseconds: 8 steps an epoch, the last one smaller. */
export function small(changed: Partial<TrainOptions> = {}): TrainOptions {
  return {
    data: synth({ seed: 0, train: 1000, validation: 300 }),
    model: mlp({ input: 2, hidden: [8], output: 2, activation: 'sigmoid' }),
    optimizer: sgd({ rate: 0.01 }),
    epochs: 3,
    batchSize: 128,
    ...changed,
  };
}

/** The same with the seed 1. */
export function seeded(changed: Partial<TrainOptions> = {}): TrainOptions {
  return small({ seed: 1, ...changed });
}

/** Images of 6 by 6 pixels with noise: a bright column or a bright row. */
export function imagesOfTwoClasses(dtype: FloatDType = 'float64'): Dataset {
  const draw = random(5);
  const part = (count: number) => {
    const labels = Int32Array.from({ length: count }, (_, k) => k % 2);
    const pixels = draw.normals(count * 36).map((noise) => 0.3 * noise);
    labels.forEach((label, k) => {
      const place = draw.integer(6);
      for (let i = 0; i < 6; i++) pixels[36 * k + (label === 0 ? 6 * i + place : 6 * place + i)]! += 1;
    });
    return {
      x: constant(pixels, { shape: [count, 1, 6, 6], dtype }),
      labels: constant(labels, { dtype: 'int32' }),
    };
  };
  return dataset({ name: 'bars', classes: 2, train: part(200), validation: part(100) });
}
