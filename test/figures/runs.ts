import type { Run } from '../../src/figures/index.js';

/** A made-up training whose accuracy rises from the class prior to `end` around epoch `takeOff`. */
export function madeUpRun(name: string, takeOff: number, end: number, stoppedAt?: number): Run {
  const epochs = stoppedAt ?? 20;
  const history = Array.from({ length: epochs + 1 }, (_, epoch) => {
    const progress = epoch < takeOff ? 0 : 1 - 1 / (1 + epoch - takeOff);
    const accuracy = 0.5446 + (end - 0.5446) * progress;
    const loss = 0.6892 - 0.6 * progress;
    return {
      epoch,
      trainingLoss: epoch === 0 ? undefined : loss,
      validationLoss: loss,
      validationAccuracy: accuracy,
      rate: epoch === 0 ? undefined : 0.001,
      gradientNorms: {},
    };
  });
  if (stoppedAt === undefined) return { name, history };
  return { name, history, stopped: { epoch: stoppedAt, step: 7, parameter: 'layer1.weight', reason: 'NaN' } };
}
