import type { Weights } from '../nn/module.js';
import { ValueError } from '../tensor/error.js';
import type { EpochRecord, Run } from '../training/run.js';
import { anExperiment, type Recipe } from './experiment.js';
import { loadData } from './load-data.js';
import { type ModelOf, modelOf, requireTrial, runTrial, type Trial } from './trial.js';
import { numbers, requireKinds } from '../tensor/arguments.js';

/** A network as it was after some epoch of a trial. */
export interface Snapshot {
  readonly epoch: number;
  readonly record: EpochRecord;
  readonly weights: Weights;
}

/**
 * Carries a trial out again and keeps the weights after the given epochs (0 is before training); a run that stops early
 * has fewer.
 * @throws ValueError for an epoch that the experiment does not have.
 * @example const { snapshots } = await trialWithSnapshots({ experiment: experiments['sigmoid-2020'], seed: 1 }, [0, 5, 20])
 */
export async function trialWithSnapshots(
  trial: Trial,
  epochs: readonly number[],
): Promise<{ readonly run: Run; readonly snapshots: readonly Snapshot[] }> {
  requireTrial('trialWithSnapshots', trial);
  requireKinds('trialWithSnapshots', { epochs }, { epochs: numbers });
  requireEpochs(trial, epochs);
  const snapshots: Snapshot[] = [];
  const run = await runTrial(trial, {
    data: loadData,
    onEpoch: (record, model) => {
      const { epoch } = record;
      if (epochs.includes(epoch)) snapshots.push({ epoch, record, weights: model.weights() });
    },
  });
  return { run, snapshots };
}

/** The network of an experiment with given weights, such as those of a snapshot. */
export function modelWith<Of extends Recipe>(experiment: Of, weights: Weights): ModelOf<Of> {
  requireKinds('modelWith', { experiment }, { experiment: anExperiment });
  const model = modelOf(experiment);
  model.load(weights);
  return model;
}

/** Refuses an epoch that the experiment does not have. */
export function requireEpochs({ experiment }: Trial, epochs: readonly number[]): void {
  const last = experiment.epochs;
  const outside = epochs.find((epoch) => !Number.isInteger(epoch) || epoch < 0 || epoch > last);
  if (outside === undefined) return;
  throw new ValueError(`snapshots: ${experiment.name} has no epoch ${outside}; it has 0 to ${last}`);
}
