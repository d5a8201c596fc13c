import { aSplit, type Dataset } from '../data/dataset.js';
import { type Loss, type LossName, losses } from '../nn/losses.js';
import { aModel, type Module, type Weights } from '../nn/module.js';
import type { Optimizer } from '../optim/optimizer.js';
import { rateAt } from '../optim/schedule.js';
import { random } from '../random/random.js';
import { GradbookError, ValueError } from '../tensor/error.js';
import { readCheckpoint, type Resumable, type Settings, writeCheckpoint } from './checkpoint.js';
import { evaluate } from './evaluate.js';
import { runEpoch } from './epoch.js';
import { Rehearsal } from './replay.js';
import { type EpochRecord, type Run, type Stop, fingerprint } from './run.js';
import { type Stepper, sumsFor } from './step.js';
import {
  aFunction,
  aText,
  bytes,
  kind,
  listOf,
  objectWith,
  orNothing,
  requireKinds,
} from '../tensor/arguments.js';
import { type OptionNames, requireOptions } from '../tensor/options.js';

export interface TrainOptions {
  readonly data: Dataset;
  /** Its parameters are changed in place. */
  readonly model: Module;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  readonly batchSize: number;
  /**
   * Draws the initial weights from this seed; without it, training goes on from the weights that the model has. What layers
   * draw in training, such as the masks of dropout, comes from a stream of this seed, or of 0.
   */
  readonly seed?: number;
  /** Initial weights by path, for instance those of another program; instead of a seed. */
  readonly initial?: Weights;
  /** Summed over the batch; `cross-entropy` unless said. */
  readonly loss?: LossName | Loss;
  /** Paths of parameters, or of layers, that keep their initial values. */
  readonly frozen?: readonly string[];
  /** How the run is called in tables and figures; the optimizer's name unless said. */
  readonly name?: string;
  /**
   * Told after every epoch, epoch 0 included; training waits for a promise that it returns. `checkpoint()` gives the bytes of
   * a safetensors file with which `resume` goes on from there.
   */
  readonly onEpoch?: (record: EpochRecord, checkpoint: () => Uint8Array) => unknown;
  /**
   * Records what kernels a step calls and, once two steps in a row have called the same, repeats the calls without running
   * `forward` and `backward` again; in later epochs one step that calls the same is enough. The same bits, faster where batches
   * are small. For models that do the same in every step, whatever its number and whatever `onStep` has done; where random
   * numbers are drawn or JavaScript looks at values, nothing is repeated from there on.
   */
  readonly replay?: boolean;
  /** Told after every step, counted from 1 over all epochs, when the parameters have changed. */
  readonly onStep?: (step: number) => void;
  /**
   * Goes on from a checkpoint and ends in the same bits as a run that was never stopped, given the same options otherwise.
   * Optimizer and schedule must be made with the same numbers, which a checkpoint does not know.
   */
  readonly resume?: Uint8Array;
  /** Stops after the epoch that is running, with an error. */
  readonly signal?: AbortSignal;
}

const trainOptions: OptionNames<TrainOptions> = {
  data: true,
  model: true,
  optimizer: true,
  epochs: true,
  batchSize: true,
  seed: true,
  initial: true,
  loss: true,
  frozen: true,
  name: true,
  onEpoch: true,
  replay: true,
  onStep: true,
  resume: true,
  signal: true,
};

const kinds = {
  data: objectWith({ train: aSplit, validation: aSplit }, 'a dataset, such as synth({ seed: 0 })'),
  model: aModel,
  optimizer: objectWith({ start: aFunction }, 'an optimizer, such as sgd({ rate: 0.001 })'),
  frozen: orNothing(listOf(aText, 'a list of layers or parameters by their paths')),
  name: orNothing(aText),
  onEpoch: orNothing(aFunction),
  onStep: orNothing(aFunction),
  replay: orNothing(kind('true or false', (given) => typeof given === 'boolean')),
  resume: orNothing(bytes),
  signal: orNothing(objectWith({ throwIfAborted: aFunction }, 'an AbortSignal')),
};

/**
 * Trains a model on batches in the order of the data, without shuffling; the last batch may be smaller.
 *
 * Same data, seed and options give the same bits, on every machine. When a loss or gradient is NaN or infinite, training
 * stops before the parameters are changed, and the run says where; when an update overflows, it stops after the epoch.
 * @throws ValueError for a batch size or number of epochs that does not fit, GradbookError for a parameter that
 *   gets no gradient, or a tensor that would get one and is no parameter of the model.
 * @example await train({ data, model, optimizer: sgd({ rate: 0.001 }), epochs: 20, batchSize: 128, seed: 1 })
 */
