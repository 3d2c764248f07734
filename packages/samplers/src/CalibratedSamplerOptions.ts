/** Options of `CalibratedSampler`; the defaults need no tuning. */
export interface CalibratedSamplerOptions {
  /**
   * Exponent β in [0, 1] of the weights `(1/(N p))^β`. 1 is importance sampling, unbiased; 0 is adaptive sampling,
   * weights 1, biased towards samples with large scores. Default 1.
   */
  weightExponent?: number;
  /** Share λ in [0, 1] of uniform draws in p; importance weights are at most 1/λ. Default 0.2. */
  uniformMix?: number;
  /** Share in [0, 1) of the old level in `level² ← momentum · level² + (1 − momentum) score²`. Default 0.8. */
  momentum?: number;
  /** 'systematic' (default): B equal steps through p, fewer duplicates. 'with-replacement': independent draws. */
  drawing?: 'systematic' | 'with-replacement';
  /** Any safe integer. Default 0. */
  seed?: number;
}
