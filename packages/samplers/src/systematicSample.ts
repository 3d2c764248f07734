import type { RandomGenerator } from './RandomGenerator.js';

/** Distinct positions, and the probability with which each of them was included. */
export interface SystematicSample {
  /** Shape [count], in a random order. */
  readonly positions: Int32Array;
  /** In (0, 1]. Shape [count]. */
  readonly inclusionProbabilities: Float64Array;
}

/**
 * Draws without replacement a fixed number of positions with probabilities `πᵢ = min(1, xᵢ/τ)`, `Σ πᵢ = count`.
 *
 * The positions are laid end to end in a random order, each as long as its π, and every point of a grid with steps of 1
 * and a random offset takes the one it falls on (Madow, 1949). Sums weighted by 1/π are unbiased, and exact where the
 * values go with x. τ is the threshold of minimum variance (Cohen et al., VarOpt, SIAM J. Comput. 40(5), 2011, Eq. 2).
 *
 * @param sizes x, finite and ≥ 0. Shape [n].
 * @param count Number of positions ≥ 1; at most the number of sizes above 0, all of which are then taken.
 */
export function systematicSample(sizes: Float64Array, count: number, random: RandomGenerator): SystematicSample {
  const order = random.shuffle(Int32Array.from(sizes, (_, position) => position)).filter((i) => sizes[i] > 0);
  const length = Math.min(count, order.length);
  const threshold = thresholdOf(sizes, length);
  const offset = random.uniform();
  const positions = new Int32Array(length);
  const inclusionProbabilities = new Float64Array(length);
  let taken = 0;
  let end = 0;
  for (let k = 0; k < order.length && taken < length; k++) {
    const probability = Math.min(1, sizes[order[k]] / threshold);
    end += probability;
    // Rounding may leave the sum of π just short of the last point: then the last position is taken.
    const isNeeded = length - taken === order.length - k;
    if (taken + offset >= end && !isNeeded) continue;
    positions[taken] = order[k];
    inclusionProbabilities[taken++] = probability;
  }
  return { positions, inclusionProbabilities };
}

/** τ with `Σ min(1, xᵢ/τ) = count`, for a count that is at most the number of sizes above 0. */
function thresholdOf(sizes: Float64Array, count: number): number {
  const ascending = sizes.toSorted();
  const sums = new Float64Array(sizes.length);
  let sum = 0;
  for (let k = 0; k < sizes.length; k++) {
    sum += ascending[k];
    sums[k] = sum;
  }
  // How many are certain to be taken: those larger than the mean share of what is left.
  let certain = 0;
  let last = sizes.length - 1;
  while (ascending[last] * (count - certain) > sums[last]) {
    certain++;
    last--;
  }
  return sums[last] / (count - certain);
}
