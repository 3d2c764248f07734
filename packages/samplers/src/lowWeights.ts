import { assertScores } from './assertScores.js';
import { requireLength, requireOneOf, requirePositive } from './checks.js';

/** Options of `lowWeights`. */
export interface LowOptions {
  /**
   * Smoothness λ > 0: large values give weights near 1. Default 0.1.
   *
   * 0.1 is the authors' value, but for 'mean', where it leaves the weights of a batch of 64 within 1 % of 1. With 'sum',
   * the default here, it is strong: most samples of such a batch get the weight 0. λ = 1 is moderate with 'sum'.
   */
  lambda?: number;
  /**
   * Which loss the gradients in the objective belong to: the unreduced loss ('sum') or the batch mean ('mean', as in
   * the authors' code), whose gradients are n times smaller. 'mean' equals 'sum' with λ·n². Default 'sum'.
   */
  lossScaling?: 'sum' | 'mean';
}

/** What `lowWeights` takes where an option is not given. */
export const LOW_DEFAULTS: Readonly<Required<LowOptions>> = { lambda: 0.1, lossScaling: 'sum' };

/**
 * Biased. LOW weights: the batch weights that most favour samples with large gradients, held near each other by λ.
 *
 * They minimise `λ‖w‖² − Σ (gᵢ² + λ) wᵢ` over w ≥ 0, Σ w = n, which is the Euclidean projection of `g²/(2λ)` onto that
 * simplex: `wᵢ = max(gᵢ²/(2λ) − μ, 0)`, with μ found exactly by one sort.
 *
 * @param scores Output-gradient norm of each sample's own, unreduced loss, whatever `lossScaling` says. Shape [n].
 * @returns Weights of `(1/n) Σ wᵢ ∇ℓᵢ`, ≥ 0 with sum n. Shape [n].
 * @throws RangeError on NaN, ∞ or a negative score, or an option out of its range.
 * @see Santiago et al., LOW, Pattern Recognition 110:107585, 2021.
 *
 * @example
 * ```ts
 * import { lowWeights } from '@gradis/samplers';
 *
 * console.log(lowWeights([1, 0, 0, 0], { lambda: 0.5 })); // → Float32Array(4) [ 1.75, 0.75, 0.75, 0.75 ]
 * ```
 */
export function lowWeights(scores: ArrayLike<number>, options: LowOptions = {}): Float32Array {
  return lowWeightsInto(scores, new Float32Array(scores.length), options);
}

/**
 * Biased. `lowWeights` written into an array of the caller's; only the scratch of the sort is allocated.
 *
 * @param scores As in `lowWeights`. Shape [n].
 * @param out Receives the weights. Shape [n].
 * @returns `out`.
 * @throws RangeError where `lowWeights` does, or if `out` has another length; `out` is then as it was.
 *
 * @example
 * ```ts
 * import { lowWeightsInto } from '@gradis/samplers';
 *
 * const weights = new Float32Array(2);
 * console.log(lowWeightsInto([2, 1], weights, { lambda: 3 })); // → Float32Array(2) [ 1.25, 0.75 ]
 * ```
 */
export function lowWeightsInto(
  scores: ArrayLike<number>,
  out: Float32Array,
  { lambda = LOW_DEFAULTS.lambda, lossScaling = LOW_DEFAULTS.lossScaling }: LowOptions = {},
): Float32Array {
  assertScores(scores);
  requireLength('out', out, scores.length);
  requirePositive('lambda', lambda);
  requireOneOf('lossScaling', lossScaling, ['sum', 'mean']);
  const squares = new Float64Array(scores.length);
  for (let i = 0; i < squares.length; i++) squares[i] = scores[i] * scores[i];
  squares.sort();
  const divisor = 2 * lambda * (lossScaling === 'sum' ? 1 : scores.length ** 2);
  const threshold = simplexThreshold(squares, divisor);
  const largest = squares[squares.length - 1];
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.max((scores[i] * scores[i] - largest) / divisor - threshold, 0);
  }
  return out;
}

/**
 * The μ with `Σ max(vᵢ − μ, 0) = n` for the n points `vᵢ = (squareᵢ − largest) / divisor`, squares in ascending order.
 * The projection ignores a common shift; measured from the largest point, it neither cancels nor overflows.
 */
function simplexThreshold(squares: Float64Array, divisor: number): number {
  const { length } = squares;
  const largest = squares[length - 1];
  let sum = -length;
  let threshold = sum;
  for (let count = 2; count <= length; count++) {
    const point = (squares[length - count] - largest) / divisor;
    // The points so far are the whole support if the next one lies below their threshold.
    if (point <= threshold) break;
    sum += point;
    threshold = sum / count;
  }
  return threshold;
}
