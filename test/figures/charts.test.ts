import { expect } from 'chai';
import {
  bands,
  bars,
  decisionBoundary,
  dots,
  errorCurve,
  gradientNorms,
  graph,
  heatmap,
} from '../../src/figures/index.js';
import { roundDomain, roundTicks } from '../../src/figures/line-panel.js';
import { ValueError } from '../../src/tensor/error.js';
import { madeUpRun } from './runs.js';

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

  it('marks each stopped run with a cross where it left the numbers', () => {
    const runs = [madeUpRun('r', 1, 0.9), madeUpRun('r', 1, 0.9, 4), madeUpRun('r', 1, 0.9, 6)];
    const { spec } = bands([
      { name: 'wild', runs },
      { name: 'calm', runs: runs.slice(0, 1) },
    ]);
    const [, accuracy] = (spec as { hconcat: { layer: Layer[] }[] }).hconcat;
    const cross = accuracy!.layer.find(({ mark }) => mark.shape?.startsWith('M-1,-1') === true)!;
    expect(cross.data!.values).to.deep.equal(
      runs.slice(1).map(({ history }) => ({
        run: 'wild',
        epoch: history.at(-1)!.epoch,
        value: history.at(-1)!.validationAccuracy,
      })),
    );
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

  for (const [because, step, error, message] of [
    ['a step that is not positive', -1, 1e-3, 'a step of -1 has an error of 0.001'],
    ['a step of zero', 0, 1e-3, 'a step of 0 has an error of 0.001'],
    ['a negative error', 1, -1e-3, 'a step of 1 has an error of -0.001'],
    ['an infinite error', 1, Infinity, 'a step of 1 has an error of Infinity'],
    ['an error that is no number', 1, NaN, 'errors[1].error is NaN, but it must be a number'],
  ] as const) {
    it(`refuses ${because}, and does not call it an error of zero`, () => {
      const call = () => errorCurve([{ step: 1e-2, error: 1e-4 }, { step, error }]); // prettier-ignore
      expect(call).to.throw(ValueError, message);
    });
  }
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

  it('draws the true boundary beside what the network says', () => {
    const panel = (title: string) => ({ title, x: [0, 1], y: [0, 1], classes: [[1, 0], [0, 0]] }); // prettier-ignore
    const truth = { name: 'a line', branches: [[{ x: 0, y: 0 }, { x: 1, y: 1 }]] }; // prettier-ignore
    const { alt, table } = decisionBoundary([panel('one'), panel('two')], [], { truth });
    const drawn = table!.objects().filter((row) => (row as { kind: string }).kind === 'truth');
    expect(drawn).to.have.length(2);
    expect(alt).to.contain('and a line as a dashed line');
  });

  it('refuses classes of another shape than the grid', () => {
    const panel = { title: 'one', x: [0, 1], y: [0, 1], classes: [[1, 0]] };
    expect(() => decisionBoundary([panel], [])).to.throw('"one" has a grid of 2 by 2');
  });
});

describe('gradientNorms', () => {
  const runs = [1, 2, 3].map((size) => withGradients({ 'layers.0': size, 'layers.1': 10 * size }));

  it('takes median and quartiles over the runs, layer by layer', () => {
    const { alt, table, spec } = gradientNorms([{ name: 'sigmoid', runs }]);
    expect((spec as { hconcat: unknown[] }).hconcat).to.have.length(2);
    expect(table!.objects()[0]).to.deep.equal({
      ...{ variant: 'sigmoid', layer: 'layers.0', epoch: 1 },
      ...{ low: 1.5, median: 2, high: 2.5 },
    });
    expect(alt).to.contain('20 in the first epoch and 10 at the lowest, in epoch 2, for layer 2');
  });

  it('refuses runs of different layers, and none', () => {
    const other = { name: 'deep', runs: [withGradients({ 'layers.0': 1 })] };
    expect(() => gradientNorms([{ name: 'sigmoid', runs }, other])).to.throw(
      'sigmoid has the layers layers.0, layers.1, but deep has layers.0',
    );
    expect(() => gradientNorms([])).to.throw('there is no run with gradients');
  });
});

/** Two epochs; in the second the gradients are half as large. */
function withGradients(gradientNorms: Readonly<Record<string, number>>) {
  const halves = Object.fromEntries(Object.entries(gradientNorms).map(([layer, norm]) => [layer, norm / 2]));
  const history = [{}, gradientNorms, halves].map((norms, epoch) => ({
    ...{ epoch, trainingLoss: undefined, validationLoss: 1, validationAccuracy: 0.5, rate: undefined },
    gradientNorms: norms,
  }));
  return { name: 'run', history, fingerprint: '' };
}

describe('dots', () => {
  const rows = [{ label: 'frozen', values: [0.5, 0.5, 0.5, 0.9, 0.98] }];

  it('shows every value, none upon another', () => {
    const { table } = dots(rows, { measure: 'accuracy' });
    const drawn = table!.objects() as { value: number; y: number }[];
    expect(drawn.map(({ value }) => value)).to.deep.equal(rows[0]!.values);
    expect(new Set(drawn.slice(0, 3).map(({ y }) => y)).size).to.equal(3);
    expect(drawn[3]!.y).to.equal(drawn[4]!.y);
  });

  it('counts in words what lies between the levels', () => {
    const { alt } = dots(rows, { measure: 'accuracy', format: '.0%', levels: [0.8, 0.97] });
    expect(alt).to.contain(
      'frozen: 5 from 50.0 % to 98.0 %, 3 below 80.0 %, 1 from 80.0 % to 97.0 %, 1 from 97.0 % on.',
    );
  });

  it('refuses an empty row and what is no number', () => {
    expect(() => dots([{ label: 'a', values: [] }], { measure: 'x' })).to.throw('at least one value');
    expect(() => dots([{ label: 'a', values: [NaN] }], { measure: 'x' })).to.throw('"a" has a value');
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
    [0, 0.69, [0, 0.8]],
    [0.5446, 1, [0.5, 1]],
    [0, 1234, [0, 1500]],
    [0.9912, 1, [0.99, 1]],
  ] as const) {
    it(`makes ${low} to ${high} into ${expected.join(' to ')}`, () => {
      const domain = roundDomain(low, high);
      expect(domain).to.deep.equal(expected);
      const ticks = roundTicks(domain);
      expect([ticks[0], ticks.at(-1)]).to.deep.equal(expected);
      expect(ticks.length).to.be.within(4, 7);
    });
  }
});
