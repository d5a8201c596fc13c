import { Resvg } from '@resvg/resvg-js';
import { fontFiles } from './fonts.js';
import { fontFamily } from './theme.js';

/** How large and on what a picture is painted. */
export interface PngOptions {
  /** Pixels of the image for one pixel of the figure; 2 by default. */
  readonly scale?: number;
  /** A colour behind the figure; transparent by default. */
  readonly background?: string;
}

/** Paints an SVG figure as a PNG image, with the same fonts on every machine. */
export function toPng(svg: string, { scale = 2, background }: PngOptions = {}): Buffer {
  const painter = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: fontFamily },
    ...(background === undefined ? {} : { background }),
  });
  return painter.render().asPng();
}
