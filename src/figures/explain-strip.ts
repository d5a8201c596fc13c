import { textWidth } from './fonts.js';
import { addFrameButtons } from './frame-buttons.js';
import { drawGraph, type GraphDescription, type GraphOptions, type Shape, shapeOf } from './graph.js';
import { layOut } from './graph-layout.js';
import { type Description, escapeXml, finishSvg } from './svg.js';
import { fontFamily, inks } from './theme.js';

/** A graph and what is said below it; the first line is a heading. */
export interface StripFrame {
  readonly graph: GraphDescription;
  readonly lines: readonly string[];
}

const narrowest = 560;
const gap = 22;
const leading = 18;
const size = 12.5;

/** Draws frames of one graph below each other; every node stands at the same place in all of them. */
export async function drawStrip(
  frames: readonly StripFrame[],
  { direction = 'right', ...description }: Description & Pick<GraphOptions, 'direction'>,
): Promise<string> {
  const shapes = frames.map(({ graph }) => new Map(graph.nodes.map((node) => [node.id, shapeOf(node)])));
  const boxes = largest(shapes);
  const layout = await layOut(boxes, frames[0]!.graph.edges, direction);
  const width = Math.max(narrowest, layout.width);
  let top = 0;
  const drawn = frames.map(({ graph, lines }, k) => {
    const fitted = new Map(
      [...shapes[k]!].map(([id, shape]) => [id, { ...shape, rx: boxes.get(id)!.rx, ry: boxes.get(id)!.ry }]),
    );
    const [heading, ...sentences] = lines;
    const written = sentences.flatMap((line) => wrapped(line, width - 12));
    const texts = [
      text(heading!, leading, { weight: 600 }),
      ...written.map((line, row) => text(line, layout.height + leading * (row + 2), {})),
    ];
    const picture = `<g transform="translate(0 ${leading + 4})">${drawGraph(graph.nodes, fitted, layout)}</g>`;
    const rule =
      k === 0
        ? ''
        : `<path d="M0 ${-gap / 2}H${width}" fill="none" stroke="${inks.grid.light}" stroke-width="1"/>`;
    const own = layout.height + leading * (written.length + 2);
    const place = `data-frame="${k}" data-top="${top}" data-height="${own}" transform="translate(0 ${top})"`;
    const frame = `<g ${place}>${rule}${texts.join('')}${picture}</g>`;
    top += own + gap;
    return frame;
  });
  const height = top - gap + 4;
  return finishSvg(
    `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${drawn.join('')}</svg>`,
    description,
  );
}

/**
 * The strip as HTML for notebooks: the picture, and a script that puts buttons on it; where no script runs, the picture stands.
 */
export function stripWithButtons(svg: string, alt: string): string {
  const id = /<title id="(\w+)-title"/.exec(svg)![1]!;
  const bytes = Buffer.from(svg).toString('base64');
  const picture = `<img id="${id}-strip" alt="${escapeXml(alt)}" src="data:image/svg+xml;base64,${bytes}" style="max-width:100%">`;
  const script = `for (const picture of document.querySelectorAll('img#${id}-strip')) {
  const bytes = Uint8Array.from(atob(picture.src.split(',')[1]), (letter) => letter.charCodeAt(0));
  const text = new TextDecoder().decode(bytes);
  const svg = document.importNode(new DOMParser().parseFromString(text, 'image/svg+xml').documentElement, true);
  svg.style.cssText = 'max-width:100%;height:auto';
  picture.replaceWith(svg);
  (${String(addFrameButtons)})(svg);
}`;
  return `<div>${picture}</div><script>${script}</script>`;
}

/** For every node the largest that it becomes, so that nothing moves from frame to frame. */
function largest(shapes: readonly ReadonlyMap<string, Shape>[]): Map<string, Shape> {
  const most = new Map(shapes[0]);
  for (const [id, { rx, ry }] of shapes.flatMap((frame) => [...frame])) {
    const present = most.get(id)!;
    most.set(id, { ...present, rx: Math.max(rx, present.rx), ry: Math.max(ry, present.ry) });
  }
  return most;
}

/** The words of a sentence on lines that are not wider than `width`; lines after the first are set in. */
function wrapped(sentence: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size) > width) {
      lines.push(line);
      line = `\u2003${word}`;
    } else line = longer;
  }
  return [...lines, line];
}

function text(line: string, y: number, { weight = 400 }: { weight?: number }): string {
  const face = weight === 400 ? '' : ` font-weight="${weight}"`;
  return `<text x="6" y="${y}" font-size="${size}"${face} font-family="${fontFamily}" fill="${inks.text.light}">${escapeXml(line)}</text>`;
}
