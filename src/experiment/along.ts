import type { Split } from '../data/dataset.js';
import { losses } from '../nn/losses.js';
import type { Mlp } from '../nn/mlp.js';
import type { EpochRecord } from '../training/run.js';
import { type ClassGrid, classGrid, type GridOptions } from './boundary.js';
import { deadUnits } from './dead-units.js';
import { type Curvature, curvature } from './hessian.js';
import { modelWith, trialWithSnapshots } from './snapshots.js';
import { dataOf, type Trial } from './trial.js';

/** What was found after some epoch of a trial. */
export type At<Found> = Found & { readonly epoch: number; readonly record: EpochRecord };

/**
 * The curvature of the mean training loss after the given epochs of a trial.
 * @throws ValueError for an epoch that the experiment does not have.
 */
export function curvatureAlong(trial: Trial, epochs: readonly number[]): Promise<At<Curvature>[]> {
  const { train } = dataOf(trial.experiment, trial.seed);
  return along(trial, epochs, (model) => curvature(model, train, losses[trial.experiment.loss]));
}

/**
 * The dead units of each hidden layer after the given epochs of a trial, over the training data.
 * @throws ValueError for an epoch that the experiment does not have, or units that are not ReLUs.
 */
export function deadUnitsAlong(trial: Trial, epochs: readonly number[]): Promise<At<{ dead: number[] }>[]> {
  const { train } = dataOf(trial.experiment, trial.seed);
  return along(trial, epochs, (model) => ({ dead: deadUnits(model, train) }));
}

/**
 * The classes that the network gives to a grid of points after the given epochs of a trial.
 * @throws ValueError for an epoch that the experiment does not have.
 */
export function boundaryAlong(
  trial: Trial,
  epochs: readonly number[],
  options: GridOptions = {},
): Promise<At<ClassGrid>[]> {
  return along(trial, epochs, (model) => classGrid(model, options));
}

/** The first points of the validation data that lie within the square of a grid, for a picture of a decision boundary. */
export function pointsWithin(
  { x, labels }: Split,
  count: number,
  extent = 3,
): { readonly x: number; readonly y: number; readonly label: number }[] {
  const coordinates = x.data();
  const points = [...labels.data()].map((label, k) => ({
    x: coordinates[2 * k]!,
    y: coordinates[2 * k + 1]!,
    label,
  }));
  return points.filter(({ x, y }) => Math.abs(x) <= extent && Math.abs(y) <= extent).slice(0, count);
}

async function along<Found extends object>(
  trial: Trial,
  epochs: readonly number[],
  look: (model: Mlp) => Found,
): Promise<At<Found>[]> {
  const { snapshots } = await trialWithSnapshots(trial, epochs);
  return snapshots.map(({ epoch, record, weights }) => ({
    ...look(modelWith(trial.experiment, weights)),
    epoch,
    record,
  }));
}
