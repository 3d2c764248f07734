import { CalibratedSampler, type CalibratedSamplerState } from './CalibratedSampler.js';
import { MemorySampler, type MemorySamplerState } from './MemorySampler.js';
import { ResamplingSampler, type ResamplingSamplerState } from './ResamplingSampler.js';
import type { Sampler, SamplerState } from './Sampler.js';
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
    case 'CalibratedSampler':
      return CalibratedSampler.fromState(state as CalibratedSamplerState);
    case 'MemorySampler':
      return MemorySampler.fromState(state as MemorySamplerState);
    case 'ResamplingSampler':
      return ResamplingSampler.fromState(state as ResamplingSamplerState);
    default:
      throw new TypeError(`state.kind is '${state.kind}'; it must be the kind of a sampler of @gradis/samplers.`);
  }
}
