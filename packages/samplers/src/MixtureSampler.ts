import type { Sampler } from './Sampler.js';

/** A sampler that draws from a mixture with uniform sampling, `p = (1 − λ) p₀ + λ/N`, and can tell its parts. */
export interface MixtureSampler extends Sampler {
  /** Share λ of uniform draws, in [0, 1]. It may be set between two draws, and is part of the state. */
  uniformMix: number;
  /**
   * What each sample's probability would be with λ = 0 in the next draw; 1/N while nothing is known.
   *
   * @param indices Samples, each in [0, N). Shape [n].
   * @returns p₀ in [0, 1]. Shape [n].
   */
  unmixedProbabilities(indices: ArrayLike<number>): Float64Array;
}
