import { expect } from 'chai';
import { adam, adamw } from '../../src/optim/adam.js';
import { optimizerFromRecord, type OptimizerRecord } from '../../src/optim/record.js';
import { rmsprop } from '../../src/optim/rmsprop.js';
import { rateAt } from '../../src/optim/schedule.js';
import { sgd } from '../../src/optim/sgd.js';
import { ValueError } from '../../src/tensor/error.js';

describe('the options of an optimizer', () => {
  const rate = 0.1;
  const refusals: readonly [() => unknown, string][] = [
    [() => sgd({ rate: 0 }), 'sgd: the learning rate is 0, but it must be positive and finite'],
    [() => adam({ rate: -1 }), 'adam: the learning rate is -1, but it must be positive and finite'],
    [() => rmsprop({ rate: NaN }), 'rmsprop: the learning rate is NaN, but it must be positive and finite'],
    [
      () => adamw({ rate: Infinity }),
      'adamw: the learning rate is Infinity, but it must be positive and finite',
    ],
    [() => sgd({ rate, momentum: 1 }), 'sgd: the momentum is 1, but it must lie in [0, 1)'],
    [() => adam({ rate, beta1: 1 }), 'adam: the beta1 is 1, but it must lie in [0, 1)'],
    [() => adamw({ rate, beta2: -0.1 }), 'adamw: the beta2 is -0.1, but it must lie in [0, 1)'],
    [() => rmsprop({ rate, alpha: 2 }), 'rmsprop: the alpha is 2, but it must lie in [0, 1)'],
    [() => adam({ rate, epsilon: -1 }), 'adam: the epsilon is -1, but it must be finite and not negative'],
    [
      () => rmsprop({ rate, epsilon: NaN }),
      'rmsprop: the epsilon is NaN, but it must be finite and not negative',
    ],
    [
      () => sgd({ rate, weightDecay: -1 }),
      'sgd: the weight decay is -1, but it must be finite and not negative',
    ],
    [
      () => adamw({ rate, weightDecay: Infinity }),
      'adamw: the weight decay is Infinity, but it must be finite and not negative',
    ],
    [
      () => sgd({ rate, nesterov: true }),
      'sgd: nesterov looks ahead along the velocity, but the momentum is 0; set momentum, for instance 0.9',
    ],
  ];
  for (const [call, message] of refusals) {
    it(`are refused with "${message}"`, () => expect(call).to.throw(ValueError, message));
  }
});

describe('an optimizer record', () => {
  const cases: readonly [OptimizerRecord, string][] = [
    [{ kind: 'sgd', rate: 0.1 }, 'sgd'],
    [{ kind: 'sgd', rate: 0.1, momentum: 0.9 }, 'momentum'],
    [{ kind: 'sgd', rate: 0.1, momentum: 0.9, nesterov: true }, 'nesterov'],
    [{ kind: 'adam', rate: 0.1, beta1: 0.5 }, 'adam'],
    [{ kind: 'adamw', rate: 0.1 }, 'adamw'],
    [{ kind: 'rmsprop', rate: 0.1 }, 'rmsprop'],
  ];
  for (const [record, name] of cases) {
    it(`${JSON.stringify(record)} makes the optimizer ${name}`, () => {
      expect(optimizerFromRecord(record)).to.include({ name, rate: 0.1 });
    });
  }

  it('passes the options on', () => {
    const wrong = (record: OptimizerRecord) => () => optimizerFromRecord(record);
    expect(wrong({ kind: 'adam', rate: 0.1, beta2: 3 })).to.throw('beta2 is 3');
    expect(wrong({ kind: 'sgd', rate: 0.1, momentum: 3 })).to.throw('momentum is 3');
  });

  it('follows its schedule', () => {
    const { rate } = optimizerFromRecord({ kind: 'sgd', rate: 0.1 }, { kind: 'exponential', factor: 2 });
    expect(rateAt(rate, 3)).to.equal(0.8);
  });

  it('does not compile with fields that contradict each other or do not exist', () => {
    // @ts-expect-error without a momentum there is nothing to look ahead along
    const nesterov: OptimizerRecord = { kind: 'sgd', rate: 0.1, nesterov: true };
    // @ts-expect-error rmsprop has no beta1
    const foreign: OptimizerRecord = { kind: 'rmsprop', rate: 0.1, beta1: 0.9 };
    // @ts-expect-error a function is no data
    const byFunction: OptimizerRecord = { kind: 'sgd', rate: () => 0.1 };
    // @ts-expect-error there is no such optimizer
    const unknown: OptimizerRecord = { kind: 'sdg', rate: 0.1 };
    expect([nesterov, foreign, byFunction, unknown]).to.have.length(4);
  });
});
