import { join } from 'node:path';
import { canonicalJson } from '../experiment/canonical-json.js';
import { staleness } from '../notebook/execution-record.js';
import { libraryCode } from '../notebook/library-code.js';
import { changedSince } from './changed-code.js';
import type { Collected } from './collect.js';
import { failedItems, type Item } from './verification.js';

/** The claim by which a project tells whether this machine computes as the one that the claim was committed from. */
const engineClaim = 'engine.fingerprint';

/** Says of everything that failed why it may have: another engine, other seeds or settings, other code. */
export function explained(
  root: string,
  items: readonly Item[],
  committed: Collected,
  fresh: Collected,
): Item[] {
  const engine = engineReason(items);
  const known = new Map<string, string | undefined>();
  return items.map((item) => {
    const { notebook } = item;
    if (failedItems([item]).length === 0 || notebook === undefined) return item;
    if (!known.has(notebook)) {
      const reasons = [
        engine,
        ...runReasons(notebook, committed, fresh),
        changedSince(root, notebook) ?? recordedReason(root, notebook, committed),
      ].filter((reason) => reason !== undefined);
      known.set(notebook, reasons.length === 0 ? undefined : reasons.join('; '));
    }
    const why = known.get(notebook);
    return why === undefined ? item : { ...item, why };
  });
}

function engineReason(items: readonly Item[]): string | undefined {
  const claim = failedItems(items).find(({ kind, name }) => kind === 'claim' && name === engineClaim);
  return claim?.status === 'outside' ? `the engine differs: ${claim.detail!}` : undefined;
}

/** How the trainings behind a notebook's figures differ in what they were asked to do. */
function runReasons(notebook: string, committed: Collected, fresh: Collected): string[] {
  const reasons = [...committed.figures.values()].flatMap(({ label, origin, runs }) => {
    if (origin.notebook !== notebook) return [];
    return runs.flatMap(({ series, seed, experiment }) => {
      const now = fresh.figures.get(label)?.runs.find((run) => run.series === series);
      if (now === undefined) return [];
      if (now.seed !== seed) return [`the seed differs: ${series} had ${seed}, has ${now.seed}`];
      const [was, is] = [experiment, now.experiment].map((recipe) => new Map(Object.entries(recipe)));
      const other = [...was!].filter(
        ([name, value]) => canonicalJson([value]) !== canonicalJson([is!.get(name)]),
      );
      return other.length === 0 ? [] : [`${other.map(([name]) => name).join(', ')} of ${series} differs`];
    });
  });
  return [...new Set(reasons)];
}

/** What the notebook itself says, where git does not know. */
function recordedReason(root: string, path: string, { notebooks }: Collected): string | undefined {
  const notebook = notebooks.get(path);
  return notebook === undefined ? undefined : staleness(notebook, join(root, path), libraryCode());
}
