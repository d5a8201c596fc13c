/** A worker whose code is not that of the process which started it. */
import { parentPort } from 'node:worker_threads';
import { runTrial, type Trial } from '../../src/experiment/trial.js';

parentPort?.on('message', (trial: Trial) => {
  void runTrial(trial).then((run) => parentPort?.postMessage({ kind: 'done', run, code: 'another' }));
});
