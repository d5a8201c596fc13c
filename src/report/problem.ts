import { GradbookError } from '../tensor/error.js';

/** Where something in the report's sources stands. */
export interface Place {
  /** A path from the project's root. */
  readonly file: string;
  readonly line?: number | undefined;
  /** The id of a notebook's cell. */
  readonly cell?: string | undefined;
}

/** One thing that keeps the report from being built. */
export interface Problem extends Place {
  readonly message: string;
}

/** The report cannot be built; the message lists every problem with its file and its line or cell. */
export class ReportError extends GradbookError {
  override readonly name = 'ReportError';

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map((problem) => `${describePlace(problem)}: ${problem.message}`).join('\n'));
  }
}

/** Collects problems, so that one build tells all of them. */
export class Problems {
  private readonly found: Problem[] = [];

  add(place: Place, message: string): void {
    this.found.push({ ...place, message });
  }

  /** Throws a ReportError when there is any problem. */
  throwIfAny(): void {
    if (this.found.length > 0) throw new ReportError(this.found);
  }
}

/** "reports/report.md:12" or "notebooks/q9.ipynb, cell train". */
export function describePlace({ file, line, cell }: Place): string {
  const position = line === undefined ? file : `${file}:${line}`;
  return cell === undefined ? position : `${position}, cell ${cell}`;
}

/** The names among `known` that are nearest to a mistyped one, as the end of a sentence. */
export function suggest(wanted: string, known: Iterable<string>): string {
  const near = [...known]
    .map((name) => ({ name, distance: editDistance(wanted, name) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3);
  return near.length === 0 ? '' : ` Did you mean ${near.map(({ name }) => `"${name}"`).join(' or ')}?`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
