import type { Run } from '../training/run.js';
import { trialCode } from './code-hash.js';
import type { Failure, ProgressEvent } from './run-events.js';
import type { Store } from './store.js';
import type { Trial } from './trial.js';
import { decodeTrial, encodeTrial, trialId, UnreadableRecord } from './trial-record.js';
import type { Outcome } from './workers.js';

/** What is known of each trial: recalled from the store, or added when a worker is done with it. */
export class TrialResults {
  readonly #code = trialCode();
  readonly #runs = new Map<string, Run>();
  readonly #failures = new Map<string, Failure>();

  constructor(
    private readonly store: Store | undefined,
    private readonly tell: (event: ProgressEvent) => void,
  ) {}

  runOf(trial: Trial): Run | undefined {
    return this.#runs.get(trialId(trial, this.#code));
  }

  failureOf(trial: Trial): Failure | undefined {
    return this.#failures.get(trialId(trial, this.#code));
  }

  /** Takes a trial from the store; false when it has to be computed. */
  recall(trial: Trial): boolean {
    const id = trialId(trial, this.#code);
    try {
      const record = this.store?.read(id);
      if (record !== undefined) this.#runs.set(id, record.run);
      return record !== undefined;
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      const newer = error.kind === 'newer';
      const reason = `the file ${id}.json of the store: ${error.message}`;
      if (newer) this.#fail(trial, reason);
      else this.tell({ kind: 'redone', ...named(trial), reason });
      return newer;
    }
  }

  add(trial: Trial, outcome: Outcome): void {
    if (outcome.status === 'failed') this.#fail(trial, outcome.reason);
    if (outcome.status !== 'done') return;
    if (outcome.code !== this.#code) {
      this.#fail(trial, 'the code was changed while it ran; run again');
      return;
    }
    const id = trialId(trial, this.#code);
    const text = encodeTrial(trial, this.#code, outcome.run);
    this.#runs.set(id, decodeTrial(text, id).run); // read back, so that a computed run is just what a stored one is
    try {
      this.store?.write(id, text);
      this.tell({ kind: 'finished', ...named(trial) });
    } catch (error) {
      this.#fail(trial, `it was computed but not stored: ${(error as Error).message}`);
    }
  }

  #fail(trial: Trial, reason: string): void {
    const failure = { ...named(trial), reason };
    this.#failures.set(trialId(trial, this.#code), failure);
    this.tell({ kind: 'failed', ...failure });
  }
}

function named({ experiment, seed }: Trial): Omit<Failure, 'reason'> {
  return { experiment: experiment.name, seed };
}
