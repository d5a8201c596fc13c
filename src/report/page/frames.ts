import { addFrameButtons } from '../../figures/frame-buttons.js';

/** Lets the reader go through strips of frames one frame at a time. */
export function startFrames(): void {
  for (const svg of document.querySelectorAll<SVGSVGElement>('.plot svg')) {
    if (svg.querySelector('g[data-frame]') !== null) addFrameButtons(svg);
  }
}
