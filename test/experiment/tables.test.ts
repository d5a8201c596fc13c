import { expect } from 'chai';
import { experiments } from '../../src/experiment/definitions.js';
import type { ExperimentResult } from '../../src/experiment/run-experiments.js';
import { bandTable, epochTable, summaryTable, trialTable } from '../../src/experiment/tables.js';
import { runOf } from './small.js';

describe('tables of runs', () => {
  const runs = [runOf([0.5, 0.96, 0.985]), runOf([0.5, 0.7, 0.9]), runOf([0.5, 0.6], true)];
  const trials = runs.map((run, k) => ({ seed: k + 1, run }));
  const results: ExperimentResult[] = [{ name: 'relu', experiment: experiments.relu, trials, runs }];

  it('have one row a trial', () => {
    expect(trialTable(results).objects()).to.deep.equal([
      {
        experiment: 'relu',
        seed: 1,
        epochs: 2,
        finalLoss: 1 - 0.985,
        finalAccuracy: 0.985,
        above90: 1,
        above95: 1,
        above98: 2,
        collapse: null,
        stoppedEpoch: null,
        stoppedStep: null,
        fingerprint: 'f00d',
      },
      {
        experiment: 'relu',
        seed: 2,
        epochs: 2,
        finalLoss: 1 - 0.9,
        finalAccuracy: 0.9,
        above90: null,
        above95: null,
        above98: null,
        collapse: null,
        stoppedEpoch: null,
        stoppedStep: null,
        fingerprint: 'f00d',
      },
      {
        experiment: 'relu',
        seed: 3,
        epochs: 1,
        finalLoss: 0.4,
        finalAccuracy: null,
        above90: null,
        above95: null,
        above98: null,
        collapse: 2,
        stoppedEpoch: 1,
        stoppedStep: 7,
        fingerprint: 'f00d',
      },
    ]);
  });

  it('have one row a trial and epoch, with a column a layer', () => {
    const rows = epochTable(results).objects();
    expect(rows).to.have.length(8);
    expect(rows[0]).to.deep.equal({
      experiment: 'relu',
      seed: 1,
      epoch: 0,
      rate: null,
      trainingLoss: null,
      validationLoss: 0.5,
      validationAccuracy: 0.5,
      'gradient layers.0': null,
      'gradient layers.1': null,
    });
    expect(rows[7]).to.include({
      seed: 3,
      epoch: 1,
      rate: 0.1,
      'gradient layers.0': 1,
      'gradient layers.1': 2,
    });
  });

  it('have one row an epoch with median and quartiles', () => {
    expect(bandTable(results).objects().slice(1)).to.deep.equal([
      { experiment: 'relu', epoch: 1, count: 3, low: 0.6499999999999999, median: 0.7, high: 0.83 },
      { experiment: 'relu', epoch: 2, count: 2, low: 0.92125, median: 0.9425, high: 0.96375 },
    ]);
  });

  it('have one row an experiment with what is said of it', () => {
    const [row] = summaryTable(results).objects();
    expect(row).to.deep.equal({
      experiment: 'relu',
      trials: 3,
      low: 0.92125,
      median: 0.9425,
      high: 0.96375,
      above90: null,
      shareAbove90: 1 / 3,
      shareBelow80: 1 / 3,
      stopped: 1,
    });
  });
});
