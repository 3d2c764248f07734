export { compiledObjective } from './compiledObjective.js';
export {
  type DataSource,
  datasetSource,
  type GatherableDataset,
  type GatheredArray,
  type TensorBatch,
  type TensorSource,
  tensorSource,
} from './DataSource.js';
export {
  createDeviceSampler,
  DEVICE_METHODS,
  type DeviceMethodName,
  deviceSamplerFromState,
} from './device/createDeviceSampler.js';
export { DeviceCalibratedSampler } from './device/DeviceCalibratedSampler.js';
export { DeviceMemorySampler } from './device/DeviceMemorySampler.js';
export type { DeviceDraw, DeviceSampler } from './device/DeviceSampler.js';
export { DeviceUniformSampler, type DeviceUniformSamplerOptions } from './device/DeviceUniformSampler.js';
export { type DeviceSource, deviceSource } from './device/deviceSource.js';
export { lowWeightRule } from './device/lowWeightRule.js';
export type { DeviceLearner, TelemetryEvent } from './device/StepQueue.js';
export { type DeviceTrainEvent, type DeviceTrainOptions, trainOnDevice } from './device/trainOnDevice.js';
export type { FitCallbacks } from './fitCallbacks.js';
export type { FitArray, FitData } from './fitData.js';
export { type FitOptions, fitWithImportance } from './fitWithImportance.js';
export type { Metric, TensorWeightRule } from './gradientStep.js';
export { misclassified } from './misclassified.js';
export type { ForwardPass, Network } from './Network.js';
export { createObjective, type LossName, type Objective, type Verdict } from './Objective.js';
export type { OptimizerState } from './optimizerState.js';
export type { Score, ScoreFunction } from './Score.js';
export {
  type DeviceBatch,
  type DeviceStepResult,
  TfjsLearner,
  type TfjsLearnerOptions,
  type TfjsLearnerState,
  type TfjsStepResult,
} from './TfjsLearner.js';
export type { Tensors } from './tensors.js';
