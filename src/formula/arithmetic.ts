import { exp, log, power, sigmoid, tanh } from '../kernels/math.js';

/** A function of one number and its derivative. */
export interface ScalarFunction {
  readonly value: (x: number) => number;
  readonly derivative: (x: number) => number;
}

/** The operations that a formula needs, on numbers of some kind. */
export interface Arithmetic<T> {
  readonly constant: (x: number) => T;
  readonly value: (x: T) => number;
  readonly add: (x: T, y: T) => T;
  readonly multiply: (x: T, y: T) => T;
  readonly divide: (x: T, y: T) => T;
  readonly negate: (x: T) => T;
  readonly power: (x: T, y: T) => T;
  readonly apply: (f: ScalarFunction, x: T) => T;
}

export const plain: Arithmetic<number> = {
  constant: (x) => x,
  value: (x) => x,
  add: (x, y) => x + y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  negate: (x) => -x,
  power,
  apply: (f, x) => f.value(x),
};

/** $x + x' \varepsilon$ with $\varepsilon^2 = 0$: a value and its derivative, carried through every operation. */
export interface Dual {
  readonly value: number;
  readonly slope: number;
}

export const dual: Arithmetic<Dual> = {
  constant: (value) => ({ value, slope: 0 }),
  value: (x) => x.value,
  add: (x, y) => ({ value: x.value + y.value, slope: x.slope + y.slope }),
  multiply: (x, y) => ({ value: x.value * y.value, slope: x.slope * y.value + x.value * y.slope }),
  divide: (x, y) => {
    const value = x.value / y.value;
    return { value, slope: (x.slope - value * y.slope) / y.value };
  },
  negate: (x) => ({ value: -x.value, slope: -x.slope }),
  power: (x, y) => {
    const value = power(x.value, y.value);
    const byBase = x.slope === 0 ? 0 : y.value * power(x.value, y.value - 1) * x.slope;
    const byExponent = y.slope === 0 ? 0 : value * log(x.value) * y.slope;
    return { value, slope: byBase + byExponent };
  },
  apply: (f, x) => ({ value: f.value(x.value), slope: x.slope === 0 ? 0 : f.derivative(x.value) * x.slope }),
};

/** The functions that need no definition. */
export const builtIn: Readonly<Record<string, ScalarFunction>> = {
  exp: { value: exp, derivative: exp },
  log: { value: log, derivative: (x) => 1 / x },
  tanh: { value: tanh, derivative: (x) => 1 - tanh(x) * tanh(x) },
  sigma: { value: sigmoid, derivative: (x) => sigmoid(x) * (1 - sigmoid(x)) },
  sqrt: { value: Math.sqrt, derivative: (x) => 0.5 / Math.sqrt(x) },
  relu: { value: (x) => (x <= 0 ? 0 : x), derivative: (x) => (x > 0 ? 1 : 0) },
};
