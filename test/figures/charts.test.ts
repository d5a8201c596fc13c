import { expect } from 'chai';
import {
  bands,
  bars,
  decisionBoundary,
  errorCurve,
  graph,
  heatmap,
  lossAndAccuracy,
} from '../../src/figures/index.js';
import { roundDomain } from '../../src/figures/line-panel.js';
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

interface Layer {
  mark: { type: string; shape?: string };
  data?: { values: unknown[] };
  encoding: { y: { scale?: { domain: number[] } } };
}

describe('bands', () => {
  it('takes the median and the quartiles of each epoch', () => {
    const runs = [0.9, 0.92, 0.94, 0.96, 0.98].map((end) => madeUpRun('r', 0, end));
    const { table } = bands([{ name: 'relu', runs }]);
    const last = table!.objects().at(-1) as Record<string, number>;
    const at = (i: number) => runs[i]!.history[20]!.validationAccuracy;
    expect(last['accuracyLow']).to.be.closeTo(at(1), 1e-12);
    expect(last['accuracyMedian']).to.equal(at(2));
    expect(last['accuracyHigh']).to.be.closeTo(at(3), 1e-12);
    expect(last['runs']).to.equal(5);
  });

  it('says how many runs were stopped', () => {
    const runs = [madeUpRun('r', 1, 0.9), madeUpRun('r', 1, 0.9, 4)];
    expect(bands([{ name: 'wild', runs }]).alt).to.contain('1 of 2 stopped early');
  });

  it('refuses a variant without runs', () => {
    expect(() => bands([{ name: 'none', runs: [] }])).to.throw('every variant needs at least one run');
  });
});

describe('heatmap', () => {
  it('leaves zeros blank and strikes out what is no number', async () => {
    const svg = await heatmap([
      [2, 0],
      [NaN, -1],
    ]).toSvg();
    expect(svg.match(/fill="#0072b2"/g)).to.have.length(1);
    expect(svg.match(/fill="#cc5500"/g)).to.have.length(1);
    expect(svg).to.contain('>−1</text>').and.not.to.contain('>-1</text>');
    expect(
      heatmap([
        [2, 0],
        [NaN, -1],
      ]).alt,
    ).to.equal('Matrix, 2 by 2: 1 of 4 entries are zero. Entries run from −1 to 2. 1 are not finite.');
  });

  it('refuses uneven rows, an empty matrix and names that do not fit', () => {
    expect(() => heatmap([[1, 2], [3]])).to.throw('row 1 has 1 entries, but row 0 has 2');
    expect(() => heatmap([])).to.throw('no entries');
    expect(() => heatmap([[1, 2]], { columns: ['a', 'a'] })).to.throw('2 columns need 2 different names');
  });
});

describe('errorCurve', () => {
  it('names the best step, and counts the errors of zero that a logarithmic axis cannot show', () => {
    const { alt } = errorCurve([
      { step: 1e-2, error: 1e-4 },
      { step: 1e-5, error: 2.5e-11 },
      { step: 1e-7, error: 0 },
    ]);
    expect(alt)
      .to.contain('lowest, 2.5e−11, at a step of 1e−5')
      .and.to.contain('1 steps with an error of zero');
  });

  it('refuses a curve without a drawable point', () => {
    expect(() => errorCurve([{ step: 1, error: 0 }])).to.throw('no step has a positive');
  });
});

describe('decisionBoundary', () => {
  it('joins neighbouring cells of class 1 into rectangles', () => {
    const classes = [
      [0, 1, 1],
      [0, 1, 1],
      [1, 0, 0],
    ];
    const { table } = decisionBoundary([{ title: 'one', x: [0, 1, 2], y: [0, 1, 2], classes }], []);
    const regions = table!.objects().map((row) => row as Record<string, number>);
    expect(regions.map(({ x, x2, y, y2 }) => [x, x2, y, y2])).to.deep.equal([
      [0.5, 2.5, -0.5, 1.5],
      [-0.5, 0.5, 1.5, 2.5],
    ]);
  });

  it('refuses classes of another shape than the grid', () => {
    const panel = { title: 'one', x: [0, 1], y: [0, 1], classes: [[1, 0]] };
    expect(() => decisionBoundary([panel], [])).to.throw('"one" has a grid of 2 by 2');
  });
});

describe('bars', () => {
  it('refuses a value that is no number, and names its bar', () => {
    expect(() => bars([{ label: 'cat', value: NaN }], { measure: 'accuracy' })).to.throw(
      'the value of "cat" is NaN',
    );
  });
});

describe('graph', () => {
  const nodes = [
    { id: 'a', kind: 'tensor' as const, label: 'a', lines: [{ label: 'grad', value: undefined }] },
    { id: 'b', kind: 'tensor' as const, label: 'b', lines: [{ label: 'grad', value: '0' }] },
  ];

  it('draws "not yet computed" unlike 0: in italics, inside a dashed outline', async () => {
    const svg = await graph({ nodes, edges: [] }).toSvg();
    expect(svg.match(/stroke-dasharray/g)).to.have.length(1);
    expect(svg).to.match(/font-style="italic"[^>]*>grad not yet computed</);
    expect(svg).to.match(/>grad 0</);
  });

  it('draws both edges when an operation uses one tensor twice', async () => {
    const op = { id: 'm', kind: 'op' as const, label: 'multiply' };
    const twice = graph({
      nodes: [nodes[0]!, op],
      edges: [
        ['a', 'm'],
        ['a', 'm'],
      ],
    });
    expect(
      (await twice.toSvg()).match(/d="M\S+ [^>]*fill="none" stroke="#8c949e" stroke-width="1.25"\/><path/g),
    ).to.have.length(2);
    expect(twice.alt).to.contain('multiply makes nothing of a and a.');
  });

  it('refuses an edge to a node that is not there', () => {
    expect(() => graph({ nodes, edges: [['a', 'z']] })).to.throw('an edge names "z"');
  });
});

describe('roundDomain', () => {
  for (const [low, high, expected] of [
    [0, 0.69, [0, 0.7]],
    [0.5446, 1, [0.5, 1]],
    [0, 1234, [0, 1400]],
    [0.9912, 1, [0.99, 1]],
  ] as const) {
    it(`makes ${low} to ${high} into ${expected.join(' to ')}`, () => {
      expect(roundDomain(low, high)).to.deep.equal(expected);
    });
  }
});
