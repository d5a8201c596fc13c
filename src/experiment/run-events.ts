/** What is told while experiments run. */
export type ProgressEvent =
  | { readonly kind: 'planned'; readonly experiments: readonly Plan[] }
  | { readonly kind: 'epoch'; readonly experiment: string }
  /** A file of the store was no record, and the trial is made again. */
  | ({ readonly kind: 'redone' } & Failure)
  | { readonly kind: 'finished'; readonly experiment: string; readonly seed: number }
  | ({ readonly kind: 'failed' } & Failure);

/** What is to be done for an experiment: trials in all, those that the store has, those to compute, and their epochs. */
export interface Plan {
  readonly experiment: string;
  readonly trials: number;
  readonly stored: number;
  readonly missing: number;
  readonly epochs: number;
}

export interface Failure {
  readonly experiment: string;
  readonly seed: number;
  readonly reason: string;
}
