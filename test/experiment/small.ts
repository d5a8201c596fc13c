import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { experiments, type PointExperimentName } from '../../src/experiment/definitions.js';
import type { PointExperiment } from '../../src/experiment/experiment.js';
import type { Run } from '../../src/training/run.js';

/** A defined experiment on little data, so that a trial takes some milliseconds. */
export function small(
  name: PointExperimentName = 'relu',
  changes: Partial<PointExperiment> = {},
): PointExperiment {
  const data = { kind: 'synth', train: 640, validation: 200 } as const;
  return { ...experiments[name], data, epochs: 3, batchSize: 64, seeds: 4, ...changes };
}

/** Hands a test a new folder and removes it afterwards. */
export async function inFolder(test: (folder: string) => unknown): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gradbook-test-'));
  try {
    await test(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run with these validation accuracies, that stopped after them if so wanted. */
export function runOf(accuracies: readonly number[], stopped = false): Run {
  const history = accuracies.map((validationAccuracy, epoch) => ({
    epoch,
    trainingLoss: epoch === 0 ? undefined : 1 / (1 + epoch),
    validationLoss: 1 - validationAccuracy,
    validationAccuracy,
    rate: epoch === 0 ? undefined : 0.1,
    gradientNorms: epoch === 0 ? {} : { 'layers.0': epoch, 'layers.1': 2 * epoch },
  }));
  const stop = { epoch: history.length - 1, step: 7, parameter: 'loss', reason: 'the loss is NaN' };
  return { name: 'made up', history, fingerprint: 'f00d', ...(stopped && { stopped: stop }) };
}
