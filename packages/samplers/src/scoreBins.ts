/** Bins of scores: one for each exponent of a float32, so each is an octave wide and any scale of the scores will do. */
export const SCORE_BINS = 255;

/** Bins of ages: below ½ epoch, ½ to 2, 2 to 8, 8 to 32, and 32 epochs or more. */
export const AGE_BINS = 5;

/** Ages are counted in 64ths of an epoch. */
export const TICKS_PER_EPOCH = 64;
const TICKS_PER_UNIT_BITS = 5;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Bin of an age in ticks. */
export function ageBin(ticks: number): number {
  return Math.min(AGE_BINS - 1, (33 - Math.clz32(ticks >> TICKS_PER_UNIT_BITS)) >> 1);
}

/** Bin of a score that float32 can hold: its exponent field. 0 is for zero and what is nearly zero. */
export function scoreBin(score: number): number {
  float[0] = score;
  return bits[0] >> 23;
}

/** Geometric middle of a bin; 0 for bin 0. */
export function middleOfBin(bin: number): number {
  return bin === 0 ? 0 : 2 ** (bin - 126.5);
}
