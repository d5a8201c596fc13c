import type { Module } from '../nn/module.js';
import type { OptimizerState } from '../optim/optimizer.js';
import { GradbookError, ValueError } from '../tensor/error.js';
import type { Tensor } from '../tensor/tensor.js';
import type { EpochRecord } from './run.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { assignAll, optimizerPrefix } from './weights-file.js';

/** What must be equal for a run to go on as if it had never stopped, as far as it can be told. */
export interface Settings {
  readonly optimizer: string;
  readonly loss: string;
  readonly data: string;
  readonly instances: number;
  readonly batchSize: number;
  readonly seed: number | null;
  /** Paths of the parameters that are trained. */
  readonly trained: readonly string[];
}

/** A training between two epochs. */
export interface Resumable {
  readonly model: Module;
  readonly optimizer: OptimizerState;
  readonly settings: Settings;
}

/**
 * All that a training needs to go on in the same bits, as a safetensors file: the model's state by its paths, the optimizer's
 * buffers as `optimizer.<path>.<buffer>`, and settings, steps and history as JSON in the metadata.
 */
export function writeCheckpoint(training: Resumable, history: readonly EpochRecord[]): Uint8Array {
  const { model, optimizer, settings } = training;
  const about = { settings, steps: optimizer.steps, history };
  const json = JSON.stringify(about, (_, value: unknown) =>
    typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
      ? { number: Object.is(value, -0) ? '-0' : String(value) }
      : value,
  );
  return writeSafetensors({ ...model.state(), ...buffersOf(training) }, { gradbook: json });
}

/**
 * Brings a training to where a checkpoint was written, and returns the history up to there.
 * @throws GradbookError listing what differs between the settings, or what does not fit the model; ValueError for a file that
 *   is no checkpoint.
 */
export function readCheckpoint(training: Resumable, bytes: Uint8Array): EpochRecord[] {
  const { metadata, tensors } = readSafetensors(bytes, 'checkpoint');
  if (metadata['gradbook'] === undefined) {
    throw new ValueError(
      'checkpoint: this file has weights, but no training to resume; loadWeights(model, bytes) takes the weights',
    );
  }
  const { settings, steps, history } = JSON.parse(metadata['gradbook'], (_, value: unknown) =>
    isWrittenNumber(value) ? Number(value.number) : value,
  ) as { settings: Settings; steps: number; history: EpochRecord[] };
  requireEqual(settings, training.settings);
  assignAll({ ...training.model.state(), ...buffersOf(training) }, tensors, 'checkpoint', true);
  training.optimizer.steps = steps;
  return history.map((record) => ({ ...record, trainingLoss: record.trainingLoss, rate: record.rate }));
}

function buffersOf({ optimizer, settings }: Resumable): Record<string, Tensor> {
  return Object.fromEntries(
    optimizer.buffers.flatMap((buffers, k) =>
      Object.entries(buffers).map(([name, buffer]) => [
        `${optimizerPrefix}${settings.trained[k]!}.${name}`,
        buffer,
      ]),
    ),
  );
}

function requireEqual(written: Settings, asked: Settings): void {
  const differences = Object.entries(asked).flatMap(([key, value]) => {
    const then = JSON.stringify(written[key as keyof Settings]);
    const now = JSON.stringify(value);
    return then === now ? [] : [`${key} was ${then} and is ${now}`];
  });
  if (differences.length === 0) return;
  throw new GradbookError(
    `checkpoint: it is of another training: ${differences.join('; ')}; resume with the options that it was begun with`,
  );
}

function isWrittenNumber(value: unknown): value is { readonly number: string } {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'number';
}
