import { cifar10Source } from '../data/image-sources.js';
import { dataFolder, hasImageFiles, howToPlace } from '../data/source-folder.js';
import type { Initializer } from '../nn/initializers.js';
import { losses } from '../nn/losses.js';
import { activations } from '../nn/mlp.js';
import type { OptimizerRecord } from '../optim/record.js';
import { rateAt, scheduled, type ScheduleRecord } from '../optim/schedule.js';
import { GradbookError, ValueError } from '../tensor/error.js';
import {
  type Check,
  either,
  type Fields,
  kinds,
  list,
  number,
  oneOf,
  optional,
  record,
  text,
  truth,
  whole,
} from './checks.js';
import {
  type Experiment,
  isOfPictures,
  type PictureExperiment,
  type PictureRecipe,
  type PointExperiment,
  type PointRecipe,
  type Recipe,
} from './experiment.js';
import { runTrial } from './trial.js';

/**
 * An experiment from JSON, checked field by field.
 * @throws ValueError naming the first field that is unknown, missing or of the wrong kind.
 */
export function readExperiment(value: unknown): Experiment {
  return readRecord(value, '');
}

/**
 * Refuses an experiment with fields that cannot be, or that contradict each other, before any of its trials is started.
 * @throws ValueError or GradbookError beginning with the experiment's name.
 */
export async function requireRunnable(experiment: Experiment): Promise<void> {
  const { name, data, model, optimizer, schedule, epochs, batchSize, seeds } = experiment;
  try {
    readRecord(experiment, '');
    if (data.kind === 'cifar10') requireFiles();
    if (batchSize > data.train) {
      throw new ValueError(
        `the batch size ${batchSize} is larger than data.train ${data.train}; make it smaller`,
      );
    }
    if (data.kind !== 'cifar10' && data.seed !== undefined && model.seed !== undefined && seeds > 1) {
      throw new ValueError(
        `data.seed ${data.seed} and model.seed ${model.seed} make all ${seeds} trials equal; leave one out, or set seeds to 1`,
      );
    }
    const rate = scheduled(optimizer.rate, schedule);
    for (let epoch = 0; epoch < epochs; epoch++) rateAt(rate, epoch);
    await runTrial({ experiment: smallest(experiment), seed: 0 });
  } catch (error) {
    if (!(error instanceof GradbookError)) throw error;
    throw new ValueError(`experiment ${name}: ${error.message}`);
  }
}

/** The same on next to nothing, where pictures are as good as any others of their shape. */
function smallest(experiment: Experiment): Recipe {
  const size = { train: 1, validation: 1 } as const;
  const less = { epochs: 0, batchSize: 1 } as const;
  return isOfPictures(experiment)
    ? { ...experiment, ...less, data: { kind: 'image-classes', ...size } }
    : { ...experiment, ...less, data: { ...experiment.data, ...size } };
}

function requireFiles(): void {
  const folder = dataFolder();
  if (hasImageFiles(cifar10Source, folder)) return;
  throw new ValueError(
    `the files of CIFAR-10 are not all in ${folder}; ${howToPlace(cifar10Source, folder)}`,
  );
}

const sizes = { train: whole(1), validation: whole(1) };
const generated = { ...sizes, seed: optional(whole(0)) };
const start = { frozen: optional(list(text)), seed: optional(whole(0)) };

const pointData = record<PointRecipe['data']>({ kind: oneOf('synth'), ...generated });

const pictureData = kinds<PictureRecipe['data']>({
  'image-classes': record<Data<'image-classes'>>({ kind: oneOf('image-classes'), ...generated }),
  cifar10: record<Data<'cifar10'>>({ kind: oneOf('cifar10'), ...sizes }),
});

const pointModel = record<PointRecipe['model']>({
  kind: oneOf('mlp'),
  hidden: list(whole(1)),
  activation: oneOf(...namesOf(activations)),
  ...start,
});

const pictureModel = kinds<PictureRecipe['model']>({
  'conv-net': record<Model<'conv-net'>>({ kind: oneOf('conv-net'), ...start }),
  linear: record<Model<'linear'>>({ kind: oneOf('linear'), ...start }),
});

type Data<Kind> = Extract<PictureRecipe['data'], { kind: Kind }>;
type Model<Kind> = Extract<PictureRecipe['model'], { kind: Kind }>;

