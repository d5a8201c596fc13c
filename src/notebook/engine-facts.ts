import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { dataTable, type DataTable } from '../figures/table.js';
import { wasmBase64 } from '../kernels/wasm.generated.js';
import {
  convolve,
  exp,
  linear,
  log,
  matmul,
  power,
  sigmoid,
  softmax,
  sqrt,
  sum,
  tanh,
} from '../ops/index.js';
import { random } from '../random/random.js';
import type { Tensor } from '../tensor/tensor.js';
import { fingerprint } from '../training/run.js';
import { libraryCode, packageFolder } from './library-code.js';

/**
 * The first digits of SHA-256 over what this machine computes from fixed inputs: functions, products, sums and drawn numbers in
 * both dtypes. Two machines with the same digits compute alike; with others, results may differ though no code does.
 * @example claim('engine.fingerprint', engineFingerprint())
 */
export function engineFingerprint(): string {
  const results: Record<string, Tensor> = {};
  for (const dtype of ['float64', 'float32'] as const) {
    const draw = random(0).split(dtype);
    const x = draw.normal([67, 33], { dtype });
    const positive = draw.uniform([67, 33], { low: 0.001, high: 30, dtype });
    const images = draw.normal([2, 3, 9, 9], { dtype });
    const kernels = draw.normal([4, 3, 3, 3], { dtype });
    const made = {
      drawn: x,
      exp: exp(x),
      log: log(positive),
      sqrt: sqrt(positive),
      power: power(positive, x),
      tanh: tanh(x),
      sigmoid: sigmoid(x),
      softmax: softmax(x),
      sum: sum(x),
      product: matmul(x, draw.normal([33, 65], { dtype })),
      linear: linear(x, draw.normal([21, 33], { dtype }), draw.normal([21], { dtype })),
      convolution: convolve(images, kernels, draw.normal([4], { dtype })),
    };
    for (const [name, tensor] of Object.entries(made)) results[`${dtype}.${name}`] = tensor;
  }
  return fingerprint(results).slice(0, digits);
}

/** What one needs to know to repeat results: the hashes of code, kernels, arithmetic and of the packages that are asked for. */
export function reproductionTable(): DataTable {
  const { version, engines, dependencies } = JSON.parse(
    readFileSync(join(packageFolder, 'package.json'), 'utf8'),
  ) as { version: string; engines: { node: string }; dependencies: Record<string, string> };
  const packages = Object.entries(dependencies).map(([name, exact]) => `${name} ${exact}\n`);
  return dataTable(
    ['what', 'which'],
    [
      ['gradbook', version],
      ['its compiled code (SHA-256)', libraryCode().slice(0, digits)],
      ['its kernels (SHA-256 of the WebAssembly module)', hashOf(Buffer.from(wasmBase64, 'base64'))],
      ['what they compute from fixed inputs (SHA-256)', engineFingerprint()],
      ['Node', engines.node.replace('>=', 'from ')],
      [
        `its ${packages.length} packages and their versions (SHA-256)`,
        hashOf(Buffer.from(packages.join(''))),
      ],
    ],
  );
}

const digits = 16;

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, digits);
}
