import { arquero } from '../experiment/arquero.js';
import { type Figure, figure } from './figure.js';
import { textWidth } from './fonts.js';
import { inks, seriesColour, sizes } from './theme.js';
import { aNumber, aText, listOf, objectWith, orNothing, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';
import { ValueError } from '../tensor/error.js';

/** One bar. */
export interface Bar {
  readonly label: string;
  readonly value: number;
}

/** What the bars measure. */
export interface BarsOptions {
  readonly title?: string;
  /** What is measured, with its unit: the axis title. */
  readonly measure: string;
  /** How a value is written; a d3 format such as '.1%'. */
  readonly format?: string;
  /** A value to compare with, drawn as a rule with its name; for example chance. */
  readonly reference?: { readonly value: number; readonly name: string };
}

const aReference = orNothing(
  objectWith({ value: aNumber, name: aText }, 'a value to compare with, { value, name }'),
);

/** Draws horizontal bars from zero, each with its value at its end, in the order given. */
export function bars(items: readonly Bar[], options: BarsOptions): Figure {
  requireKinds(
    'bars',
    { items },
    { items: listOf(objectWith({ label: aText }, 'a bar, { label, value }'), 'the bars in a list') },
  );
  requireOptions('bars', options, { title: true, measure: true, format: true, reference: true });
  const { title, measure, format = '.3~g', reference } = options;
  requireKinds(
    'bars',
    { measure, format, reference },
    { measure: aText, format: orNothing(aText), reference: aReference },
  );
  if (items.length === 0) throw new ValueError('bars: there is no bar to draw: give at least one.');
  const lost = items.find(({ value }) => !Number.isFinite(value));
  if (lost !== undefined)
    throw new ValueError(`bars: the value of "${lost.label}" is ${lost.value}: leave it out or mend it.`);
  const table = arquero().from(items.map(({ label, value }) => ({ label, value })));
  const labelRoom = Math.max(...items.map(({ label }) => textWidth(label, sizes.label)));
  const x = {
    field: 'value',
    type: 'quantitative',
    title: measure,
    axis: { format, grid: true, tickCount: 5 },
  };
  const y = {
    field: 'label',
    type: 'ordinal',
    sort: null,
    title: null,
    axis: { labelColor: inks.text.light, labelLimit: Math.ceil(labelRoom) + 4, domain: false, ticks: false },
  };
  const rule = reference === undefined ? [] : ruleLayers(reference);
  return figure({
    ...(title === undefined ? {} : { title }),
    alt: describe(items, measure, reference),
    table,
    spec: {
      width: 420,
      height: { step: 26 },
      layer: [
        { mark: { type: 'bar', color: seriesColour(0), opacity: 0.85, height: 15 }, encoding: { x, y } },
        {
          mark: { type: 'text', align: 'left', dx: 5 },
          encoding: { x, y, text: { field: 'value', type: 'quantitative', format } },
        },
        ...rule,
      ],
    },
  });
}

function ruleLayers({ value, name }: { value: number; name: string }): Record<string, unknown>[] {
  const data = { values: [{ value, name }] };
  const x = { field: 'value', type: 'quantitative' };
  return [
    { data, mark: { type: 'rule', color: inks.text.light, strokeDash: [3, 3] }, encoding: { x } },
    {
      data,
      mark: { type: 'text', align: 'center', baseline: 'bottom', dy: -4, color: inks.muted.light },
      encoding: { x, y: { value: 0 }, text: { field: 'name' } },
    },
  ];
}

function describe(
  items: readonly Bar[],
  measure: string,
  reference?: { value: number; name: string },
): string {
  const values = items
    .map(({ label, value }) => `${label} ${String(Number(value.toPrecision(3)))}`)
    .join(', ');
  const compared =
    reference === undefined ? '' : ` ${reference.name} is ${String(Number(reference.value.toPrecision(3)))}.`;
  return `Bars of ${measure}: ${values}.${compared}`;
}
