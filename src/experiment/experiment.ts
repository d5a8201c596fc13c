import type { Initializer } from '../nn/initializers.js';
import type { LossName } from '../nn/losses.js';
import type { Activation } from '../nn/mlp.js';
import type { OptimizerRecord } from '../optim/record.js';
import type { ScheduleRecord } from '../optim/schedule.js';
import type { FloatDType } from '../tensor/dtype.js';
import { aNumber, aText, objectWith } from '../tensor/arguments.js';

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

/** Generated pictures of ten classes; see `imageClasses`. */
export interface ImageClassesRecord {
  readonly kind: 'image-classes';
  /** Training pictures. */
  readonly train: number;
  /** Validation pictures. */
  readonly validation: number;
  /** Draws the pictures from this seed in every trial; without it they vary with the trial's seed. */
  readonly seed?: number;
}

/** The photographs of CIFAR-10, from its files; see `cifar10`. */
export interface Cifar10Record {
  readonly kind: 'cifar10';
  /** How many of the first training pictures, 50,000 at most. */
  readonly train: number;
  /** How many of the first test pictures, 10,000 at most. */
  readonly validation: number;
}

/** What all models can name. */
interface Start {
  /** Paths of parameters, or of layers, that keep their initial values, such as `layers.2`. */
  readonly frozen?: readonly string[];
  /** Draws the initial weights from this seed in every trial; without it they vary with the trial's seed. */
  readonly seed?: number;
}

/** A multilayer perceptron, as wide at its ends as the data ask. */
export interface MlpRecord extends Start {
  readonly kind: 'mlp';
  /** Units of each hidden layer, the first first. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
}

/** The convolutional network of PyTorch's tutorial; see `convNet`. */
export interface ConvNetRecord extends Start {
  readonly kind: 'conv-net';
}

/** One linear layer from all brightnesses of a picture to the classes: what needs no network. */
export interface LinearRecord extends Start {
  readonly kind: 'linear';
}

/** A training with points of the plane. */
export interface PointRecipe extends Training {
  readonly data: SynthRecord;
  readonly model: MlpRecord;
}

/** A training with pictures. */
export interface PictureRecipe extends Training {
  readonly data: ImageClassesRecord | Cifar10Record;
  readonly model: ConvNetRecord | LinearRecord;
}

/**
 * What a training needs as plain data; only the seed is missing.
 *
 * A trial's seed varies both the data and the initial weights (by independent streams of random numbers), unless the
 * data are in files, or data or model name a seed of their own.
 */
export type Recipe = PointRecipe | PictureRecipe;

/** What trainings name whatever they learn. */
interface Training {
  readonly name: string;
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

interface Repeated {
  /** How many trials are made unless said: those with the seeds 1, 2, … up to this. */
  readonly seeds: number;
}

export type PointExperiment = PointRecipe & Repeated;
export type PictureExperiment = PictureRecipe & Repeated;

/** An experiment as plain data: a recipe and how often it is tried. */
export type Experiment = PointExperiment | PictureExperiment;

/** Whether pictures are learnt, which decides what models there can be. */
export function isOfPictures<Given extends Recipe>(recipe: Given): recipe is Extract<Given, PictureRecipe> {
  return recipe.data.kind !== 'synth';
}

/** One line for people: network, initial weights, loss, optimizer and rate. */
export function describe(experiment: Experiment): string {
  const { data, model, initializer, loss, optimizer, schedule, epochs, seeds } = experiment;
  const network =
    model.kind === 'mlp' ? `${['2', ...model.hidden, '2'].join('-')} ${model.activation}` : model.kind;
  const instances = data.kind === 'synth' ? 'points' : `pictures of ${data.kind}`;
  const frozen = model.frozen === undefined ? '' : ` with ${model.frozen.join(', ')} frozen`;
  const start = typeof initializer === 'string' ? initializer : `std ${initializer.std}`;
  const { kind, ...options } = optimizer;
  return [
    `${network}${frozen}`,
    `${start}, ${loss}`,
    `${kind} ${settings(options)}${schedule.kind === 'constant' ? '' : `, ${describeSchedule(schedule)}`}`,
    `${epochs} epochs of ${data.train} ${instances}, ${seeds} seeds`,
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

const part = objectWith({ kind: aText }, 'a record with its kind');

export const anExperiment = objectWith(
  { name: aText, data: part, model: part, optimizer: part, epochs: aNumber },
  'an experiment, such as experiments.relu',
);
