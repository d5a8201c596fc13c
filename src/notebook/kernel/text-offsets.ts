/** Jupyter counts characters, JavaScript counts halves of those beyond the first 65,536: the offset for JavaScript. */
export function toCodeUnits(text: string, characters: number): number {
  return Array.from(text).slice(0, characters).join('').length;
}

/** The offset for Jupyter of an offset for JavaScript. */
export function toCharacters(text: string, codeUnits: number): number {
  return Array.from(text.slice(0, codeUnits)).length;
}
