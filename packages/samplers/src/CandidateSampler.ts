import type { Draw, Sampler } from './Sampler.js';

/** A sampler that looks at candidates before it decides: `presample`, a forward pass over them, then `resample`. */
export interface CandidateSampler extends Sampler {
  /** The samples to look at for the next batch, or undefined if none need be: then use `draw`. Shape [n]. */
  presample(batchSize: number): Int32Array | undefined;
  /**
   * The batch, or undefined if it takes more candidates: then call `presample` again.
   *
   * @param values What the sampler wants to know of the candidates, their scores or losses, finite and ≥ 0. Shape [n].
   */
  resample(values: ArrayLike<number>): Draw | undefined;
}
