import { AdaptiveSampler } from './AdaptiveSampler.js';
import { AdaSelectionSampler } from './AdaSelectionSampler.js';
import { CalibratedSampler } from './CalibratedSampler.js';
import { InfoBatchSampler } from './InfoBatchSampler.js';
import { LossMatchingSampler } from './LossMatchingSampler.js';
import { MemorySampler } from './MemorySampler.js';
import { OnlineBatchSampler } from './OnlineBatchSampler.js';
import { PrioritizedSampler } from './PrioritizedSampler.js';
import { PruningSampler } from './PruningSampler.js';
import { ResamplingSampler } from './ResamplingSampler.js';
import { RobustSampler, type RobustSamplerState } from './RobustSampler.js';
import type { Sampler, SamplerState } from './Sampler.js';
import { SelectiveBackpropSampler } from './SelectiveBackpropSampler.js';
import { UniformSampler } from './UniformSampler.js';

/** How each kind of state is restored; every one checks that the state is its own. */
const restorers: Readonly<Record<string, (state: never) => Sampler>> = {
  AdaSelectionSampler: AdaSelectionSampler.fromState,
  AdaptiveSampler: AdaptiveSampler.fromState,
  CalibratedSampler: CalibratedSampler.fromState,
  InfoBatchSampler: InfoBatchSampler.fromState,
  LossMatchingSampler: LossMatchingSampler.fromState,
  MemorySampler: MemorySampler.fromState,
  OnlineBatchSampler: OnlineBatchSampler.fromState,
  PrioritizedSampler: PrioritizedSampler.fromState,
  PruningSampler: PruningSampler.fromState,
  ResamplingSampler: ResamplingSampler.fromState,
  SelectiveBackpropSampler: SelectiveBackpropSampler.fromState,
  UniformSampler: UniformSampler.fromState,
  RobustSampler: (state: RobustSamplerState) => RobustSampler.fromState(state, samplerFromState(state.inner)),
};

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
  if (!Object.hasOwn(restorers, state?.kind)) {
    throw new TypeError(`state.kind is '${state?.kind}'; it must be the kind of a sampler of @gradis/samplers.`);
  }
  return restorers[state.kind](state as never);
}