export async function train(options: TrainOptions): Promise<Run> {
  requireOptions('train', options, trainOptions);
  requireKinds('train', options as unknown as Record<keyof typeof kinds, unknown>, kinds);
  const { data, model, optimizer, epochs, batchSize, onEpoch, signal } = options;
  requireFitting(data, epochs, batchSize);
  prepareWeights(options);
  const parameters = Object.entries(model.parameters());
  const loss = lossOf(options.loss ?? 'cross-entropy');
  const trained = trainedPositions(
    parameters.map(([path]) => path),
    options.frozen ?? [],
  );
  const update = optimizer.start(trained.map((k) => parameters[k]![1]));
  const stepper: Stepper = { model, loss, parameters, trained, update, sums: sumsFor(parameters) };
  const training = { model, optimizer: update.state, settings: settingsOf(options, stepper) };
  const rehearsal = options.replay ? new Rehearsal() : undefined;
  const chance = random(options.seed ?? 0).split('training');

  const history = options.resume === undefined ? [] : resumed(training, options.resume, epochs);
  let stopped: Stop | undefined;
  const record = async (
    entry: Pick<EpochRecord, 'trainingLoss' | 'rate' | 'gradientNorms'>,
  ): Promise<void> => {
    const { loss: validationLoss, accuracy: validationAccuracy } = evaluate(model, data.validation, loss);
    history.push({ epoch: history.length, validationLoss, validationAccuracy, ...entry });
    await onEpoch?.(history[history.length - 1]!, () => writeCheckpoint(training, history));
  };

  if (history.length === 0) await record({ trainingLoss: undefined, rate: undefined, gradientNorms: {} });
  for (let epoch = history.length - 1; epoch < epochs && stopped === undefined; epoch++) {
    if (signal !== undefined) await anEventLoopTurn(); // or no timer and no button could ever abort
    signal?.throwIfAborted();
    const rate = rateAt(optimizer.rate, epoch);
    const before = epoch * Math.ceil(data.train.size / batchSize);
    const outcome = runEpoch(stepper, data.train, {
      batchSize,
      rate,
      random: chance.split(epoch),
      rehearsal,
      onStep: (step) => options.onStep?.(before + step),
    });
    if ('parameter' in outcome) stopped = { epoch, ...outcome };
    else await record({ ...outcome, rate });
  }
  return {
    name: options.name ?? optimizer.name,
    history,
    ...(stopped === undefined ? {} : { stopped }),
    fingerprint: fingerprint(model.parameters()),
  };
}

/** The history up to a checkpoint, whose state the training then has. */
function resumed(training: Resumable, checkpoint: Uint8Array, epochs: number): EpochRecord[] {
  const history = readCheckpoint(training, checkpoint);
  if (history.length - 1 <= epochs) return history;
  throw new ValueError(
    `train: the checkpoint is from after epoch ${history.length - 1}, but only ${epochs} epochs are asked for; ask for as many or more`,
  );
}

function settingsOf(options: TrainOptions, { parameters, trained }: Stepper): Settings {
  const { data, optimizer, batchSize, seed = null, loss = 'cross-entropy' } = options;
  return {
    optimizer: optimizer.name,
    loss: typeof loss === 'string' ? loss : 'a function',
    data: data.name,
    instances: data.train.size,
    batchSize,
    seed,
    trained: trained.map((k) => parameters[k]![0]),
  };
}

function anEventLoopTurn(): Promise<void> {
  return new Promise((resume) => setTimeout(resume));
}

function requireFitting(data: Dataset, epochs: number, batchSize: number): void {
  if (!Number.isInteger(epochs) || epochs < 0) {
    throw new ValueError(
      `train: the number of epochs is ${epochs}, but it must be an integer that is not negative`,
    );
  }
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > data.train.size) {
    throw new ValueError(
      `train: the batch size is ${batchSize}, but ${data.name} has ${data.train.size} training instances; choose from 1 to ${data.train.size}`,
    );
  }
}

function prepareWeights({ model, seed, initial }: TrainOptions): void {
  if (seed !== undefined && initial !== undefined) {
    throw new GradbookError(
      'train: both a seed and initial weights are given, and each says where to start; leave one out',
    );
  }
  if (initial !== undefined) model.load(initial);
  if (seed !== undefined) model.initialize(random(seed).split('weights'));
}

function lossOf(loss: LossName | Loss): Loss {
  if (typeof loss === 'function') return loss;
  const known = Object.keys(losses);
  if (known.includes(loss)) return losses[loss];
  throw new ValueError(`train: there is no loss ${loss as string}; there are ${known.join(', ')}`);
}

function trainedPositions(paths: readonly string[], frozen: readonly string[]): number[] {
  const covers = (part: string, path: string): boolean => path === part || path.startsWith(`${part}.`);
  for (const part of frozen) {
    if (paths.some((path) => covers(part, path))) continue;
    throw new GradbookError(
      `train: there is no parameter or layer ${part} to freeze; there are ${paths.join(', ')}`,
    );
  }
  return [...paths.keys()].filter((k) => !frozen.some((part) => covers(part, paths[k]!)));
}
