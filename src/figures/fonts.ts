import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Fontkit from 'fontkit';
import { GradbookError } from '../tensor/error.js';

/** How a run of text is set: the two that figures use are regular and semi-bold, upright or italic. */
export interface Face {
  readonly weight?: number;
  readonly italic?: boolean;
}

/** The TrueType files that figures are drawn with, for renderers that take files. */
export function fontFiles(): string[] {
  return [...Object.values(styles), mono].map(fileOf);
}

/** The width of `text` in pixels at `size` pixels, measured in the very font that draws it. */
export function textWidth(text: string, size: number, face: Face = {}): number {
  const font = load(fileOf(styleOf(face)));
  return (font.layout(text).advanceWidth * size) / font.unitsPerEm;
}

/** Throws when a character of `text` has no glyph in the face that would draw it, since it would silently be left out. */
export function checkGlyphs(text: string, face: Face | 'mono' = {}): void {
  const file = fileOf(face === 'mono' ? mono : styleOf(face));
  const missing = missingGlyphs(text, file);
  if (missing.length > 0) {
    throw new GradbookError(
      `figure: the font has no glyph for ${missing.map(describe).join(', ')} in "${text}": write it in other characters.`,
    );
  }
}

/** The characters of `text` that a font file cannot draw, each once. */
export function missingGlyphs(text: string, file: string): string[] {
  const font = load(file);
  return [...new Set(text)].filter((c) => c >= ' ' && !font.hasGlyphForCodePoint(c.codePointAt(0)!));
}

/** Path of one TrueType file of an `@expo-google-fonts` package. */
export function fontFile(family: string, style: string): string {
  const root = dirname(require.resolve(`@expo-google-fonts/${family}/package.json`));
  const name = family
    .split('-')
    .map((part) =>
      part === 'ibm' || part === 'stix' ? part.toUpperCase() : part[0]!.toUpperCase() + part.slice(1),
    )
    .join('');
  return join(root, style, `${name}_${style}.ttf`);
}

function describe(character: string): string {
  return `"${character}" (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')})`;
}

const require = createRequire(import.meta.url);
const styles = {
  regular: ['ibm-plex-sans', '400Regular'],
  italic: ['ibm-plex-sans', '400Regular_Italic'],
  semiBold: ['ibm-plex-sans', '600SemiBold'],
} as const;
const mono = ['ibm-plex-mono', '400Regular'] as const;
const loaded = new Map<string, Fontkit.Font>();

function styleOf({ weight = 400, italic = false }: Face): readonly [string, string] {
  if (italic) return styles.italic;
  return weight >= 550 ? styles.semiBold : styles.regular;
}

function fileOf([family, style]: readonly [string, string]): string {
  return fontFile(family, style);
}

function load(file: string): Fontkit.Font {
  let font = loaded.get(file);
  if (font === undefined) {
    const { create } = require('fontkit') as typeof Fontkit; // only here, since it takes its time to load
    font = create(readFileSync(file)) as Fontkit.Font;
    loaded.set(file, font);
  }
  return font;
}
