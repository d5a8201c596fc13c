import { expect } from 'chai';
import {
  full,
  numericGradient,
  random,
  synthBoundary,
  transpose,
  bars,
  claim,
  constant,
  dataset,
  derivation,
  divide,
  evaluate,
  fold,
  GradbookError,
  heatmap,
  maxPool,
  mlp,
  ones,
  readCifar10,
  reshape,
  runAll,
  runExperiment,
  sequential,
  summaryTable,
  tensor,
  unfold,
  ValueError,
  withSettings,
  zeros,
} from '../../src/index.js';
import { listOf, aText, objectWith, recordOf, written } from '../../src/tensor/arguments.js';

/** What untyped code may pass. */
const untyped = (value?: unknown): never => value as never;

const part = { x: [[0, 1]], labels: [0] };
const images = ones([1, 1, 4, 4]);
const model = mlp({ input: 2, hidden: [3], output: 2, activation: 'relu' });

describe('arguments of untyped code', () => {
  const refused: readonly [call: () => unknown, message: string][] = [
    [() => dataset(untyped()), 'dataset: given is missing, but it must be data, { classes, train: {'],
    [() => dataset(untyped({})), 'dataset: given is {} without classes, but it must be data, {'],
    [
      () => dataset(untyped({ classes: 2, train: part, validation: null })),
      'dataset: given.validation is null, but it must be the instances and their classes, { x, labels }',
    ],
    [
      () => dataset(untyped({ classes: 2, train: part, validaton: part, validation: part })),
      'dataset: there is no option "validaton". Did you mean "validation"?',
    ],
    [
      () => sequential(untyped([1, 2])),
      'sequential: layers[0] is 1, but it must be a model or a layer, such as mlp(…) or new Linear(2, 8)',
    ],
    [() => sequential(untyped()), 'sequential: layers is missing, but it must be the layers in a list'],
    [
      () => derivation(divide).claim('X', untyped()),
      'claim: latex is missing, but it must be a formula in LaTeX',
    ],
    [
      () => claim('x', untyped()),
      'claim x: the value must be a number, a boolean or a string, but is missing',
    ],
    [() => claim('x', NaN), 'claim x: the value is NaN, which no later run can be compared with'],
    [() => claim('x', 1, untyped(3)), 'claim: 3 was given in place of options; give { tolerance,'],
    [() => claim('x', 1, untyped([0.1])), 'claim: [0.1] was given in place of options; give { tolerance,'],
    [() => claim(untyped(3), 1), 'claim: the name 3 must be words of a-z and 0-9'],
    [() => maxPool(images, 0), 'maxPool: the window is 0 by 0, but its sides must be positive integers'],
    [
      () => maxPool(images, NaN),
      'maxPool: the window is NaN by NaN, but its sides must be positive integers',
    ],
    [() => maxPool(images, 2, { stride: 0 }), 'maxPool: the stride is 0, but it must be a positive integer'],
    [
      () => unfold(images, untyped(2)),
      'unfold: size is 2, but it must be the height and the width of the window',
    ],
    [
      () => fold(ones([1, 4, 9]), untyped([1, 1, 4, 4]), [2, 2]),
      'fold: images is [1, 1, 4, 4] without batch, but it must be the shape of the images, { batch, channels,',
    ],
    [() => zeros(untyped('2')), 'tensor: shape is the text "2", but it must be the lengths of the axes'],
    [
      () => zeros([1e12]),
      'tensor: shape (1000000000000,) holds 1000000000000 numbers, which are 8000000000000 bytes in float64',
    ],
    [() => reshape(ones([4]), untyped(2)), 'reshape: shape is 2, but it must be the lengths of the axes'],
    [() => constant(1, untyped({ requiresGrad: true })), 'constant: there is no option "requiresGrad".'],
    [() => tensor(untyped({ a: 1 })), 'tensor: values is { a }, but a tensor is made of numbers'],
    [
      () => evaluate(model, untyped(part), untyped('cross-entropy')),
      'evaluate: split is { x, labels } without size, but it must be a part of a dataset, such as data.validation',
    ],
    [
      () => withSettings(untyped('relu'), []),
      'withSettings: experiment is the text "relu", but it must be an experiment, such as experiments.relu',
    ],
    [
      () => summaryTable(untyped({})),
      'summaryTable: results is {}, but it must be the results of experiments in a list',
    ],
    [
      () => readCifar10(untyped('data.bin')),
      'readCifar10: bytes is the text "data.bin", but it must be the bytes of',
    ],
    [
      () => bars(untyped([1]), { measure: 'm' }),
      'bars: items[0] is 1, but it must be a bar, { label, value }',
    ],
    [() => full([2], untyped('a')), 'full: value is the text "a", but it must be a number'],
    [() => full([2], untyped(undefined)), 'full: value is missing, but it must be a number'],
    [
      () => random(0).uniform([2], { low: untyped('a') }),
      'uniform: low is the text "a", but it must be a number',
    ],
    [() => random(0).normal([2], { std: untyped(null) }), 'normal: std is null, but it must be a number'],
    [() => synthBoundary(3, 1), 'synthBoundary: points is 1, but it must be an integer from 2 on'],
    [() => transpose(untyped([[1]]), untyped(['1'])), 'transpose: axes is ["1"], but it must be the axes'],
    [
      () => numericGradient(() => [1], [1], tensor([1]), untyped('foo')),
      'numericGradient: there is no scheme the text "foo"; there are central, richardson',
    ],
    [
      () => numericGradient(() => [1], [1, 2], tensor([1])),
      'numericGradient: 2 weights are given for an output of 1 numbers; give one a number',
    ],
    [() => heatmap(untyped([1, 2])), 'heatmap: matrix[0] is 1, but it must be an array of numbers'],
  ];
  for (const [call, message] of refused) {
    it(message, () => {
      expect(call).to.throw(GradbookError).with.property('message').that.satisfies(startsWith(message));
    });
  }

  it('are refused before any work where the answer is a promise', async () => {
    for (const [call, message] of [
      [() => runAll(untyped()), 'runAll: experiments is missing, but it must be a list of experiments'],
      [
        () => runAll(untyped([{}])),
        'runAll: experiments[0] is {} without name, but it must be an experiment',
      ],
      [() => runExperiment(untyped()), 'runExperiment: experiment is missing, but it must be an experiment'],
    ] as const) {
      const error: unknown = await call().catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(ValueError);
      expect((error as Error).message).to.satisfy(startsWith(message));
    }
  });

  it('are named by the place within a list or an object', () => {
    const names = listOf(objectWith({ name: aText }, 'a thing'), 'things');
    expect(names.refusal([{ name: 'a' }, { name: 3 }], 'all')).to.equal(
      'all[1].name is 3, but it must be a text',
    );
    expect(names.refusal([{ name: 'a' }], 'all')).to.equal(undefined);
    expect(recordOf(aText, 'texts').refusal({ a: '', b: null }, 'all')).to.equal(
      'all.b is null, but it must be a text',
    );
    expect(recordOf(aText, 'texts').refusal(['a'], 'all')).to.equal('all is ["a"], but it must be texts');
  });

  it('are written in a few words', () => {
    const found = [undefined, null, 1.5, true, 'x', [1, [2], {}], { a: 1 }, {}, divide, new Map()].map(
      written,
    );
    expect(found).to.deep.equal([
      'missing',
      'null',
      '1.5',
      'true',
      'the text "x"',
      '[1, […], {…}]',
      '{ a }',
      '{}',
      'the function divide',
      'a Map',
    ]);
    expect(written('x'.repeat(100))).to.have.length(69);
  });
});

function startsWith(beginning: string): (message: string) => boolean {
  return (message) => message.startsWith(beginning);
}
