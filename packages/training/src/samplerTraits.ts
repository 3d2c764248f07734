import {
  AdaSelectionSampler,
  InfoBatchSampler,
  LossMatchingSampler,
  OnlineBatchSampler,
  PruningSampler,
  RobustSampler,
  type Sampler,
  SelectiveBackpropSampler,
} from '@gradis/samplers';
import type { Signal } from './Learner.js';

/** What a strategy must know of its sampler, and what the draws themselves do not tell. */
export interface SamplerTraits {
  learnsFrom: Signal;
  skewed: boolean;
}

const LEARN_LOSSES = [
  AdaSelectionSampler,
  InfoBatchSampler,
  LossMatchingSampler,
  OnlineBatchSampler,
  SelectiveBackpropSampler,
];

/** Those whose probabilities are not the chances of their draws, or only about these, or zero for some samples. */
const SKEWED = [AdaSelectionSampler, PruningSampler, SelectiveBackpropSampler];

/** The traits of a sampler of `@gradis/samplers`; one of another origin learns from scores and tells its chances. */
export function samplerTraits(sampler: Sampler): SamplerTraits {
  if (sampler instanceof RobustSampler) return samplerTraits(sampler.inner);
  const isOneOf = (kinds: readonly (abstract new (...args: never) => Sampler)[]) =>
    kinds.some((kind) => sampler instanceof kind);
  return {
    learnsFrom: isOneOf(LEARN_LOSSES) ? 'losses' : 'scores',
    skewed: sampler instanceof LossMatchingSampler ? sampler.options.selection === 'matched' : isOneOf(SKEWED),
  };
}
