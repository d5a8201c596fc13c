import { type Figure, figure } from './figure.js';
import { labelsFit } from './end-labels.js';
import { type LinePanel, legendBelow, roundDomain, type Series, sideBySide } from './line-panel.js';
import { number, percent } from './wording.js';
import { type EpochRecord, historyTable, type Run, someRuns } from './run.js';
import { requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';
import { ValueError } from '../tensor/error.js';

/** Words that a chart may be given in place of its own. */
export interface LossAndAccuracyOptions {
  readonly title?: string;
}

/**
 * Draws one or several trainings: training loss on the left, validation accuracy on the right, over epochs.
 * A training that was stopped ends in a cross; a loss that leaves the axis is marked with an arrow where it does.
 */
export function lossAndAccuracy(runs: Run | readonly Run[], options: LossAndAccuracyOptions = {}): Figure {
  const all = isOneRun(runs) ? [runs] : runs;
  requireKinds('lossAndAccuracy', { runs: all }, { runs: someRuns });
  requireOptions('lossAndAccuracy', options, { title: true });
  const { title } = options;
  if (all.length === 0) throw new ValueError('lossAndAccuracy: there is no run to draw: give at least one.');
  const loss = all.map((run) => seriesOf(run, ({ trainingLoss }) => trainingLoss));
  const accuracy = all.map((run) => seriesOf(run, ({ validationAccuracy }) => validationAccuracy));
  const lossDomain = roundDomain(0, lossCeiling(all, loss));
  const accuracyDomain = accuracyRange(accuracy);
  const lastEpoch = Math.max(...all.map(({ history }) => history.at(-1)?.epoch ?? 0), 1);
  const named = labelsFit({ series: accuracy, domain: accuracyDomain, lastEpoch });
  const shared = {
    colour: 'run',
    legend: named || all.length === 1 ? null : legendBelow(all.map(({ name }) => name)),
    lastEpoch,
  };
  const panels: LinePanel[] = [
    {
      ...shared,
      title: 'Training loss',
      field: 'trainingLoss',
      series: loss,
      domain: lossDomain,
      format: '~g',
      labelled: false,
    },
    {
      ...shared,
      title: 'Validation accuracy',
      field: 'validationAccuracy',
      series: accuracy,
      domain: accuracyDomain,
      format: '.0%',
      labelled: named,
    },
  ];
  return figure({
    ...(title === undefined ? {} : { title }),
    alt: describe(all),
    table: historyTable(all),
    spec: sideBySide(panels),
  });
}

/** The finite values of a run by epoch, and where it was stopped. */
export function seriesOf(run: Run, value: (record: EpochRecord) => number | undefined): Series {
  const points = run.history.flatMap((record) => {
    const y = value(record);
    return y === undefined || !Number.isFinite(y) ? [] : [{ epoch: record.epoch, value: y }];
  });
  const end = points.at(-1);
  return { name: run.name, points, ...(run.stopped && end && { stops: [end] }) };
}

/** The top of the loss axis: the highest loss, unless a diverging run would press the others flat. */
export function lossCeiling(runs: readonly Run[], series: readonly Series[]): number {
  const highest = Math.max(0, ...series.flatMap(({ points }) => points.map(({ value }) => value)));
  const start = Math.max(
    0,
    ...runs.map(({ history }) => history[0]?.validationLoss ?? 0).filter(Number.isFinite),
  );
  const cap = start > 0 ? 1.6 * start : highest;
  return Math.min(highest, cap) || 1;
}

/** From a round number below the worst accuracy to 100 %. */
export function accuracyRange(series: readonly Series[]): [number, number] {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  return [roundDomain(Math.min(1, ...values), 1)[0], 1];
}

function describe(runs: readonly Run[]): string {
  const last = Math.max(...runs.map(({ history }) => history.at(-1)?.epoch ?? 0));
  const sentences = runs.map(({ name, history, stopped }) => {
    const first = history[0];
    const end = history.at(-1);
    if (first === undefined || end === undefined) return `${name} has no history.`;
    const course = `${name}: accuracy ${percent(first.validationAccuracy)} before training, ${percent(end.validationAccuracy)} after epoch ${end.epoch}`;
    const loss = end.trainingLoss === undefined ? '' : `, training loss ${number(end.trainingLoss)}`;
    const halt =
      stopped === undefined
        ? ''
        : `; stopped in epoch ${stopped.epoch} at step ${stopped.step}, where ${stopped.parameter} was ${stopped.reason}`;
    return `${course}${loss}${halt}.`;
  });
  return `Training loss and validation accuracy over ${last} epochs. ${sentences.join(' ')}`;
}

function isOneRun(runs: Run | readonly Run[]): runs is Run {
  const given: unknown = runs; // by untyped code
  return typeof given === 'object' && given !== null && 'history' in given;
}
