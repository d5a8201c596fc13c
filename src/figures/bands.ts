import { arquero } from '../experiment/arquero.js';
import type { DataFrame } from '../experiment/data-frame.js';
import { type Figure, figure, type VegaLiteSpec } from './figure.js';
import { labelsFit } from './end-labels.js';
import { type LinePanel, legendBelow, roundDomain, type Series, sideBySide } from './line-panel.js';
import { accuracyRange, lossCeiling, seriesOf } from './loss-and-accuracy.js';
import { isOfPictures, type Recipe } from '../experiment/experiment.js';
import type { Run as TrainedRun } from '../training/run.js';
import type { PublishedRun } from './published-run.js';
import { type EpochRecord, type Run, someVariants } from './run.js';
import { number, percent } from './wording.js';
import { requireOptions } from '../tensor/options.js';
import { requireKinds } from '../tensor/arguments.js';
import { ValueError } from '../tensor/error.js';

/** Trainings of one variant that differ in their seed; the result of an experiment is one. */
export interface Variant {
  readonly name: string;
  readonly runs: readonly Run[];
  /** With these the figure carries the first trial, so that a reader can train it again and compare; not with pictures. */
  readonly experiment?: Recipe;
  readonly trials?: readonly { readonly seed: number; readonly run: TrainedRun }[];
}

/**
 * Draws many trainings per variant: for each epoch the median as a line and the interquartile range as a band, training
 * loss on the left, validation accuracy on the right. A training that was stopped leaves the medians there and is marked by a
 * cross; the alternative text says how many there were.
 */
export function bands(variants: readonly Variant[], options: { readonly title?: string } = {}): Figure {
  requireKinds('bands', { variants }, { variants: someVariants });
  requireOptions('bands', options, { title: true });
  const { title } = options;
  if (variants.length === 0 || variants.some(({ runs }) => runs.length === 0)) {
    throw new ValueError('bands: every variant needs at least one run, and there must be a variant.');
  }
  const empty = variants.find(({ runs }) => runs.every(({ history }) => history.length === 0));
  if (empty !== undefined) {
    throw new ValueError(`bands: every variant needs a run with an epoch, but "${empty.name}" has none.`);
  }
  const table = bandTable(variants);
  const rows = table.objects() as BandRow[];
  const loss = variants.map((variant) => ({
    ...medians(rows, variant.name, 'lossMedian'),
    stops: stopsOf(variant, ({ trainingLoss }) => trainingLoss),
  }));
  const accuracy = variants.map((variant) => ({
    ...medians(rows, variant.name, 'accuracyMedian'),
    stops: stopsOf(variant, ({ validationAccuracy }) => validationAccuracy),
  }));
  const names = variants.map(({ name }) => name);
  const upper = variants.map(({ name }) => medians(rows, name, 'lossHigh'));
  const lower = variants.map(({ name }) => medians(rows, name, 'accuracyLow'));
  const lossDomain = roundDomain(
    0,
    lossCeiling(
      variants.flatMap(({ runs }) => runs),
      upper,
    ),
  );
  const accuracyDomain = accuracyRange(lower);
  const lastEpoch = Math.max(1, ...rows.map(({ epoch }) => epoch));
  const labelled = labelsFit({ series: accuracy, domain: accuracyDomain, lastEpoch });
  const shared = {
    colour: 'variant',
    lastEpoch,
    legend: labelled || names.length === 1 ? null : legendBelow(names),
  };
  const panels: LinePanel[] = [
    {
      ...shared,
      title: 'Training loss',
      field: 'lossMedian',
      series: loss,
      domain: lossDomain,
      format: '~g',
      labelled: false,
      layers: [band('lossLow', 'lossHigh', lossDomain)],
    },
    {
      ...shared,
      title: 'Validation accuracy',
      field: 'accuracyMedian',
      series: accuracy,
      domain: accuracyDomain,
      format: '.0%',
      labelled,
      layers: [band('accuracyLow', 'accuracyHigh', accuracyDomain)],
    },
  ];
  return figure({
    ...(title === undefined ? {} : { title }),
    alt: describe(variants, rows),
    table,
    spec: sideBySide(panels),
    published: variants.flatMap(firstTrial),
  });
}

