import { ValueError } from '../tensor/error.js';
import { type Bitmap, encodePng } from './bitmap.js';
import { drawing, type Figure } from './figure.js';
import { textWidth } from './fonts.js';
import { escapeXml, finishSvg } from './svg.js';
import { fontFamily, inks, sizes } from './theme.js';
import { listed } from './wording.js';
import { aCount, aText, listOf, numbers, objectWith, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';

/** A small picture with what is said below it. */
export interface CaptionedPicture {
  /** Numbers of the channels red, green and blue, one after the other, each row by row. */
  readonly channels: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
}

export interface PictureGridOptions {
  readonly title?: string;
  /** What the pictures are, for the alternative text; for example "Filters of the first layer". */
  readonly what: string;
  /** Pictures in a row; as many as fit unless said. */
  readonly columns?: number;
  /** The numbers that are black and white; the least and the largest of each picture unless said. */
  readonly range?: readonly [black: number, white: number];
  /** Width of a picture on the page, in pixels; 64 unless said. */
  readonly size?: number;
}

const somePictures = listOf(
  objectWith(
    { channels: numbers, width: aCount, height: aCount, lines: listOf(aText, 'the lines below a picture') },
    'a picture, { channels, width, height, lines }',
  ),
  'the pictures in a list',
);

const gap = 14;
const leading = 15;
const widest = 660;

/**
 * Draws small colour pictures in rows, each with its caption; pixels stay pixels.
 * @throws ValueError for no pictures, or one whose numbers are not those of three channels.
 */
export function pictureGrid(pictures: readonly CaptionedPicture[], options: PictureGridOptions): Figure {
  requireKinds('pictureGrid', { pictures }, { pictures: somePictures });
  requireOptions('pictureGrid', options, { title: true, what: true, columns: true, range: true, size: true });
  const { title, what, size = 64, range } = options;
  if (pictures.length === 0)
    throw new ValueError('pictureGrid: there is no picture to draw: give at least one');
  const bitmaps = pictures.map((picture, k) => bitmapOf(picture, k, range));
  const captions = pictures.flatMap(({ lines }) => lines.map((line) => textWidth(line, sizes.label)));
  const cell = Math.ceil(Math.max(size, 1.1 * Math.max(...captions))); // other fonts are wider
  const columns = options.columns ?? Math.max(1, Math.floor((widest + gap) / (cell + gap)));
  const captionHeight = leading * Math.max(...pictures.map(({ lines }) => lines.length));
  const rowHeight = size + captionHeight + gap;
  const drawn = pictures.map(({ lines }, k) => {
    const left = (k % columns) * (cell + gap);
    const top = Math.floor(k / columns) * rowHeight;
    const texts = lines.map((line, row) => caption(line, cell / 2, size + leading * (row + 1) - 1));
    const place = `x="${(cell - size) / 2}" y="0" width="${size}" height="${size}"`;
    return (
      `<g transform="translate(${left} ${top})"><image ${place} preserveAspectRatio="none" image-rendering="optimizeSpeed" ` +
      `style="image-rendering:pixelated" href="${dataUrl(bitmaps[k]!)}"/>${texts.join('')}</g>`
    );
  });
  const used = Math.min(columns, pictures.length);
  const width = used * cell + (used - 1) * gap;
  const height = Math.ceil(pictures.length / columns) * rowHeight - gap + 4;
  const said = listed(pictures.map(({ lines }) => lines.join(' ')));
  const alt = `${what}: ${pictures.length} pictures of ${pictures[0]!.width} by ${pictures[0]!.height} pixels: ${said}.`;
  const description = { alt, ...(title === undefined ? {} : { title }) };
  const svg = `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${drawn.join('')}</svg>`;
  return drawing({ ...description, toSvg: () => Promise.resolve(finishSvg(svg, description)) });
}

function bitmapOf(
  { channels, width, height, lines }: CaptionedPicture,
  index: number,
  range?: readonly [number, number],
): Bitmap {
  const area = width * height;
  const numbers = Array.from(channels);
  if (numbers.length !== 3 * area || !numbers.every(Number.isFinite)) {
    throw new ValueError(
      `pictureGrid: picture ${index} (${lines.join(', ')}) has ${numbers.length} numbers, ${numbers.filter(Number.isFinite).length} of ` +
        `them finite, but three channels of ${width} by ${height} pixels take ${3 * area}`,
    );
  }
  const [black, white] = range ?? [Math.min(...numbers), Math.max(...numbers)];
  const byte = (value: number) =>
    Math.round(255 * Math.min(1, Math.max(0, (value - black) / (white - black || 1))));
  const rgb = Uint8Array.from({ length: 3 * area }, (_, k) =>
    byte(numbers[(k % 3) * area + Math.floor(k / 3)]!),
  );
  return { width, height, rgb };
}

function dataUrl(bitmap: Bitmap): string {
  return `data:image/png;base64,${Buffer.from(encodePng(bitmap)).toString('base64')}`;
}

function caption(line: string, x: number, y: number): string {
  return (
    `<text x="${x}" y="${y}" text-anchor="middle" font-size="${sizes.label}" font-family="${fontFamily}" ` +
    `fill="${inks.text.light}">${escapeXml(line)}</text>`
  );
}
