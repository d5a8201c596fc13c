import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchChart, benchTable } from '../../src/figures/bench-chart.js';
import {
  type BenchRecord,
  benchResults,
  machineOf,
  readBenchRecord,
} from '../../src/figures/bench-record.js';
import { sampleRecord } from './bench-record.sample.js';

describe('recorded times', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'gradbook-bench-')), 'recorded.json');
  const read = (record: object) => {
    writeFileSync(path, JSON.stringify(record));
    return readBenchRecord(path);
  };

  it('are compared with those of the library, workload by workload', () => {
    const results = benchResults(read(sampleRecord));
    expect(
      results.filter(({ variant }) => variant === 'gradbook').map(({ timesOurs }) => timesOurs),
    ).to.deep.equal([1, 1, 1]);
    const torch = results.find(({ workload, variant }) => workload === 'mlp-step' && variant === 'torch')!;
    expect(torch.timesOurs).to.be.closeTo(12.4, 1e-12);
    expect(results).to.have.length(sampleRecord.rows.length);
  });

  it('stand in a table that names each workload once, with quotients that nobody has typed', () => {
    const { columns, rows } = benchTable(sampleRecord);
    expect(columns).to.deep.equal(['workload', 'program', 'median in µs', 'least in µs', 'times ours']);
    expect(rows[1]).to.deep.equal(['', 'plain TypeScript', '108', '100', '9']);
    expect(rows[10]!.slice(1)).to.deep.equal(['gradbook', '12,300', '12,000', '1']);
    expect(rows.map(([title]) => title).filter((title) => title !== '')).to.have.length(3);
  });

  it('are drawn as quotients without the library itself, and told in words with the machine', async () => {
    const chart = benchChart(sampleRecord);
    const rows = chart.table!.objects() as { program: string; timesOurs: number }[];
    expect(rows.some(({ program }) => program === 'gradbook')).to.equal(false);
    expect(rows[0]).to.deep.include({ program: 'plain TypeScript', timesOurs: 9 });
    expect(chart.alt)
      .to.contain('recorded on Imagined 9000, 2 cores, 24 GiB, Linux 6.1 x64, 2020-11-18')
      .and.to.contain(
        'Tutorial CNN, batch 4, float32: one training step: gradbook --blas 0.5, tfjs, CPU 16.1, PyTorch, plain loop 1.61.',
      );
    expect(await chart.toSvg())
      .to.contain('PyTorch, plain loop')
      .and.to.contain('one training step');
    expect(machineOf(sampleRecord)).to.equal('Imagined 9000, 2 cores, 24 GiB, Linux 6.1 x64');
  });

  const row = (change: object): BenchRecord => ({
    ...sampleRecord,
    rows: [
      ...sampleRecord.rows,
      { workload: 'matmul', variant: 'numpy', median_us: 1, minimum_us: 1, ...change },
    ],
  });
  for (const [title, record, message] of [
    ['a field that is missing', { ...sampleRecord, rows: undefined }, 'it lacks rows'],
    ['an unknown workload', row({ workload: 'other' }), 'a row names the workload "other"'],
    ['an unknown program', row({ variant: 'other' }), 'a row names the variant "other"'],
    ['a time of zero', row({ median_us: 0 }), 'numpy on matmul took 0 µs, which is no time'],
    [
      'a workload that the library did not do',
      { ...sampleRecord, rows: sampleRecord.rows.filter(({ variant }) => variant !== 'gradbook') },
      'gradbook itself did not do "mlp-step"',
    ],
  ] as const) {
    it(`are refused for ${title}`, () => {
      expect(() => read(record)).to.throw(`${path}: ${message}`);
    });
  }

  it('are missed with the command that measures them', () => {
    expect(() => readBenchRecord('/nowhere.json')).to.throw('measure it with "npm run bench -- --record"');
  });
});
