/** Bins of scores: four a decade, over ten decades. */
export const SCORE_BINS = 40;
const BINS_PER_DECADE = 4;

/** Bins of ages, each twice as wide as the one before: below ⅛ epoch, ⅛ to ¼, … and 128 epochs or more. */
export const AGE_BINS = 12;

/** Ages are counted in 64ths of an epoch. */
export const TICKS_PER_EPOCH = 64;
const TICKS_PER_UNIT_BITS = 3;

/** Room above the first scores that were seen, since scores may still grow. */
const HEADROOM = 10;

/** Bin of an age in ticks. */
export function ageBin(ticks: number): number {
  return Math.min(AGE_BINS - 1, 32 - Math.clz32(ticks >> TICKS_PER_UNIT_BITS));
}

/** Logarithmic bins whose scale is set by the first scores, so that it does not matter what the scores are measured in. */
export class ScoreBins {
  /** Upper end of the last bin; 0 before a positive score was seen. */
  top = 0;

  /** Bin of a score ≥ 0. Scores beyond either end belong to the bin there. */
  binOf(score: number): number {
    if (score === 0) return 0;
    if (this.top === 0) this.top = HEADROOM * score;
    const bin = SCORE_BINS + Math.floor(BINS_PER_DECADE * Math.log10(score / this.top));
    return Math.min(SCORE_BINS - 1, Math.max(0, bin));
  }

  /** Geometric middle of a bin; 0 before a positive score was seen. */
  middle(bin: number): number {
    return this.top * 10 ** ((bin + 0.5 - SCORE_BINS) / BINS_PER_DECADE);
  }
}
