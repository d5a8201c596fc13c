import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { collect } from '../../src/report/collect.js';
import { Problems } from '../../src/report/problem.js';

/**
 * Results of the same experiments by vugrad on NumPy, which shares no code with this library. The draws are others, so the
 * comparison is between samples: equal within what chance does in one of a thousand cases.
 */
const path = 'notebooks/q9-experiments.ipynb';
const RARE = 0.001;
const DEVIATIONS = 3.29; // of a normal distribution, for that probability on both sides

const problems = new Problems();
const { claims } = collect([{ path, text: readFileSync(path, 'utf8') }], problems);

function claimed(name: string): number {
  const value = claims.get(name)?.value;
  expect(value, name).to.be.a('number');
  return value as number;
}

/** How far a mean of ours may lie from one of theirs, by our standard deviation. */
function tolerance(name: string, theirSeeds: number): number {
  const ours = claimed(`${name}.seeds`);
  const deviation = claimed(`${name}.final-accuracy.deviation`) * Math.sqrt(ours / (ours - 1));
  return DEVIATIONS * deviation * Math.sqrt(1 / ours + 1 / theirSeeds);
}

describe('question 9 beside the results of an independent program', () => {
  for (const [name, mean, seeds] of [
    ['sigmoid-2020', 0.953, 50],
    ['sigmoid', 0.979, 50],
    ['relu-2020', 0.994, 10],
    ['relu', 0.9945, 10],
    ['three-layer-8-2020', 0.992, 60],
    ['three-layer-8', 0.992, 60],
  ] as const) {
    it(`${name} ends at the same mean accuracy`, () => {
      expect(claimed(`${name}.final-accuracy.mean`)).to.be.closeTo(mean, tolerance(name, seeds));
    });
  }

  for (const name of ['three-layer-4-2020', 'three-layer-4']) {
    it(`${name} ends at the same median accuracy`, () => {
      const medianOverMean = Math.sqrt(Math.PI / 2); // standard errors, for normal values
      expect(claimed(`${name}.final-accuracy.median`)).to.be.closeTo(
        0.988,
        medianOverMean * tolerance(name, 60),
      );
    });
  }

  for (const [name, what, theirs] of [
    ['three-layer-4-frozen-2020', 'below-80', 0.44],
    ['three-layer-4-frozen-2020', 'above-97', 0.29],
    ['three-layer-4-frozen', 'below-80', 0.43],
    ['three-layer-4-2020', 'below-80', 2 / 60],
  ] as const) {
    it(`${name} ends ${what.replace('-', ' ')} per cent in the same share of seeds`, () => {
      const [hits, seeds] = [claimed(`${name}.${what}`), claimed(`${name}.seeds`)];
      expect(seeds).to.be.at.least(30);
      expect(fisher(hits, seeds, Math.round(theirs * 60), 60)).to.be.above(RARE);
    });
  }

  for (const [name, lowest, highest] of [
    ['sigmoid-2020', 4, 19],
    ['sigmoid', 2, 5],
  ] as const) {
    it(`${name} exceeds 0.9 in the median after as many epochs as one of fifty runs does`, () => {
      expect(claimed(`${name}.epoch-above-90`)).to.be.within(lowest, highest);
    });
  }

  for (const [std, lowest, highest] of [
    ['0-1', 14, 39],
    ['0-2', 5, 12],
    ['0-447', 2, 4],
    ['0-9', 1, 2],
    ['2', 1, 1],
  ] as const) {
    it(`the sigmoid network takes off in the median where theirs does at the initial scale ${std.replace('-', '.')}`, () => {
      expect(claimed(`take-off.std-${std}`)).to.be.within(lowest, highest);
    });
  }

  it('the same laws collapse in all seeds, the others and momentum proper do not, and all that collapse end as NaN when published', () => {
    const collapsing = 5; // η 1.5^e, η 2^e, η (1 + e)², η + 0.01e, and η (1 + e) from a tenfold rate
    expect(claimed('laws.collapsing')).to.equal(collapsing);
    expect(claimed('laws.collapsing.in-all-seeds')).to.equal(collapsing);
    expect(claimed('laws.collapsing.leave-the-numbers-published')).to.equal(collapsing);
    expect(claimed('laws.calm')).to.equal(claimed('laws.count') - collapsing);
    expect(claimed('momentum.collapsed')).to.equal(0);
  });

  it('the plateau is a saddle at the entropy of the classes', () => {
    expect(claimed('plateau.loss')).to.be.closeTo(claimed('plateau.prior-entropy'), 5e-4);
    expect(claimed('plateau.negative-eigenvalues')).to.be.within(11, 13);
    expect(claimed('plateau.highest-eigenvalue')).to.be.closeTo(1.5, 0.05);
    expect(claimed('plateau.lowest-eigenvalue')).to.be.below(0);
  });
});

describe("Fisher's exact test", () => {
  it('gives the probabilities of the textbook', () => {
    expect(fisher(3, 4, 1, 4)).to.be.closeTo(34 / 70, 1e-12); // the lady tasting tea, both sides
    expect(fisher(4, 4, 0, 4)).to.be.closeTo(2 / 70, 1e-12);
    expect(fisher(26, 60, 3, 30)).to.be.below(0.01);
  });
});

/** Two-sided p: how often two samples of one population differ in their shares in a way that is as improbable. */
function fisher(hits: number, count: number, otherHits: number, otherCount: number): number {
  const all = hits + otherHits;
  const probability = (k: number) =>
    (choose(count, k) * choose(otherCount, all - k)) / choose(count + otherCount, all);
  const observed = probability(hits);
  const possible = Array.from({ length: Math.min(all, count) + 1 }, (_, k) => k).filter(
    (k) => all - k <= otherCount,
  );
  return possible
    .map(probability)
    .filter((p) => p <= observed * (1 + 1e-9))
    .reduce((sum, p) => sum + p, 0);
}

function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i <= k; i++) product *= (n - k + i) / i;
  return product;
}
