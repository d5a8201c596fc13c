import { arquero } from '../experiment/arquero.js';
import { type Figure, figure } from './figure.js';
import { legendBelow } from './line-panel.js';
import { inks, seriesColour, seriesDash } from './theme.js';
import { requireOptions } from '../tensor/options.js';
import { aNumber, aText, listOf, objectWith, orNothing, requireKinds } from '../tensor/arguments.js';
import { ValueError } from '../tensor/error.js';

/** The error of a finite difference at one step size. */
export interface StepError {
  readonly step: number;
  readonly error: number;
  /** The rule the error belongs to, when there are several. */
  readonly rule?: string;
}

const someErrors = listOf(
  objectWith(
    { step: aNumber, error: aNumber, rule: orNothing(aText) },
    'a step and its error, { step, error }',
  ),
  'the errors in a list',
);

/**
 * Draws the error of finite differences over the step on two logarithmic axes: falling with truncation, rising again with
 * rounding, lowest in between. Errors of exactly zero cannot stand on a logarithmic axis; the alternative text counts them.
 * @throws ValueError for a step that is not positive, a negative error, one that is no finite number, and when all are zero.
 */
export function errorCurve(errors: readonly StepError[], options: { readonly title?: string } = {}): Figure {
  requireKinds('errorCurve', { errors }, { errors: someErrors });
  requireOptions('errorCurve', options, { title: true });
  const { title } = options;
  const bad = errors.find(({ step, error }) => step <= 0 || error < 0 || !Number.isFinite(step + error));
  if (bad !== undefined) {
    throw new ValueError(
      `errorCurve: a step of ${bad.step} has an error of ${bad.error}, but a step is above zero, an error is not below, ` +
        'and both are finite: leave it out or mend it.',
    );
  }
  const drawn = errors.filter(({ error }) => error !== 0);
  if (drawn.length === 0) throw new ValueError('errorCurve: no step has a positive error to draw.');
  const rules = [...new Set(errors.map(({ rule = 'error' }) => rule))];
  const single = rules.length === 1;
  const scale = { domain: rules, range: rules.map((_, i) => seriesColour(i)) };
  const dashes = { domain: rules, range: rules.map((_, i) => seriesDash(i)) };
  const legend = single ? null : legendBelow(rules);
  const power = {
    grid: true,
    tickCount: 8,
    labelExpr: "replace(replace(replace(format(datum.value, '.0e'), 'e+0', ''), 'e+', 'e'), '-', '−')",
    labelOverlap: 'greedy',
    domain: true,
    ticks: true,
  };
  const log = { type: 'log', nice: true };
  return figure({
    ...(title === undefined ? {} : { title }),
    alt: describe(rules, errors, drawn),
    table: arquero().from(errors.map(({ step, error, rule = 'error' }) => ({ rule, step, error }))),
    spec: {
      width: 380,
      height: 240,
      transform: [{ filter: 'datum.error > 0' }],
      encoding: {
        x: {
          field: 'step',
          type: 'quantitative',
          scale: log,
          title: 'step h',
          axis: { ...power, grid: false },
        },
        y: { field: 'error', type: 'quantitative', scale: log, title: 'relative error', axis: power },
        color: { field: 'rule', type: 'nominal', scale, legend },
      },
      layer: [
        {
          mark: { type: 'line' },
          encoding: { strokeDash: { field: 'rule', type: 'nominal', scale: dashes, legend } },
        },
        {
          mark: { type: 'point', filled: true, size: 22, opacity: 1 },
          encoding: { strokeDash: { value: [1, 0] } },
        },
        ...(single ? lowest(drawn) : []),
      ],
    },
  });
}

/** The best step, marked and named above its point. */
function lowest(drawn: readonly StepError[]): Record<string, unknown>[] {
  const best = bestOf(drawn);
  const data = {
    values: [{ step: best.step, error: best.error, text: `lowest at h = ${exponent(best.step)}` }],
  };
  const color = { value: inks.muted.light };
  return [
    {
      data,
      mark: { type: 'rule', strokeDash: [2, 3] },
      encoding: { color, y2: { value: 26 } },
    },
    { data, mark: { type: 'text' }, encoding: { color, y: { value: 16 }, text: { field: 'text' } } },
  ];
}

/** A step as a power of ten, as the axis writes it. */
function exponent(step: number): string {
  return step.toExponential(1).replace('.0e', 'e').replace('e+', 'e').replace('-', '−');
}

function bestOf(drawn: readonly StepError[]): StepError {
  return drawn.reduce((best, candidate) => (candidate.error < best.error ? candidate : best));
}

function describe(
  rules: readonly string[],
  errors: readonly StepError[],
  drawn: readonly StepError[],
): string {
  const sentences = rules.flatMap((rule) => {
    const own = drawn.filter((point) => (point.rule ?? 'error') === rule);
    if (own.length === 0) return [];
    const { step, error } = bestOf(own);
    const name = rules.length === 1 ? 'The error' : `For ${rule} it`;
    return [`${name} is lowest, ${exponent(error)}, at a step of ${exponent(step)}.`];
  });
  const zeros = errors.length - drawn.length;
  const missing = zeros === 0 ? '' : ` ${zeros} steps with an error of zero are not drawn.`;
  return `Error of finite differences over the step size, both on logarithmic axes. ${sentences.join(' ')}${missing}`;
}
