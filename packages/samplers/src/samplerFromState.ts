import { AdaptiveSampler, type AdaptiveSamplerState } from './AdaptiveSampler.js';
import { AdaSelectionSampler, type AdaSelectionSamplerState } from './AdaSelectionSampler.js';
import { CalibratedSampler, type CalibratedSamplerState } from './CalibratedSampler.js';
import { InfoBatchSampler, type InfoBatchSamplerState } from './InfoBatchSampler.js';
import { LossMatchingSampler, type LossMatchingSamplerState } from './LossMatchingSampler.js';
import { MemorySampler, type MemorySamplerState } from './MemorySampler.js';
import { OnlineBatchSampler, type OnlineBatchSamplerState } from './OnlineBatchSampler.js';
import { PrioritizedSampler, type PrioritizedSamplerState } from './PrioritizedSampler.js';
import { PruningSampler, type PruningSamplerState } from './PruningSampler.js';
import { ResamplingSampler, type ResamplingSamplerState } from './ResamplingSampler.js';
import { RobustSampler, type RobustSamplerState } from './RobustSampler.js';
import type { Sampler, SamplerState } from './Sampler.js';
import { SelectiveBackpropSampler, type SelectiveBackpropSamplerState } from './SelectiveBackpropSampler.js';
import { UniformSampler, type UniformSamplerState } from './UniformSampler.js';

/**
 * Restores any sampler of this package from what its `getState` gave.
 *
 * @param state State of a sampler of this package, or a structured clone of it.
 * @returns A sampler of the same class, whose next draws are those that the saved one would have made.
 * @throws TypeError on an unknown kind or version; an error that names the field on a damaged state.
 *
 * @example
 * ```ts
 * import { MemorySampler, samplerFromState } from '@gradis/samplers';
 *
 * const sampler = new MemorySampler(100, { seed: 3 });
 * const copy = samplerFromState(structuredClone(sampler.getState()));
 * console.log(copy.draw(8).indices.join() === sampler.draw(8).indices.join()); // → true
 * ```
 */
export function samplerFromState(state: SamplerState): Sampler {
  switch (state.kind) {
    case 'UniformSampler':
      return UniformSampler.fromState(state as UniformSamplerState);
    case 'AdaptiveSampler':
      return AdaptiveSampler.fromState(state as AdaptiveSamplerState);
    case 'CalibratedSampler':
      return CalibratedSampler.fromState(state as CalibratedSamplerState);
    case 'InfoBatchSampler':
      return InfoBatchSampler.fromState(state as InfoBatchSamplerState);
    case 'MemorySampler':
      return MemorySampler.fromState(state as MemorySamplerState);
    case 'OnlineBatchSampler':
      return OnlineBatchSampler.fromState(state as OnlineBatchSamplerState);
    case 'PrioritizedSampler':
      return PrioritizedSampler.fromState(state as PrioritizedSamplerState);
    case 'PruningSampler':
      return PruningSampler.fromState(state as PruningSamplerState);
    case 'ResamplingSampler':
      return ResamplingSampler.fromState(state as ResamplingSamplerState);
    case 'AdaSelectionSampler':
      return AdaSelectionSampler.fromState(state as AdaSelectionSamplerState);
    case 'LossMatchingSampler':
      return LossMatchingSampler.fromState(state as LossMatchingSamplerState);
    case 'RobustSampler': {
      const robust = state as RobustSamplerState;
      return RobustSampler.fromState(robust, samplerFromState(robust.inner));
    }
    case 'SelectiveBackpropSampler':
      return SelectiveBackpropSampler.fromState(state as SelectiveBackpropSamplerState);
    default:
      throw new TypeError(`state.kind is '${state.kind}'; it must be the kind of a sampler of @gradis/samplers.`);
  }
}
