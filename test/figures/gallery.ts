import {
  bands,
  bars,
  classAccuracies,
  classAccuracyMap,
  confusionMap,
  decisionBoundary,
  dots,
  errorCurve,
  type Figure,
  graph,
  heatmap,
  lossAndAccuracy,
  pictureGrid,
  stepLines,
} from '../../src/figures/index.js';
import { explain } from '../../src/figures/explain.js';
import { exp, log, multiply } from '../../src/ops/index.js';
import { tensor } from '../../src/tensor/creation.js';
import { madeUpRun } from './runs.js';

const confusion = [
  [8, 2, 0],
  [0, 10, 0],
  [3, 1, 6],
];

/** One figure of every kind. */
export const gallery: Readonly<Record<string, () => Figure>> = {
  'loss and accuracy of one run': () => lossAndAccuracy(madeUpRun('sigmoid', 9, 0.953)),
  'loss and accuracy of several runs': () =>
    lossAndAccuracy([
      madeUpRun('sigmoid', 9, 0.953),
      madeUpRun('ReLU', 1, 0.99),
      madeUpRun('growing rate', 1, 0.97, 9),
    ]),
  'loss and accuracy with a legend': () =>
    lossAndAccuracy(['a', 'b', 'c', 'd', 'e'].map((name, i) => madeUpRun(name, i, 0.99))),
  bands: () =>
    bands([{ name: 'sigmoid', runs: [6, 8, 9, 11].map((takeOff) => madeUpRun('sigmoid', takeOff, 0.95)) }]),
  'small matrix': () =>
    heatmap(
      [
        [0.5, 0],
        [-1.25, NaN],
      ],
      { what: 'Jacobian', rowTitle: 'output', columnTitle: 'input' },
    ),
  'large matrix': () =>
    heatmap(Array.from({ length: 30 }, (_, i) => Array.from({ length: 30 }, (_, j) => (i === j ? 1 : 0)))),
  'error curve': () =>
    errorCurve([1e-2, 1e-5, 1e-8].map((step) => ({ step, error: step * step + 1e-16 / step }))),
  'two error curves': () =>
    errorCurve(
      ['central', 'Richardson'].flatMap((rule) => [1e-2, 1e-5].map((step) => ({ rule, step, error: step }))),
    ),
  bars: () =>
    bars(
      [
        { label: 'plane', value: 0.57 },
        { label: 'car', value: 0.78 },
      ],
      { measure: 'accuracy', format: '.0%', reference: { value: 0.1, name: 'chance' } },
    ),
  dots: () =>
    dots(
      [
        { label: 'frozen', values: [0.54, 0.55, 0.54, 0.98] },
        { label: 'trained', values: [0.98, 0.99] },
      ],
      { measure: 'accuracy', format: '.0%', levels: [0.8] },
    ),
  'accuracies by class': () =>
    classAccuracyMap(
      [
        classAccuracies('Adam', [confusion]),
        { name: 'as printed', classes: [0.57, undefined, 0], overall: 0.1 },
      ],
      ['disc', 'ring', 'square'],
    ),
  'confusion matrix': () => confusionMap(confusion, ['disc', 'ring', 'square'], { what: 'pictures' }),
  'lines over steps': () =>
    stepLines([
      {
        title: 'Dead units',
        format: '.0%',
        series: ['one', 'two'].map((name, k) => ({
          name,
          points: [0, 1, 50].map((step) => ({ step, value: k * 0.5 })),
        })),
      },
      {
        title: 'Loss',
        logarithmic: true,
        series: [{ name: 'Adam', points: [0, 1, 50].map((step) => ({ step, value: 1 + 900 * (step % 2) })) }],
      },
    ]),
  'grid of pictures': () =>
    pictureGrid(
      [
        { channels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], width: 2, height: 2, lines: ['one', 'of two'] },
        { channels: new Float32Array(3), width: 1, height: 1, lines: ['black'] },
      ],
      { what: 'Pictures' },
    ),
  'decision boundary': () =>
    decisionBoundary(
      [1, 20].map((epoch) => ({
        title: `after epoch ${epoch}`,
        x: [-1, 0, 1],
        y: [-1, 0, 1],
        classes: [
          [0, 1, 1],
          [0, 1, 1],
          [0, 0, 1],
        ],
      })),
      [
        { x: 0.5, y: 0.5, label: 1 },
        { x: -0.5, y: 0.5, label: 0 },
      ],
    ),
  'explanation of backward': () => {
    const x = tensor(1, { name: 'x' });
    const b = exp(log(x));
    return explain(multiply(b, b));
  },
  'computation graph': () =>
    graph({
      nodes: [
        { id: 'a', kind: 'tensor', label: 'a', lines: ['(2, 2)', { label: 'grad', value: undefined }] },
        { id: 'add', kind: 'op', label: 'add' },
        {
          id: 'c',
          kind: 'tensor',
          label: 'c',
          lines: ['(2, 2)', { label: 'grad', value: '0' }],
          highlight: true,
        },
      ],
      edges: [
        ['a', 'add'],
        ['a', 'add'],
        ['add', 'c'],
      ],
    }),
};
