import type { EpochRecord } from '../training/run.js';
import { bar, LiveLines } from './live-lines.js';
import { aCount, requireKinds } from '../tensor/arguments.js';

const LINES = 10; // printed at most where a line cannot be redrawn

/**
 * Shows how a training gets on, for `onEpoch` of `train`: on a terminal one line that is redrawn, elsewhere a line now and then.
 * @example await train({ …, epochs: 20, onEpoch: trainingProgress(20) })
 */
export function trainingProgress(
  epochs: number,
  stream: NodeJS.WriteStream = process.stderr,
): (record: EpochRecord) => void {
  requireKinds('trainingProgress', { epochs }, { epochs: aCount });
  const started = performance.now();
  let latest: EpochRecord | undefined;
  const line = (): string => {
    const { epoch, validationLoss, validationAccuracy } = latest!;
    const seconds = (performance.now() - started) / 1000;
    const state = `loss ${validationLoss.toFixed(4)}, accuracy ${(100 * validationAccuracy).toFixed(1)}%`;
    return `${bar(epoch, epochs, 'epochs', seconds)}; ${state}`;
  };
  const live = new LiveLines(stream, () => (latest === undefined ? [] : [line()]));
  const every = Math.max(1, Math.ceil(epochs / LINES));
  return (record) => {
    latest = record;
    if (record.epoch === 0) live.begin();
    if (record.epoch === epochs) live.end();
    if (record.epoch === epochs || (!live.terminal && record.epoch % every === 0)) live.print(line());
  };
}
