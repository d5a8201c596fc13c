/**
 * Straight quotes and dots as a printer sets them: opening after a blank or a bracket, closing elsewhere; `before` is the
 * character in front of the text. The cross of text consoles, which has no glyph in the fonts, becomes a times sign.
 */
export function curlyQuotes(text: string, before = ' '): string {
  return text
    .replace(/["']/g, (quote, index: number) => {
      const opens = /[\s([{\u2013\u2014\u00a0]/.test(index === 0 ? before : text[index - 1]!);
      if (quote === '"') return opens ? '“' : '”';
      return opens ? '‘' : '’';
    })
    .replaceAll('...', '…')
    .replace(/(?<!-)---(?!-)/g, '—')
    .replace(/(?<!-)--(?!-)/g, '–')
    .replaceAll('✗', '×');
}
