/** The public face of gradbook: what notebooks import. */
export type { DType, FloatDType } from './tensor/dtype.js';
export type { Displayable, MimeBundle } from './tensor/display.js';
export { GradbookError, ReleasedError, ShapeError, ValueError } from './tensor/error.js';
export type { Shape } from './tensor/shape.js';
export { identical, Tensor, type NestedArray } from './tensor/tensor.js';
export {
  constant,
  full,
  keep,
  ones,
  tensor,
  zeros,
  type TensorLike,
  type TensorOptions,
} from './tensor/creation.js';
export { scoped } from './tensor/memory.js';
export { memoryUse } from './tensor/heap.js';
export { random, Random, type DrawOptions } from './random/random.js';
export * from './ops/index.js';
export { elementwise, type Scalar } from './ops/functions.js';
export * as scalar from './kernels/math.js';
export type { LossOptions } from './ops/loss.js';
export type { MatmulOptions } from './ops/matmul.js';
export type { ReduceOptions } from './ops/reduce.js';
export { registry } from './ops/registry.js';
export type { Op, OpRecord } from './autodiff/op.js';
export { defineOp } from './autodiff/define-op.js';
export { OpNode } from './autodiff/op-node.js';
export { valueAndGradient, type Named, type ValueAndGradient } from './autodiff/value-and-gradient.js';
export { GradientCheck, type CheckOptions } from './autodiff/check-gradient.js';
export { jacobian } from './autodiff/jacobian.js';
export { numericGradient } from './autodiff/finite-differences.js';
export { Module, type Training, type Weights } from './nn/module.js';
export { Linear } from './nn/linear.js';
export { Conv2d, type Conv2dOptions } from './nn/conv2d.js';
export { AveragePool2d, MaxPool2d, type Pool2dOptions } from './nn/pool2d.js';
export { Dropout } from './nn/dropout.js';
export {
  BatchNorm2d,
  LayerNorm,
  type BatchNormOptions,
  type NormalizationOptions,
} from './nn/normalization.js';
export { Flatten, Relu, Sigmoid, Tanh } from './nn/elementwise.js';
export { Chain } from './nn/chain.js';
export { Sequential, sequential } from './nn/sequential.js';
export { ConvNet, convNet, type ConvNetOptions } from './nn/conv-net.js';
export { summary, type Summary } from './nn/summary.js';
export { Mlp, mlp, type Activation, type MlpOptions } from './nn/mlp.js';
export { standardDeviation, type Initializer } from './nn/initializers.js';
export { losses, type Loss, type LossName } from './nn/losses.js';
export type { Optimizer, OptimizerState } from './optim/optimizer.js';
export type { Rate } from './optim/schedule.js';
export { adam, adamw, type AdamOptions } from './optim/adam.js';
export { rmsprop, type RmspropOptions } from './optim/rmsprop.js';
export { sgd, type SgdOptions } from './optim/sgd.js';
export { scheduled, type ScheduleRecord } from './optim/schedule.js';
export { optimizerFromRecord, type OptimizerRecord } from './optim/record.js';
export { dataset, type Dataset, type GivenData, type Split } from './data/dataset.js';
export { imageClasses, imageClassNames, type ImageClassesOptions } from './data/image-classes.js';
export { cifar10, mnist, type ImageFileOptions } from './data/image-files.js';
export { cifar10Classes, readCifar10, writeCifar10 } from './data/cifar10.js';
export { mnistClasses, readIdx, readMnist } from './data/mnist.js';
export { imageDataset, type Images } from './data/images.js';
export { synth, synthBoundary, synthForm, synthThreshold, type SynthOptions } from './data/synth.js';
export { evaluate, type Evaluation } from './training/evaluate.js';
export { confusionMatrix, logitsOf, predictions, type Confusion } from './training/predictions.js';
export type { EpochRecord, Run, Stop } from './training/run.js';
export { train, type TrainOptions } from './training/train.js';
export { loadWeights, saveWeights } from './training/weights-file.js';
export {
  readSafetensors,
  writeSafetensors,
  type StoredTensor,
  type TensorFile,
} from './training/safetensors.js';
export { checkGradient } from './derivation/check.js';
export { derivation, Derivation } from './derivation/derivation.js';
export { Claim as FormulaClaim } from './derivation/claim.js';
export { CheckedChains } from './derivation/checked-chains.js';
export { FormulaError } from './formula/error.js';
export { mutants, type JudgedMutant, type MutationKind } from './mutation/mutants.js';
export { forwardFormula, type ForwardFormula } from './derivation/forward-formula.js';
export { clearOutput, show, type ShowOptions } from './notebook/display.js';
export { claim, type ClaimKind, type ClaimOptions, type Recording } from './notebook/claim.js';
export {
  bands,
  bars,
  benchChart,
  benchResults,
  benchTable,
  classAccuracies,
  classAccuracyMap,
  confusionMap,
  dataTable,
  decisionBoundary,
  dots,
  errorCurve,
  figure,
  gradientNorms,
  graph,
  heatmap,
  historyTable,
  lossAndAccuracy,
  machineOf,
  readBenchRecord,
  pictureGrid,
  stepLines,
  type Figure,
} from './figures/index.js';
export { explain, type Explanation, type ExplainedStep } from './figures/explain.js';
export {
  courseNameTable,
  equivalentMutantTable,
  mutantTable,
  opCheckTable,
  opTable,
} from './figures/op-table.js';
export { computationGraph, type ComputationGraphOptions } from './figures/computation-graph.js';
export type { Experiment, PictureExperiment, PointExperiment } from './experiment/experiment.js';
export { loadData, picturesAtHand } from './experiment/load-data.js';
export { experiments, type ExperimentName } from './experiment/definitions.js';
export type { ExperimentResult, RunOptions } from './experiment/run-experiments.js';
export { runAll, runExperiment } from './notebook/experiment-line.js';
export { enableBlas, type BlasOptions } from './experiment/openblas.js';
export { readExperiment } from './experiment/read-experiment.js';
export { withSettings } from './experiment/settings.js';
export { bootstrapInterval, compare, signTest, type Comparison } from './experiment/comparison.js';
export {
  collapseEpoch,
  epochBands,
  failures,
  finalAccuracy,
  firstEpochAbove,
  median,
  quantile,
  quartiles,
  reach,
} from './experiment/statistics.js';
export { bandTable, epochTable, summaryTable, trialTable } from './experiment/tables.js';
export { classGrid, type ClassGrid } from './experiment/boundary.js';
export { deadUnits } from './experiment/dead-units.js';
export { along, pointsWithin, type At } from './experiment/along.js';
export { curvature, hessian, type Curvature } from './experiment/hessian.js';
export { modelWith, trialWithSnapshots, type Snapshot } from './experiment/snapshots.js';
export { dataOf, runTrial } from './experiment/trial.js';
export { engineFingerprint, reproductionTable } from './notebook/engine-facts.js';
export { librarySource, type LibrarySource } from './notebook/library-source.js';
export { trainingProgress } from './experiment/training-progress.js';
