import type { Confusion } from '../training/predictions.js';
import type { Figure } from './figure.js';
import { heatmap } from './heatmap.js';
import { listed } from './wording.js';
import { aList, aText, listOf, numbers, objectWith, requireKinds } from '../tensor/arguments.js';
import { ValueError } from '../tensor/error.js';
import { requireOptions } from '../tensor/options.js';

/** Accuracies of one classifier, as shares; `undefined` for what is not known. */
export interface ClassAccuracies {
  readonly name: string;
  /** One a class. */
  readonly classes: readonly (number | undefined)[];
  readonly overall: number;
}

const someConfusions = listOf(
  listOf(numbers, 'a matrix, as confusionMatrix(…) returns it'),
  'the confusion matrices in a list',
);
const someClassifiers = listOf(
  objectWith({ name: aText, classes: aList }, 'the accuracies of a classifier, { name, classes, overall }'),
  'the classifiers in a list',
);

/** The accuracy of each class and of all instances, averaged over trainings of the same kind. */
export function classAccuracies(name: string, confusions: readonly Confusion[]): ClassAccuracies {
  requireKinds('classAccuracies', { name, confusions }, { name: aText, confusions: someConfusions });
  if (confusions.length === 0) {
    throw new ValueError(`classAccuracies: "${name}" has no confusion matrix: give at least one`);
  }
  const size = confusions[0]!.length;
  if (confusions.some((rows) => rows.length !== size || rows.some((row) => row.length !== size))) {
    throw new ValueError(
      `classAccuracies: the confusion matrices of "${name}" must have as many columns as rows, and be of one size`,
    );
  }
  const mean = (share: (confusion: Confusion) => number) =>
    confusions.reduce((total, confusion) => total + share(confusion), 0) / confusions.length;
  const classes = confusions[0]!.map((_, label) =>
    mean((confusion) => confusion[label]![label]! / sum(confusion[label]!)),
  );
  const overall = mean(
    (confusion) => sum(confusion.map((row, label) => row[label]!)) / sum(confusion.map((row) => sum(row))),
  );
  return { name, classes, overall };
}

/** Draws accuracies by class, one classifier a column, and their overall accuracies below. */
export function classAccuracyMap(
  classifiers: readonly ClassAccuracies[],
  classNames: readonly string[],
  options: { readonly title?: string; readonly what?: string } = {},
): Figure {
  requireKinds(
    'classAccuracyMap',
    { classifiers, classNames },
    { classifiers: someClassifiers, classNames: listOf(aText, 'the names of the classes') },
  );
  requireOptions('classAccuracyMap', options, { title: true, what: true });
  const { title, what = 'Accuracy by class' } = options;
  const wrong = classifiers.find(({ classes }) => classes.length !== classNames.length);
  if (wrong !== undefined) {
    throw new ValueError(
      `classAccuracyMap: "${wrong.name}" has ${wrong.classes.length} classes, but there are ${classNames.length} names.`,
    );
  }
  const matrix = [
    ...classNames.map((_, label) => classifiers.map(({ classes }) => classes[label] ?? NaN)),
    classifiers.map(({ overall }) => overall),
  ];
  return heatmap(matrix, {
    ...(title === undefined ? {} : { title }),
    rows: [...classNames, 'all classes'],
    columns: classifiers.map(({ name }) => name),
    strongest: 1,
    format: percent,
    alt: `${what}. ${classifiers.map((classifier) => describe(classifier, classNames)).join(' ')}`,
  });
}

function describe({ name, classes, overall }: ClassAccuracies, classNames: readonly string[]): string {
  const known = classes.flatMap((share, label) => (share === undefined ? [] : [{ share, label }]));
  const at = (extreme: number) =>
    known.filter(({ share }) => share === extreme).map(({ label }) => classNames[label]!);
  const shares = known.map(({ share }) => share);
  const [lowest, highest] = [Math.min(...shares), Math.max(...shares)];
  const hidden = classes.length - known.length;
  const unknown = hidden === 0 ? '' : `; ${hidden} are not known`;
  return (
    `${name}: ${percent(overall)} of all, from ${percent(lowest)} of ${listed(at(lowest))} to ${percent(highest)} of ` +
    `${listed(at(highest))}${unknown}.`
  );
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(0)}%` : '';
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
