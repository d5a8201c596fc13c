import { expect } from 'chai';
import { lossAndAccuracy } from '../../src/figures/index.js';
import { madeUpRun } from './runs.js';

describe('lossAndAccuracy', () => {
  it('describes every run by its numbers, and where it was stopped', () => {
    const { alt } = lossAndAccuracy([madeUpRun('sigmoid', 9, 0.953), madeUpRun('wild', 1, 0.97, 9)]);
    expect(alt).to.contain(
      'sigmoid: accuracy 54.5 % before training, 91.9 % after epoch 20, training loss 0.139.',
    );
    expect(alt)
      .to.contain('wild: accuracy')
      .and.to.contain('stopped in epoch 9 at step 7, where layer1.weight was NaN');
  });

  it('has one row per run and epoch, the epoch before training included', () => {
    const { table } = lossAndAccuracy([madeUpRun('a', 1, 0.9), madeUpRun('b', 2, 0.9)]);
    expect(table!.numRows()).to.equal(42);
    expect(table!.get('trainingLoss', 0)).to.equal(null);
  });

  it('names lines at their ends while the names fit, and in a legend otherwise', async () => {
    const few = await lossAndAccuracy([madeUpRun('sigmoid', 9, 0.7), madeUpRun('ReLU', 1, 0.99)]).toSvg();
    const crowd = ['p', 'q', 'r', 's', 't', 'u'].map((name) => madeUpRun(name, 1, 0.99));
    const many = await lossAndAccuracy(crowd).toSvg();
    expect(few.match(/>ReLU<\/text>/g)).to.have.length(1);
    expect(few).to.match(/font-size="11.5px" fill="#cc5500"[^>]*>ReLU/);
    expect(many).not.to.match(/fill="#cc5500"[^>]*>q</);
    expect(many.match(/>q<\/text>/g)).to.have.length(1);
  });

  it('writes the name of a line that ends early beside its end, unless another line is in the way', () => {
    const early = (name: string, end: number) => {
      const { history } = madeUpRun(name, 1, end);
      return { name, history: history.slice(0, 6) };
    };
    const chart = lossAndAccuracy([madeUpRun('long', 1, 0.99), early('a', 0.99), early('b', 0.6)]);
    const { layer } = (chart.spec as { hconcat: { layer: Layer[] }[] }).hconcat[1]!;
    const labels = layer.find(({ mark }) => mark.type === 'text')!.data!.values as PlacedName[];
    const [long, a, b] = ['long', 'a', 'b'].map((name) => labels.find(({ run }) => run === name)!);
    expect([long!.px, a!.px, b!.px]).to.deep.equal([278, 75.5, 75.5]); // the panel is 270 wide, epoch 5 of 20 a quarter of it
    const endOf = (end: number) => 210 * (1 - (early('', end).history[5]!.validationAccuracy - 0.5) / 0.5);
    expect(a!.py - endOf(0.99)).to.be.closeTo(14, 0.1); // below the line that runs on
    expect(b!.py - endOf(0.6)).to.be.closeTo(0, 0.1);
  });

  it('marks a stopped run with a cross and keeps a diverging loss from pressing the others flat', () => {
    const calm = madeUpRun('calm', 1, 0.9);
    const wild = madeUpRun('wild', 1, 0.9, 9);
    const history = wild.history.map((row) => (row.epoch > 6 ? { ...row, trainingLoss: 1e6 } : row));
    const chart = lossAndAccuracy([calm, { ...wild, history }]);
    const [loss, accuracy] = (chart.spec as { hconcat: { layer: Layer[] }[] }).hconcat;
    const drawn = loss!.layer.find(({ mark }) => mark.type === 'line')!;
    expect(drawn.encoding.y.scale!.domain[1]).to.be.below(2);
    expect(loss!.layer.filter(({ mark }) => mark.shape === 'triangle-up')).to.have.length(1);
    const cross = accuracy!.layer.find(({ mark }) => mark.shape?.startsWith('M-1,-1') === true)!;
    expect(cross.data!.values).to.deep.equal([
      { run: 'wild', epoch: 9, value: wild.history[9]!.validationAccuracy },
    ]);
  });

  it('refuses to draw nothing', () => {
    expect(() => lossAndAccuracy([])).to.throw('there is no run to draw');
  });
});

interface PlacedName {
  run: string;
  px: number;
  py: number;
}

interface Layer {
  mark: { type: string; shape?: string };
  data?: { values: unknown[] };
  encoding: { y: { scale?: { domain: number[] } } };
}
