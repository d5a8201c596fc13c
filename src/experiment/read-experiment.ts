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
import type { Experiment, MlpRecord, SynthRecord } from './experiment.js';
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
    if (batchSize > data.train) {
      throw new ValueError(
        `the batch size ${batchSize} is larger than data.train ${data.train}; make it smaller`,
      );
    }
    if (data.seed !== undefined && model.seed !== undefined && seeds > 1) {
      throw new ValueError(
        `data.seed ${data.seed} and model.seed ${model.seed} make all ${seeds} trials equal; leave one out, or set seeds to 1`,
      );
    }
    const rate = scheduled(optimizer.rate, schedule);
    for (let epoch = 0; epoch < epochs; epoch++) rateAt(rate, epoch);
    const smallest = { ...experiment, epochs: 0, batchSize: 1, data: { ...data, train: 1, validation: 1 } };
    await runTrial({ experiment: smallest, seed: 0 });
  } catch (error) {
    if (!(error instanceof GradbookError)) throw error;
    throw new ValueError(`experiment ${name}: ${error.message}`);
  }
}

const synthRecord = record<SynthRecord>({
  kind: oneOf('synth'),
  train: whole(1),
  validation: whole(1),
  seed: optional(whole(0)),
});

const mlpRecord = record<MlpRecord>({
  kind: oneOf('mlp'),
  hidden: list(whole(1)),
  activation: oneOf(...namesOf(activations)),
  frozen: optional(list(text)),
  seed: optional(whole(0)),
});

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

const readRecord = record<Experiment>({
  name: text,
  data: synthRecord,
  model: mlpRecord,
  initializer,
  loss: oneOf(...namesOf(losses)),
  optimizer,
  schedule,
  epochs: whole(0),
  batchSize: whole(1),
  dtype: oneOf('float64', 'float32'),
  seeds: whole(1),
});

function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(table) as Name[];
}
