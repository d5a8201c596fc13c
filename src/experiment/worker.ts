import { parentPort, workerData } from 'node:worker_threads';
import type { Run } from '../training/run.js';
import { trialCode } from './code-hash.js';
import { loadData } from './load-data.js';
import { keepingData, runTrial, type Trial } from './trial.js';

/** What a worker tells: that an epoch is over, or what came of the trial. */
export type Report =
  | { readonly kind: 'epoch' }
  | { readonly kind: 'done'; readonly run: Run; readonly code: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** What a thread is given when it starts. */
export interface WorkerData {
  /** Whether large matrix products go to OpenBLAS, as in the thread that asks. */
  readonly blas: boolean;
}

const ready = (workerData as WorkerData).blas
  ? import('./openblas.js').then(({ enableBlas }) => enableBlas())
  : undefined;
const code = trialCode(); // of what this thread has loaded, whatever is written to the files later
const generated = keepingData();

// One trial a message; the next one comes when this one is reported.
parentPort?.on('message', (trial: Trial) => void report(trial));

async function report(trial: Trial): Promise<void> {
  const tell = (message: Report) => parentPort?.postMessage(message);
  try {
    await ready;
    const data = trial.experiment.data.kind === 'cifar10' ? loadData : generated;
    const run = await runTrial(trial, { data, onEpoch: () => tell({ kind: 'epoch' }) });
    tell({ kind: 'done', run, code });
  } catch (error) {
    tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}
