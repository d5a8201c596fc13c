/** What may stand in a picture; whatever is not listed is refused, since a browser knows more ways to act than a list of bad ones. */
const elements = new Set(
  (
    'svg g path rect circle ellipse line polyline polygon text tspan title desc defs style ' +
    'image clipPath mask pattern marker symbol use linearGradient radialGradient stop'
  ).split(' '),
);

/**
 * What would let an SVG picture act or reach outside, in words; undefined when it can only be looked at. An output of a notebook is
 * data and never trusted: it is read tag by tag, and only known elements with quoted attributes pass.
 */
export function dangerIn(svg: string): string | undefined {
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.test(svg))
    return 'a character by a name that XML does not know';
  const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[A-Za-z_][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>/y;
  for (let at = svg.indexOf('<'), inStyle = false; at >= 0; at = svg.indexOf('<', at)) {
    tag.lastIndex = at;
    const [whole, end, name, attributes] = tag.exec(svg) ?? [];
    if (whole === undefined || name === undefined) return 'a tag that cannot be read as XML';
    if (!elements.has(name)) return `an active element or one that is not known (${name})`;
    if (inStyle && (end !== '/' || name !== 'style')) return 'a tag within a style sheet';
    const danger = dangerInAttributes(attributes ?? '');
    if (danger !== undefined) return danger;
    at += whole.length;
    inStyle = name === 'style' && end === '' && !whole.endsWith('/>');
    if (inStyle && reachesOutside(decoded(svg.slice(at, nextTag(svg, at)))))
      return 'a link to something outside';
  }
  return undefined;
}

function dangerInAttributes(attributes: string): string | undefined {
  for (const [, name, , double, single] of attributes.matchAll(/([\w:.-]+)\s*=\s*("([^"]*)"|'([^']*)')/g)) {
    const value = decoded(double ?? single ?? '');
    if (/^on/i.test(name!)) return 'an event handler';
    if (/(?:^|:)(?:href|src|base)$/i.test(name!) && !staysWithin(value)) return 'a link to something outside';
    if (!name!.startsWith('aria-') && reachesOutside(value)) return 'a link to something outside';
  }
  return undefined;
}

/** A part of the same picture, or pixels that it carries itself. */
function staysWithin(address: string): boolean {
  return (
    address.startsWith('#') || /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*$/.test(address)
  );
}

/** Whether a style or an attribute fetches something; an escape could hide that. */
function reachesOutside(style: string): boolean {
  return /url\(\s*["']?\s*(?!#|["'])/i.test(style) || /@import|image-set|\\/i.test(style);
}

/** The text with the characters that stand for others in their place, as a browser reads it within a picture. */
function decoded(text: string): string {
  return text.replaceAll(/&#(x[\da-f]+|\d+);?/gi, (_, code: string) => {
    const value = /^x/i.test(code) ? parseInt(code.slice(1), 16) : Number(code);
    return value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd';
  });
}

function nextTag(svg: string, from: number): number {
  const next = svg.indexOf('<', from);
  return next < 0 ? svg.length : next;
}
