import { expect } from 'chai';
import { dataset } from '../../src/data/dataset.js';
import { losses } from '../../src/nn/losses.js';
import { mlp } from '../../src/nn/mlp.js';
import { evaluate } from '../../src/training/evaluate.js';
import { confusionMatrix, predictions } from '../../src/training/predictions.js';
import { train } from '../../src/training/train.js';
import { seeded } from './small.js';

describe('predictions', () => {
  const model = mlp({ input: 2, hidden: [], output: 3, activation: 'relu' });
  model.load({ 'layers.0.weight': [1, 0, 0, 1, 0, 0], 'layers.0.bias': [0, 0, 1] }); // logits x, y, 1
  const split = { x: [[2, 0], [0, 3], [0, 0], [2, 2], [0, 5]], labels: [0, 1, 2, 1, 0] }; // prettier-ignore
  const { validation } = dataset({ classes: 3, train: split, validation: split });

  it('are the classes of the largest logits, the first of equals', () => {
    expect(predictions(model, validation)).to.deep.equal([0, 1, 2, 0, 1]);
  });

  it('are counted by true class in rows and predicted class in columns', () => {
    expect(confusionMatrix(model, validation)).to.deep.equal([
      [1, 1, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]);
  });

  it('are right as often as the accuracy says, in a whole split', async () => {
    const { data, model } = seeded();
    await train(seeded({ data, model }));
    const whole = { ...data.train, size: 1000 };
    const { accuracy } = evaluate(model, whole, losses['cross-entropy']);
    const counts = confusionMatrix(model, whole);
    expect((counts[0]![0]! + counts[1]![1]!) / whole.size).to.equal(accuracy);
  });
});

describe('onStep', () => {
  const steps = async (options: Partial<Parameters<typeof train>[0]>) => {
    const seen: number[] = [];
    await train(seeded({ epochs: 2, ...options, onStep: (step) => seen.push(step) }));
    return seen;
  };

  it('is told of each step, counted over all epochs', async () => {
    expect(await steps({})).to.deep.equal(Array.from({ length: 16 }, (_, k) => k + 1));
  });

  it('goes on counting where a checkpoint was written', async () => {
    let resume = new Uint8Array();
    await train(
      seeded({ epochs: 1, onEpoch: (_, checkpoint) => (resume = checkpoint() as Uint8Array<ArrayBuffer>) }),
    );
    expect(await steps({ resume })).to.deep.equal([9, 10, 11, 12, 13, 14, 15, 16]);
  });
});
