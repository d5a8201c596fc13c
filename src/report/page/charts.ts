import { element, svgElement } from './elements.js';
import { addToggles } from './legend.js';
import type { Reading } from './reading.js';

/** Lets the reader hide lines of charts, and read values off them: under the pointer, or with the arrow keys when the chart has the focus. */
export function startCharts(): void {
  const text = document.getElementById('readings')?.textContent ?? '{}';
  for (const [label, reading] of Object.entries(JSON.parse(text) as Readonly<Record<string, Reading>>)) {
    const plot = document.querySelector<HTMLElement>(`#${label} .plot`);
    const grounds = plot === null ? [] : panelsIn(plot);
    if (plot !== null && grounds.length === reading.panels.length)
      new Tooltip(plot, grounds, reading, addToggles(plot, reading));
  }
}

/** One clipped element of every panel, from left to right: its coordinates are those of the panel. */
function panelsIn(plot: HTMLElement): SVGGraphicsElement[] {
  const byPlace = new Map<number, SVGGraphicsElement>();
  for (const clipped of plot.querySelectorAll<SVGGraphicsElement>('svg [clip-path]')) {
    const place = Math.round(clipped.getCTM()?.e ?? 0);
    if (!byPlace.has(place)) byPlace.set(place, clipped);
  }
  return [...byPlace].sort(([a], [b]) => a - b).map(([, clipped]) => clipped);
}

class Tooltip {
  private readonly box = element('div', { class: 'tip', role: 'status', hidden: '' });
  private readonly rules: readonly SVGLineElement[];
  private epoch: number | undefined;

  constructor(
    private readonly plot: HTMLElement,
    private readonly grounds: readonly SVGGraphicsElement[],
    private readonly reading: Reading,
    private readonly hidden: ReadonlySet<string>,
  ) {
    this.rules = grounds.map((ground, k) => {
      const rule = svgElement('line', {
        class: 'cross',
        y1: 0,
        y2: reading.panels[k]!.height,
        visibility: 'hidden',
      });
      ground.parentElement!.append(rule);
      return rule;
    });
    plot.after(this.box);
    plot.addEventListener('pointermove', (event) => this.point(event));
    plot.addEventListener('pointerleave', () => this.hide());
    plot.addEventListener('blur', () => this.hide());
    plot.addEventListener('keydown', (event) => this.key(event));
  }

  private point({ clientX, clientY }: PointerEvent): void {
    for (const [k, ground] of this.grounds.entries()) {
      const { width, height, epochs } = this.reading.panels[k]!;
      const matrix = ground.getScreenCTM();
      if (matrix === null) continue;
      const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
      if (x < -8 || x > width + 8 || y < 0 || y > height) continue;
      this.show(Math.round(epochs[0] + (x / width) * (epochs[1] - epochs[0])), k);
      return;
    }
    this.hide();
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') this.hide();
    if (step === undefined) return;
    event.preventDefault();
    this.show((this.epoch ?? this.reading.panels[0]!.epochs[0] - step) + step, 0);
  }

  private show(asked: number, panel: number): void {
    const [first, last] = this.reading.panels[0]!.epochs;
    const epoch = Math.min(last, Math.max(first, asked));
    this.write(epoch);
    this.epoch = epoch;
    this.rules.forEach((rule, k) => {
      const { width } = this.reading.panels[k]!;
      const x = String(((epoch - first) / (last - first)) * width);
      rule.setAttribute('x1', x);
      rule.setAttribute('x2', x);
      rule.setAttribute('visibility', 'visible');
    });
    this.box.hidden = false;
    const figure = this.plot.parentElement!.getBoundingClientRect();
    const rule = this.rules[panel]!.getBoundingClientRect();
    const left = rule.left - figure.left;
    const room = this.box.offsetWidth + 14;
    this.box.style.left = `${Math.max(0, left + room > figure.width ? left - room : left + 14)}px`;
    this.box.style.top = `${rule.top - figure.top + 6}px`;
  }

  private hide(): void {
    this.box.hidden = true;
    this.epoch = undefined;
    for (const rule of this.rules) rule.setAttribute('visibility', 'hidden');
  }

  private write(epoch: number): void {
    const { panels, series } = this.reading;
    const head = element('tr', {}, element('th', { scope: 'col' }, `epoch ${epoch}`));
    for (const { title } of panels) head.append(element('th', { scope: 'col' }, title));
    const rows = series
      .filter(({ name }) => !this.hidden.has(name))
      .map(({ name, points }) => {
        const values = points.find((point) => point.epoch === epoch)?.values;
        const cells = panels.map(({ percent }, k) => element('td', {}, written(values?.[k], percent)));
        return element('tr', {}, element('th', { scope: 'row' }, name), ...cells);
      });
    this.box.replaceChildren(element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows)));
  }
}

function written(value: number | null | undefined, percent: boolean): string {
  if (value === null || value === undefined) return '–';
  return percent ? `${(value * 100).toFixed(1)}%` : String(Number(value.toPrecision(3)));
}
