/**
 * Shows a strip of frames one at a time, with buttons to go on and back; printed, it is the whole strip again.
 *
 * The function stands alone, since notebooks carry its text: it uses nothing from outside, and names no inner functions.
 */
export function addFrameButtons(svg: SVGSVGElement): void {
  const frames = [...svg.querySelectorAll<SVGGElement>('g[data-frame]')];
  const whole = svg.getAttribute('viewBox')!;
  const [, , width, height] = whole.split(' ').map(Number);
  const tallest = Math.max(...frames.map((frame) => Number(frame.dataset['height'])));
  const [bar, said] = [document.createElement('div'), document.createElement('output')];
  const [back, on, all] = ['‹ Previous', 'Next ›', 'All steps'].map((text) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    return button;
  }) as [HTMLButtonElement, HTMLButtonElement, HTMLButtonElement];
  const view = {
    current: 0,
    single: true,
    show(current: number, single: boolean): void {
      view.current = Math.min(Math.max(current, 0), frames.length - 1);
      view.single = single;
      frames.forEach((frame, k) => (frame.style.display = single && k !== view.current ? 'none' : ''));
      const frame = frames[view.current]!;
      svg.setAttribute('viewBox', single ? `0 ${frame.dataset['top']!} ${width} ${tallest}` : whole);
      svg.setAttribute('height', String(single ? tallest : height));
      back.disabled = single && view.current === 0;
      on.disabled = single && view.current === frames.length - 1;
      all.textContent = single ? 'All steps' : 'One step';
      said.textContent = single
        ? `${frame.querySelector('text')!.textContent} (${view.current + 1} of ${frames.length})`
        : `all ${frames.length}`;
    },
  };
  back.addEventListener('click', () => view.show(view.current - 1, true));
  on.addEventListener('click', () => view.show(view.single ? view.current + 1 : 0, true));
  all.addEventListener('click', () => view.show(view.current, !view.single));
  bar.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowLeft') view.show(view.current - 1, true);
    if (key === 'ArrowRight') view.show(view.current + 1, true);
  });
  window.addEventListener('beforeprint', () => {
    bar.dataset['single'] = String(view.single);
    view.show(view.current, false);
  });
  window.addEventListener('afterprint', () => view.show(view.current, bar.dataset['single'] === 'true'));
  bar.className = 'frame-buttons';
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', 'Steps of the picture below');
  bar.style.cssText = 'display:flex;flex-wrap:wrap;gap:0.5em;align-items:center;margin:0.4em 0';
  bar.append(back, on, all, said);
  (svg.closest('.plot') ?? svg).before(bar);
  view.show(0, true);
}
