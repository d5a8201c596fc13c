import type { ScalarFunction } from '../../src/formula/arithmetic.js';
import { cubic, type Ingredient } from './samples.js';

/** A forward formula, the derivation of each gradient, and inputs of several shapes. */
export interface Derived {
  readonly op: string;
  readonly forward: string;
  readonly gradients: readonly string[];
  readonly inputs: readonly Readonly<Record<string, Ingredient | number>>[];
  readonly functions?: Readonly<Record<string, ScalarFunction>>;
}

const raw = String.raw;
const up = 'S^\\nabla';
type Shape = readonly number[];

/** Ingredients of the same kind in several shapes. */
function of(...names: string[]): (...shapes: Shape[]) => Record<string, Ingredient> {
  return (...shapes) => Object.fromEntries(names.map((name, k) => [name, { shape: shapes[k]! }]));
}

const same = (names: string[], low = -2, high = 2) =>
  [
    [3, 4],
    [2, 2],
    [1, 5],
    [4, 1],
  ].map((shape) => ({
    ...Object.fromEntries(names.map((name) => [name, { shape, low, high }])),
    [up]: { shape },
  }));
const rowReduced = [
  [3, 4],
  [2, 2],
  [4, 3],
].map(([n, m]) => of('X', up)([n!, m!], [n!]));

