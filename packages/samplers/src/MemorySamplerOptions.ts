/** Options of a `MemorySampler`: how it remembers scores, and how it draws from them. */
export interface MemorySamplerOptions {
  /**
   * Exponent β in [0, 1] of the weights `(1/(N p))^β`. 1 is importance sampling, unbiased; 0 is adaptive sampling,
   * weights 1, biased towards samples with large scores. Default 1.
   */
  weightExponent?: number;
  /** Share α in [0, 1) of the OLD score in `q ← α·q + (1 − α)·score`. The paper uses 0.0–0.3. Default 0.1. */
  momentum?: number;
  /** Amount added to every q, so that no sample is forgotten; ≥ 0. Default 1e-3. */
  epsilon?: number;
  /** Whether `epsilon` is a multiple of mean(q), 'relative', or is added as it is, 'absolute'. Default 'relative'. */
  epsilonMode?: 'relative' | 'absolute';
  /**
   * Whether `epsilon` is added after every epoch, or before every draw that follows the first; then each draw takes
   * O(N). Default 'epoch'.
   */
  epsilonSchedule?: 'epoch' | 'step';
  /**
   * Share λ in [0, 1] of uniform draws in `p = (1 − λ) q/Σq + λ/N`; weights are at most 1/λ. The paper has 0. Default
   * 0.1.
   */
  uniformMix?: number;
  /**
   * 'with-replacement': independent draws. 'systematic': B equal steps through p, with fewer duplicates. Default
   * 'with-replacement'.
   */
  drawing?: 'with-replacement' | 'systematic';
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}