const initializer: Check<Initializer> = either(
  oneOf('glorot', 'glorot-without-root', 'kaiming-uniform'),
  record({ std: number }),
);

type Adam = Extract<OptimizerRecord, { kind: 'adam' }>;

const adamOptions: Omit<Fields<Adam>, 'kind'> = {
  rate: number,
  beta1: optional(number),
  beta2: optional(number),
  epsilon: optional(number),
  weightDecay: optional(number),
};

const optimizer: Check<OptimizerRecord> = kinds<OptimizerRecord>({
  // Which of these exclude each other is a matter of their values, so `sgd` says it.
  sgd: record<{ kind: 'sgd'; rate: number; momentum?: number; nesterov?: boolean; weightDecay?: number }>({
    kind: oneOf('sgd'),
    rate: number,
    momentum: optional(number),
    nesterov: optional(truth),
    weightDecay: optional(number),
  }),
  adam: record<Adam>({ kind: oneOf('adam'), ...adamOptions }),
  adamw: record<Extract<OptimizerRecord, { kind: 'adamw' }>>({ kind: oneOf('adamw'), ...adamOptions }),
  rmsprop: record<Extract<OptimizerRecord, { kind: 'rmsprop' }>>({
    kind: oneOf('rmsprop'),
    rate: number,
    alpha: optional(number),
    epsilon: optional(number),
    weightDecay: optional(number),
  }),
});

type Schedule<Kind> = Extract<ScheduleRecord, { kind: Kind }>;

const schedule: Check<ScheduleRecord> = kinds<ScheduleRecord>({
  constant: record<Schedule<'constant'>>({ kind: oneOf('constant') }),
  step: record<Schedule<'step'>>({ kind: oneOf('step'), every: whole(1), factor: number }),
  exponential: record<Schedule<'exponential'>>({ kind: oneOf('exponential'), factor: number }),
  power: record<Schedule<'power'>>({ kind: oneOf('power'), exponent: number, from: oneOf(0, 1) }),
  linear: record<Schedule<'linear'>>({ kind: oneOf('linear'), slope: number }),
  cosine: record<Schedule<'cosine'>>({ kind: oneOf('cosine'), epochs: whole(1), lowest: optional(number) }),
  'warm-up': record<Schedule<'warm-up'>>({
    kind: oneOf('warm-up'),
    epochs: whole(1),
    start: optional(number),
    then: optional((value, path) => schedule(value, path)),
  }),
});

const training = {
  initializer,
  loss: oneOf(...namesOf(losses)),
  optimizer,
  schedule,
  epochs: whole(0),
  batchSize: whole(1),
  dtype: oneOf('float64', 'float32'),
  seeds: whole(1),
};
const ofPoints = record<PointExperiment>({ name: text, data: pointData, model: pointModel, ...training });
const ofPictures = record<PictureExperiment>({
  name: text,
  data: pictureData,
  model: pictureModel,
  ...training,
});

const dataKinds = { synth: ofPoints, 'image-classes': ofPictures, cifar10: ofPictures };
const modelKinds = { mlp: ofPoints, 'conv-net': ofPictures, linear: ofPictures };

/** What the data are decides which models there can be. */
function readRecord(value: unknown, path: string): Experiment {
  const [data, model] = [kindAt(value, 'data', dataKinds), kindAt(value, 'model', modelKinds)];
  if (data !== undefined && model !== undefined && dataKinds[data] !== modelKinds[model]) {
    const fitting = namesOf(modelKinds).filter((kind) => modelKinds[kind] === dataKinds[data]);
    throw new ValueError(
      `model.kind is ${model}, but data.kind ${data} are ${data === 'synth' ? 'points' : 'pictures'}, for which there is ` +
        `${fitting.join(' and ')}; change one of the two`,
    );
  }
  return data === undefined || dataKinds[data] === ofPoints ? ofPoints(value, path) : ofPictures(value, path);
}

/** The kind that a field of a record names; `undefined` where there is no record, which the checks of its fields will say. */
function kindAt<Kind extends string>(
  value: unknown,
  field: string,
  known: Readonly<Record<Kind, unknown>>,
): Kind | undefined {
  const found = (value as Readonly<Record<string, unknown>> | null | undefined)?.[field];
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
  return oneOf(...namesOf(known))((found as { kind?: unknown }).kind, `${field}.kind`);
}

function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(table) as Name[];
}
