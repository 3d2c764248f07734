import { assertScores } from './assertScores.js';

/**
 * Kish's effective sample size, `(Σ qᵢ)² / Σ qᵢ²`: how many samples share the attention of a sampler with p ∝ q.
 *
 * Scaling all scores changes nothing. All-zero scores are sampled uniformly and give n.
 *
 * @param scores Finite, ≥ 0. Shape [n].
 * @returns A number in [1, n]; n for equal scores.
 * @throws RangeError on an empty array, NaN, ∞ or a negative score.
 *
 * @example
 * ```ts
 * import { effectiveSampleSize } from '@gradis/samplers';
 *
 * console.log(effectiveSampleSize([1, 1, 1, 1]), effectiveSampleSize([1, 1, 0, 0])); // → 4 2
 * ```
 */
export function effectiveSampleSize(scores: ArrayLike<number>): number {
  assertScores(scores);
  let largest = 0;
  for (let i = 0; i < scores.length; i++) largest = Math.max(largest, scores[i]);
  if (largest === 0) return scores.length;
  // Relative to the largest score, squares of tiny scores do not vanish.
  let sum = 0;
  let sumOfSquares = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] / largest;
    sum += score;
    sumOfSquares += score * score;
  }
  return (sum * sum) / sumOfSquares;
}
