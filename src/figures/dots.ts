import { arquero } from '../experiment/arquero.js';
import { type Figure, figure } from './figure.js';
import { inks, seriesColour } from './theme.js';
import { roundDomain, roundTicks } from './line-panel.js';
import { number, percent } from './wording.js';
import { aNumber, aText, listOf, numbers, objectWith, orNothing, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';
import { ValueError } from '../tensor/error.js';

/** Some values under one name. */
export interface DotRow {
  readonly label: string;
  readonly values: readonly number[];
}

export interface DotsOptions {
  readonly title?: string;
  /** What is measured, with its unit: the axis title. */
  readonly measure: string;
  /** How a value is written; a d3 format such as '.0%'. */
  readonly format?: string;
  /** Values that divide the rows, drawn as rules; the alternative text counts what lies between them. */
  readonly levels?: readonly number[];
}

const width = 500;
const dot = 3; // pixels from one dot to the next
const gap = 9; // pixels between rows

/** Draws every value as a dot, one row a name, so that rows with several modes look like what they are. */
export function dots(rows: readonly DotRow[], options: DotsOptions): Figure {
  requireKinds(
    'dots',
    { rows },
    {
      rows: listOf(
        objectWith({ label: aText, values: numbers }, 'a row, { label, values }'),
        'the rows in a list',
      ),
    },
  );
  requireOptions('dots', options, { title: true, measure: true, format: true, levels: true });
  const { title, measure, format = '~g', levels = [] } = options;
  requireKinds(
    'dots',
    { measure, format, levels },
    {
      measure: aText,
      format: orNothing(aText),
      levels: orNothing(listOf(aNumber, 'the levels in a list')),
    },
  );
  const values = rows.flatMap((row) => row.values);
  if (rows.length === 0 || rows.some((row) => row.values.length === 0)) {
    throw new ValueError('dots: every row needs at least one value, and there must be a row.');
  }
  const lost = rows.find((row) => row.values.some((value) => !Number.isFinite(value)));
  if (lost !== undefined)
    throw new ValueError(`dots: "${lost.label}" has a value that is not finite: leave it out or mend it.`);
  const domain = roundDomain(Math.min(...values, ...levels), Math.max(...values, ...levels));
  const { placed, middles, height } = place(rows, domain);
  const x = {
    field: 'value',
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    title: measure,
  };
  const y = { field: 'y', type: 'quantitative', scale: { domain: [height, 0], nice: false }, axis: null };
  const names = rows.map(({ label }, k) => ({ label, y: middles[k]! }));
  return figure({
    ...(title === undefined ? {} : { title }),
    alt: describe(rows, options),
    table: arquero().from(placed),
    spec: {
      width,
      height,
      layer: [
        ...levels.map((level) => ({
          data: { values: [{ level }] },
          mark: { type: 'rule', color: inks.rule.light, strokeDash: [3, 3] },
          encoding: { x: { ...x, field: 'level' } },
        })),
        {
          mark: { type: 'point', filled: true, opacity: 1, size: 7, color: seriesColour(0) },
          encoding: { x: { ...x, axis: { values: roundTicks(domain), format, grid: false } }, y },
        },
        {
          data: { values: names },
          mark: { type: 'text', align: 'right', dx: -12, clip: false },
          encoding: { x: { value: 0 }, y, text: { field: 'label' } },
        },
      ],
    },
  });
}

interface Placed {
  readonly label: string;
  readonly value: number;
  readonly y: number;
}

/** Gives every dot the place nearest to the middle of its row that no other has taken, and each row the height it needs. */
function place(rows: readonly DotRow[], [low, high]: readonly [number, number]) {
  const placed: Placed[] = [];
  const middles: number[] = [];
  let top = 0;
  for (const { label, values } of rows) {
    const taken: { x: number; level: number }[] = [];
    for (const value of Float64Array.from(values).sort()) {
      const x = (width * (value - low)) / (high - low);
      const near = taken.filter((other) => x - other.x < dot);
      let rank = 0;
      while (near.some(({ level }) => level === levelOf(rank))) rank++;
      taken.push({ x, level: levelOf(rank) });
    }
    const reach = Math.max(...taken.map(({ level }) => Math.abs(level)));
    const middle = top + gap / 2 + (reach + 0.5) * dot;
    const sorted = Float64Array.from(values).sort();
    taken.forEach(({ level }, k) => {
      placed.push({ label, value: sorted[k]!, y: Math.round((middle + level * dot) * 10) / 10 });
    });
    middles.push(Math.round(middle * 10) / 10);
    top = middle + gap / 2 + (reach + 0.5) * dot;
  }
  return { placed, middles, height: Math.ceil(top) };
}

/** 0, 1, −1, 2, −2, … */
function levelOf(rank: number): number {
  return rank % 2 === 0 ? -rank / 2 : (rank + 1) / 2;
}

function describe(rows: readonly DotRow[], { measure, format, levels = [] }: DotsOptions): string {
  const written = (value: number) => (format?.endsWith('%') === true ? percent(value) : number(value));
  const bounds = [-Infinity, ...levels, Infinity];
  const sentences = rows.map(({ label, values }) => {
    const counts = bounds.slice(1).map((bound, k) => {
      const count = values.filter((value) => value >= bounds[k]! && value < bound).length;
      if (k === 0) return `${count} below ${written(bound)}`;
      return bound === Infinity
        ? `${count} from ${written(bounds[k]!)} on`
        : `${count} from ${written(bounds[k]!)} to ${written(bound)}`;
    });
    const spread = `from ${written(Math.min(...values))} to ${written(Math.max(...values))}`;
    return `${label}: ${values.length} ${spread}${levels.length === 0 ? '' : `, ${counts.join(', ')}`}.`;
  });
  return `Each dot is one value of ${measure}. ${sentences.join(' ')}`;
}
