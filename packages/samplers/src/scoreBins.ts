import { CALIBRATION } from './calibration.js';

/** Half an epoch is 2⁵ ticks. */
const TICKS_PER_UNIT_BITS = 5;
const LAST_AGE_BIN = CALIBRATION.ageBins - 1;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Bin of an age in ticks. */
export function ageBin(ticks: number): number {
  return Math.min(LAST_AGE_BIN, (33 - Math.clz32(ticks >> TICKS_PER_UNIT_BITS)) >> 1);
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
