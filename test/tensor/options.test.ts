import { expect } from 'chai';
import { synth } from '../../src/data/synth.js';
import { checkGradient } from '../../src/derivation/check.js';
import { experiments } from '../../src/experiment/definitions.js';
import { runAll } from '../../src/experiment/run-experiments.js';
import { Conv2d } from '../../src/nn/conv2d.js';
import { Linear } from '../../src/nn/linear.js';
import { mlp } from '../../src/nn/mlp.js';
import { LayerNorm } from '../../src/nn/normalization.js';
import { claim } from '../../src/notebook/claim.js';
import { show } from '../../src/notebook/display.js';
import {
  convolve,
  crossEntropy,
  divide,
  matmul,
  maxPool,
  max,
  standardize,
  sum,
} from '../../src/ops/index.js';
import { adam, adamw } from '../../src/optim/adam.js';
import { rmsprop } from '../../src/optim/rmsprop.js';
import { scheduled } from '../../src/optim/schedule.js';
import { sgd } from '../../src/optim/sgd.js';
import { random } from '../../src/random/random.js';
import { ones, tensor } from '../../src/tensor/creation.js';
import { ValueError } from '../../src/tensor/error.js';
import { train } from '../../src/training/train.js';

/** What untyped code may pass. */
const untyped = (options: object): never => options as never;

describe('options that nothing reads', () => {
  const X = tensor([[1, 2], [3, 4]]); // prettier-ignore
  const image = ones([1, 1, 2, 2]);
  const shape = { input: 2, hidden: [4], output: 2, activation: 'relu' };
  const cases: [call: () => unknown, message: string][] = [
    [
      () => sgd(untyped({ lr: 0.1 })),
      'sgd: there is no option "lr". There are: rate, momentum, nesterov, weightDecay.',
    ],
    [
      () => sgd(untyped({ rate: 0.1, momentun: 0.9 })),
      'sgd: there is no option "momentun". Did you mean "momentum"?',
    ],
    [
      () => adam(untyped({ rate: 0.1, beta: 0.9 })),
      'adam: there is no option "beta". Did you mean "beta1" or "beta2"?',
    ],
    [
      () => adamw(untyped({ rate: 0.1, weightdecay: 0.9 })),
      'adamw: there is no option "weightdecay". Did you mean "weightDecay"?',
    ],
    [
      () => rmsprop(untyped({ rate: 0.1, alfa: 0.9 })),
      'rmsprop: there is no option "alfa". Did you mean "alpha"?',
    ],
    [
      () => scheduled(0.1, untyped({ kind: 'step', every: 2, gamma: 0.5 })),
      'schedule step: there is no option "gamma"',
    ],
    [
      () => scheduled(0.1, untyped({ kind: 'steps' })),
      'schedule: there is no kind "steps"; there are constant, step,',
    ],
    [() => sum(X, untyped({ axes: 1 })), 'sum: there is no option "axes". Did you mean "axis"?'],
    [
      () => max(X, untyped({ axis: 1, keepdims: true })),
      'max: there is no option "keepdims". Did you mean "keepDims"?',
    ],
    [
      () => matmul(X, X, untyped({ transposeY: true })),
      'matmul: there is no option "transposeY". Did you mean "transposeW"',
    ],
    [() => standardize(X, untyped({ axis: 1, eps: 1 })), 'standardize: there is no option "eps"'],
    [
      () => crossEntropy(X, [0, 1], untyped({ reduce: 'mean' })),
      'crossEntropy: there is no option "reduce". There is: reduction.',
    ],
    [
      () => convolve(image, image, ones([1]), untyped({ strides: 1 })),
      'convolve: there is no option "strides". Did you mean "stride"?',
    ],
    [
      () => maxPool(image, 2, untyped({ steps: 1 })),
      'maxPool: there is no option "steps". There is: stride.',
    ],
    [() => tensor(1, untyped({ nam: 'X' })), 'tensor: there is no option "nam". Did you mean "name"?'],
    [() => random(0).uniform([2], untyped({ hi: 1 })), 'uniform: there is no option "hi"'],
    [() => mlp(untyped({ ...shape, init: 'glorot' })), 'mlp: there is no option "init"'],
    [() => new Linear(2, 2, untyped({ bias: false })), 'linear: there is no option "bias"'],
    [() => new Conv2d(1, 1, 2, untyped({ pad: 1 })), 'conv2d: there is no option "pad"'],
    [() => new LayerNorm(2, untyped({ eps: 1 })), 'layerNorm: there is no option "eps"'],
    [
      () => synth(untyped({ seed: 0, training: 10 })),
      'synth: there is no option "training". There are: seed, train',
    ],
    [
      () => checkGradient(divide, { X, Y: X }, untyped({ tol: 1 })),
      'checkGradient: there is no option "tol"',
    ],
    [
      () => claim('x.y', 1, untyped({ tolerence: 1 })),
      'claim: there is no option "tolerence". Did you mean "tolerance"?',
    ],
  ];
  for (const [call, message] of cases) {
    it(`are refused: ${message}`, () => {
      expect(call).to.throw(ValueError).with.property('message').that.includes(message);
    });
  }

  it('are refused by what has to be awaited', async () => {
    const data = synth({ seed: 0, train: 4, validation: 2 });
    const model = mlp({ input: 2, hidden: [2], output: 2, activation: 'relu' });
    const given = { data, model, optimizer: sgd({ rate: 0.1 }), batchSize: 2 };
    const message = async (call: () => Promise<unknown>): Promise<string> =>
      call().then(
        () => 'nothing was refused',
        (error: unknown) => (error as Error).message,
      );
    expect(await message(() => train(untyped({ ...given, epoch: 1 })))).to.equal(
      'train: there is no option "epoch". Did you mean "epochs"?',
    );
    expect(await message(() => runAll([experiments.relu], untyped({ seed: 1 })))).to.include(
      'Did you mean "seeds"?',
    );
    expect(await message(() => show(1, untyped({ title: 'x' })))).to.include(
      'show: there is no option "title"',
    );
  });

  it('names the options when there are none, and what train cannot do without', async () => {
    expect(() => sgd(undefined as never)).to.throw(
      ValueError,
      /^sgd: nothing was given in place of options; give \{ rate, /,
    );
    expect(() => mlp(3 as never)).to.throw(
      ValueError,
      /^mlp: 3 was given in place of options; give \{ input, /,
    );
    const failed = await train({ epochs: 1, batchSize: 1 } as never).catch((error: unknown) => error);
    expect(failed)
      .to.be.instanceOf(ValueError)
      .with.property('message')
      .that.contains('train: data is missing, but it must be');
  });
});
