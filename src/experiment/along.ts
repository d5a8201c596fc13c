import { aSplit, type Dataset, type Split } from '../data/dataset.js';
import type { EpochRecord } from '../training/run.js';
import type { Recipe } from './experiment.js';
import { loadData } from './load-data.js';
import { requireEpochs } from './snapshots.js';
import { type ModelOf, requireTrial, runTrial, type Trial } from './trial.js';
import { aCount, aFunction, aNumber, numbers, requireKinds } from '../tensor/arguments.js';

/** What was found after some epoch of a trial. */
export type At<Found> = Found & { readonly epoch: number; readonly record: EpochRecord };

/**
 * Carries a trial out again and looks at its network after the given epochs (0 is before training); a run that stops early
 * has fewer.
 * @throws ValueError for an epoch that the experiment does not have.
 * @example await along(trial, [0, 20], (model, { train }) => ({ dead: deadUnits(model, train) }))
 */
export async function along<Of extends Recipe, Found extends object>(
  trial: Trial<Of>,
  epochs: readonly number[],
  look: (model: ModelOf<Of>, data: Dataset) => Found,
): Promise<At<Found>[]> {
  requireTrial('along', trial);
  requireKinds('along', { epochs, look }, { epochs: numbers, look: aFunction });
  requireEpochs(trial, epochs);
  const data = await loadData(trial.experiment, trial.seed);
  const found: At<Found>[] = [];
  await runTrial(trial, {
    data: () => data,
    onEpoch: (record, model) => {
      if (epochs.includes(record.epoch)) found.push({ ...look(model, data), epoch: record.epoch, record });
    },
  });
  return found;
}

/** The first points that lie within the square of a grid, for a picture of a decision boundary. */
export function pointsWithin(
  split: Split,
  count: number,
  extent = 3,
): { readonly x: number; readonly y: number; readonly label: number }[] {
  requireKinds('pointsWithin', { split, count, extent }, { split: aSplit, count: aCount, extent: aNumber });
  const { x, labels } = split;
  const coordinates = x.data();
  const points = [...labels.data()].map((label, k) => ({
    x: coordinates[2 * k]!,
    y: coordinates[2 * k + 1]!,
    label,
  }));
  return points.filter(({ x, y }) => Math.abs(x) <= extent && Math.abs(y) <= extent).slice(0, count);
}
