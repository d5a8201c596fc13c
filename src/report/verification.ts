import type { PublishedRun } from '../figures/published-run.js';

/** How something came out when it was made again. */
export type Status =
  'identical' | 'within tolerance' | 'within ulp' | 'outside' | 'missing' | 'new' | 'recorded' | 'skipped';

/** What was compared. */
export interface Item {
  readonly kind: 'claim' | 'figure' | 'table' | 'output' | 'run' | 'report' | 'notebook';
  readonly name: string;
  readonly status: Status;
  /** The notebook that it comes from, a path from the project's root. */
  readonly notebook?: string;
  readonly cell?: string;
  /** What differs. */
  readonly detail?: string;
  /** Why it may differ. */
  readonly why?: string;
}

/** The engine that has executed everything again. */
export interface Engine {
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly architecture: string;
}

/** What a verification has found. */
export interface Verification {
  readonly quick: boolean;
  readonly engine: Engine;
  readonly items: readonly Item[];
  /** What keeps the project from being verified; empty when all is well. */
  readonly failed: readonly Item[];
}

/** A published run and the label of the figure that carries it. */
export interface LabelledRun extends PublishedRun {
  readonly label: string;
  readonly notebook: string;
  readonly cell: string;
}

/** How the detail of an item ends that is missing because its notebook has failed. */
export const unfinished = 'did not run to its end';

/** Numbers at most so many ulp apart are told from others; without a tolerance they fail all the same. */
export const nearUlps = 4;

/** The items that are not as they were committed. A claim within its tolerance is; a claim that was never committed is not. */
export function failedItems(items: readonly Item[]): Item[] {
  return items.filter(({ status }) => ['within ulp', 'outside', 'missing', 'new'].includes(status));
}
