import { type ClaimKind, claimKinds, type Recording } from '../notebook/claim.js';
import { GradbookError } from '../tensor/error.js';
import type { Place } from './problem.js';

/** A value that a notebook has computed and the report may state. */
export interface Claim {
  readonly name: string;
  readonly value: number | string | boolean;
  /** The largest absolute difference that a re-check may find. */
  readonly tolerance?: number;
  readonly unit?: string;
  readonly kind: ClaimKind;
  /** Where and when a recorded value was measured. */
  readonly recorded?: Recording;
  /** Where it was made: a path from the project's root, and the id of the cell. */
  readonly notebook: string;
  readonly cell: string;
}

/** The canonical text of `claims.json`: one claim a line, sorted by name, the same bytes for the same claims. */
export function writeClaims(claims: Iterable<Claim>): string {
  const lines = [...claims]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((claim) => `    ${JSON.stringify(canonical(claim))}`);
  return `{\n  "format": 1,\n  "claims": [\n${lines.join(',\n')}${lines.length > 0 ? '\n' : ''}  ]\n}\n`;
}

/** Reads the text of a `claims.json`. Throws a GradbookError that names the file when it is none. */
export function readClaims(text: string, file: string): Claim[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new GradbookError(
      `${file}: not JSON (${(error as Error).message}): restore it from git, or delete it and run with --accept.`,
    );
  }
  const { format, claims } = (parsed ?? {}) as { format?: unknown; claims?: unknown };
  if (format !== 1 || !Array.isArray(claims)) {
    throw new GradbookError(
      `${file}: not a list of claims of format 1: restore it from git, or delete it and run with --accept.`,
    );
  }
  return claims.map((claim, index) => {
    const problem = claimProblem(claim);
    if (problem !== undefined) throw new GradbookError(`${file}: claim ${index + 1}: ${problem}.`);
    return claim as Claim;
  });
}

/** What is wrong with the parts of a claim that was read from outside, or `undefined`. */
export function claimProblem(candidate: unknown): string | undefined {
  if (typeof candidate !== 'object' || candidate === null) return 'it is no object';
  const { name, value, tolerance, unit, kind, recorded } = candidate as Record<string, unknown>;
  if (typeof name !== 'string' || !/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    return `its name ${JSON.stringify(name)} is not made of letters, digits, ".", "-" and "_"`;
  }
  if (
    typeof value === 'number'
      ? !Number.isFinite(value)
      : typeof value !== 'string' && typeof value !== 'boolean'
  ) {
    return `the value of "${name}" is ${value === null ? 'not a finite number' : JSON.stringify(value)}: claim a finite number, a text or a truth value`;
  }
  if (tolerance !== undefined && !(typeof tolerance === 'number' && tolerance >= 0)) {
    return `the tolerance of "${name}" is ${JSON.stringify(tolerance)}: it must be a number from 0 up`;
  }
  if (unit !== undefined && typeof unit !== 'string') return `the unit of "${name}" is no text`;
  if (!claimKinds.includes(kind as ClaimKind)) {
    return `the kind of "${name}" is ${JSON.stringify(kind)}, which is none of ${claimKinds.join(', ')}`;
  }
  if ((kind === 'recorded') !== isRecording(recorded)) {
    const fault =
      kind === 'recorded'
        ? 'it does not say on which machine and when'
        : 'only recorded values have a machine and a date';
    return `"${name}" is ${String(kind)}, but ${fault}`;
  }
  return undefined;
}

/** Where a claim was made. */
export function placeOf({ notebook, cell }: Claim): Place {
  return { file: notebook, cell };
}

function isRecording(candidate: unknown): boolean {
  const { machine, date } = (candidate ?? {}) as Record<string, unknown>;
  return typeof machine === 'string' && typeof date === 'string';
}

function canonical({ name, value, tolerance, unit, kind, recorded, notebook, cell }: Claim): Claim {
  return {
    name,
    value,
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(unit === undefined ? {} : { unit }),
    kind,
    ...(recorded === undefined ? {} : { recorded: { machine: recorded.machine, date: recorded.date } }),
    notebook,
    cell,
  };
}
