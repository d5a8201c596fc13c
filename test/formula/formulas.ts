import { type Derived, elementwise, of, raw, same, up } from './formula-inputs.js';
import { cubic } from './samples.js';
import { layerFormulas } from './layer-formulas.js';

/** The derivations that the language was made for, with their matrix forms. */
export const formulas: readonly Derived[] = [
  {
    op: 'add a row',
    forward: raw`S_{ij} = X_{ij} + y_j`,
    gradients: [
      raw`X^\nabla_{ij} = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial X_{ij}} = \sum_{kl} S^\nabla_{kl} \delta_{ki} \delta_{lj} = S^\nabla_{ij}`,
      raw`y^\nabla_j = \sum_{kl} S^\nabla_{kl} \frac{\partial S_{kl}}{\partial y_j} = \sum_{kl} S^\nabla_{kl} \delta_{lj} = \sum_k S^\nabla_{kj}`,
      raw`y^\nabla = (S^\nabla)^\top \mathbf 1`,
      raw`y^\nabla_j = \displaystyle \sum\limits_k S^\nabla_{kj} = \sum \nolimits_{k} S^\nabla_{kj}`,
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
  ...layerFormulas,
];
