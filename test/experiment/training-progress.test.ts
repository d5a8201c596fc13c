import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { trainingProgress } from '../../src/experiment/training-progress.js';
import type { EpochRecord } from '../../src/training/run.js';

describe('the progress of a training', () => {
  it('prints at most a dozen lines where a line cannot be redrawn, the last one when all is done', () => {
    const stream = new PassThrough();
    const tell = trainingProgress(50, stream as unknown as NodeJS.WriteStream);
    for (let epoch = 0; epoch <= 50; epoch++) tell(recordOf(epoch));
    const lines = String(stream.read()).trimEnd().split('\n');
    expect(lines.length).to.be.within(2, 12);
    expect(lines[0]).to.match(/^░+ 0\/50 epochs, .*; loss 0\.5000, accuracy 75\.0%$/);
    expect(lines.at(-1)).to.match(/^█+ 50\/50 epochs, /);
  });
});

function recordOf(epoch: number): EpochRecord {
  return {
    epoch,
    trainingLoss: undefined,
    validationLoss: 0.5,
    validationAccuracy: 0.75,
    rate: undefined,
    gradientNorms: {},
  };
}
