import { experiments } from '../../dist/experiment/definitions.js';
import { runExperiment } from '../../dist/experiment/run-experiments.js';
import type { Variant } from '../variant.js';

/** Our own library on two worker threads, for trials that know nothing of each other. */
export const variant: Variant = {
  trials: ({ count }) => {
    return () => runExperiment(experiments.sigmoid, { seeds: count, workers: 2, store: false });
  },
};
