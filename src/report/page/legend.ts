import { element, svgElement } from './elements.js';
import type { Reading } from './reading.js';

/** Adds a button for every line of a chart that hides it and shows it again; returns the names of the hidden ones. */
export function addToggles(plot: HTMLElement, { series }: Reading): ReadonlySet<string> {
  const hidden = new Set<string>();
  if (series.length < 2) return hidden;
  const buttons = series.map(({ name, colour }) => {
    const drawn = drawnIn(plot, colour);
    const button = element('button', { type: 'button', 'aria-pressed': 'true' }, swatch(drawn), name);
    button.addEventListener('click', () => {
      if (!hidden.delete(name)) hidden.add(name);
      button.setAttribute('aria-pressed', String(!hidden.has(name)));
      for (const one of drawn) one.classList.toggle('off', hidden.has(name));
    });
    return button;
  });
  plot.after(
    element('div', { class: 'lines', role: 'group', 'aria-label': 'Lines that are shown' }, ...buttons),
  );
  return hidden;
}

/** What is drawn in the colour of a line: the line itself, its band, its name, its mark in the legend. */
function drawnIn(plot: HTMLElement, colour: string): SVGElement[] {
  return [...plot.querySelectorAll<SVGElement>(`svg [stroke="${colour}"],svg [fill="${colour}"]`)];
}

/** A piece of the line, as the chart draws it. */
function swatch(drawn: readonly SVGElement[]): SVGElement {
  const line = drawn.find((one) => one.hasAttribute('stroke-dasharray'));
  const look = ['class', 'stroke', 'stroke-dasharray'].flatMap((name) => {
    const value = line?.getAttribute(name);
    return value === null || value === undefined ? [] : [[name, value] as const];
  });
  const piece = svgElement('line', { x2: 22, y1: 5, y2: 5, 'stroke-width': 2, ...Object.fromEntries(look) });
  return svgElement('svg', { viewBox: '0 0 22 10', width: 22, height: 10, 'aria-hidden': 'true' }, piece);
}
