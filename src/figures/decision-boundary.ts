import { arquero } from '../experiment/arquero.js';
import { type Figure, figure, type VegaLiteSpec } from './figure.js';
import { inks, seriesColour } from './theme.js';
import { listed, percent } from './wording.js';
import { aNumber, aText, listOf, numbers, objectWith, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';
import { ValueError } from '../tensor/error.js';

/** What a classifier of two classes answers on a grid of points of the plane. */
export interface BoundaryPanel {
  readonly title: string;
  /** Coordinates of the grid, evenly spaced and increasing. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** The predicted class of each grid point, one row per y. */
  readonly classes: readonly (readonly number[])[];
}

/** A labelled point of the plane. */
export interface LabelledPoint {
  readonly x: number;
  readonly y: number;
  readonly label: number;
}

export interface BoundaryOptions {
  readonly title?: string;
  /** The boundary that is to be found: branches, each in the order in which it is drawn, and what it is. */
  readonly truth?: {
    readonly name: string;
    readonly branches: readonly (readonly { readonly x: number; readonly y: number }[])[];
  };
}

const somePanels = listOf(
  objectWith(
    { title: aText, x: numbers, y: numbers, classes: listOf(numbers, 'the classes, one row per y') },
    'a panel, { title, x, y, classes }',
  ),
  'the panels in a list',
);
const somePoints = listOf(
  objectWith({ x: aNumber, y: aNumber, label: aNumber }, 'a point, { x, y, label }'),
  'the points in a list',
);

/**
 * Draws, side by side, the regions in which a classifier answers 1 and the points it was shown: filled circles where the
 * label is 1, crosses where it is 0, so that a wrong answer is a circle on blank ground or a cross on tinted ground. The true
 * boundary is a dashed line.
 */
export function decisionBoundary(
  panels: readonly BoundaryPanel[],
  points: readonly LabelledPoint[],
  options: BoundaryOptions = {},
): Figure {
  requireKinds('decisionBoundary', { panels, points }, { panels: somePanels, points: somePoints });
  requireOptions('decisionBoundary', options, { title: true, truth: true });
  const { title, truth } = options;
  if (panels.length === 0)
    throw new ValueError('decisionBoundary: there is no panel to draw: give at least one.');
  const rows = [
    ...panels.flatMap((panel) =>
      regions(panel).map((region) => ({ panel: panel.title, kind: 'region', ...region, label: 1 })),
    ),
    ...points.map(({ x, y, label }) => ({ panel: null, kind: 'point', x, x2: null, y, y2: null, label })),
    ...(truth?.branches ?? []).flatMap((branch, k) =>
      branch.map(({ x, y }) => ({ panel: null, kind: 'truth', x, x2: null, y, y2: null, label: k })),
    ),
  ];
  const size =
    panels.length === 1
      ? 300
      : Math.max(150, Math.floor((660 - 20 * panels.length) / Math.min(panels.length, 4)));
  const [first] = panels;
  const domain = { x: extent(first!.x), y: extent(first!.y) };
  return figure({
    ...(title === undefined ? {} : { title }),
    alt: describe(panels, points, truth?.name),
    table: arquero().from(rows),
    spec: {
      hconcat: panels.map((panel, index) => panelSpec(panel.title, size, domain, index === 0)),
      spacing: 18,
    },
  });
}

interface Region {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
}

/** The cells of class 1, neighbours in a row joined, as rectangles. */
function regions({ x, y, classes, title }: BoundaryPanel): Region[] {
  if (classes.length !== y.length || classes.some((row) => row.length !== x.length)) {
    throw new ValueError(
      `decisionBoundary: "${title}" has a grid of ${y.length} by ${x.length}, but classes of another shape.`,
    );
  }
  const dx = (x[1]! - x[0]!) / 2;
  const dy = (y[1]! - y[0]!) / 2;
  const found: Region[] = [];
  classes.forEach((row, i) => {
    let start = -1;
    for (let j = 0; j <= row.length; j++) {
      const inside = j < row.length && row[j] === 1;
      if (inside && start < 0) start = j;
      if (inside || start < 0) continue;
      found.push(roundedRegion(x[start]! - dx, x[j - 1]! + dx, y[i]! - dy, y[i]! + dy));
      start = -1;
    }
  });
  return joined(found);
}

/** Rectangles of the same width that stand on one another become one. */
function joined(rows: readonly Region[]): Region[] {
  const open = new Map<string, Region>();
  const done: Region[] = [];
  for (const region of rows) {
    const key = `${region.x} ${region.x2} ${region.y}`;
    const below = open.get(key);
    const grown = below === undefined ? region : { ...region, y: below.y };
    if (below !== undefined) done.splice(done.indexOf(below), 1);
    done.push(grown);
    open.set(`${region.x} ${region.x2} ${region.y2}`, grown);
  }
  return done;
}

function roundedRegion(x: number, x2: number, y: number, y2: number): Region {
  const [a, b, c, d] = [x, x2, y, y2].map((value) => Number(value.toFixed(4)));
  return { x: a!, x2: b!, y: c!, y2: d! };
}

function panelSpec(
  name: string,
  size: number,
  domain: { x: number[]; y: number[] },
  first: boolean,
): VegaLiteSpec {
  const axis = (range: number[]) => ({
    grid: false,
    domain: true,
    ticks: true,
    values: innerTicks(range),
    format: '~g',
  });
  const x = {
    field: 'x',
    type: 'quantitative',
    scale: { domain: domain.x, nice: false, zero: false },
    title: 'x₁',
    axis: axis(domain.x),
  };
  const y = {
    field: 'y',
    type: 'quantitative',
    scale: { domain: domain.y, nice: false, zero: false },
    title: first ? 'x₂' : null,
    axis: first
      ? { ...axis(domain.y), titleAngle: 0, titleAlign: 'right' }
      : { ...axis(domain.y), labels: false },
  };
  const named = `datum.panel === ${JSON.stringify(name)}`;
  const pointMark = { type: 'point', opacity: 0.9, clip: true, strokeWidth: 1.1 };
  return {
    width: size,
    height: size,
    title: { text: name, frame: 'group' },
    layer: [
      {
        transform: [{ filter: named }],
        // The outline in the colour of the ground hides the seams between neighbouring rectangles.
        mark: { type: 'rect', fill: inks.tint.light, stroke: inks.tint.light, strokeWidth: 0.7, clip: true },
        encoding: { x, y, x2: { field: 'x2' }, y2: { field: 'y2' } },
      },
      {
        transform: [{ filter: "datum.kind === 'point' && datum.label === 1" }],
        mark: { ...pointMark, filled: true, size: 11, color: seriesColour(0) },
        encoding: { x, y },
      },
      {
        transform: [{ filter: "datum.kind === 'point' && datum.label !== 1" }],
        mark: { ...pointMark, filled: false, shape: 'M-1,-1L1,1M-1,1L1,-1', size: 9, color: seriesColour(1) },
        encoding: { x, y },
      },
      {
        transform: [{ filter: "datum.kind === 'truth'" }],
        mark: { type: 'line', clip: true, color: inks.text.light, strokeWidth: 1.25, strokeDash: [5, 3] },
        encoding: { x, y, detail: { field: 'label' }, order: { field: 'y', type: 'quantitative' } },
      },
      { data: { values: [{}] }, mark: { type: 'rect', fillOpacity: 0, stroke: inks.rule.light } },
    ],
  };
}

/** Whole numbers well inside the range, so that no label stands at a corner. */
function innerTicks([low, high]: number[]): number[] {
  const step = Math.max(1, Math.round((high! - low!) / 5));
  const count = Math.floor((high! - low!) / step / 2);
  const middle = Math.round((high! + low!) / 2 / step) * step;
  const ticks = Array.from({ length: 2 * count + 1 }, (_, i) => middle + (i - count) * step);
  return ticks.filter((tick) => tick > low! + 0.05 * (high! - low!) && tick < high! - 0.05 * (high! - low!));
}

function extent(coordinates: readonly number[]): number[] {
  return [coordinates[0]!, coordinates.at(-1)!];
}

function describe(
  panels: readonly BoundaryPanel[],
  points: readonly LabelledPoint[],
  truth: string | undefined,
): string {
  const shares = panels.map(({ title, classes }) => {
    const cells = classes.flat();
    return `${title}: ${percent(cells.filter((c) => c === 1).length / cells.length)} of the plane shown is class 1`;
  });
  const ones = points.filter(({ label }) => label === 1).length;
  return `Regions of class 1 in the plane, with ${points.length} data points of which ${ones} are of class 1${
    truth === undefined ? '' : `, and ${truth} as a dashed line`
  }. ${listed(shares)}.`;
}
