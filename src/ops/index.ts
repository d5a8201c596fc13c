/** The registry: every op that this file exports is under every check, in the table of ops and in the notebooks. */
export { add, divide, multiply, power, subtract } from './arithmetic.js';
export { exp, log, negate, sqrt } from './functions.js';
export { relu, sigmoid, tanh } from './activation.js';
export { linear, matmul } from './matmul.js';
export { convolve } from './convolution.js';
export { expand, sumTo } from './broadcast.js';
export { fold, unfold } from './unfold.js';
export { max, mean, sum } from './reduce.js';
export { reshape, transpose } from './layout.js';
export { scatter, select } from './select.js';
export { logSoftmax, normalize, softmax } from './softmax.js';
export { crossEntropy, nll } from './loss.js';
export { averagePool, maxPool } from './pooling.js';
export { standardize } from './normalization.js';
export { dropout } from './dropout.js';
