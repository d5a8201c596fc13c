import { expect } from 'chai';
import { experiments } from '../../src/experiment/definitions.js';
import {
  describe as lineFor,
  type Experiment,
  type PointExperiment,
} from '../../src/experiment/experiment.js';
import { readExperiment, requireRunnable } from '../../src/experiment/read-experiment.js';
import { withSettings } from '../../src/experiment/settings.js';
import { ValueError } from '../../src/tensor/error.js';
import { small } from './small.js';

describe('the definitions', () => {
  const all = Object.entries<Experiment>(experiments);

  it('call each experiment by its key', () => {
    for (const [name, experiment] of all) expect(experiment.name).to.equal(name);
  });

  it('survive JSON unchanged', () => {
    for (const [, experiment] of all) {
      expect(readExperiment(JSON.parse(JSON.stringify(experiment)))).to.deep.equal(experiment);
    }
  });

  it('can all be run', async () => {
    for (const [, experiment] of all) await requireRunnable(experiment);
  });

  it('differ between published and corrected in the initial weights and the loss, and in nothing else', () => {
    const pairs = all.filter(([name]) => `${name}-2020` in experiments);
    expect(pairs).to.have.length.greaterThan(15);
    for (const [name, corrected] of pairs) {
      expect(corrected).to.include({ initializer: 'glorot', loss: 'cross-entropy' });
      expect((experiments as Record<string, Experiment>)[`${name}-2020`]).to.deep.equal({
        ...corrected,
        name: `${name}-2020`,
        initializer: 'glorot-without-root',
        loss: 'softmax-then-log',
      });
    }
  });

  it('are each described in one line of their own', () => {
    const lines = all.map(([, experiment]) => lineFor(experiment));
    expect(lines[0]).to.equal(
      '2-8-2 sigmoid; glorot, cross-entropy; sgd rate 0.001; 20 epochs of 60000 points, 10 seeds',
    );
    expect(new Set(lines).size).to.equal(lines.length);
  });
});

describe('an experiment from JSON', () => {
  const good = JSON.parse(JSON.stringify(experiments.relu)) as Record<string, unknown>;
  const refusals: readonly [string, unknown, string][] = [
    ['no record', [1], 'the experiment is [1], but must be a record in braces'],
    [
      'a missing field',
      { ...good, loss: undefined },
      'loss is missing, but must be one of cross-entropy, softmax-then-log.',
    ],
    [
      'an unknown field',
      { ...good, epoch: 3 },
      'epoch: there is no such field; the fields here are name, data, model, initializer, loss, optimizer, schedule, epochs, batchSize, dtype, seeds. Did you mean "epochs"?',
    ],
    ['an inherited field', { ...good, constructor: 3 }, 'constructor: there is no such field'],
    [
      'a word for a number',
      { ...good, epochs: '20' },
      'epochs is "20", but must be a whole number, at least 0',
    ],
    ['a fraction', { ...good, batchSize: 1.5 }, 'batchSize is 1.5, but must be a whole number, at least 1'],
    [
      'an unknown kind',
      { ...good, optimizer: { kind: 'sdg', rate: 1 } },
      'optimizer.kind is "sdg", but must be one of sgd, adam, adamw, rmsprop. Did you mean "sgd"?',
    ],
    [
      'a field of another kind',
      { ...good, optimizer: { kind: 'rmsprop', rate: 1, beta1: 0.9 } },
      'optimizer.beta1: there is no such field; the fields here are kind, rate, alpha, epsilon, weightDecay.',
    ],
    [
      'an unknown initializer',
      { ...good, initializer: 'glorott' },
      'initializer is "glorott", but must be one of glorot, glorot-without-root, kaiming-uniform. Did you mean "glorot"?',
    ],
    [
      'a std that is no number',
      { ...good, initializer: { std: null } },
      'initializer.std is null, but must be a finite number',
    ],
    [
      'a hidden layer without units',
      { ...good, model: { kind: 'mlp', hidden: [8, 0], activation: 'relu' } },
      'model.hidden[1] is 0, but must be a whole number, at least 1',
    ],
    [
      'a number for a list',
      { ...good, model: { kind: 'mlp', hidden: 8, activation: 'relu' } },
      'model.hidden is 8, but must be a list in brackets',
    ],
    [
      'a wrong schedule within another',
      { ...good, schedule: { kind: 'warm-up', epochs: 3, then: { kind: 'cosine' } } },
      'schedule.then.epochs is missing, but must be a whole number, at least 1',
    ],
    [
      'a schedule from elsewhere',
      { ...good, schedule: { kind: 'power', exponent: 1, from: 2 } },
      'schedule.from is 2, but must be one of 0, 1.',
    ],
    [
      'truth in words',
      { ...good, optimizer: { kind: 'sgd', rate: 1, nesterov: 'yes' } },
      'optimizer.nesterov is "yes", but must be true or false',
    ],
  ];
  for (const [what, json, message] of refusals) {
    it(`is refused for ${what}`, () => expect(() => readExperiment(json)).to.throw(ValueError, message));
  }
});

