/** One drawn batch: which samples, with which probability each was drawn, and what its gradient counts. */
export interface Draw {
  /** Sample indices, each in [0, N). Shape [B]; a sample may occur more than once. */
  indices: Int32Array;
  /** Probability with which each sample was drawn, in (0, 1]; an unbiased sampler has weights 1/(N p). Shape [B]. */
  probabilities: Float64Array;
  /** Factor of each sample's gradient in `(1/B) Σ wᵢ ∇ℓᵢ`; 1 means "as in plain SGD". Shape [B]. */
  weights: Float32Array;
}

/** What every sampler over a data set of known size can do. */
export interface Sampler {
  /** Number of samples N in the data set. */
  readonly size: number;
  /** Options in force by their names, defaults included, without the seed; none where there are none. */
  readonly options?: Readonly<Record<string, number | string | boolean | undefined>>;
  /**
   * Draws a batch. The last batch of a shuffled epoch may be shorter than `batchSize`.
   *
   * @param batchSize Number B of samples, an integer ≥ 1.
   * @throws RangeError on a batch size that is no such integer.
   */
  draw(batchSize: number): Draw;
  /**
   * Learns the scores of samples after a training step.
   *
   * @param indices Samples of any earlier draws. Shape [B].
   * @param scores Their scores, finite and ≥ 0. Shape [B].
   * @throws RangeError on NaN, ∞ or a negative score, an index outside [0, N), or unequal lengths; the state stays as it was.
   */
  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void;
  /** Probabilities [N] from which the next draw would be made; they sum to 1. O(N): for plots and tests. */
  probabilities(): Float64Array;
  /** What a person wants to know of how it is doing, if there is anything: finite numbers by name. */
  diagnostics?(): Record<string, number>;
  /** Everything needed to continue with identical draws: a plain object of numbers, strings and typed arrays. */
  getState(): SamplerState;
}

/** Saved state of a sampler; `kind` names the class whose `fromState` restores it. */
export interface SamplerState {
  readonly kind: string;
  readonly version: 1;
}
