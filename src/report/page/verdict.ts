import type { EpochRecord, Run } from '../../training/run.js';

/** What came of training a published run again. */
export interface Verdict {
  readonly identical: boolean;
  /** One sentence for the reader. */
  readonly text: string;
}

/** Compares a run with the published one, epoch by epoch and bit by bit, and then the hashes of the final weights. */
export function verdictOn(published: Run, fresh: Run): Verdict {
  const epochs = Math.max(published.history.length, fresh.history.length);
  for (let k = 0; k < epochs; k++) {
    const text = firstDifference(k, published.history[k], fresh.history[k]);
    if (text !== undefined) return { identical: false, text };
  }
  if (published.stopped?.step !== fresh.stopped?.step || published.stopped?.epoch !== fresh.stopped?.epoch) {
    return { identical: false, text: `It stopped ${stopOf(fresh)}; the published one ${stopOf(published)}.` };
  }
  if (published.fingerprint !== fresh.fingerprint) {
    const text = 'The histories are identical, but the final weights are not: their hashes differ.';
    return { identical: false, text };
  }
  const last = published.history.length - 1;
  const trained = `${last} of ${last} epochs identical, bit for bit`;
  const stop = published.stopped === undefined ? '' : `, and it stopped ${stopOf(published)}`;
  return { identical: true, text: `${trained}${stop}; the final weights, too.` };
}

const measures = [
  ['trainingLoss', 'training loss'],
  ['validationLoss', 'validation loss'],
  ['validationAccuracy', 'validation accuracy'],
  ['rate', 'learning rate'],
] as const;

function firstDifference(
  epoch: number,
  published: EpochRecord | undefined,
  fresh: EpochRecord | undefined,
): string | undefined {
  if (published === undefined || fresh === undefined) {
    return `Epoch ${epoch}: ${published === undefined ? 'the published run' : 'this run'} did not reach it.`;
  }
  for (const [field, name] of measures) {
    if (Object.is(published[field], fresh[field])) continue;
    return `First difference in epoch ${epoch}: the ${name} is ${String(fresh[field])}, but ${String(published[field])} was published.`;
  }
  const layers = new Set([...Object.keys(published.gradientNorms), ...Object.keys(fresh.gradientNorms)]);
  for (const layer of layers) {
    const [was, is] = [published.gradientNorms[layer], fresh.gradientNorms[layer]];
    if (Object.is(was, is)) continue;
    return `First difference in epoch ${epoch}: the norm of the gradient of ${layer} is ${String(is)}, but ${String(was)} was published.`;
  }
  return undefined;
}

function stopOf({ stopped }: Run): string {
  return stopped === undefined ? 'nowhere' : `in epoch ${stopped.epoch} at step ${stopped.step}`;
}
