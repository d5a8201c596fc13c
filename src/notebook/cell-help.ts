import type * as TypeScript from 'typescript';

/** The names that can stand at a place, and the range that one of them would replace; offsets in the cell. */
export interface CellCompletions {
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
}

/** Whether a cell can run, waits for more lines, which then begin with `indent`, or can never run. */
export type CellCompleteness =
  { readonly status: 'complete' | 'invalid' } | { readonly status: 'incomplete'; readonly indent: string };

/** Judges a cell by its syntax alone: what is missing at its very end may still come. */
export function completenessOf(typescript: typeof TypeScript, source: string): CellCompleteness {
  const file = typescript.createSourceFile('cell.ts', source, typescript.ScriptTarget.Latest);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly TypeScript.Diagnostic[] };
  const [first] = parseDiagnostics;
  if (!first) return { status: 'complete' };
  const end = source.trimEnd().length;
  const unterminated = first.code === openTemplate || first.code === openComment;
  if (!unterminated && (first.start ?? 0) < end) return { status: 'invalid' };
  return { status: 'incomplete', indent: indentAfter(source) };
}

/** TypeScript's numbers for a text in backticks and a comment that do not end; it reports them where they begin or break off. */
const openTemplate = 1160;
const openComment = 1010;

/** The blanks of the last line, and two more when it opens what it does not close. */
function indentAfter(source: string): string {
  const line = source.trimEnd().split('\n').at(-1) ?? '';
  const blanks = /^\s*/.exec(line)![0];
  return /[{([]\s*$|=>\s*$/.test(line) ? `${blanks}  ` : blanks;
}

/** The offsets at which to look for what a reader means at `offset`: there, just before, and the name before an open bracket. */
export function placesToInspect(source: string, offset: number): number[] {
  const places = [offset, offset - 1];
  let depth = 0;
  for (let at = offset - 1; at >= 0; at--) {
    if (source[at] === ')') depth++;
    else if (source[at] === '(' && depth-- === 0) {
      places.push(source.slice(0, at).trimEnd().length - 1);
      break;
    }
  }
  return places.filter((place) => place >= 0);
}
