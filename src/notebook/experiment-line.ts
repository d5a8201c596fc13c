import { anExperiment, type Experiment } from '../experiment/experiment.js';
import { bar } from '../experiment/live-lines.js';
import {
  type ExperimentResult,
  runAll as runAllSilently,
  type RunOptions,
} from '../experiment/run-experiments.js';
import type { ProgressEvent } from '../experiment/run-events.js';
import { emitProgress } from './display.js';
import { objectWith, requireKinds } from '../tensor/arguments.js';

const EVERY = 200; // milliseconds between two changes of the line

/**
 * The trials of several experiments, in one queue for all workers; a line below the cell tells how far they are and vanishes
 * at the end.
 * @throws ValueError for an experiment that cannot be; Unfinished when trials failed or were called off, after all others are done.
 * @example const [relu, sigmoid] = await runAll([experiments.relu, experiments.sigmoid], { seeds: 10 })
 */
export async function runAll(
  experiments: readonly Experiment[],
  options: RunOptions = {},
): Promise<ExperimentResult[]> {
  requireKinds('runAll', { options }, { options: objectWith({}, 'the options, such as { seeds: 10 }') });
  const line = new ExperimentLine();
  const onProgress = (event: ProgressEvent) => {
    line.tell(event);
    options.onProgress?.(event);
  };
  try {
    return await runAllSilently(experiments, { ...options, onProgress });
  } finally {
    line.end();
  }
}

/**
 * The trials of an experiment, computed on all cores as far as the store does not have them.
 * @throws as `runAll` does.
 * @example const { runs } = await runExperiment(experiments.relu, { seeds: 10 })
 */
export async function runExperiment(
  experiment: Experiment,
  options: RunOptions = {},
): Promise<ExperimentResult> {
  requireKinds('runExperiment', { experiment }, { experiment: anExperiment });
  const [result] = await runAll([experiment], options);
  return result!;
}

/** One line for all experiments together: epochs done of those to do, with rate and time left. */
class ExperimentLine {
  readonly #begun = performance.now();
  #told = -Infinity;
  #shown = false;
  #epochs = 0;
  #done = 0;
  #trials = 0;
  #trialsDone = 0;

  tell(event: ProgressEvent): void {
    if (event.kind === 'planned') {
      for (const { missing, epochs } of event.experiments) {
        this.#trials += missing;
        this.#epochs += epochs;
      }
    }
    if (event.kind === 'epoch') this.#done += 1;
    if (event.kind === 'finished' || event.kind === 'failed') this.#trialsDone += 1;
    const now = performance.now();
    if (this.#trials === 0 || now - this.#told < EVERY) return;
    this.#told = now;
    this.#shown = true;
    const seconds = Math.max(0.001, (now - this.#begun) / 1000);
    emitProgress(
      `${bar(this.#done, this.#epochs, 'epochs', seconds)}; ${this.#trialsDone} of ${this.#trials} trials`,
    );
  }

  end(): void {
    if (this.#shown) emitProgress('');
  }
}
