import type { Content } from './message.js';

interface Entry {
  readonly line: number;
  readonly input: string;
  /** The text of the cell's value. */
  output: string | null;
}

/** A kernel remembers its own session only, which has this number. */
const session = 1;
const longest = 10_000;

/** What was executed, for fronts that let a reader go back to it. */
export class History {
  private readonly entries: Entry[] = [];

  add(line: number, input: string): void {
    this.entries.push({ line, input, output: null });
    if (this.entries.length > longest) this.entries.shift();
  }

  /** Notes the text of the value of the last entry. */
  setOutput(output: string): void {
    const last = this.entries.at(-1);
    if (last) last.output = output;
  }

  /** The answer to a history request: triples of session, line and input, or input with output. */
  find(request: Content): unknown[][] {
    const { output = false } = request;
    return this.select(request).map(({ line, input, output: shown }) => [
      session,
      line,
      output === true ? [input, shown] : input,
    ]);
  }

  private select({ hist_access_type: access, ...request }: Content): Entry[] {
    const count = typeof request.n === 'number' ? request.n : Infinity;
    if (access === 'tail') return last(this.entries, count);
    if (access === 'range') return this.range(request);
    if (access !== 'search') return [];
    const pattern = globPattern(typeof request.pattern === 'string' ? request.pattern : '*');
    const found = this.entries.filter(({ input }) => pattern.test(input));
    return last(request.unique === true ? withoutRepeats(found) : found, count);
  }

  private range({ session: asked = 0, start = 0, stop = null }: Content): Entry[] {
    if (asked !== 0 && asked !== session) return [];
    const from = typeof start === 'number' ? start : 0;
    const to = typeof stop === 'number' ? stop : Infinity;
    return this.entries.filter(({ line }) => line >= from && line < to);
  }
}

function last<Item>(items: readonly Item[], count: number): Item[] {
  return count > 0 ? items.slice(-count) : [];
}

/** Of equal inputs, the latest stays. */
function withoutRepeats(entries: readonly Entry[]): Entry[] {
  const latest = new Map(entries.map((entry) => [entry.input, entry]));
  return entries.filter((entry) => latest.get(entry.input) === entry);
}

/** A pattern of the shell, with `*`, `?` and `[…]`, as an expression for the whole text. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(/\[(!?)([^\]]+)\]|[*?]|[^*?[]+|\[/g, (piece, not: string, set: string) => {
    if (piece === '*') return '.*';
    if (piece === '?') return '.';
    if (set) return `[${not ? '^' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`;
    return piece.replace(/[\\^$.|+(){}[\]]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}
