/** Options of a `ResamplingSampler`: how large its presamples are, when they begin, and what they are for. */
export interface ResamplingSamplerOptions {
  /**
   * What a resampled step keeps of a uniform one. 'batch-size' (default), as in the paper: b samples, so a step costs
   * the presample more and has less variance. 'variance': as few samples as have the variance of b uniform ones, so a
   * step costs less. 'time': as much work as b uniform samples, so a step has less variance at the same cost.
   */
  keep?: 'batch-size' | 'variance' | 'time';
  /** With 'batch-size': samples B_pre scored for one batch, from b to N. By default `presampleFactor` times b. */
  presampleSize?: number;
  /** With 'batch-size': B_pre/b ≥ 1, at most N samples. The paper advises 2 to 6. Default 5, as on CIFAR. */
  presampleFactor?: number;
  /** τ above which resampling begins, ≥ 0. By default where it pays: see `ResamplingSampler.threshold`. */
  threshold?: number;
  /** Share a_τ in [0, 1) of the old τ in `τ ← a_τ·τ + (1 − a_τ)·τ_now`. Default 0.9. */
  smoothing?: number;
  /** Cost of a backward pass in forward passes, > 0; measure it. Default 2, which the paper assumes. */
  backwardForwardRatio?: number;
  /**
   * Measure growth by τ² = 1 + CV², what the variance says, and not by the paper's τ, which is more careful. Default
   * false with 'batch-size', else true.
   */
  exact?: boolean;
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}
