import { type Derived, of, raw, rowReduced, up } from './formula-inputs.js';

/** Formulas of reductions, losses and layers. */
export const layerFormulas: readonly Derived[] = [
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
