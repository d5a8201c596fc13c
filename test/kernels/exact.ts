// Elementary functions to some 300 binary digits in whole numbers: the truth that kernels are measured against.

/** mantissa · 2^exponent */
export interface Real {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const BITS = 320;
const ONE = 1n << BigInt(BITS);
const LN2 = 2n * atanh(ONE / 3n);

/** How many units in the last place of `exact` (with 52 or 23 bits of fraction) `actual` is away from it. */
export function ulpsOff(actual: number, exact: Real, fraction: 52 | 23): number {
  if (!Number.isFinite(actual)) return Infinity;
  const unit = Math.max(magnitude(exact) - fraction, fraction === 52 ? -1074 : -149);
  const value = realOf(actual);
  const lowest = Math.min(value.exponent, exact.exponent, unit);
  const scaled = (x: Real) => x.mantissa << BigInt(x.exponent - lowest);
  const difference = scaled(value) - scaled(exact);
  return Number(((difference < 0n ? -difference : difference) << 10n) >> BigInt(unit - lowest)) / 1024;
}

export function exactExp(x: number): Real {
  return expOf(fixed(realOf(x)));
}

export function exactLog(x: number): Real {
  return { mantissa: logOf(x), exponent: -BITS };
}

/** tanh x = (e^2x − 1) / (e^2x + 1) */
export function exactTanh(x: number): Real {
  const { mantissa, exponent } = exactExp(2 * Math.abs(x));
  const one = 1n << BigInt(-exponent);
  const ratio = ((mantissa - one) << BigInt(BITS)) / (mantissa + one);
  return { mantissa: x < 0 ? -ratio : ratio, exponent: -BITS };
}

/** sigmoid x = E / (E + 1) for E = e^|x|, or 1 / (E + 1) where x < 0 */
export function exactSigmoid(x: number): Real {
  const { mantissa, exponent } = exactExp(Math.abs(x));
  const whole = mantissa << BigInt(Math.max(exponent, 0)); // e^|x| and 1, in units of 2^min(exponent, 0)
  const one = 1n << BigInt(Math.max(-exponent, 0));
  const scale = BITS + 1100;
  return { mantissa: ((x < 0 ? one : whole) << BigInt(scale)) / (whole + one), exponent: -scale };
}

/** x^y for x > 0 */
export function exactPower(x: number, y: number): Real {
  const { mantissa, exponent } = realOf(y);
  const product = mantissa * logOf(x);
  return expOf(exponent >= 0 ? product << BigInt(exponent) : product >> BigInt(-exponent));
}

function realOf(x: number): Real {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 1n << 52n);
  return { mantissa: x < 0 ? -fraction : fraction, exponent: Math.max(biased, 1) - 1075 };
}

/** In units of 2^−BITS, rounded down. */
function fixed({ mantissa, exponent }: Real): bigint {
  const shift = exponent + BITS;
  return shift >= 0 ? mantissa << BigInt(shift) : mantissa >> BigInt(-shift);
}

/** ⌊log2 |x|⌋ */
function magnitude({ mantissa, exponent }: Real): number {
  return (mantissa < 0n ? -mantissa : mantissa).toString(2).length - 1 + exponent;
}

function expOf(x: bigint): Real {
  const n = x / LN2;
  const r = x - n * LN2;
  let sum = ONE;
  let term = ONE;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = (term * r) / (ONE * k);
    sum += term;
  }
  return { mantissa: sum, exponent: Number(n) - BITS };
}

function logOf(x: number): bigint {
  const real = realOf(x);
  const n = magnitude(real);
  const m = fixed({ mantissa: real.mantissa, exponent: real.exponent - n }); // in [1, 2)
  return 2n * atanh(((m - ONE) << BigInt(BITS)) / (m + ONE)) + BigInt(n) * LN2;
}

function atanh(z: bigint): bigint {
  const square = (z * z) >> BigInt(BITS);
  let sum = 0n;
  for (let power = z, k = 1n; power !== 0n && power !== -1n; k += 2n) {
    sum += power / k;
    power = (power * square) >> BigInt(BITS);
  }
  return sum;
}
