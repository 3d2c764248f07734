export { compiledObjective } from './compiledObjective.js';
export {
  type DataSource,
  datasetSource,
  type GatherableDataset,
  type GatheredArray,
  type TensorBatch,
  tensorSource,
} from './DataSource.js';
export type { FitCallbacks } from './fitCallbacks.js';
export type { FitArray, FitData } from './fitData.js';
export { type FitOptions, fitWithImportance } from './fitWithImportance.js';
export type { Metric } from './gradientStep.js';
export { misclassified } from './misclassified.js';
export type { ForwardPass, Network } from './Network.js';
export { createObjective, type LossName, type Objective, type Verdict } from './Objective.js';
export type { OptimizerState } from './optimizerState.js';
export type { Score, ScoreFunction } from './Score.js';
export { TfjsLearner, type TfjsLearnerOptions, type TfjsLearnerState, type TfjsStepResult } from './TfjsLearner.js';
export type { Tensors } from './tensors.js';
