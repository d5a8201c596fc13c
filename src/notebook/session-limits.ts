export interface SessionLimits {
  /** Milliseconds that one cell may take, compilation included. */
  readonly cellTime: number;
  /** Milliseconds that timers and other work may take after the last cell. */
  readonly drainTime: number;
  /** Megabytes of the process that runs the cells. */
  readonly memory: number;
  /** Characters that one cell may put out. */
  readonly output: number;
}

export const defaultLimits: SessionLimits = {
  cellTime: 600_000,
  drainTime: 10_000,
  memory: 4096,
  output: 20_000_000,
};
