import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import subsetFont from 'subset-font';
import { fontFile, missingGlyphs } from '../figures/fonts.js';

/** One face of a family that the page carries. */
interface PageFace {
  readonly family: string;
  readonly file: string;
  readonly weight: number;
  readonly italic: boolean;
}

/** The families of the page: prose, everything around it, and code. */
export const families = { serif: 'STIX Two Text', sans: 'IBM Plex Sans', mono: 'IBM Plex Mono' } as const;

/** `@font-face` rules with the glyphs of `text` inlined, so that the page looks the same everywhere and offline. */
export async function textFonts(text: string): Promise<string> {
  const characters = [...new Set(text + ascii)].sort().join('');
  return (await Promise.all(pageFaces().map((face) => rule(face, characters)))).join('\n');
}

/** The style sheet of KaTeX with the glyphs of the formulas inlined; `html` is what KaTeX has set. */
export async function mathStyle(html: string): Promise<string> {
  const root = dirname(require.resolve('katex/package.json'));
  const css = readFileSync(join(root, 'dist/katex.min.css'), 'utf8');
  const characters = [...new Set(html.replace(/<[^>]*>/g, ''))].sort().join('');
  const faces = [...css.matchAll(/@font-face\{[^}]*\}/g)].map(([face]) => face);
  const rules = await Promise.all(faces.map((face) => mathFace(face, root, characters)));
  return rules.join('') + css.replace(/@font-face\{[^}]*\}/g, '');
}

/** The characters of `text` that no family of the page can draw. */
export function uncovered(text: string): string[] {
  const [serif, sans] = [fontFile('stix-two-text', '400Regular'), fontFile('ibm-plex-sans', '400Regular')];
  return missingGlyphs(missingGlyphs(text, serif).join(''), sans);
}

const require = createRequire(import.meta.url);
const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');

function pageFaces(): PageFace[] {
  const face = (family: string, folder: string, style: string, weight: number, italic = false): PageFace => ({
    family,
    file: fontFile(folder, style),
    weight,
    italic,
  });
  return [
    face(families.serif, 'stix-two-text', '400Regular', 400),
    face(families.serif, 'stix-two-text', '400Regular_Italic', 400, true),
    face(families.serif, 'stix-two-text', '700Bold', 700),
    face(families.sans, 'ibm-plex-sans', '400Regular', 400),
    face(families.sans, 'ibm-plex-sans', '400Regular_Italic', 400, true),
    face(families.sans, 'ibm-plex-sans', '600SemiBold', 600),
    face(families.mono, 'ibm-plex-mono', '400Regular', 400),
  ];
}

async function rule({ family, file, weight, italic }: PageFace, characters: string): Promise<string> {
  const font = await subset(file, characters);
  const style = italic ? 'italic' : 'normal';
  return `@font-face{font-family:"${family}";font-weight:${weight};font-style:${style};src:url(${dataUrl(font)}) format("woff2")}`;
}

/** A face of KaTeX with its file inlined, or nothing when none of the formulas' characters is in it. */
async function mathFace(face: string, root: string, characters: string): Promise<string> {
  const name = /url\(fonts\/([\w-]+)\.woff2\)/.exec(face)?.[1];
  if (name === undefined) throw new Error(`internal: a face of KaTeX without a file: ${face}`);
  const file = join(root, 'dist/fonts', `${name}.ttf`);
  const missing = new Set(missingGlyphs(characters, file));
  const used = Array.from(characters)
    .filter((character) => character > ' ' && !missing.has(character))
    .join('');
  if (used === '') return '';
  const font = await subset(file, used);
  return face.replace(/src:[^}]*/, `src:url(${dataUrl(font)}) format("woff2")`);
}

/**
 * The glyphs of some characters of a font. Packing them is slow, so a process does it once; WOFF 1 would be faster, but Node's
 * zlib packs it into other bytes in each version.
 */
function subset(file: string, characters: string): Promise<Buffer> {
  const key = `${file} ${characters}`;
  const known =
    subsets.get(key) ??
    subsetFont(readFileSync(file), characters, { targetFormat: 'woff2', noHinting: true });
  subsets.set(key, known);
  return known;
}

const subsets = new Map<string, Promise<Buffer>>();

function dataUrl(font: Buffer): string {
  return `data:font/woff2;base64,${font.toString('base64')}`;
}
