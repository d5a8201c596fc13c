import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { productKernels } from '../../src/experiment/blas-kernels.js';
import { trainCommand } from '../../src/experiment/commands.js';
import type { Operands } from '../../src/experiment/matrix-product.js';
import { enableBlas } from '../../src/experiment/openblas.js';
import { kernels } from '../../src/kernels/index.js';
import { dtypes } from '../kernels/buffers.js';
import { skipFor } from '../skips.js';
import { inFolder } from './small.js';

// OpenBLAS, once enabled, stays until a process ends, so whatever enables it runs in a process of its own.

describe('OpenBLAS on request', () => {
  before(function () {
    this.timeout(30_000);
    const { status, stderr } = evaluate('');
    if (stderr.includes('no OpenBLAS was found')) skipFor(this, 'libopenblas0-pthread');
    expect(status, stderr).to.equal(0);
  });

  it('computes what our own kernels compute: their tests, whose sums are exact in any order, pass with it', () => {
    const files = [
      'test/experiment/with-blas.ts',
      'test/kernels/matmul.test.ts',
      'test/kernels/convolution.test.ts',
      'test/ops/values.test.ts',
      'test/training/replay.test.ts',
    ];
    const { status, stdout } = node(['node_modules/mocha/bin/mocha.js', ...files]);
    expect(stdout).to.match(/^\s+\d{2,} passing/m);
    expect(status, stdout).to.equal(0);
  }).timeout(60_000);

  it('survives that the memory grows', () => {
    const { status, stdout, stderr } = evaluate(`
      import { memory } from './src/kernels/index.js';
      import { full } from './src/tensor/creation.js';
      import { matmul } from './src/ops/matmul.js';
      const before = memory.buffer.byteLength;
      const [x, w] = [full([1000, 1500], 1), full([1500, 1000], 2)];
      const product = matmul(x, w).data();
      console.log(memory.buffer.byteLength > before, product.every((value) => value === 3000));`);
    expect(status, stderr).to.equal(0);
    expect(stdout).to.equal('true true\n');
  }).timeout(30_000);

  it('asks Linux for large pages under the memory', function () {
    if (!existsSync('/sys/kernel/mm/transparent_hugepage')) skipFor(this, 'Linux with large pages');
    const { stdout } = evaluate(`
      import { readFileSync } from 'node:fs';
      console.log(/^VmFlags:.* hg\\b/m.test(readFileSync('/proc/self/smaps', 'utf8')));`);
    expect(stdout).to.equal('true\n');
  }).timeout(30_000);

  it('marks the fingerprints of runs, on worker threads too, and keeps nothing', () =>
    inFolder((folder) => {
      const store = join(folder, 'runs');
      const { status, stdout, stderr } = evaluate(`
        import { experiments } from './src/experiment/definitions.js';
        import { runExperiment } from './src/experiment/run-experiments.js';
        const small = { data: { kind: 'synth', train: 640, validation: 200 }, epochs: 1 };
        const { runs } = await runExperiment({ ...experiments.relu, ...small }, { seeds: 2, workers: 2, store: ${JSON.stringify(store)} });
        console.log(runs.map(({ fingerprint }) => fingerprint.replace(/[0-9a-f]{64}/, 'HASH')).join(' '));`);
      expect(status, stderr).to.equal(0);
      expect(stdout).to.equal('openblas:HASH openblas:HASH\n');
      expect(existsSync(store)).to.be.false;
      return Promise.resolve();
    })).timeout(30_000);

  it('prints what a notebook states, but claims nothing', () => {
    const { stdout } = evaluate(`
      import { claim } from './src/notebook/claim.js';
      globalThis[Symbol.for('gradbook.session')] = { display: (data) => console.log(JSON.stringify(data)) };
      claim('accuracy', 0.5);`);
    expect(JSON.parse(stdout)).to.deep.equal({
      'text/plain': 'claim accuracy = 0.5 (computed with openblas, so it is not claimed)',
    });
  }).timeout(30_000);
});

describe('what is said about OpenBLAS', () => {
  it('a library that is not there is named, and how to install it', async () => {
    const problem = await enableBlas({ library: '/nowhere/libopenblas.so' }).catch((error: unknown) => error);
    expect(String(problem)).to.match(
      /no OpenBLAS was found \(looked for \/nowhere\/libopenblas\.so\); install it \(Debian/,
    );
  });

  it('train refuses to keep what it computes', async () => {
    const write = process.stderr.write.bind(process.stderr);
    let said = '';
    process.stderr.write = (text) => (said += String(text)) !== '';
    const code = await trainCommand(['relu', '--blas', '--store', 'runs']).finally(
      () => (process.stderr.write = write),
    );
    expect(code).to.equal(2);
    expect(said).to.match(/--blas and --store exclude each other/);
  });
});

describe('kernels made of matrix products', () => {
  it('convolve as our own do', () => {
    const files = ['test/experiment/with-plain-products.ts', 'test/kernels/convolution.test.ts'];
    const { status, stdout } = node(['node_modules/mocha/bin/mocha.js', ...files]);
    expect(stdout).to.match(/^\s+\d{2,} passing/m);
    expect(status, stdout).to.equal(0);
  }).timeout(30_000);

  for (const [m, n, k] of [
    [1, 64, 64],
    [64, 1, 64],
    [64, 64, 1],
    [4096, 1, 1],
  ] as const) {
    it(`hand on (${m}, ${k}) · (${k}, ${n}) with rows that are as long as they must be, whatever the strides`, () => {
      const handed: Operands[] = [];
      const own = productKernels('float64', (operands) => handed.push(operands));
      for (const [aRow, aColumn] of [
        [k, 1],
        [1, m],
      ] as const) {
        for (const [bRow, bColumn] of [
          [n, 1],
          [1, k],
        ] as const)
          own.matmulBatched!(64, 128, 256, m, n, k, aRow, aColumn, bRow, bColumn, 1, 0, 0);
      }
      expect(handed).to.have.length(4);
      for (const { a, b } of handed) {
        expect(a.rowStep).to.be.at.least(a.transposed ? m : k);
        expect(b.rowStep).to.be.at.least(b.transposed ? k : n);
      }
    });
  }

  for (const dtype of dtypes) {
    it(`leave small products to our own kernels and hand on large ones, in ${dtype}`, () => {
      const handed: Operands[] = [];
      const own = productKernels(dtype, (operands) => handed.push(operands));
      const pointer = kernels.heapBase();
      own.matmulBatched!(pointer, pointer, pointer, 2, 2, 2, 2, 1, 2, 1, 1, 0, 0);
      expect(handed).to.have.length(0);
      own.matmulBatched!(64, 128, 256, 32, 32, 32, 1, 32, 32, 1, 2, 0, 0);
      expect(
        handed.map(({ a, b, c }) => [a.transposed, a.rowStep, b.transposed, b.pointer, c.pointer]),
      ).to.deep.equal([
        [true, 32, false, 128, 256],
        [true, 32, false, 128, 256 + 1024 * (dtype === 'float64' ? 8 : 4)],
      ]);
    });
  }
});

/** Runs lines of TypeScript with OpenBLAS enabled; from a file, because threads do not take over `--eval`. */
function evaluate(source: string) {
  const folder = mkdtempSync(join(tmpdir(), 'gradbook-'));
  try {
    const file = join(folder, 'lines.mts');
    const enabled = `import { enableBlas } from './src/experiment/openblas.js';\nawait enableBlas();\n${source}`;
    writeFileSync(file, enabled.replaceAll("'./src/", `'${pathToFileURL('src').href}/`));
    return node(['--import', 'tsx', file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function node(args: readonly string[]) {
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}
