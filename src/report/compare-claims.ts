import type { ClaimKind } from '../notebook/claim.js';
import type { Claim } from './claims.js';

/** What became of a claim when it was made again. */
export type ClaimStatus = 'identical' | 'within tolerance' | 'outside' | 'new' | 'missing' | 'recorded';

/** One claim, as it was committed and as it was made again. */
export interface ClaimComparison {
  readonly name: string;
  readonly kind: ClaimKind;
  readonly status: ClaimStatus;
  readonly committed?: Claim;
  readonly fresh?: Claim;
  /** |fresh − committed| of two numbers. */
  readonly difference?: number;
  /** What changed beside the value: the kind, the tolerance or the unit. */
  readonly notes: readonly string[];
}

/**
 * Compares claims that were made again with the committed ones, by the tighter of both tolerances: a looser one in the
 * notebook or in `claims.json` cannot excuse a change. Without a tolerance only the identical value will do. What both sides
 * call `recorded` is never judged, but a change is told.
 */
export function compareClaims(committed: Iterable<Claim>, fresh: Iterable<Claim>): ClaimComparison[] {
  const before = new Map([...committed].map((claim) => [claim.name, claim]));
  const after = new Map([...fresh].map((claim) => [claim.name, claim]));
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.map((name) => compareOne(name, before.get(name), after.get(name)));
}

/** The comparisons that must stop a build: values outside their tolerance, and claims that nobody makes any more. */
export function failures(comparisons: readonly ClaimComparison[]): ClaimComparison[] {
  return comparisons.filter(({ status }) => status === 'outside' || status === 'missing');
}

/** How many claims of each kind came out how, and every claim that is not simply as it was, as lines of text. */
export function describeComparison(comparisons: readonly ClaimComparison[]): string {
  const counts = new Map<string, number>();
  for (const { kind, status } of comparisons) {
    const key = kind === status ? kind : `${kind} ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const summary = [...counts].map(([key, count]) => `${count} ${key}`).sort();
  const changed = comparisons.filter(
    ({ status, notes }) => !['identical', 'recorded'].includes(status) || notes.length > 0,
  );
  const lines = changed.map((comparison) => `  ${describeOne(comparison)}`);
  return [`claims: ${summary.join(', ') || 'none'}`, ...lines].join('\n');
}

function compareOne(name: string, committed: Claim | undefined, fresh: Claim | undefined): ClaimComparison {
  if (committed === undefined) return { name, kind: fresh!.kind, status: 'new', fresh: fresh!, notes: [] };
  const { kind } = committed;
  if (fresh === undefined) {
    if (kind !== 'recorded') return { name, kind, status: 'missing', committed, notes: [] };
    return { name, kind, status: 'recorded', committed, notes: ['no notebook makes it any more'] };
  }
  const notes = (['kind', 'tolerance', 'unit'] as const)
    .filter((part) => committed[part] !== fresh[part])
    .map((part) => `${part} was ${String(committed[part] ?? 'none')}, is ${String(fresh[part] ?? 'none')}`);
  const shared = { name, kind, committed, fresh, notes };
  const [a, b] = [committed.value, fresh.value];
  if (kind === 'recorded' && fresh.kind === 'recorded') {
    const changed = Object.is(a, b) ? [] : ['the record is another one'];
    return { ...shared, status: 'recorded', notes: [...notes, ...changed] };
  }
  if (Object.is(a, b))
    return { ...shared, status: 'identical', ...(typeof a === 'number' ? { difference: 0 } : {}) };
  if (typeof a !== 'number' || typeof b !== 'number') return { ...shared, status: 'outside' };
  const difference = Math.abs(b - a);
  const allowed = Math.min(committed.tolerance ?? 0, fresh.tolerance ?? 0);
  return { ...shared, difference, status: difference <= allowed ? 'within tolerance' : 'outside' };
}

function describeOne({ name, status, committed, fresh, difference, notes }: ClaimComparison): string {
  const was = committed === undefined ? '' : ` committed ${String(committed.value)}`;
  const is = fresh === undefined ? '' : ` now ${String(fresh.value)}`;
  const tolerance = committed?.tolerance === undefined ? 'no tolerance' : `tolerance ${committed.tolerance}`;
  const distance =
    difference === undefined || status === 'identical'
      ? ''
      : ` (difference ${Number(difference.toPrecision(3))}, ${tolerance})`;
  const made = fresh ?? committed!;
  const remarks = notes.length === 0 ? '' : `; ${notes.join('; ')}`;
  return `${status}: ${name}${was}${is}${distance}${remarks} [${made.notebook}, cell ${made.cell}]`;
}
