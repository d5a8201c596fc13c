import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { replacedBy } from '../kernels/index.js';
import type { Run } from '../training/run.js';
import { moduleBeside, startThread } from './thread.js';
import type { Trial } from './trial.js';
import type { Report, WorkerData } from './worker.js';

/** What came of a trial; `stopped` ones were called off before they were done. */
export type Outcome =
  /** `code` is the hash of what the thread had loaded. */
  | { readonly status: 'done'; readonly run: Run; readonly code: string }
  | { readonly status: 'failed'; readonly reason: string }
  | { readonly status: 'stopped' };

export interface WorkerOptions {
  /** Threads; by default one a core. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly onEpoch?: (trial: Trial) => void;
  /** Told as soon as a trial is over, in no particular order. */
  readonly onOutcome?: (trial: Trial, outcome: Outcome) => void;
  /** The module that the threads run; the tests have some that die. */
  readonly entry?: URL;
}

/**
 * Carries out trials on worker threads; outcome k belongs to trial k, whatever thread it ran on and when.
 * A thread that dies fails its trial and is replaced; the other trials go on.
 */
export async function runOnWorkers(
  trials: readonly Trial[],
  options: WorkerOptions = {},
): Promise<Outcome[]> {
  const { workers = availableParallelism(), signal } = options;
  const outcomes = new Array<Outcome>(trials.length).fill({ status: 'stopped' });
  let next = 0;
  const lane = async (): Promise<void> => {
    let thread: Thread | undefined;
    let report: () => unknown = () => undefined;
    while (next < trials.length && signal?.aborted !== true) {
      const k = next++;
      const trial = trials[k]!;
      if (thread?.alive !== true)
        thread = new Thread(options.entry ?? moduleBeside(import.meta.url, 'worker'));
      const running = thread.run(trial, () => options.onEpoch?.(trial), signal);
      report(); // while the thread computes the next trial, the last one is put on disk
      const outcome = await running;
      outcomes[k] = outcome;
      report = () => outcome.status !== 'stopped' && options.onOutcome?.(trial, outcome);
    }
    report();
    await thread?.end();
  };
  await Promise.all(Array.from({ length: Math.min(workers, trials.length) }, lane));
  return outcomes;
}

/** One worker thread, with at most one trial at a time. */
class Thread {
  alive = true;
  readonly #worker: Worker;
  #settle: ((outcome: Outcome) => void) | undefined;
  #onEpoch: (() => void) | undefined;

  constructor(entry: URL) {
    const workerData: WorkerData = { blas: replacedBy() !== undefined };
    this.#worker = startThread(entry, workerData);
    this.#worker.on('message', (report: Report) => this.#hear(report));
    this.#worker.on('error', (error) => this.#die(error.message));
    this.#worker.on('exit', (code) => this.#die(`exit code ${code}`));
  }

  async run(trial: Trial, onEpoch: () => void, signal: AbortSignal | undefined): Promise<Outcome> {
    const stop = () => {
      this.#finish({ status: 'stopped' });
      void this.end();
    };
    const outcome = new Promise<Outcome>((resolve) => (this.#settle = resolve));
    this.#onEpoch = onEpoch;
    signal?.addEventListener('abort', stop, { once: true });
    this.#worker.postMessage(trial);
    return outcome.finally(() => signal?.removeEventListener('abort', stop));
  }

  async end(): Promise<void> {
    this.alive = false;
    await this.#worker.terminate();
  }

  #hear(report: Report): void {
    if (report.kind === 'epoch') this.#onEpoch?.();
    else if (report.kind === 'done') this.#finish({ status: 'done', run: report.run, code: report.code });
    else this.#finish({ status: 'failed', reason: report.reason });
  }

  #die(how: string): void {
    this.alive = false;
    this.#finish({ status: 'failed', reason: `its worker thread died (${how})` });
  }

  /** Only the first outcome of a trial counts: an error is followed by an exit. */
  #finish(outcome: Outcome): void {
    this.#settle?.(outcome);
    this.#settle = undefined;
  }
}
