import { median } from './median.js';

/** A ratio of times that were measured in turns. */
export interface PairedRatio {
  /** Median over the turns of the ratio of the two times in the same turn: what slows both alike cancels. */
  ratio: number;
  /** Half the distance between the quartiles of these ratios: how far they are apart. */
  spread: number;
}

/**
 * Compares two things that were timed in turns.
 *
 * @param times one time for each turn; turns that the other has not made are left out
 * @returns NaN for both if there is no turn of both
 */
export function pairedRatio(times: readonly number[], baseline: readonly number[]): PairedRatio {
  const ratios = times.slice(0, baseline.length).map((time, turn) => time / baseline[turn]);
  const sorted = ratios.toSorted((a, b) => a - b);
  const quartile = sorted.length >> 2;
  return { ratio: median(ratios), spread: (sorted[sorted.length - 1 - quartile] - sorted[quartile]) / 2 };
}
