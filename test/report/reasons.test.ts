import { expect } from 'chai';
import { experiments } from '../../src/experiment/definitions.js';
import type { Recipe } from '../../src/experiment/experiment.js';
import type { PublishedRun } from '../../src/figures/published-run.js';
import type { Collected, CollectedFigure } from '../../src/report/collect.js';
import { explained } from '../../src/report/reasons.js';
import type { Item } from '../../src/report/verification.js';

const notebook = 'notebooks/q9.ipynb';
const figureWith = (seed: number, experiment: Recipe = experiments.relu): Collected => {
  const runs = [{ series: 'relu', seed, experiment } as PublishedRun];
  const figure = { label: 'fig-a', origin: { notebook, cell: 'train' }, runs } as unknown as CollectedFigure;
  const empty = new Map();
  return {
    claims: empty,
    figures: new Map([['fig-a', figure]]),
    tables: empty,
    blocks: empty,
    notebooks: empty,
  };
};

describe('why something may have come out otherwise', () => {
  const failed: Item = { kind: 'figure', name: 'fig-a', status: 'outside', notebook, cell: 'train' };
  const why = (items: readonly Item[], committed: Collected, fresh: Collected) =>
    explained('/nowhere', items, committed, fresh).map((item) => item.why);

  it('is another seed', () => {
    expect(why([failed], figureWith(1), figureWith(2))).to.deep.equal([
      'the seed differs: relu had 1, has 2',
    ]);
  });

  it('is another setting of an experiment', () => {
    expect(
      why([failed], figureWith(1), figureWith(1, { ...experiments.relu, epochs: 3, batchSize: 64 })),
    ).to.deep.equal(['epochs, batchSize of relu differs']);
  });

  it('is an engine that computes otherwise, for everything that failed', () => {
    const engine: Item = {
      kind: 'claim',
      name: 'engine.fingerprint',
      status: 'outside',
      notebook: 'notebooks/reproduce.ipynb',
      detail: 'a committed, b now',
    };
    const reason = 'the engine differs: a committed, b now';
    expect(why([failed, engine], figureWith(1), figureWith(1))).to.deep.equal([reason, reason]);
  });

  it('is not asked where all is as it was', () => {
    const fine: Item = { ...failed, status: 'identical' };
    expect(why([fine, failed], figureWith(1), figureWith(1))).to.deep.equal([undefined, undefined]);
  });
});
