export { AdaptiveSampler, type AdaptiveSamplerOptions, type AdaptiveSamplerState } from './AdaptiveSampler.js';
export {
  AdaSelectionSampler,
  type AdaSelectionSamplerOptions,
  type AdaSelectionSamplerState,
} from './AdaSelectionSampler.js';
export { assertScores } from './assertScores.js';
export { CalibratedSampler, type CalibratedSamplerState } from './CalibratedSampler.js';
export type { CalibratedSamplerOptions } from './CalibratedSamplerOptions.js';
export type { CandidateSampler } from './CandidateSampler.js';
export { CALIBRATION } from './calibration.js';
export { effectiveSampleSize } from './effectiveSampleSize.js';
export { type EquivalentBatchGrowthOptions, equivalentBatchGrowth } from './equivalentBatchGrowth.js';
export { InfoBatchSampler, type InfoBatchSamplerOptions, type InfoBatchSamplerState } from './InfoBatchSampler.js';
export { importanceWeights } from './importanceWeights.js';
export {
  LossMatchingSampler,
  type LossMatchingSamplerOptions,
  type LossMatchingSamplerState,
} from './LossMatchingSampler.js';
export { LOW_DEFAULTS, type LowOptions, lowWeights, lowWeightsInto } from './lowWeights.js';
export { MemorySampler, type MemorySamplerState } from './MemorySampler.js';
export type { MemorySamplerOptions } from './MemorySamplerOptions.js';
export type { MixtureSampler } from './MixtureSampler.js';
export {
  OnlineBatchSampler,
  type OnlineBatchSamplerOptions,
  type OnlineBatchSamplerState,
} from './OnlineBatchSampler.js';
export { PrioritizedSampler, type PrioritizedSamplerState } from './PrioritizedSampler.js';
export type { PrioritizedSamplerOptions } from './PrioritizedSamplerOptions.js';
export { PrioritySample, type PrioritySampleOptions, type PrioritySampleState } from './PrioritySample.js';
export { PruningSampler, type PruningSamplerOptions, type PruningSamplerState } from './PruningSampler.js';
export { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';
export { ResamplingSampler, type ResamplingSamplerState } from './ResamplingSampler.js';
export type { ResamplingSamplerOptions } from './ResamplingSamplerOptions.js';
export { ReservoirSample, type ReservoirSampleOptions, type ReservoirSampleState } from './ReservoirSample.js';
export { RobustSampler, type RobustSamplerOptions, type RobustSamplerState } from './RobustSampler.js';
export type { Draw, Sampler, SamplerState } from './Sampler.js';
export {
  SelectiveBackpropSampler,
  type SelectiveBackpropSamplerOptions,
  type SelectiveBackpropSamplerState,
} from './SelectiveBackpropSampler.js';
export { SumTree, type SumTreeState } from './SumTree.js';
export { samplerFromState } from './samplerFromState.js';
export { type SampleStreamOptions, type StreamBatch, sampleStream } from './sampleStream.js';
export { SELECTION_METHODS, type SelectionMethod } from './selectionImportance.js';
export { UniformSampler, type UniformSamplerOptions, type UniformSamplerState } from './UniformSampler.js';
