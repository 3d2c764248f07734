import { effectiveSampleSize } from './effectiveSampleSize.js';

/** Options of `equivalentBatchGrowth`. */
export interface EquivalentBatchGrowthOptions {
  /** Return τ² = 1 + CV², the growth that gives the same variance exactly, instead of the paper's τ. Default false. */
  exact?: boolean;
}

/**
 * How much larger a uniform batch would have to be to match one drawn with p ∝ score: `τ = √(n Σ gᵢ²)`, g = score/Σ.
 *
 * This equals the definition `(1 − ‖g − u‖² / Σ gᵢ²)^(−1/2)` with u uniform, without its cancellation, and also
 * `√(1 + CV²)` with CV the coefficient of variation of the scores. The variance of a mean falls as 1/B, so the batch
 * size of equal variance is really B·τ²: the option `exact`.
 *
 * @param scores Finite, ≥ 0. Shape [n].
 * @returns A number ≥ 1; 1 for equal or all-zero scores.
 * @throws RangeError on an empty array, NaN, ∞ or a negative score.
 * @see Katharopoulos & Fleuret, ICML 2018, arXiv 1803.00942, Algorithm 1.
 *
 * @example
 * ```ts
 * import { equivalentBatchGrowth } from '@gradis/samplers';
 *
 * console.log(equivalentBatchGrowth([1, 0, 0, 0]), equivalentBatchGrowth([1, 0, 0, 0], { exact: true })); // → 2 4
 * ```
 */
export function equivalentBatchGrowth(
  scores: ArrayLike<number>,
  { exact = false }: EquivalentBatchGrowthOptions = {},
): number {
  const growth = Math.max(1, scores.length / effectiveSampleSize(scores));
  return exact ? growth : Math.sqrt(growth);
}
