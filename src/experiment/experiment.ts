import type { Initializer } from '../nn/initializers.js';
import type { LossName } from '../nn/losses.js';
import type { Activation } from '../nn/mlp.js';
import type { OptimizerRecord } from '../optim/record.js';
import type { ScheduleRecord } from '../optim/schedule.js';
import type { FloatDType } from '../tensor/dtype.js';

/** The points that the networks learn from; see `synth`. */
export interface SynthRecord {
  readonly kind: 'synth';
  /** Training points. */
  readonly train: number;
  /** Validation points. */
  readonly validation: number;
  /** Draws the data from this seed in every trial; without it they vary with the trial's seed. */
  readonly seed?: number;
}

/** A multilayer perceptron, as wide at its ends as the data ask. */
export interface MlpRecord {
  readonly kind: 'mlp';
  /** Units of each hidden layer, the first first. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** Paths of parameters, or of layers, that keep their initial values, such as `layers.2`. */
  readonly frozen?: readonly string[];
  /** Draws the initial weights from this seed in every trial; without it they vary with the trial's seed. */
  readonly seed?: number;
}

/**
 * What a training needs as plain data; only the seed is missing.
 *
 * A trial's seed varies both the data and the initial weights (by independent streams of random numbers), unless the
 * data or the model name a seed of their own.
 */
export interface Recipe {
  readonly name: string;
  readonly data: SynthRecord;
  readonly model: MlpRecord;
  readonly initializer: Initializer;
  /** Summed over the batch. */
  readonly loss: LossName;
  readonly optimizer: OptimizerRecord;
  /** How the optimizer's rate changes with the epoch. */
  readonly schedule: ScheduleRecord;
  readonly epochs: number;
  readonly batchSize: number;
  readonly dtype: FloatDType;
}

/** An experiment as plain data: a recipe and how often it is tried. */
export interface Experiment extends Recipe {
  /** How many trials are made unless said: those with the seeds 1, 2, … up to this. */
  readonly seeds: number;
}

/** One line for people: network, initial weights, loss, optimizer and rate. */
export function describe(experiment: Experiment): string {
  const { data, model, initializer, loss, optimizer, schedule, epochs, seeds } = experiment;
  const units = ['2', ...model.hidden, '2'].join('-');
  const frozen = model.frozen === undefined ? '' : ` with ${model.frozen.join(', ')} frozen`;
  const start = typeof initializer === 'string' ? initializer : `std ${initializer.std}`;
  const { kind, ...options } = optimizer;
  return [
    `${units} ${model.activation}${frozen}`,
    `${start}, ${loss}`,
    `${kind} ${settings(options)}${schedule.kind === 'constant' ? '' : `, ${describeSchedule(schedule)}`}`,
    `${epochs} epochs of ${data.train} points, ${seeds} seeds`,
  ].join('; ');
}

function describeSchedule({ kind, ...options }: Experiment['schedule']): string {
  return `${kind} schedule ${settings(options)}`;
}

function settings(options: object): string {
  return Object.entries(options)
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ');
}
