import { expect } from 'chai';
import { adam, adamw } from '../../src/optim/adam.js';
import type { Optimizer } from '../../src/optim/optimizer.js';
import { rmsprop } from '../../src/optim/rmsprop.js';
import { sgd } from '../../src/optim/sgd.js';
import { rateAt } from '../../src/optim/schedule.js';
import { constant, tensor } from '../../src/tensor/creation.js';
import type { FloatDType } from '../../src/tensor/dtype.js';

const STEPS = 20;
const START = [1.5, -0.7, 0.2, 3, -2];

/** The gradient of a quadratic bowl whose curvature differs by coordinate, plus a part that changes sign with the step. */
const gradientAt = (theta: readonly number[], step: number): number[] =>
  theta.map((t, k) => (0.3 + 0.5 * k) * t + (step % 3 === 0 ? -0.4 : 0.25));

/** The textbook rule for one coordinate; it keeps its state in `s`. */
type Rule = (theta: number, g: number, s: Record<string, number>, step: number) => number;

const plain: Rule = (theta, g) => theta - 0.05 * g;
const decayed: Rule = (theta, g) => theta - 0.05 * (g + 0.1 * theta);
const heavyBall: Rule = (theta, g, s) => {
  s.v = s.v === undefined ? g : 0.9 * s.v + g;
  return theta - 0.05 * s.v;
};
const nesterov: Rule = (theta, gradient, s) => {
  const g = gradient + 0.1 * theta;
  s.v = s.v === undefined ? g : 0.9 * s.v + g;
  return theta - 0.05 * (g + 0.9 * s.v);
};
const adamRule =
  (beta1: number, beta2: number, epsilon: number, decay: number): Rule =>
  (theta, gradient, s, step) => {
    const g = gradient + decay * theta;
    s.m = beta1 * (s.m ?? 0) + (1 - beta1) * g;
    s.v = beta2 * (s.v ?? 0) + (1 - beta2) * g * g;
    const m = s.m / (1 - Math.pow(beta1, step));
    const v = s.v / (1 - Math.pow(beta2, step));
    return theta - (0.05 * m) / (Math.sqrt(v) + epsilon);
  };
const adamwRule =
  (decay: number): Rule =>
  (theta, g, s, step) =>
    adamRule(0.9, 0.999, 1e-8, 0)(theta, g, s, step) - 0.05 * decay * theta;
const rmspropRule =
  (alpha: number, epsilon: number, decay: number): Rule =>
  (theta, gradient, s) => {
    const g = gradient + decay * theta;
    s.s = alpha * (s.s ?? 0) + (1 - alpha) * g * g;
    return theta - (0.05 * g) / (Math.sqrt(s.s) + epsilon);
  };

const rate = 0.05;
const cases: readonly [string, Optimizer, Rule][] = [
  ['sgd', sgd({ rate }), plain],
  ['sgd with weight decay', sgd({ rate, weightDecay: 0.1 }), decayed],
  ['heavy ball', sgd({ rate, momentum: 0.9 }), heavyBall],
  ['nesterov with weight decay', sgd({ rate, momentum: 0.9, nesterov: true, weightDecay: 0.1 }), nesterov],
  ['adam', adam({ rate }), adamRule(0.9, 0.999, 1e-8, 0)],
  [
    'adam with options of its own',
    adam({ rate, beta1: 0.7, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1 }),
    adamRule(0.7, 0.95, 1e-3, 0.1),
  ],
  ['adamw', adamw({ rate }), adamwRule(0.01)],
  ['adamw with strong decay', adamw({ rate, weightDecay: 0.3 }), adamwRule(0.3)],
  ['rmsprop', rmsprop({ rate }), rmspropRule(0.99, 1e-8, 0)],
  [
    'rmsprop with options of its own',
    rmsprop({ rate, alpha: 0.8, epsilon: 1e-3, weightDecay: 0.1 }),
    rmspropRule(0.8, 1e-3, 0.1),
  ],
];

describe('the trajectory of an optimizer', () => {
  for (const [name, optimizer, rule] of cases) {
    it(`is that of the textbook rule for ${name}, over ${STEPS} steps, to 1e-12`, () => {
      expect(distance(trajectory(optimizer, 'float64'), textbook(rule))).to.be.below(1e-12);
    });

    it(`stays near it in float32 for ${name}`, () => {
      expect(distance(trajectory(optimizer, 'float32'), textbook(rule))).to.be.within(1e-12, 1e-4);
    });

    it(`begins anew in a second training with ${name}`, () => {
      const first = trajectory(optimizer, 'float64');
      expect(trajectory(optimizer, 'float64')).to.deep.equal(first);
    });
  }

  it('is the same for several parameters as for one', () => {
    const optimizer = adam({ rate });
    const parts = [tensor(START.slice(0, 2)), tensor(START.slice(2))];
    const update = optimizer.start(parts);
    for (let step = 1; step <= STEPS; step++) {
      const g = gradientAt(
        parts.flatMap((part) => [...part.data()]),
        step,
      );
      update([constant(g.slice(0, 2)), constant(g.slice(2))], rate);
    }
    expect(parts.flatMap((part) => [...part.data()])).to.deep.equal(trajectory(optimizer, 'float64').at(-1));
  });
});

function trajectory(optimizer: Optimizer, dtype: FloatDType): number[][] {
  const parameter = tensor(START, { dtype });
  const update = optimizer.start([parameter]);
  return Array.from({ length: STEPS }, (_, k) => {
    update([constant(gradientAt([...parameter.data()], k + 1), { dtype })], rateAt(optimizer.rate, 0));
    return [...parameter.data()];
  });
}

function textbook(rule: Rule): number[][] {
  const states = START.map((): Record<string, number> => ({}));
  let theta = START;
  return Array.from({ length: STEPS }, (_, k) => {
    const g = gradientAt(theta, k + 1);
    theta = theta.map((t, i) => rule(t, g[i]!, states[i]!, k + 1));
    return theta;
  });
}

function distance(a: number[][], b: number[][]): number {
  return Math.max(...a.flatMap((row, k) => row.map((x, i) => Math.abs(x - b[k]![i]!))));
}
