/** A piece of a source file. */
export interface Extract {
  readonly code: string;
  readonly firstLine: number;
}

/**
 * The source of one exported declaration with its docstring, taken from the text of a file that a formatter has laid out:
 * it ends before the next line at the margin. Returns `undefined` when there is none.
 */
export function extractSymbol(source: string, symbol: string): Extract | undefined {
  const lines = source.split('\n');
  const escaped = symbol.replace(/\$/g, '\\$');
  const declaration = new RegExp(
    `^(?:export )?(?:declare )?(?:abstract )?(?:async )?(?:const|let|function\\*?|class|interface|type|enum) ${escaped}\\b`,
  );
  const start = lines.findIndex((line) => declaration.test(line));
  if (start < 0) return undefined;
  const first = docstringStart(lines, start);
  return { code: lines.slice(first, declarationEnd(lines, start) + 1).join('\n'), firstLine: first + 1 };
}

/** The names that a file declares at its margin, for suggestions. */
export function declaredSymbols(source: string): string[] {
  const declaration =
    /^(?:export )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) ([\w$]+)/gm;
  return [...source.matchAll(declaration)].map(([, name]) => name!);
}

function docstringStart(lines: readonly string[], start: number): number {
  if (lines[start - 1]?.trimEnd().endsWith('*/') !== true) return start;
  let first = start - 1;
  while (first > 0 && !lines[first]!.trimStart().startsWith('/*')) first--;
  return first;
}

/** What belongs to a declaration is indented or closes a bracket at the margin. */
function declarationEnd(lines: readonly string[], start: number): number {
  const next = lines.findIndex((line, i) => i > start && line !== '' && !/^[\s})\]]/.test(line));
  let last = (next < 0 ? lines.length : next) - 1;
  while (lines[last]!.trim() === '') last--;
  return last;
}
