import type * as tf from '@tensorflow/tfjs';

/**
 * The loss itself as the score: `ℓᵢ`. Cheap, but a poor stand-in for the gradient norm.
 *
 * @param losses unweighted per-sample losses [batch]; samplers refuse negative scores, so the loss must be ≥ 0
 * @returns a new tensor [batch]
 * @example
 * ```ts
 * import { lossScore } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * console.log(lossScore(tf.tensor1d([0.5, 2])).dataSync()[1]); // → 2
 * ```
 * @see arXiv 1511.06343; arXiv 1803.00942, section 4.1
 */
export function lossScore(losses: tf.Tensor1D): tf.Tensor1D {
  return losses.clone();
}
