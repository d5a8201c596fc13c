import { createHash } from 'node:crypto';
import { checkGlyphs } from './fonts.js';
import { darkRules, fontFamily, inks, seriesInks } from './theme.js';

/** What a screen reader is told about a picture. */
export interface Description {
  readonly title?: string;
  readonly alt: string;
}

/**
 * Makes a drawn SVG fit to publish: coordinates rounded to 3 decimals, ids that no other picture has, a role, a title and a
 * description, and hooks by which a dark page recolours it. Throws when the font lacks a character of its text.
 */
export function finishSvg(svg: string, { title, alt }: Description): string {
  const tags = svg.replace(/<[^>]+>/g, (tag) => tidyTag(tag)).replace(/<g>\s*<\/g>/g, '');
  for (const [, attributes, text] of tags.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)) {
    checkGlyphs(decode(text!), faceOf(attributes!));
  }
  const prefix = `f${createHash('sha256').update(tags).update(alt).digest('hex').slice(0, 8)}`;
  const body = prefixIds(tags, prefix).replace(/^<svg[^>]*>/, '');
  const [, width, height] = /<svg[^>]* width="([\d.]+)"[^>]* height="([\d.]+)"/.exec(svg) ?? [];
  if (width === undefined || height === undefined)
    throw new Error('internal: an SVG without width and height');
  const viewBox = /viewBox="([^"]+)"/.exec(svg)?.[1] ?? `0 0 ${width} ${height}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${viewBox}" role="img"` +
    ` aria-labelledby="${prefix}-title ${prefix}-desc" font-family="${fontFamily}, Helvetica, Arial, sans-serif">` +
    `<title id="${prefix}-title">${escapeXml(title ?? firstSentence(alt))}</title>` +
    `<desc id="${prefix}-desc">${escapeXml(alt)}</desc><style>${darkRules()}</style>${body}`
  );
}

/** Puts `prefix` before every id of an SVG and every reference to one, so that several pictures can stand on one page. */
export function prefixIds(svg: string, prefix: string): string {
  return svg
    .replace(/ id="([^"]+)"/g, ` id="${prefix}-$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${prefix}-$1)`)
    .replace(/href="#([^"]+)"/g, `href="#${prefix}-$1"`)
    .replace(/aria-labelledby="([^"]+)"/g, (_, ids: string) => {
      const renamed = ids.split(' ').map((id) => `${prefix}-${id}`);
      return `aria-labelledby="${renamed.join(' ')}"`;
    });
}

/** Escapes text for XML content and attribute values. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** The class names by which a dark page recolours what is drawn in one of the theme's colours. */
function inkClass(colour: string, kind: 'fill' | 'stroke'): string | undefined {
  const ink = inkOf.get(colour.toLowerCase());
  return ink === undefined ? undefined : `${kind === 'fill' ? 'gf' : 'gs'}-${ink}`;
}

const inkOf = new Map([...Object.values(inks), ...seriesInks].map(({ name, light }) => [light, name]));
const noise =
  / (?:pointer-events="none"|opacity="1"|class="[^"]*"|role="[^"]*"|aria-[a-z]+="[^"]*"|font-family="[^"]*")/g;

function tidyTag(tag: string): string {
  if (
    tag.startsWith('<path class="') &&
    /class="(?:background|foreground)"/.test(tag) &&
    !tag.includes(' fill=')
  )
    return '';
  const plain = tag.replace(noise, '').replace(/-?\d*\.?\d+e-\d+/g, '0');
  const rounded = plain.replace(/-?\d+\.\d{4,}/g, (number) => String(Number(Number(number).toFixed(3)) + 0));
  const classes = [...rounded.matchAll(/ (fill|stroke)="(#[0-9a-fA-F]{6})"/g)]
    .map(([, kind, colour]) => inkClass(colour!, kind as 'fill' | 'stroke'))
    .filter((name) => name !== undefined);
  return classes.length === 0 ? rounded : rounded.replace(/^<(\w+)/, `<$1 class="${classes.join(' ')}"`);
}

function faceOf(attributes: string): { weight: number; italic: boolean } {
  const weight = /font-weight="([^"]+)"/.exec(attributes)?.[1] ?? '400';
  return {
    weight: weight === 'bold' ? 700 : Number(weight),
    italic: attributes.includes('font-style="italic"'),
  };
}

function decode(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

function firstSentence(text: string): string {
  return /^.*?[.:](?=\s|$)/.exec(text)?.[0].replace(/[.:]$/, '') ?? text;
}
