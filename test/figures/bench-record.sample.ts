import type { BenchRecord } from '../../src/figures/bench-record.js';

/** Made-up times of made-up programs. */
export const sampleRecord: BenchRecord = {
  machine: { processor: 'Imagined 9000', cores: 2, memoryGiB: 24, system: 'Linux 6.1 x64' },
  date: '2020-11-18',
  versions: { gradbook: '0.1.0', node: '20.20.0' },
  workloads: [
    { name: 'mlp-step', title: '2-8-2 sigmoid MLP, batch 128, float64: one training step', clock: 'cpu' },
    { name: 'cnn-step', title: 'Tutorial CNN, batch 4, float32: one training step', clock: 'cpu' },
    { name: 'matmul', title: 'Matrix product 512, float32', clock: 'cpu' },
  ],
  variants: [
    { name: 'gradbook', title: 'gradbook' },
    { name: 'gradbook-blas', title: 'gradbook --blas' },
    { name: 'plain', title: 'plain TypeScript' },
    { name: 'tfjs-cpu', title: 'tfjs, CPU' },
    { name: 'tfjs-wasm', title: 'tfjs, WebAssembly' },
    { name: 'jax-js', title: 'jax-js' },
    { name: 'torch', title: 'PyTorch, plain loop' },
    { name: 'numpy', title: 'NumPy by hand' },
  ],
  absent: [{ variant: 'tfjs, WebGPU', why: 'needs a browser' }],
  rows: [
    { workload: 'mlp-step', variant: 'gradbook', median_us: 12, minimum_us: 11.5 },
    { workload: 'mlp-step', variant: 'plain', median_us: 108, minimum_us: 100 },
    { workload: 'mlp-step', variant: 'torch', median_us: 148.8, minimum_us: 140 },
    { workload: 'mlp-step', variant: 'numpy', median_us: 36.6, minimum_us: 35 },
    { workload: 'mlp-step', variant: 'tfjs-wasm', median_us: 1680, minimum_us: 1600 },
    { workload: 'mlp-step', variant: 'jax-js', median_us: 1200, minimum_us: 1100 },
    { workload: 'cnn-step', variant: 'gradbook', median_us: 560, minimum_us: 550 },
    { workload: 'cnn-step', variant: 'gradbook-blas', median_us: 280, minimum_us: 270 },
    { workload: 'cnn-step', variant: 'torch', median_us: 900, minimum_us: 880 },
    { workload: 'cnn-step', variant: 'tfjs-cpu', median_us: 9000, minimum_us: 8800 },
    { workload: 'matmul', variant: 'gradbook', median_us: 12345, minimum_us: 12000 },
    { workload: 'matmul', variant: 'gradbook-blas', median_us: 4000, minimum_us: 3900 },
    { workload: 'matmul', variant: 'torch', median_us: 3900, minimum_us: 3800 },
  ],
};
