/** Options of a `PrioritizedSampler`; the defaults are the paper's, where it has one. */
export interface PrioritizedSamplerOptions {
  /**
   * 'proportional': the priority of a sample is its last score. 'rank': it is 1/rank of its last score among all, which
   * outliers cannot upset. Default 'proportional'.
   */
  variant?: 'proportional' | 'rank';
  /** Exponent α in [0, 1] of the priorities; 0 draws uniformly. Default 0.6, or 0.7 by rank. */
  priorityExponent?: number;
  /** Exponent β in [0, 1] of the weights `(1/(N P))^β` at the start. Default 0.4, or 0.5 by rank. */
  weightExponent?: number;
  /**
   * Length of the training in epochs, > 0: β rises linearly to 1 in this time and stays there. Default 10, for trainings
   * whose length is not known.
   */
  epochs?: number;
  /**
   * Whether weights are divided by the largest one in the batch, as in the paper; false leaves them at `(1/(N P))^β`,
   * unbiased where β = 1. Default true.
   */
  normalizeWeights?: boolean;
  /**
   * Amount > 0 added to every score, as a multiple of the mean score, so that no sample is forgotten. The proportional
   * variant alone has it. Default 1e-3.
   */
  epsilon?: number;
  /**
   * 'stratified': one draw from each of B equal parts of P, fewer duplicates. 'with-replacement': independent draws.
   * Default 'stratified'.
   */
  drawing?: 'stratified' | 'with-replacement';
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}
