import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { Buffers, dtypes, rounded, spread } from './buffers.js';

const [rate, momentum, dampening, decay, alpha, beta1, beta2, epsilon] = [
  0.1, 0.9, 0.3, 0.01, 0.95, 0.8, 0.99, 1e-3,
];
const step = 3;
const [correction1, correction2] = [1 - beta1 ** step, 1 - beta2 ** step];

interface State {
  theta: number;
  g: number;
  first: number;
  second: number;
}

type Pointers = Record<keyof State, number>;
type Kernels = (typeof kernels)['float64'];

/** the kernel's call, and PyTorch's rule for one number */
const rules: Record<
  string,
  [(kernel: Kernels, at: Pointers, n: number) => void, (s: State) => Partial<State>]
> = {
  sgd: [
    (kernel, at, n) => kernel.sgd(at.theta, at.g, n, rate, decay),
    ({ theta, g }) => ({ theta: theta - rate * (g + decay * theta) }),
  ],
  'sgd with momentum and dampening': [
    (kernel, at, n) => kernel.sgdMomentum(at.theta, at.g, at.first, n, rate, momentum, dampening, decay, 0),
    ({ theta, g, first }) => {
      const v = momentum * first + (1 - dampening) * (g + decay * theta);
      return { theta: theta - rate * v, first: v };
    },
  ],
  "sgd with Nesterov's momentum": [
    (kernel, at, n) => kernel.sgdMomentum(at.theta, at.g, at.first, n, rate, momentum, 0, decay, 1),
    ({ theta, g, first }) => {
      const v = momentum * first + (g + decay * theta);
      return { theta: theta - rate * (g + decay * theta + momentum * v), first: v };
    },
  ],
  adam: [
    (kernel, at, n) => kernel.adam(...adamArguments(at, n), 0),
    ({ theta, g, first, second }) => adamRule(theta, g + decay * theta, first, second),
  ],
  adamw: [
    (kernel, at, n) => kernel.adam(...adamArguments(at, n), 1),
    ({ theta, g, first, second }) => adamRule(theta * (1 - rate * decay), g, first, second),
  ],
  rmsprop: [
    (kernel, at, n) => kernel.rmsprop(at.theta, at.g, at.second, n, rate, alpha, epsilon, decay),
    ({ theta, g, second }) => {
      const full = g + decay * theta;
      const s = alpha * second + (1 - alpha) * full * full;
      return { theta: theta - (rate * full) / (Math.sqrt(s) + epsilon), second: s };
    },
  ],
};

for (const dtype of dtypes) {
  describe(`optimizers in ${dtype}`, () => {
    for (const [name, [call, rule]] of Object.entries(rules)) {
      for (const n of [1, 2, 3, 7, 8]) {
        it(`${name} follows PyTorch's rule for ${n} numbers and writes nothing past them`, () => {
          const own = {
            theta: rounded(spread(n, -1, 1), dtype),
            g: rounded(spread(n, 0.7, -0.4), dtype),
            first: rounded(spread(n, -0.2, 0.3), dtype),
            second: rounded(spread(n, 0.1, 0.4), dtype),
          };
          const buffers = new Buffers(dtype);
          const at: Pointers = { theta: 0, g: 0, first: 0, second: 0 };
          for (const key of ['theta', 'g', 'first', 'second'] as const) at[key] = buffers.put(own[key], 1);
          call(kernels[dtype], at, n);
          for (const key of ['theta', 'g', 'first', 'second'] as const) {
            expect(buffers.isExact(at[key], n), `what follows ${key}`).to.be.true;
            buffers.get(at[key], n).forEach((value, i) => {
              const before = {
                theta: own.theta[i]!,
                g: own.g[i]!,
                first: own.first[i]!,
                second: own.second[i]!,
              };
              const expected = { ...before, ...rule(before) }[key];
              expect(value, `${key} ${i}`).to.be.closeTo(expected, dtype === 'float64' ? 1e-14 : 1e-6);
            });
          }
        });
      }
    }
  });
}

function adamArguments(at: Pointers, n: number) {
  const { theta, g, first, second } = at;
  const rates = [rate, beta1, beta2, epsilon, correction1, correction2, decay] as const;
  return [theta, g, first, second, n, ...rates] as const;
}

function adamRule(theta: number, g: number, first: number, second: number): Partial<State> {
  const m = beta1 * first + (1 - beta1) * g;
  const v = beta2 * second + (1 - beta2) * g * g;
  return {
    theta: theta - (rate * (m / correction1)) / (Math.sqrt(v / correction2) + epsilon),
    first: m,
    second: v,
  };
}