const elementwise = (
  op: string,
  forward: string,
  slope: string,
  gradient: string,
  low = -2,
  high = 2,
): Derived => ({
  op,
  forward: `S_{ij} = ${forward}`,
  gradients: [
    raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} ${slope} \delta_{ki} \delta_{lj} = ${gradient}`,
  ],
  inputs: same(['X'], low, high),
  functions: { f: cubic },
});

/** The derivations that the language was made for, with their matrix forms. */
export const formulas: readonly Derived[] = [
  {
    op: 'add a row',
    forward: raw`S_{ij} = X_{ij} + y_j`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{ki} \delta_{lj} = S^\nabla_{ij}`,
      raw`y^\nabla_j = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial y_j} = \sum_{kl} S^\nabla_{kl} \delta_{lj} = \sum_k S^\nabla_{kj}`,
      raw`y^\nabla = (S^\nabla)^\top \mathbf 1`,
    ],
    inputs: [
      [3, 4],
      [2, 2],
      [1, 5],
    ].map(([n, m]) => of('X', 'y', up)([n!, m!], [m!], [n!, m!])),
  },
  {
    op: 'subtract',
    forward: raw`S = X - Y`,
    gradients: [
      raw`Y^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial Y_{ij}} = \sum_{kl} S^\nabla_{kl} (-\delta_{ki} \delta_{lj}) = -S^\nabla_{ij}`,
      raw`Y^\nabla = -S^\nabla`,
    ],
    inputs: same(['X', 'Y']),
  },
  {
    op: 'multiply',
    forward: raw`S = X \odot Y`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} Y_{kl} \delta_{ki} \delta_{lj} = S^\nabla_{ij} Y_{ij}`,
      raw`X^\nabla = S^\nabla \odot Y, \quad Y^\nabla = X \odot S^\nabla`,
    ],
    inputs: same(['X', 'Y']),
  },
  {
    op: 'divide',
    forward: raw`S_{ij} = \frac{X_{ij}}{Y_{ij}}`,
    gradients: [
      raw`X^\nabla_{ij} = \frac{\partial \ell}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \frac{\delta_{ki}\delta_{lj}}{Y_{kl}} = \frac{S^\nabla_{ij}}{Y_{ij}}`,
      raw`Y^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial Y_{ij}} = \sum_{kl} S^\nabla_{kl} \left(-\frac{X_{kl}}{Y_{kl}^2}\right) \delta_{ki}\delta_{lj} = -\frac{S^\nabla_{ij} X_{ij}}{Y_{ij}^2}`,
      raw`X^\nabla = S^\nabla \oslash Y`,
      raw`Y^\nabla = -S^\nabla \odot S \oslash Y = -S^\nabla \odot X \oslash Y^{\odot 2}`,
    ],
    inputs: same(['X', 'Y'], 0.5, 2),
  },
  elementwise('any function', raw`f(X_{ij})`, raw`f'(X_{kl})`, raw`S^\nabla_{ij} f'(X_{ij})`),
  elementwise('negate', raw`-X_{ij}`, raw`(-1)`, raw`-S^\nabla_{ij}`),
  elementwise('exp', raw`e^{X_{ij}}`, raw`e^{X_{kl}}`, raw`S^\nabla_{ij} S_{ij}`),
  elementwise('log', raw`\log X_{ij}`, raw`\frac{1}{X_{kl}}`, raw`\frac{S^\nabla_{ij}}{X_{ij}}`, 0.5, 2),
  elementwise(
    'sqrt',
    raw`\sqrt{X_{ij}}`,
    raw`\frac{1}{2\sqrt{X_{kl}}}`,
    raw`\frac{S^\nabla_{ij}}{2 S_{ij}}`,
    0.5,
    2,
  ),
  elementwise(
    'sigmoid',
    raw`\sigma(X_{ij})`,
    raw`\sigma(X_{kl}) (1 - \sigma(X_{kl}))`,
    raw`S^\nabla_{ij} S_{ij} (1 - S_{ij})`,
  ),
  elementwise(
    'sigmoid written out',
    raw`\frac{1}{1 + e^{-X_{ij}}}`,
    raw`\sigma'(X_{kl})`,
    raw`S^\nabla_{ij} S_{ij} (1 - S_{ij})`,
  ),
  elementwise(
    'tanh',
    raw`\tanh X_{ij}`,
    raw`\left(1 - \tanh^2(X_{kl})\right)`,
    raw`S^\nabla_{ij} (1 - S_{ij}^2)`,
  ),
  elementwise('relu', raw`\max(X_{ij}, 0)`, raw`[X_{kl} > 0]`, raw`S^\nabla_{ij} \mathbf{1}[X_{ij} > 0]`),
  {
    op: 'any function, in matrix form',
    forward: raw`S = f(X)`,
    gradients: [raw`X^\nabla = S^\nabla \odot f'(X)`],
    inputs: [...same(['X']), of('X', up)([5], [5]), of('X', up)([2, 3, 2], [2, 3, 2])],
    functions: { f: cubic },
  },
  {
    op: 'sigmoid, tanh and relu in matrix form',
    forward: raw`S = \sigma(X), \quad A = \tanh(X), \quad R = \max(X, 0)`,
    gradients: [
      raw`X^\nabla = S^\nabla \odot S \odot (\mathbf 1 - S) + A^\nabla \odot (1 - A \odot A) + R^\nabla \odot [X > 0]`,
    ],
    inputs: [
      [3, 4],
      [2, 2],
    ].map((shape) => of('X', up, 'A^\\nabla', 'R^\\nabla')(shape, shape, shape, shape)),
  },
  {
    op: 'power',
    forward: raw`S_{ij} = X_{ij}^{Y_{ij}}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} Y_{kl} X_{kl}^{Y_{kl} - 1} \delta_{ki} \delta_{lj} = S^\nabla_{ij} Y_{ij} X_{ij}^{Y_{ij} - 1}`,
      raw`Y^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial Y_{ij}} = \sum_{kl} S^\nabla_{kl} S_{kl} \log(X_{kl}) \delta_{ki} \delta_{lj} = S^\nabla_{ij} S_{ij} \log X_{ij}`,
    ],
    inputs: same(['X', 'Y'], 0.5, 2),
  },
  {
    op: 'matrix product X W',
    forward: raw`S_{ab} = \sum_c X_{ac} W_{cb}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{ab} S^\nabla_{ab} \frac{\partial S_{ab}}{\partial X_{ij}} = \sum_{abc} S^\nabla_{ab} W_{cb} \delta_{ai} \delta_{cj} = \sum_b S^\nabla_{ib} W_{jb} = (S^\nabla W^\top)_{ij}`,
      raw`W^\nabla_{ij} = \sum_{ab} S^\nabla_{ab} \frac{\partial S_{ab}}{\partial W_{ij}} = \sum_{abc} S^\nabla_{ab} X_{ac} \delta_{ci} \delta_{bj} = \sum_a X_{ai} S^\nabla_{aj}`,
      raw`X^\nabla = S^\nabla W^\top`,
      raw`W^\nabla = X^\top S^\nabla`,
    ],
    inputs: [
      of('X', 'W', up)([3, 4], [4, 2], [3, 2]),
      of('X', 'W', up)([2, 2], [2, 2], [2, 2]),
      of('X', 'W', up)([1, 3], [3, 5], [1, 5]),
    ],
  },
  {
    op: 'matrix product X W^T',
    forward: raw`S_{ab} = \sum_c X_{ac} W_{bc}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{ab} S^\nabla_{ab} \frac{\partial S_{ab}}{\partial X_{ij}} = \sum_{abc} S^\nabla_{ab} W_{bc} \delta_{ai} \delta_{cj} = \sum_b S^\nabla_{ib} W_{bj}`,
      raw`W^\nabla_{ij} = \sum_{ab} S^\nabla_{ab} \frac{\partial S_{ab}}{\partial W_{ij}} = \sum_{abc} S^\nabla_{ab} X_{ac} \delta_{bi} \delta_{cj} = \sum_a S^\nabla_{ai} X_{aj}`,
      raw`X^\nabla = S^\nabla W, \quad W^\nabla = (S^\nabla)^\top X`,
    ],
    inputs: [of('X', 'W', up)([3, 4], [2, 4], [3, 2]), of('X', 'W', up)([2, 3], [5, 3], [2, 5])],
  },
  {
    op: 'matrix product W X^T',
    forward: raw`S = W X^\top`,
    gradients: [
      raw`X^\nabla = {S^\nabla}^\top W, \quad W^\nabla = S^\nabla X`,
      raw`X^\nabla_{ij} = \sum_b S^\nabla_{bi} W_{bj}`,
    ],
    inputs: [of('X', 'W', up)([3, 4], [2, 4], [2, 3]), of('X', 'W', up)([2, 3], [5, 3], [5, 2])],
  },
  {
    op: 'matrix product in batches',
    forward: raw`S_{bij} = \sum_k X_{bik} Y_{bkj}`,
    gradients: [
      raw`X^\nabla_{bij} = \sum_{akl} S^\nabla_{akl} \frac{\partial S_{akl}}{\partial X_{bij}} = \sum_{aklp} S^\nabla_{akl} Y_{apl} \delta_{ab} \delta_{ki} \delta_{pj} = \sum_l S^\nabla_{bil} Y_{bjl}`,
      raw`Y^\nabla_{bij} = \sum_{akl} S^\nabla_{akl} \frac{\partial S_{akl}}{\partial Y_{bij}} = \sum_k X_{bki} S^\nabla_{bkj}`,
    ],
    inputs: [of('X', 'Y', up)([2, 3, 2], [2, 2, 4], [2, 3, 4])],
  },
  {
    op: 'linear',
    forward: raw`S_{ij} = \sum_k X_{ik} W_{kj} + b_j`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{ki} W_{jl} = \sum_l S^\nabla_{il} W_{jl}`,
      raw`W^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial W_{ij}} = \sum_{kl} S^\nabla_{kl} X_{ki} \delta_{lj} = \sum_k X_{ki} S^\nabla_{kj}`,
      raw`b^\nabla_j = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial b_j} = \sum_{kl} S^\nabla_{kl} \delta_{lj} = \sum_k S^\nabla_{kj}`,
      raw`S = X W + \mathbf 1 b^\top`,
      raw`X^\nabla = S^\nabla W^\top, \quad W^\nabla = X^\top S^\nabla, \quad b^\nabla = (S^\nabla)^\top \mathbf 1`,
    ],
    inputs: [
      of('X', 'W', 'b', up)([3, 4], [4, 2], [2], [3, 2]),
      of('X', 'W', 'b', up)([2, 2], [2, 3], [3], [2, 3]),
    ],
  },
  {
    op: 'transpose',
    forward: raw`S_{ij} = X_{ji}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{li} \delta_{kj} = S^\nabla_{ji}`,
      raw`X^\nabla = (S^\nabla)^\top`,
    ],
    inputs: [of('X', up)([3, 4], [4, 3]), of('X', up)([2, 2], [2, 2])],
  },
  {
    op: 'expand a vector to 16 columns',
    forward: raw`S_{kl} = x_k`,
    gradients: [
      raw`x^\nabla_i = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial x_i} = \sum_{kl} S^\nabla_{kl} \delta_{ki} = \sum_{l=1}^{16} S^\nabla_{il}`,
      raw`S = x \mathbf 1_{16}^\top`,
      raw`x^\nabla = S^\nabla \mathbf 1_{16} = S^\nabla \mathbf 1`,
    ],
    inputs: [of('x', up)([3], [3, 16]), of('x', up)([5], [5, 16])],
  },
  {
    op: 'normalize',
    forward: raw`S_{ij} = \frac{X_{ij}}{s_i}, \quad s_i = \sum_k X_{ik}`,
    gradients: [
      raw`\frac{\partial S_{kl}}{\partial X_{ij}} = \delta_{ki}\left(\frac{\delta_{lj}}{s_i} - \frac{X_{il}}{s_i^2}\right) \Rightarrow X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{ki}\left(\frac{\delta_{lj}}{s_i} - \frac{X_{il}}{s_i^2}\right) = \frac{S^\nabla_{ij}}{s_i} - \frac{1}{s_i^2}\sum_l S^\nabla_{il} X_{il}`,
      raw`\sum_j X^\nabla_{ij} X_{ij} = 0`,
      raw`s^\nabla_i = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial s_i} = -\sum_l \frac{S^\nabla_{il} X_{il}}{s_i^2}`,
    ],
    inputs: [
      [3, 4],
      [2, 2],
      [4, 3],
    ].map((shape) => ({ X: { shape, low: 0.5, high: 2 }, [up]: { shape } })),
  },
  {
    op: 'softmax',
    forward: raw`S_{ij} = \frac{e^{X_{ij}}}{\sum_k e^{X_{ik}}}`,
    gradients: [
      raw`\frac{\partial S_{kl}}{\partial X_{ij}} = \delta_{ki} S_{kl} (\delta_{lj} - S_{kj}) \Rightarrow X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_l S^\nabla_{il} S_{il} (\delta_{lj} - S_{ij}) = S_{ij} \left(S^\nabla_{ij} - \sum_l S^\nabla_{il} S_{il}\right)`,
      raw`X^\nabla = S \odot \left(S^\nabla - (S^\nabla \odot S) \mathbf 1 \mathbf 1^\top\right)`,
      raw`S_{ij} = \frac{e^{X_{ij} - \max_k X_{ik}}}{\sum_l e^{X_{il} - \max_k X_{ik}}}`,
    ],
    inputs: same(['X']),
  },
  {
    op: 'log-softmax',
    forward: raw`S_{ij} = X_{ij} - \log \sum_k e^{X_{ik}}`,
    gradients: [
      raw`\frac{\partial S_{kl}}{\partial X_{ij}} = \delta_{ki} \left(\delta_{lj} - e^{S_{ij}}\right), \quad X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_l S^\nabla_{il} \left(\delta_{lj} - e^{S_{ij}}\right) = S^\nabla_{ij} - e^{S_{ij}} \sum_l S^\nabla_{il}`,
    ],
    inputs: same(['X']),
  },
  {
    op: 'sum over everything',
    forward: raw`S = \sum_{ij} X_{ij}`,
    gradients: [
      raw`X^\nabla_{ij} = S^\nabla \frac{\partial S}{\partial X_{ij}} = S^\nabla \sum_{kl} \delta_{ki} \delta_{lj} = S^\nabla`,
      raw`X^\nabla = S^\nabla \mathbf 1 \mathbf 1^\top`,
    ],
    inputs: [
      [3, 4],
      [2, 2],
    ].map((shape) => of('X', up)(shape, [])),
  },
  {
    op: 'sum over columns',
    forward: raw`S_i = \sum_j X_{ij}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_k S^\nabla_k \frac{\partial S_k}{\partial X_{ij}} = \sum_{kl} S^\nabla_k \delta_{ki} \delta_{lj} = S^\nabla_i`,
      raw`X^\nabla = S^\nabla \mathbf 1^\top`,
    ],
    inputs: rowReduced,
  },
  {
    op: 'mean',
    forward: raw`S = \frac{1}{nm} \sum_{ij} X_{ij}, \quad X \in \mathbb R^{n \times m}`,
    gradients: [
      raw`X^\nabla_{ij} = S^\nabla \frac{\partial S}{\partial X_{ij}} = \frac{S^\nabla}{nm} \sum_{kl} \delta_{ki} \delta_{lj} = \frac{S^\nabla}{nm}`,
    ],
    inputs: [
      [3, 4],
      [2, 2],
    ].map((shape) => of('X', up)(shape, [])),
  },
  {
    op: 'mean over columns',
    forward: raw`S_i = \frac{1}{m} \sum_{j=1}^m X_{ij}, \quad X \in \mathbb{R}^{n \times m}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_k S^\nabla_k \frac{\partial S_k}{\partial X_{ij}} = \sum_{kl} \frac{S^\nabla_k}{m} \delta_{ki} \delta_{lj} = \frac{S^\nabla_i}{m}`,
    ],
    inputs: rowReduced,
  },
  {
    op: 'max over columns',
    forward: raw`S_i = \max_k X_{ik}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_l S^\nabla_l \frac{\partial S_l}{\partial X_{ij}} = \sum_l S^\nabla_l \delta_{li} \left[j = \operatorname{argmax}_k X_{lk}\right] = S^\nabla_i \left[j = \operatorname{argmax}_k X_{ik}\right] = S^\nabla_i [X_{ij} = S_i]`,
    ],
    inputs: rowReduced,
  },
  {
    op: 'max over everything',
    forward: raw`S = \max_{ij} X_{ij}`,
    gradients: [raw`X^\nabla_{ij} = S^\nabla \frac{\partial S}{\partial X_{ij}} = S^\nabla [X_{ij} = S]`],
    inputs: [
      [3, 4],
      [2, 2],
    ].map((shape) => of('X', up)(shape, [])),
  },
  {
    op: 'select',
    forward: raw`S_i = X_{i t_i}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_k S^\nabla_k \frac{\partial S_k}{\partial X_{ij}} = \sum_k S^\nabla_k \delta_{ki} \delta_{t_k j} = S^\nabla_i [j = t_i]`,
      raw`X^\nabla = S^\nabla \mathbf 1^\top \odot \operatorname{onehot}(t)`,
    ],
    inputs: [
      [3, 4],
      [5, 2],
    ].map(([n, m]) => ({ X: { shape: [n!, m!] }, t: { shape: [n!], labels: m! }, [up]: { shape: [n!] } })),
  },
  {
    op: 'cross-entropy, summed',
    forward: raw`S = \sum_i \left(\log \sum_k e^{Z_{ik}} - Z_{i t_i}\right), \quad P_{ij} = \frac{e^{Z_{ij}}}{\sum_k e^{Z_{ik}}}`,
    gradients: [
      raw`Z^\nabla_{ij} = S^\nabla \frac{\partial S}{\partial Z_{ij}} = S^\nabla \sum_k \delta_{ki} \left(P_{kj} - [j = t_k]\right) = S^\nabla (P_{ij} - [j = t_i])`,
      raw`Z^\nabla = S^\nabla (P - \operatorname{onehot}(t))`,
      raw`S = -\sum_{ij} [j = t_i] \log P_{ij} = -\sum_i \log P_{i t_i}`,
    ],
    inputs: [
      [3, 4],
      [5, 2],
    ].map(([n, m]) => ({ Z: { shape: [n!, m!] }, t: { shape: [n!], labels: m! }, [up]: { shape: [] } })),
  },
  {
    op: 'negative log-likelihood, mean',
    forward: raw`S = -\frac{1}{n} \sum_i X_{i t_i}, \quad X \in \mathbb R^{n \times m}`,
    gradients: [
      raw`X^\nabla_{ij} = S^\nabla \frac{\partial S}{\partial X_{ij}} = -\frac{S^\nabla}{n} [j = t_i]`,
    ],
    inputs: [
      [3, 4],
      [5, 2],
    ].map(([n, m]) => ({ X: { shape: [n!, m!] }, t: { shape: [n!], labels: m! }, [up]: { shape: [] } })),
  },
  {
    op: 'reshape',
    forward: raw`S_{kl} = \sum_{ij} [(k-1)q + l = (i-1)m + j] X_{ij}, \quad X \in \mathbb R^{n \times m}, \quad S \in \mathbb R^{p \times q}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} [(k-1)q + l = (i-1)m + j]`,
    ],
    inputs: [of('X', up)([3, 4], [2, 6]), of('X', up)([2, 2], [4, 1])],
  },
  {
    op: 'flatten',
    forward: raw`S_k = \sum_{ij} \delta_{k, (i-1)m + j} X_{ij}, \quad X \in \mathbb R^{n \times m}`,
    gradients: [raw`X^\nabla_{ij} = \sum_k S^\nabla_k \delta_{k, (i-1)m + j} = S^\nabla_{(i-1)m + j}`],
    inputs: [of('X', up)([3, 4], [12]), of('X', up)([2, 2], [4])],
  },
  {
    op: 'convolution in two dimensions',
    forward: raw`S_{ij} = \sum_{ab} X_{i+a-1, j+b-1} K_{ab}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{klab} S^\nabla_{kl} K_{ab} \delta_{i, k+a-1} \delta_{j, l+b-1} = \sum_{ab} S^\nabla_{i-a+1, j-b+1} K_{ab}`,
      raw`K^\nabla_{ab} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial K_{ab}} = \sum_{kl} S^\nabla_{kl} X_{k+a-1, l+b-1}`,
    ],
    inputs: [of('X', 'K', up)([4, 5], [2, 3], [3, 3]), of('X', 'K', up)([3, 3], [2, 2], [2, 2])],
  },
  {
    op: 'convolution with stride 2 and padding 1',
    forward: raw`S_i = \sum_{a=0}^{2} X_{2(i-1)+a} K_{a+1}`,
    gradients: [
      raw`X^\nabla_j = \sum_i S^\nabla_i \frac{\partial S_i}{\partial X_j} = \sum_i \sum_{a=0}^2 S^\nabla_i K_{a+1} [2(i-1) + a = j]`,
    ],
    inputs: [of('X', 'K', up)([6], [3], [3]), of('X', 'K', up)([7], [3], [4])],
  },
  {
    op: 'max-pooling',
    forward: raw`S_i = \max_{a=1}^{2} X_{2(i-1)+a}`,
    gradients: [
      raw`X^\nabla_j = \sum_i S^\nabla_i \frac{\partial S_i}{\partial X_j} = \sum_i S^\nabla_i \left[j = 2(i-1) + \operatorname{argmax}_{a=1}^{2} X_{2(i-1)+a}\right]`,
    ],
    inputs: [of('X', up)([6], [3]), of('X', up)([4], [2]), of('X', up)([12], [6])],
  },
  {
    op: 'convolution with channels, stride and padding',
    forward: raw`S_{boij} = \sum_{cpq} X_{b, c, s(i-1)+p-d, s(j-1)+q-d} K_{ocpq}`,
    gradients: [
      raw`X^\nabla_{bckl} = \sum_{aoij} S^\nabla_{aoij} \frac{\partial S_{aoij}}{\partial X_{bckl}} = \sum_{oijpq} S^\nabla_{boij} K_{ocpq} [s(i-1) + p - d = k] [s(j-1) + q - d = l]`,
      raw`K^\nabla_{ocpq} = \sum_{bmij} S^\nabla_{bmij} \frac{\partial S_{bmij}}{\partial K_{ocpq}} = \sum_{bij} S^\nabla_{boij} X_{b, c, s(i-1)+p-d, s(j-1)+q-d}`,
    ],
    inputs: [
      { ...of('X', 'K', up)([2, 1, 4, 3], [2, 1, 2, 2], [2, 2, 3, 2]), s: 2, d: 1 },
      { ...of('X', 'K', up)([1, 2, 3, 3], [1, 2, 2, 2], [1, 1, 2, 2]), s: 1, d: 0 },
    ],
  },
  {
    op: 'average-pooling in two dimensions',
    forward: raw`S_{ij} = \frac{1}{4} \sum_{a,b=1}^{2} X_{2(i-1)+a, 2(j-1)+b}`,
    gradients: [
      raw`X^\nabla_{kl} = \sum_{ij} S^\nabla_{ij} \frac{\partial S_{ij}}{\partial X_{kl}} = \frac{1}{4} \sum_{ij} \sum_{a,b=1}^{2} S^\nabla_{ij} [2(i-1) + a = k, 2(j-1) + b = l]`,
    ],
    inputs: [of('X', up)([4, 6], [2, 3]), of('X', up)([4, 4], [2, 2])],
  },
  {
    op: 'max-pooling in two dimensions',
    forward: raw`S_{ij} = \max_{a,b=1}^{2} X_{2(i-1)+a, 2(j-1)+b}`,
    gradients: [
      raw`X^\nabla_{kl} = \sum_{ij} S^\nabla_{ij} \frac{\partial S_{ij}}{\partial X_{kl}} = \sum_{ij} S^\nabla_{ij} [X_{kl} = S_{ij}, 1 \le k - 2(i-1) \le 2, 1 \le l - 2(j-1) \le 2]`,
    ],
    inputs: [of('X', up)([4, 6], [2, 3]), of('X', up)([4, 4], [2, 2]), of('X', up)([6, 6], [3, 3])],
  },
  {
    op: 'layer normalization',
    forward: raw`S_{ij} = \frac{X_{ij} - \mu_i}{\sqrt{v_i + \varepsilon}}, \quad \mu_i = \frac{1}{m} \sum_k X_{ik}, \quad v_i = \frac{1}{m} \sum_k (X_{ik} - \mu_i)^2, \quad X \in \mathbb R^{n \times m}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \frac{1}{\sqrt{v_i + \varepsilon}} \left(S^\nabla_{ij} - \frac{1}{m} \sum_k S^\nabla_{ik} - S_{ij} \frac{1}{m} \sum_k S^\nabla_{ik} S_{ik}\right)`,
    ],
    inputs: [
      { ...of('X', up)([3, 4], [3, 4]), '\\varepsilon': 0.1 },
      { ...of('X', up)([2, 5], [2, 5]), '\\varepsilon': 0.001 },
    ],
  },
  {
    op: 'dropout with a given mask',
    forward: raw`S_{ij} = \frac{M_{ij} X_{ij}}{1 - p}`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \frac{M_{kl}}{1 - p} \delta_{ki} \delta_{lj} = \frac{S^\nabla_{ij} M_{ij}}{1 - p}`,
    ],
    inputs: [{ ...of('X', up)([3, 4], [3, 4]), M: { shape: [3, 4], labels: 2 }, p: 0.25 }],
  },
];
