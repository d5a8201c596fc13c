import type { PointRecipe } from '../../experiment/experiment.js';
import type { Trial } from '../../experiment/trial.js';
import type { EpochRecord, Run } from '../../training/run.js';

/** What the page asks its worker: one training. */
export interface Order {
  readonly trial: Trial<PointRecipe>;
  /** Points along each side of the grid on which the network is asked after each epoch; none unless said. */
  readonly grid?: number;
}

/** Classes on a square grid of the plane, row by row from below. */
export interface Grid {
  readonly points: number;
  readonly classes: Uint8Array;
}

/** What the worker tells the page. */
export type Report =
  | { readonly kind: 'truth'; readonly truth: Grid }
  | { readonly kind: 'epoch'; readonly record: EpochRecord; readonly answers?: Grid }
  | { readonly kind: 'done'; readonly run: Run }
  | { readonly kind: 'failed'; readonly reason: string };

/** The plane is drawn from −3 to 3 on both axes: all but a few of the points lie there. */
export const extent = 3;
