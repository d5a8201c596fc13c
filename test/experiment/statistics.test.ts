import { expect } from 'chai';
import { compare, bootstrapInterval, signTest } from '../../src/experiment/comparison.js';
import { experiments } from '../../src/experiment/definitions.js';
import type { ExperimentResult } from '../../src/experiment/run-experiments.js';
import {
  collapseEpoch,
  epochBands,
  failures,
  finalAccuracy,
  firstEpochAbove,
  median,
  quantile,
  quartiles,
  reach,
} from '../../src/experiment/statistics.js';
import { ValueError } from '../../src/tensor/error.js';
import { runOf } from './small.js';

describe('quantiles', () => {
  const cases: readonly [readonly number[], number, number][] = [
    [[3], 0.25, 3],
    [[1, 2], 0.5, 1.5],
    [[10, 9, 1, 2, 3], 0.5, 3], // in the order of numbers, not of words
    [[1, 2, 3, 4], 0.25, 1.75],
    [[1, 2, 3, 4, 5], 0.25, 2],
    [[1, 2, 3, 4, 5, 6], 0.9, 5.5],
    [[4, 1, 3, 2], 0, 1],
    [[4, 1, 3, 2], 1, 4],
    [[1, Infinity, Infinity], 0.5, Infinity],
    [[1, 2, Infinity, Infinity], 0.25, 1.75],
    [[1, 2, Infinity, Infinity], 0.5, Infinity],
  ];
  for (const [values, probability, expected] of cases) {
    it(`at ${probability} of ${values.join(', ')} is ${expected}`, () =>
      expect(quantile(values, probability)).to.equal(expected));
  }

  it('need numbers', () => {
    expect(() => median([])).to.throw(ValueError, 'there are no numbers');
    expect(() => median([1, NaN])).to.throw(ValueError, 'NaN has no place in an order');
  });

  it('leave their argument as it is', () => {
    const values = [3, 1, 2];
    expect(quartiles(values)).to.deep.equal({ low: 1.5, median: 2, high: 2.5 });
    expect(values).to.deep.equal([3, 1, 2]);
  });
});

describe('statistics over runs', () => {
  const runs = [
    runOf([0.5, 0.6, 0.91, 0.99]),
    runOf([0.5, 0.92, 0.95, 0.97]),
    runOf([0.5, 0.5, 0.7, 0.75]),
    runOf([0.5, 0.96, 0.97], true),
  ];

  it('find the final accuracy, which a run that left the numbers does not have', () => {
    expect(runs.map(finalAccuracy)).to.deep.equal([0.99, 0.97, 0.75, undefined]);
  });

  it('find the first epoch above a level', () => {
    expect(runs.map((run) => firstEpochAbove(run, 0.9))).to.deep.equal([2, 1, undefined, 1]);
    expect(firstEpochAbove(runs[1]!, 0.95)).to.equal(3); // reaching is not exceeding
  });

  it('count a run that never gets there as late as can be', () => {
    expect(reach(runs, 0.9)).to.deep.equal({
      reached: 3,
      count: 4,
      share: 0.75,
      epoch: { low: 1, median: 1.5, high: Infinity },
    });
    expect(reach(runs.slice(0, 1), 0.9).epoch.median).to.equal(2);
  });

  it('count runs that end below a level, and those that left the numbers, as failures', () => {
    expect(failures(runs, 0.8)).to.deep.equal({ failed: 2, count: 4, share: 0.5 });
    expect(failures(runs, 0.75)).to.deep.equal({ failed: 1, count: 4, share: 0.25 });
  });

  it('find where a run collapses', () => {
    expect(collapseEpoch(runOf([0.5, 0.9, 0.71, 0.6]))).to.equal(3);
    expect(collapseEpoch(runOf([0.5, 0.9, 0.71, 0.6]), 0.1)).to.equal(2);
    expect(collapseEpoch(runOf([0.5, 0.9, 0.8]))).to.equal(undefined);
    expect(collapseEpoch(runOf([0.5, 0.9, 0.8], true))).to.equal(3); // in the third epoch, counted 2
  });

  it('give median and quartiles by epoch over the runs that got that far', () => {
    expect(epochBands(runs, ({ validationAccuracy }) => validationAccuracy).slice(2)).to.deep.equal([
      { epoch: 2, count: 4, ...quartiles([0.91, 0.95, 0.7, 0.97]) },
      { epoch: 3, count: 3, ...quartiles([0.99, 0.97, 0.75]) },
    ]);
    expect(epochBands(runs, ({ trainingLoss }) => trainingLoss)[0]).to.include({
      epoch: 1,
      count: 4,
      median: 0.5,
    });
    expect(epochBands([], () => 1)).to.deep.equal([]);
  });
});

describe('a comparison of two experiments', () => {
  const result = (name: string, finals: readonly (number | 'stopped')[]): ExperimentResult => {
    const runs = finals.map((final) => (final === 'stopped' ? runOf([0.5], true) : runOf([0.5, final])));
    const trials = runs.map((run, k) => ({ seed: k + 1, run }));
    return { name, experiment: experiments.relu, trials, runs };
  };

  it('counts pairs and gives their differences', () => {
    const first = result('first', [0.9, 0.8, 0.75, 'stopped', 0.9, 'stopped']);
    const second = result('second', [0.8, 0.85, 0.75, 0.5, 'stopped', 'stopped']);
    const comparison = compare(first, second);
    expect(comparison).to.include({ better: 2, worse: 2, equal: 2, signTest: 1 });
    expect(comparison.differences.map((d) => d.toFixed(12))).to.deep.equal([
      '0.100000000000',
      '-0.050000000000',
      '0.000000000000',
    ]);
    expect(comparison.mean).to.be.closeTo(0.05 / 3, 1e-15);
    expect(comparison.median).to.equal(0);
    expect(comparison.interval[0]).to.be.closeTo(-0.05, 1e-15);
    expect(comparison.interval[1]).to.be.closeTo(0.1, 1e-15);
  });

  it('needs the same seeds on both sides', () => {
    expect(() => compare(result('a', []), result('b', []))).to.throw(
      ValueError,
      'compare: there is no seed with which both a and b stayed in the numbers',
    );
    expect(() => compare(result('a', [0.5, 0.6]), result('b', [0.5]))).to.throw(
      ValueError,
      'a has the seeds 1, 2, but b has 1',
    );
  });

  const signs: readonly [number, number, number][] = [
    [10, 0, 2 / 1024],
    [0, 10, 2 / 1024],
    [9, 1, 22 / 1024],
    [5, 5, 1],
    [8, 2, 112 / 1024],
    [0, 0, 1],
    [30, 0, 2 / 1073741824],
    [2, 1, 1],
  ];
  for (const [better, worse, p] of signs) {
    it(`has the sign test ${p} for ${better} to ${worse}`, () => expect(signTest(better, worse)).to.equal(p));
  }

  it('has a bootstrap interval that its seed decides', () => {
    const values = [0.1, 0.2, 0.4, 0.8, 1.6];
    const interval = bootstrapInterval(values, 1, 10_000);
    expect(bootstrapInterval(values, 1, 10_000)).to.deep.equal(interval);
    expect(bootstrapInterval(values, 2, 100)).not.to.deep.equal(bootstrapInterval(values, 1, 100));
    // The mean of five draws: 0.62 with standard deviation 0.543 / √5 = 0.243, skewed to the right.
    expect(interval[0]).to.be.within(0.19, 0.25);
    expect(interval[1]).to.be.within(1.05, 1.2);
  });
});