describe('an experiment whose parts contradict each other', () => {
  const refusals: readonly [Partial<PointExperiment>, string][] = [
    [{ batchSize: 641 }, 'the batch size 641 is larger than data.train 640; make it smaller'],
    [{ epochs: -1 }, 'epochs is -1, but must be a whole number, at least 0'],
    [{ optimizer: { kind: 'sgd', rate: -1 } }, 'the learning rate is -1, but it must be positive and finite'],
    [{ optimizer: { kind: 'adam', rate: 1, beta1: 2 } }, 'adam: the beta1 is 2, but it must lie in [0, 1)'],
    [{ schedule: { kind: 'linear', slope: -1 } }, 'the schedule gives the learning rate -0.999 for epoch 1'],
    [{ initializer: { std: -1 } }, 'the standard deviation is -1'],
    [
      { model: { kind: 'mlp', hidden: [8], activation: 'relu', frozen: ['layers.2'] } },
      'there is no parameter or layer layers.2 to freeze',
    ],
    [
      {
        data: { kind: 'synth', train: 640, validation: 200, seed: 1 },
        model: { kind: 'mlp', hidden: [8], activation: 'relu', seed: 2 },
      },
      'data.seed 1 and model.seed 2 make all 4 trials equal; leave one out, or set seeds to 1',
    ],
  ];
  for (const [changes, message] of refusals) {
    it(`is refused with "${message}"`, async () => {
      const error = await requireRunnable(small('relu', changes)).catch((error: unknown) => error);
      expect(error).to.be.instanceOf(ValueError);
      expect((error as Error).message)
        .to.match(/^experiment relu: /)
        .and.to.contain(message);
    });
  }

  it('does not compile where types can tell', () => {
    const { relu } = experiments;
    // @ts-expect-error there is no such field
    const unknownField: Experiment = { ...relu, epoch: 3 };
    // @ts-expect-error without a momentum there is nothing to look ahead along
    const contradiction: Experiment = { ...relu, optimizer: { kind: 'sgd', rate: 1, nesterov: true } };
    // @ts-expect-error a cosine needs its length
    const incomplete: Experiment = { ...relu, schedule: { kind: 'cosine' } };
    // @ts-expect-error there is no such experiment
    const unknownName = experiments['relu-2021'] as unknown;
    expect([unknownField, contradiction, incomplete, unknownName]).to.have.length(4);
  });
});

describe('settings', () => {
  it('change fields however deep, and the name says so', () => {
    const changed = withSettings(experiments.relu, [
      'optimizer.rate=0.01',
      'model.hidden=[4,4]',
      'initializer=glorot-without-root',
    ]);
    expect(changed).to.deep.equal({
      ...experiments.relu,
      name: 'relu[optimizer.rate=0.01,model.hidden=[4,4],initializer=glorot-without-root]',
      optimizer: { kind: 'sgd', rate: 0.01 },
      model: { kind: 'mlp', hidden: [4, 4], activation: 'relu' },
      initializer: 'glorot-without-root',
    });
    expect(experiments.relu.optimizer.rate).to.equal(0.001);
  });

  it('leave the name as it is when they only say how many seeds', () => {
    expect(withSettings(experiments.relu, ['seeds=3'])).to.deep.equal({ ...experiments.relu, seeds: 3 });
  });

  const refusals: readonly [string, string][] = [
    ['epochs', '--set epochs: this is no path=value, such as optimizer.rate=0.01'],
    ['epochs.last=3', '--set epochs.last: 20 has no field last'],
    ['optimizer.rte=1', 'optimizer.rte: there is no such field'],
    ['__proto__.x=1', '__proto__: there is no such field'],
    ['optimizer.rate=fast', 'optimizer.rate is "fast", but must be a finite number'],
  ];
  for (const [setting, message] of refusals) {
    it(`${setting} is refused`, () =>
      expect(() => withSettings(experiments.relu, [setting])).to.throw(ValueError, message));
  }
});