function firstTrial({ name, experiment, trials = [] }: Variant): PublishedRun[] {
  const [trial] = trials;
  if (experiment === undefined || trial === undefined || isOfPictures(experiment)) return [];
  const {
    name: own,
    data,
    model,
    initializer,
    loss,
    optimizer,
    schedule,
    epochs,
    batchSize,
    dtype,
  } = experiment;
  const recipe = { name: own, data, model, initializer, loss, optimizer, schedule, epochs, batchSize, dtype };
  return [{ series: name, experiment: recipe, ...trial }];
}

interface BandRow {
  readonly variant: string;
  readonly epoch: number;
  readonly runs: number;
  readonly lossLow: number | null;
  readonly lossMedian: number | null;
  readonly lossHigh: number | null;
  readonly accuracyLow: number;
  readonly accuracyMedian: number;
  readonly accuracyHigh: number;
}

/** One row per variant and epoch: how many runs reached it, and the quartiles of their loss and accuracy. */
function bandTable(variants: readonly Variant[]): DataFrame {
  const rows = variants.flatMap(({ name, runs }) =>
    runs.flatMap(({ history }) =>
      history.map(({ epoch, trainingLoss, validationAccuracy }) => ({
        variant: name,
        epoch,
        loss: trainingLoss !== undefined && Number.isFinite(trainingLoss) ? trainingLoss : null,
        accuracy: validationAccuracy,
      })),
    ),
  );
  const { from, op } = arquero();
  return from(rows)
    .groupby('variant', 'epoch')
    .rollup({
      runs: op.count(),
      lossLow: op.quantile('loss', 0.25),
      lossMedian: op.median('loss'),
      lossHigh: op.quantile('loss', 0.75),
      accuracyLow: op.quantile('accuracy', 0.25),
      accuracyMedian: op.median('accuracy'),
      accuracyHigh: op.quantile('accuracy', 0.75),
    });
}

function medians(rows: readonly BandRow[], variant: string, field: keyof BandRow): Series {
  const points = rows.flatMap((row) => {
    const value = row[field];
    if (row.variant !== variant || typeof value !== 'number' || !Number.isFinite(value)) return [];
    return [{ epoch: row.epoch, value }];
  });
  return { name: variant, points };
}

/** The last finite values of the runs that were stopped. */
function stopsOf({ runs }: Variant, value: (record: EpochRecord) => number | undefined): Series['points'] {
  return runs.flatMap((run) => seriesOf(run, value).stops ?? []);
}

function band(low: string, high: string, domain: readonly [number, number]): VegaLiteSpec {
  return {
    transform: [{ filter: `isValid(datum['${low}'])` }],
    mark: { type: 'area', fillOpacity: 0.18, clip: true, line: false },
    encoding: {
      x: { field: 'epoch', type: 'quantitative' },
      y: { field: low, type: 'quantitative', scale: { domain, nice: false, zero: false }, title: null },
      y2: { field: high },
      color: { field: 'variant', type: 'nominal' },
    },
  };
}

function describe(variants: readonly Variant[], rows: readonly BandRow[]): string {
  const sentences = variants.map(({ name, runs }) => {
    const last = rows.filter(({ variant }) => variant === name).at(-1)!;
    const stopped = runs.filter((run) => run.stopped !== undefined).length;
    const halted = stopped === 0 ? '' : `; ${stopped} of ${runs.length} stopped early`;
    const loss = last.lossMedian === null ? '' : `, median training loss ${number(last.lossMedian)}`;
    return (
      `${name}, ${runs.length} runs: median accuracy ${percent(last.accuracyMedian)} after epoch ${last.epoch}, ` +
      `quartiles ${percent(last.accuracyLow)} and ${percent(last.accuracyHigh)}${loss}${halted}.`
    );
  });
  return `Median and interquartile range of training loss and validation accuracy by epoch. ${sentences.join(' ')}`;
}
