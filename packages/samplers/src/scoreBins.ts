/** Bins of scores, each an octave wide: forty span twelve decades. */
export const SCORE_BINS = 40;

/** Bins of ages: below ½ epoch, ½ to 2, 2 to 8, 8 to 32, and 32 epochs or more. */
export const AGE_BINS = 5;

/** Ages are counted in 64ths of an epoch. */
export const TICKS_PER_EPOCH = 64;
const TICKS_PER_UNIT_BITS = 5;

/** Octaves of room above the largest of the first scores, since scores may still grow. */
const HEADROOM = 8;
const BIN_OF_UNIT = SCORE_BINS - 1 - HEADROOM;

/** Bin of an age in ticks. */
export function ageBin(ticks: number): number {
  return Math.min(AGE_BINS - 1, (33 - Math.clz32(ticks >> TICKS_PER_UNIT_BITS)) >> 1);
}

/** Logarithmic bins whose scale is set by the first scores, so that it does not matter what scores are measured in. */
export class ScoreBins {
  /** Lower end of the bin that is `HEADROOM` bins below the last one; 0 before a positive score was seen. */
  unit = 0;

  /** Takes the scale from these scores, unless it is known already. */
  setScale(scores: ArrayLike<number>): void {
    if (this.unit > 0) return;
    for (let k = 0; k < scores.length; k++) this.unit = Math.max(this.unit, scores[k]);
  }

  /** Bin of a score ≥ 0. Scores beyond either end belong to the bin there. */
  binOf(score: number): number {
    if (score === 0) return 0;
    return Math.min(SCORE_BINS - 1, Math.max(0, BIN_OF_UNIT + exponentOf(score / this.unit)));
  }

  /** Geometric middle of a bin; 0 before a positive score was seen. */
  middle(bin: number): number {
    return this.unit * 2 ** (bin + 0.5 - BIN_OF_UNIT);
  }
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The e of a float32 in [2^e, 2^(e+1)), read from its bits: a logarithm's last digit differs between engines. */
function exponentOf(value: number): number {
  float[0] = value;
  return (bits[0] >> 23) - 127;
}
