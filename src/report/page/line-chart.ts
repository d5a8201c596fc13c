import { svgElement } from './elements.js';

/** A point of a curve: an epoch and a value. */
export type Point = readonly [epoch: number, value: number];

/** What a chart shows before a training begins. */
export interface LineChartOptions {
  readonly title: string;
  readonly epochs: number;
  readonly domain: readonly [number, number];
  readonly percent?: boolean;
  /** The published curve, drawn broad and pale under the new one. */
  readonly published?: readonly Point[];
}

const [width, height] = [320, 190];
const inner = { left: 40, right: 12, top: 26, bottom: 30 };

/** A small chart over epochs, to which a training adds its points as they come. */
export class LineChart {
  readonly node: SVGSVGElement;
  private readonly curve = svgElement('path', { class: 'fresh' });
  private readonly head = svgElement('circle', { class: 'head', r: 3, visibility: 'hidden' });
  private points: Point[] = [];

  constructor(private readonly options: LineChartOptions) {
    const { title, published = [] } = options;
    this.node = svgElement(
      'svg',
      { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title, class: 'chart' },
      svgElement('text', { x: inner.left, y: 14, class: 'name' }, title),
      ...this.axes(),
      svgElement('path', { class: 'published', d: this.path(published) }),
      this.curve,
      this.head,
    );
  }

  clear(): void {
    this.points = [];
    this.curve.setAttribute('d', '');
    this.head.setAttribute('visibility', 'hidden');
  }

  add(epoch: number, value: number | undefined): void {
    if (value === undefined || !Number.isFinite(value)) return;
    this.points.push([epoch, value]);
    this.curve.setAttribute('d', this.path(this.points));
    this.head.setAttribute('cx', this.x(epoch));
    this.head.setAttribute('cy', this.y(value));
    this.head.setAttribute('visibility', 'visible');
  }

  private path(points: readonly Point[]): string {
    return points
      .map(([epoch, value], k) => `${k === 0 ? 'M' : 'L'}${this.x(epoch)} ${this.y(value)}`)
      .join('');
  }

  private x(epoch: number): string {
    const share = epoch / Math.max(1, this.options.epochs);
    return (inner.left + share * (width - inner.left - inner.right)).toFixed(2);
  }

  /** Values beyond the axis stay at its edge. */
  private y(value: number): string {
    const [low, high] = this.options.domain;
    const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
    return (height - inner.bottom - share * (height - inner.top - inner.bottom)).toFixed(2);
  }

  private axes(): SVGElement[] {
    const { domain, epochs, percent = false } = this.options;
    const lines = ticks(domain).flatMap((value) => [
      svgElement('line', {
        class: 'grid',
        x1: inner.left,
        x2: width - inner.right,
        y1: this.y(value),
        y2: this.y(value),
      }),
      svgElement(
        'text',
        { x: inner.left - 6, y: this.y(value), dy: '.33em', 'text-anchor': 'end' },
        labelOf(value, percent),
      ),
    ]);
    const below = ticks([0, epochs])
      .filter(Number.isInteger)
      .map((epoch) =>
        svgElement('text', { x: this.x(epoch), y: height - 15, 'text-anchor': 'middle' }, String(epoch)),
      );
    const middle = (inner.left + width - inner.right) / 2;
    return [
      ...lines,
      ...below,
      svgElement('text', { x: middle, y: height - 2, 'text-anchor': 'middle' }, 'epoch'),
    ];
  }
}

/** Three to six round numbers that span an axis. */
export function ticks([low, high]: readonly [number, number]): number[] {
  const steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
  const step = steps.find((one) => (high - low) / one <= 5.5) ?? high - low;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(6)));
}

function labelOf(value: number, percent: boolean): string {
  return percent ? `${Number((value * 100).toPrecision(4))}%` : String(value);
}
