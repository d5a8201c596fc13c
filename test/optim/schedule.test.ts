import { expect } from 'chai';
import { rateAt, scheduled, type ScheduleRecord } from '../../src/optim/schedule.js';
import { ValueError } from '../../src/tensor/error.js';

describe('a schedule', () => {
  const base = 0.5;
  const epochs = [0, 1, 2, 3, 7, 20];
  const laws: readonly [ScheduleRecord, (e: number) => number][] = [
    [{ kind: 'constant' }, () => base],
    [{ kind: 'step', every: 3, factor: 0.1 }, (e) => base * Math.pow(0.1, Math.floor(e / 3))],
    [{ kind: 'exponential', factor: 1.1 }, (e) => base * Math.pow(1.1, e)],
    [{ kind: 'power', exponent: 1, from: 0 }, (e) => base * e],
    [{ kind: 'power', exponent: 2, from: 1 }, (e) => base * (1 + e) * (1 + e)],
    [{ kind: 'power', exponent: -1, from: 1 }, (e) => base / (1 + e)],
    [{ kind: 'linear', slope: 0.01 }, (e) => base + 0.01 * e],
    [{ kind: 'cosine', epochs: 20 }, (e) => (base * (1 + Math.cos((Math.PI * e) / 20))) / 2],
    [
      { kind: 'cosine', epochs: 7, lowest: 0.1 },
      (e) => 0.1 + (0.4 * (1 + Math.cos((Math.PI * Math.min(e, 7)) / 7))) / 2,
    ],
    [{ kind: 'warm-up', epochs: 3 }, (e) => base * Math.min(1, 1 / 3 + (2 / 3) * (e / 3))],
    [
      { kind: 'warm-up', epochs: 2, start: 0, then: { kind: 'exponential', factor: 0.5 } },
      (e) => (e < 2 ? (base * e) / 2 : base * Math.pow(0.5, e - 2)),
    ],
  ];
  for (const [schedule, law] of laws) {
    it(`${JSON.stringify(schedule)} follows its law`, () => {
      for (const e of epochs)
        expect(scheduled(base, schedule)(e)).to.be.closeTo(law(e), 1e-15 * (1 + law(e)));
    });
  }

  it('gives whole multiples exactly', () => {
    expect(scheduled(1, { kind: 'exponential', factor: 2 })(52)).to.equal(4503599627370496);
    expect(scheduled(1, { kind: 'power', exponent: 2, from: 1 })(8)).to.equal(81);
  });

  it('follows the cosine to the last bit but two at all epochs of a long run', () => {
    const cosine = scheduled(1, { kind: 'cosine', epochs: 1000 });
    for (let e = 0; e <= 1000; e++) {
      expect(cosine(e)).to.be.closeTo((1 + Math.cos((Math.PI * e) / 1000)) / 2, 4e-16);
    }
  });

  const refusals: readonly [number, ScheduleRecord, string][] = [
    [0, { kind: 'constant' }, 'schedule: the learning rate is 0'],
    [
      1,
      { kind: 'step', every: 0, factor: 1 },
      'schedule step: every is 0, but it must be a whole number of epochs',
    ],
    [1, { kind: 'step', every: 1, factor: -1 }, 'step: the factor is -1'],
    [1, { kind: 'exponential', factor: NaN }, 'exponential: the factor is NaN'],
    [1, { kind: 'power', exponent: 0.5, from: 1 }, 'the exponent is 0.5, but it must be a whole number'],
    [1, { kind: 'power', exponent: -1, from: 0 }, 'divides by the epoch, which is 0 at first; start from 1'],
    [1, { kind: 'cosine', epochs: 1.5 }, 'schedule cosine: epochs is 1.5'],
    [1, { kind: 'warm-up', epochs: 1, then: { kind: 'cosine', epochs: 0 } }, 'schedule cosine: epochs is 0'],
  ];
  for (const [rate, schedule, message] of refusals) {
    it(`${JSON.stringify(schedule)} from ${rate} is refused`, () => {
      expect(() => scheduled(rate, schedule)).to.throw(ValueError, message);
    });
  }

  it('may be any function, whose rates are checked when their epoch comes', () => {
    const rate = (epoch: number) => 0.1 - 0.05 * epoch;
    expect(rateAt(rate, 1)).to.equal(0.05);
    expect(() => rateAt(rate, 3)).to.throw(ValueError, /gives the learning rate -0\.05\d* for epoch 3/);
  });
});
