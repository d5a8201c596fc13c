import { arquero } from '../experiment/arquero.js';
import type { Confusion } from '../training/predictions.js';
import { type Figure, figure } from './figure.js';
import { inks, seriesColour } from './theme.js';
import { listed } from './wording.js';
import { aText, listOf, numbers, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';
import { ValueError } from '../tensor/error.js';

export interface ConfusionMapOptions {
  readonly title?: string;
  /** What was classified, for the alternative text; for example "validation pictures, Adam". */
  readonly what?: string;
}

const cell = 38;

/**
 * Draws how often instances of each class (row) are given each class (column): right answers blue, mistakes vermilion, stronger
 * the larger their share of the row; the share is written in per cent, and nothing where it is zero.
 */
export function confusionMap(
  confusion: Confusion,
  classNames: readonly string[],
  options: ConfusionMapOptions = {},
): Figure {
  requireKinds(
    'confusionMap',
    { confusion, classNames },
    {
      confusion: listOf(numbers, 'a matrix, as confusionMatrix(…) returns it'),
      classNames: listOf(aText, 'the names of the classes'),
    },
  );
  requireOptions('confusionMap', options, { title: true, what: true });
  const { title, what = 'instances' } = options;
  if (confusion.length !== classNames.length || confusion.some((row) => row.length !== classNames.length)) {
    throw new ValueError(
      `confusionMap: ${classNames.length} class names need a matrix of ${classNames.length} by ${classNames.length}, but it is ` +
        `${confusion.length} by ${confusion[0]?.length ?? 0}.`,
    );
  }
  const rows = confusion.flatMap((counts, truth) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count, answer) => ({
      class: classNames[truth]!,
      answer: classNames[answer]!,
      count,
      share: total === 0 ? 0 : count / total,
      right: truth === answer,
    }));
  });
  const axis = { domain: false, ticks: false, grid: false };
  return figure({
    ...(title === undefined ? {} : { title }),
    alt: describe(confusion, classNames, what),
    table: arquero().from(rows),
    spec: {
      width: cell * classNames.length,
      height: 28 * classNames.length,
      encoding: {
        x: {
          field: 'answer',
          type: 'ordinal',
          sort: null,
          title: 'answer of the network',
          axis: { ...axis, orient: 'top', labelAngle: -90 },
        },
        y: { field: 'class', type: 'ordinal', sort: null, title: 'class', axis },
      },
      layer: [
        { mark: { type: 'rect', fillOpacity: 0, stroke: inks.grid.light, strokeWidth: 1 } },
        {
          transform: [{ filter: 'datum.count > 0' }],
          mark: { type: 'rect' },
          encoding: {
            color: { condition: { test: 'datum.right', value: seriesColour(0) }, value: seriesColour(1) },
            fillOpacity: {
              field: 'share',
              type: 'quantitative',
              scale: { domain: [0, 1], range: [0.06, 0.62] },
              legend: null,
            },
          },
        },
        {
          transform: [{ filter: 'datum.count > 0' }],
          mark: { type: 'text' },
          encoding: { text: { field: 'share', type: 'quantitative', format: '.0%' } },
        },
      ],
    },
  });
}

function describe(confusion: Confusion, classNames: readonly string[], what: string): string {
  const mistakes = confusion
    .flatMap((counts, truth) => counts.map((count, answer) => ({ count, truth, answer })))
    .filter(({ count, truth, answer }) => count > 0 && truth !== answer)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.answer - b.answer);
  const all = confusion.flat().reduce((sum, count) => sum + count, 0);
  const wrong = mistakes.reduce((sum, { count }) => sum + count, 0);
  const most = mistakes
    .slice(0, 3)
    .map(({ count, truth, answer }) => `${classNames[truth]!} taken for ${classNames[answer]!} (${count})`);
  const often = most.length === 0 ? '' : ` Most often ${listed(most)}.`;
  return `Confusion matrix of ${all} ${what}: ${all - wrong} are right, ${wrong} wrong.${often}`;
}
