/** Losses of candidates as the selection methods want them, without their unit. */
export interface CandidateValues {
  /** Losses divided by the largest, in [0, 1]; all zero if that is zero. Shape [n]. */
  readonly relative: Float64Array;
  /** Losses minus their mean, divided by their standard deviation; all zero if that is zero. Shape [n]. */
  readonly standardized: Float64Array;
  /** Scores divided by the largest; those of the losses if no scores are given. Shape [n]. */
  readonly scores: Float64Array;
}

/** Takes the unit from the losses, and from the scores if there are some. */
export function candidateValues(losses: ArrayLike<number>, scores: ArrayLike<number> = losses): CandidateValues {
  const relative = shareOfLargest(losses);
  const { length } = relative;
  const mean = relative.reduce((sum, loss) => sum + loss, 0) / length;
  const deviation = Math.sqrt(relative.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / length);
  const standardized = relative.map((loss) => (deviation > 0 ? (loss - mean) / deviation : 0));
  return { relative, standardized, scores: shareOfLargest(scores) };
}

function shareOfLargest(values: ArrayLike<number>): Float64Array {
  const shares = Float64Array.from(values);
  const largest = shares.reduce((max, value) => Math.max(max, value), 0);
  return largest > 0 ? shares.map((value) => value / largest) : shares;
}
