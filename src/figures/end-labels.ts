import type { VegaLiteSpec } from './figure.js';
import { textWidth } from './fonts.js';
import type { Series } from './line-panel.js';
import { sizes } from './theme.js';

/** What the place of a name depends on: the panel's lines and the ranges of its axes. */
export interface LabelledLines {
  readonly series: readonly Series[];
  readonly domain: readonly [number, number];
  readonly lastEpoch: number;
}

interface EndLabel {
  readonly name: string;
  /** Where the line ends, in pixels from the top. */
  readonly wanted: number;
  readonly px: number;
  py: number;
}

const leading = 14; // pixels from one label to the next
const offset = 8; // pixels from a line's end to its label
const clearance = 9; // pixels from the middle of a label to the nearest line

/** Whether names fit at the ends of the lines, beside the panel and without being pushed far from their lines. */
export function labelsFit(lines: LabelledLines): boolean {
  const widest = Math.max(...lines.series.map(({ name }) => textWidth(name, sizes.label)));
  const furthest = Math.max(...endLabels(lines).map(({ py, wanted }) => Math.abs(py - wanted)));
  return lines.series.length <= 6 && widest <= 130 && furthest <= 3 * leading;
}

/** Writes each line's name at its end. */
export function endLayer(lines: LabelledLines, color: VegaLiteSpec): VegaLiteSpec {
  const round = (pixels: number) => Math.round(pixels * 10) / 10;
  const values = endLabels(lines).map(({ name, px, py }) => ({ run: name, px: round(px), py: round(py) }));
  return {
    data: { values },
    mark: { type: 'text', align: 'left', baseline: 'middle', clip: false },
    encoding: {
      x: { field: 'px', type: 'quantitative', scale: null },
      y: { field: 'py', type: 'quantitative', scale: null },
      text: { field: 'run' },
      color: { ...color, field: 'run' },
    },
  };
}

/** Names stand beside the panel, without overlap; that of a line that ends early stands at its end where there is room. */
function endLabels(lines: LabelledLines): EndLabel[] {
  const inside: EndLabel[] = [];
  const beside: EndLabel[] = [];
  for (const one of lines.series) {
    const end = pixelsOf(one, lines).at(-1);
    if (end === undefined) continue;
    const label = { name: one.name, wanted: Math.round(end.y * 10) / 10, px: end.x + offset };
    const free = [0, leading, -leading]
      .map((shift) => ({ ...label, py: label.wanted + shift }))
      .find((place) => isFree(place, one, lines, inside));
    if (free !== undefined) inside.push(free);
    else beside.push({ ...label, px: sizes.panelWidth + offset, py: label.wanted });
  }
  spread([...beside].sort((a, b) => a.wanted - b.wanted));
  return [...beside, ...inside];
}

/** Whether a label lies within the panel and touches neither another line nor another label. */
function isFree(label: EndLabel, own: Series, lines: LabelledLines, others: readonly EndLabel[]): boolean {
  const right = (one: EndLabel) => one.px + textWidth(one.name, sizes.label);
  if (right(label) > sizes.panelWidth || label.py < 0 || label.py > sizes.panelHeight) return false;
  const isApart = (other: EndLabel) =>
    Math.abs(other.py - label.py) >= leading || other.px > right(label) || label.px > right(other);
  const meets = (line: Series) => {
    const points = pixelsOf(line, lines);
    return points.slice(1).some((to, k) => {
      const from = points[k]!;
      if (to.x < label.px || from.x > right(label)) return false;
      const at = (x: number) => from.y + ((to.y - from.y) * (x - from.x)) / (to.x - from.x);
      const ends = [at(Math.max(from.x, label.px)), at(Math.min(to.x, right(label)))];
      return Math.min(...ends) < label.py + clearance && Math.max(...ends) > label.py - clearance;
    });
  };
  return others.every(isApart) && !lines.series.some((line) => line !== own && meets(line));
}

function pixelsOf({ points }: Series, { domain: [low, high], lastEpoch }: LabelledLines) {
  return points.map(({ epoch, value }) => ({
    x: (epoch / lastEpoch) * sizes.panelWidth,
    y: (1 - (Math.min(high, Math.max(low, value)) - low) / (high - low)) * sizes.panelHeight,
  }));
}

/** Moves labels apart until none overlaps, keeping their order and the middle of each crowd where it was. */
function spread(ordered: readonly EndLabel[]): void {
  for (let round = 0; round < 100; round++) {
    let moved = false;
    for (let i = 1; i < ordered.length; i++) {
      const above = ordered[i - 1]!;
      const below = ordered[i]!;
      const overlap = leading - (below.py - above.py);
      if (overlap <= 0.05) continue;
      above.py = Math.max(0, above.py - overlap / 2);
      below.py = above.py + leading;
      moved = true;
    }
    if (!moved) return;
  }
}
