import type { Dataset } from '../data/dataset.js';
import { imageClasses } from '../data/image-classes.js';
import { synth } from '../data/synth.js';
import { type ConvNet, convNet } from '../nn/conv-net.js';
import { Flatten } from '../nn/elementwise.js';
import { Linear } from '../nn/linear.js';
import { type Mlp, mlp } from '../nn/mlp.js';
import { type Sequential, sequential } from '../nn/sequential.js';
import { optimizerFromRecord } from '../optim/record.js';
import { ValueError } from '../tensor/error.js';
import { confusionMatrix } from '../training/predictions.js';
import type { EpochRecord, Run } from '../training/run.js';
import { train } from '../training/train.js';
import { canonicalJson } from './canonical-json.js';
import { anExperiment, isOfPictures, type PointRecipe, type Recipe } from './experiment.js';
import { aNumber, aText, objectWith, requireKinds } from '../tensor/arguments.js';

/** One training of an experiment. */
export interface Trial<Of extends Recipe = Recipe> {
  readonly experiment: Of;
  /** Varies the data and the initial weights, except those for which the experiment names a seed. */
  readonly seed: number;
}

/** The network that a recipe describes. */
export type ModelOf<Of extends Recipe> = Of extends PointRecipe ? Mlp : ConvNet | Sequential;

export interface TrialOptions<Model> {
  /** Told after every epoch, epoch 0 included, together with the network as it is then. */
  readonly onEpoch?: (record: EpochRecord, model: Model) => unknown;
  /** Told after every step, counted from 1 over all epochs, together with the network as it is then. */
  readonly onStep?: (step: number, model: Model) => void;
  readonly signal?: AbortSignal;
  /** Makes the data, reads them, or hands out those that it has; `dataOf` unless said. */
  readonly data?: (recipe: Recipe, seed: number) => Dataset | Promise<Dataset>;
}

export const withData = objectWith(
  { data: objectWith({ kind: aText }, 'the data as a record') },
  'an experiment, such as experiments.relu',
);

const aTrial = objectWith(
  { experiment: anExperiment, seed: aNumber },
  'a trial, such as { experiment: experiments.relu, seed: 1 }',
);

/** Refuses what is no trial, which untyped code may pass. */
export function requireTrial(what: string, trial: unknown): void {
  requireKinds(what, { trial }, { trial: aTrial });
}

const KEPT_NUMBERS = 8_388_608; // 64 MiB of float64

/**
 * Carries out a trial: a pure function of the experiment and the seed, the same bits on every machine. With pictures the run
 * holds the confusion matrix, too.
 * @throws ValueError or GradbookError for an experiment whose parts do not fit together, or whose data are in files that
 *   nobody reads.
 */
export async function runTrial<Of extends Recipe>(
  trial: Trial<Of>,
  options: TrialOptions<ModelOf<Of>> = {},
): Promise<Run> {
  requireTrial('runTrial', trial);
  const { experiment, seed } = trial;
  const { onEpoch, onStep, signal, data: source = dataOf } = options;
  const data = await source(experiment, seed);
  const model = modelOf(experiment);
  const run = await train({
    name: experiment.name,
    data,
    model,
    loss: experiment.loss,
    optimizer: optimizerFromRecord(experiment.optimizer, experiment.schedule),
    epochs: experiment.epochs,
    batchSize: experiment.batchSize,
    seed: experiment.model.seed ?? seed,
    frozen: experiment.model.frozen ?? [],
    replay: true, // our networks do the same in every step
    ...(onEpoch && { onEpoch: (record: EpochRecord) => onEpoch(record, model) }),
    ...(onStep && { onStep: (step: number) => onStep(step, model) }),
    ...(signal && { signal }),
  });
  return isOfPictures(experiment) ? { ...run, confusion: confusionMatrix(model, data.validation) } : run;
}

/** The network of an experiment; a trial draws its initial weights. */
export function modelOf<Of extends Recipe>(recipe: Of): ModelOf<Of>;
export function modelOf(recipe: Recipe): Mlp | ConvNet | Sequential {
  const { model, initializer, dtype } = recipe;
  if (model.kind === 'mlp') {
    const { hidden, activation } = model;
    return mlp({ input: 2, hidden, output: 2, activation, initializer, dtype });
  }
  if (model.kind === 'conv-net') return convNet({ channels: 3, size: 32, classes: 10, initializer, dtype });
  return sequential([new Flatten(), new Linear(3 * 32 * 32, 10, { initializer, dtype })]);
}

/**
 * The data of a trial, unless they are in files.
 * @throws ValueError for data in files, which `loadData` reads.
 */
export function dataOf(experiment: Pick<Recipe, 'data' | 'dtype'>, seed: number): Dataset {
  requireKinds('dataOf', { experiment }, { experiment: withData });
  const { data, dtype } = experiment;
  if (data.kind === 'cifar10') {
    throw new ValueError(
      'the data cifar10 are in files: read them first, with await loadData(experiment, seed)',
    );
  }
  const { train, validation } = data;
  const make = data.kind === 'synth' ? synth : imageClasses;
  return make({ seed: data.seed ?? seed, train, validation, dtype });
}

/** `dataOf` that keeps what it has made lately, since many experiments ask for the data of the same seeds. */
export function keepingData(mostNumbers = KEPT_NUMBERS): typeof dataOf {
  const kept = new Map<string, Dataset>();
  return (recipe, seed) => {
    const { data, dtype } = recipe;
    const key = canonicalJson({ data: { seed, ...data }, dtype });
    const found = kept.get(key) ?? dataOf(recipe, seed);
    kept.delete(key);
    kept.set(key, found); // the latest is the last one
    while (kept.size > 1 && numbersIn(kept.values()) > mostNumbers) kept.delete([...kept.keys()][0]!);
    return found;
  };
}

function numbersIn(datasets: Iterable<Dataset>): number {
  return [...datasets].reduce((sum, { train, validation }) => sum + train.x.size + validation.x.size, 0);
}
