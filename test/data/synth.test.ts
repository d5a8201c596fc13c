import { expect } from 'chai';
import { synth, synthBoundary, synthForm, synthThreshold } from '../../src/data/synth.js';
import { ValueError } from '../../src/tensor/error.js';
import { identical } from '../../src/tensor/tensor.js';
import { itRefuses } from '../refuses.js';

const SHARE = 0.455408; // of class 1, by quadrature
const ENTROPY = 0.68916; // of the classes, in nats

describe('synth', () => {
  const data = synth({ seed: 0 });

  it('has 60,000 points for training and 10,000 for validation in the plane, with labels 0 and 1', () => {
    expect([data.train.size, data.validation.size, data.classes]).to.deep.equal([60_000, 10_000, 2]);
    expect([data.train.x.shape, data.validation.x.shape]).to.deep.equal([[60_000, 2], [10_000, 2]]); // prettier-ignore
    expect([data.train.labels.dtype, data.train.x.requiresGrad]).to.deep.equal(['int32', false]);
  });

  it('labels a point 1 when x1² + 1.5 x1 x2 + 0.2 x2² exceeds 0.6, without noise', () => {
    expect([synthThreshold, synthForm(1, 0), synthForm(0, 1), synthForm(2, -1)]).to.deep.equal([0.6, 1, 0.2, 4 - 3 + 0.2]); // prettier-ignore
    for (const { x, labels } of [data.train, data.validation]) {
      const [points, classes] = [x.data(), labels.data()];
      const right = classes.every((label, k) => {
        const [x1, x2] = [points[2 * k]!, points[2 * k + 1]!];
        return label === (x1 * x1 + 1.5 * x1 * x2 + 0.2 * x2 * x2 > 0.6 ? 1 : 0);
      });
      expect(right).to.equal(true);
    }
  });

  it('has a boundary of two branches, on which the form is the threshold', () => {
    const [left, right] = synthBoundary(3, 7);
    for (const { x, y } of [...left!, ...right!]) {
      expect(synthForm(x, y)).to.be.closeTo(synthThreshold, 1e-12);
    }
    left!.forEach(({ x, y }, k) => expect([right![k]!.y, x < right![k]!.x]).to.deep.equal([y, true]));
  });

  it('has the share of class 1 and the entropy of the classes that theory says, for every seed', () => {
    for (const seed of [0, 1, 2, 3]) {
      const labels = [...synth({ seed }).train.labels.data()];
      const share = labels.filter((label) => label === 1).length / labels.length;
      const entropy = -share * Math.log(share) - (1 - share) * Math.log(1 - share);
      const error = Math.sqrt((SHARE * (1 - SHARE)) / labels.length); // 0.002
      expect(share).to.be.closeTo(SHARE, 4.5 * error);
      expect(entropy).to.be.closeTo(ENTROPY, 4.5 * error * Math.log((1 - SHARE) / SHARE) + 5e-6);
    }
  });

  it('draws points of the standard normal distribution, uncorrelated', () => {
    const points = data.train.x.data();
    const moments = [0, 0, 0, 0, 0];
    for (let k = 0; k < points.length; k += 2) {
      const [a, b] = [points[k]!, points[k + 1]!];
      [a, b, a * a, b * b, a * b].forEach((value, j) => (moments[j]! += value / data.train.size));
    }
    [0, 0, 1, 1, 0].forEach((expected, j) => expect(moments[j]).to.be.closeTo(expected, 0.026));
  });

  it('is the same for the same seed, bit for bit, and another for another', () => {
    const again = synth({ seed: 0 });
    expect(identical(again.train.x, data.train.x) && identical(again.validation.x, data.validation.x)).to.equal(true); // prettier-ignore
    expect(identical(synth({ seed: 1 }).validation.x, data.validation.x)).to.equal(false);
    expect([...data.train.x.rows(0, 2).data()]).to.deep.equal([
      0.08689984707436786, -0.5353087466734288, 0.6381359391550409, 0.61316306820879,
    ]);
  });

  it('begins with the same points in any size, and comes in float32', () => {
    const small = synth({ seed: 0, train: 5, validation: 3, dtype: 'float32' });
    expect([small.train.size, small.validation.size, small.train.x.dtype]).to.deep.equal([5, 3, 'float32']);
    expect([...small.train.x.data()]).to.deep.equal([...data.train.x.rows(0, 5).data()].map(Math.fround));
  });

  // prettier-ignore
  itRefuses([
    ['no training points', () => synth({ seed: 0, train: 0 }), ValueError, /^synth: train is 0, but it must be a whole number of points/],
    ['half a point', () => synth({ seed: 0, validation: 1.5 }), ValueError, /^synth: validation is 1\.5, but/],
  ]);
});
