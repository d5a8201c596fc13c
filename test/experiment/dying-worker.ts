/** A worker that dies of its trials with seed 2, by leaving, and with seed 3, by an error outside of the trial. */
import { parentPort } from 'node:worker_threads';
import '../../src/experiment/worker.js';

parentPort?.on('message', ({ seed }: { seed: number }) => {
  if (seed === 2) process.exit(7);
  if (seed === 3) throw new Error('out of nowhere');
});
