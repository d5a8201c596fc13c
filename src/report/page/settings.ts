import type { PointRecipe } from '../../experiment/experiment.js';
import type { Trial } from '../../experiment/trial.js';
import type { Activation } from '../../nn/mlp.js';

/** What a reader can choose. */
export interface Settings {
  readonly rate: number;
  readonly hidden: number;
  /** Standard deviation of the initial weights. */
  readonly scale: number;
  readonly activation: Activation;
  readonly seed: number;
}

/** The values between which each slider moves; ratios are even, so that small ones can be chosen, too. */
export const choices = {
  rate: [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
  hidden: [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32],
  scale: [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.447, 0.6, 0.9, 1.4, 2],
  seed: Array.from({ length: 30 }, (_, k) => k + 1),
} as const;

export const activations: readonly Activation[] = ['sigmoid', 'relu', 'tanh'];

export const defaults: Settings = { rate: 0.001, hidden: 8, scale: 0.447, activation: 'sigmoid', seed: 1 };

/** The settings in the part of an address after `#`, or `undefined` when they are not there; what cannot be is as usual. */
export function settingsFrom(hash: string): Settings | undefined {
  const text = /^#explore:(.*)$/.exec(hash)?.[1];
  if (text === undefined) return undefined;
  const given = new Map(text.split(',').map((part) => part.split('=') as [string, string | undefined]));
  const number = (name: keyof typeof choices): number => {
    const value = Number(given.get(name));
    return (choices[name] as readonly number[]).includes(value) ? value : defaults[name];
  };
  const activation = activations.find((one) => one === given.get('activation')) ?? defaults.activation;
  return {
    rate: number('rate'),
    hidden: number('hidden'),
    scale: number('scale'),
    activation,
    seed: number('seed'),
  };
}

/** The part of the address that holds settings. */
export function hashOf({ rate, hidden, scale, activation, seed }: Settings): string {
  return `#explore:rate=${rate},hidden=${hidden},scale=${scale},activation=${activation},seed=${seed}`;
}

/** The training that settings describe, in all else like a published experiment. */
export function trialOf(
  recipe: PointRecipe,
  { rate, hidden, scale, activation, seed }: Settings,
): Trial<PointRecipe> {
  const experiment: PointRecipe = {
    ...recipe,
    name: 'explored',
    data: { kind: 'synth', train: recipe.data.train, validation: recipe.data.validation },
    model: { kind: 'mlp', hidden: [hidden], activation },
    initializer: { std: scale },
    loss: 'cross-entropy',
    optimizer: { kind: 'sgd', rate },
    schedule: { kind: 'constant' },
    epochs: 20,
  };
  return { experiment, seed };
}
