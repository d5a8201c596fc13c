import { kernels } from './index.js';

/** $e^x$, the same bits as the kernel `exp` on every engine. */
export const exp: (x: number) => number = kernels.expScalar;

/** $\ln x$; NaN below zero, −∞ at zero. */
export const log: (x: number) => number = kernels.logScalar;

/** The hyperbolic tangent. */
export const tanh: (x: number) => number = kernels.tanhScalar;

/** $1 / (1 + e^{-x})$, with x clamped to ±707 so that no result is denormal. */
export const sigmoid: (x: number) => number = kernels.sigmoidScalar;

/** $x^y$ with the special cases of C's `pow`. */
export const power: (x: number, y: number) => number = kernels.powerScalar;

/** The square root, correctly rounded. */
export const sqrt: (x: number) => number = Math.sqrt;
