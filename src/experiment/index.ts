/** What notebooks and the public face use of this room. */
export { type At, boundaryAlong, curvatureAlong, deadUnitsAlong, pointsWithin } from './along.js';
export { type ClassGrid, classGrid, type GridOptions } from './boundary.js';
export {
  bootstrapInterval,
  compare,
  type Comparison,
  type ComparisonOptions,
  signTest,
} from './comparison.js';
export { deadUnits } from './dead-units.js';
export { type ExperimentName, experiments } from './definitions.js';
export type { Experiment, Recipe } from './experiment.js';
export { type Curvature, curvature, hessian } from './hessian.js';
export { readExperiment } from './read-experiment.js';
export type { Failure, ProgressEvent } from './run-events.js';
export {
  type ExperimentResult,
  runAll,
  runExperiment,
  type RunOptions,
  Unfinished,
} from './run-experiments.js';
export { withSettings } from './settings.js';
export { modelWith, type Snapshot, trialWithSnapshots } from './snapshots.js';
export {
  collapseEpoch,
  epochBands,
  failures,
  finalAccuracy,
  firstEpochAbove,
  median,
  quantile,
  quartiles,
  type Quartiles,
  reach,
  type Reach,
} from './statistics.js';
export { bandTable, epochTable, summaryTable, trialTable } from './tables.js';
export { dataOf, modelOf, runTrial, type Trial, type TrialOptions } from './trial.js';
