import { GradbookError } from '../tensor/error.js';
export { suggest } from '../tensor/suggest.js';

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
