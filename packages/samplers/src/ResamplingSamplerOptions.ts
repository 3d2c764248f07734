/** Options of a `ResamplingSampler`: how large its presamples are, and when they begin. */
export interface ResamplingSamplerOptions {
  /** Samples B_pre scored for one batch, from the batch size to N. By default `presampleFactor` times the batch size. */
  presampleSize?: number;
  /** B_pre as a multiple ≥ 1 of the batch size, at most N samples. The paper advises 2 to 6. Default 5, as on CIFAR. */
  presampleFactor?: number;
  /** τ above which resampling begins, ≥ 0. Default `(B_pre + (1 + r) b) / ((1 + r) b)`, r = `backwardForwardRatio`. */
  threshold?: number;
  /** Share a_τ in [0, 1) of the old τ in `τ ← a_τ·τ + (1 − a_τ)·τ_now`. Default 0.9. */
  smoothing?: number;
  /** Cost of a backward pass in forward passes, > 0; measure it. Default 2, which the paper assumes. */
  backwardForwardRatio?: number;
  /** Measure growth by τ² = 1 + CV², what the variance says, and not by the paper's τ. Default false. */
  exact?: boolean;
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}
