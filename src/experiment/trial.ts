import type { Dataset } from '../data/dataset.js';
import { synth } from '../data/synth.js';
import { type Mlp, mlp } from '../nn/mlp.js';
import { optimizerFromRecord } from '../optim/record.js';
import type { EpochRecord, Run } from '../training/run.js';
import { train } from '../training/train.js';
import { canonicalJson } from './canonical-json.js';
import type { Recipe } from './experiment.js';

/** One training of an experiment. */
export interface Trial {
  readonly experiment: Recipe;
  /** Varies the data and the initial weights, except those for which the experiment names a seed. */
  readonly seed: number;
}

export interface TrialOptions {
  /** Told after every epoch, epoch 0 included, together with the network as it is then. */
  readonly onEpoch?: (record: EpochRecord, model: Mlp) => unknown;
  readonly signal?: AbortSignal;
  /** Makes the data, or hands out those that it has; `dataOf` unless said. */
  readonly data?: typeof dataOf;
}

const KEPT_NUMBERS = 8_388_608; // 64 MiB of float64

/**
 * Carries out a trial: a pure function of the experiment and the seed, the same bits on every machine.
 * @throws ValueError or GradbookError for an experiment whose parts do not fit together.
 */
export async function runTrial({ experiment, seed }: Trial, options: TrialOptions = {}): Promise<Run> {
  const { onEpoch, signal, data = dataOf } = options;
  const model = modelOf(experiment);
  return train({
    name: experiment.name,
    data: data(experiment, seed),
    model,
    loss: experiment.loss,
    optimizer: optimizerFromRecord(experiment.optimizer, experiment.schedule),
    epochs: experiment.epochs,
    batchSize: experiment.batchSize,
    seed: experiment.model.seed ?? seed,
    frozen: experiment.model.frozen ?? [],
    ...(onEpoch && { onEpoch: (record: EpochRecord) => onEpoch(record, model) }),
    ...(signal && { signal }),
  });
}

/** The network of an experiment; a trial draws its initial weights. */
export function modelOf({ model, initializer, dtype }: Recipe): Mlp {
  const { hidden, activation } = model;
  return mlp({ input: 2, hidden, output: 2, activation, initializer, dtype });
}

/** The data of a trial. */
export function dataOf({ data, dtype }: Recipe, seed: number): Dataset {
  const { train, validation } = data;
  return synth({ seed: data.seed ?? seed, train, validation, dtype });
}

/** `dataOf` that keeps what it has made lately, since many experiments ask for the data of the same seeds. */
export function keepingData(mostNumbers = KEPT_NUMBERS): typeof dataOf {
  const kept = new Map<string, Dataset>();
  return (recipe, seed) => {
    const { data, dtype } = recipe;
    const key = canonicalJson({ data: { ...data, seed: data.seed ?? seed }, dtype });
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
